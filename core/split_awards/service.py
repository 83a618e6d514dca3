"""The use case of split awards: propose which quote gets which line, and which alternatives are taken."""

import datetime as dt
from dataclasses import replace
from uuid import UUID

from core.access.actor import Actor
from core.access.guard import person_of, requires
from core.access.permissions import Permission
from core.approvals.commands import OpenApproval, RoutingFacts, SubjectRef
from core.awards import selection
from core.awards.conversion import converted_quotes
from core.kernel.ids import SplitAwardId, new_id
from core.kernel.subjects import SubjectKind
from core.people import directory
from core.quotes import repo as quotes
from core.quotes.states import QuoteVerb, after_quote
from core.rates.queries import rate
from core.requests import repo as requests
from core.rfqs import repo as rfqs
from core.rfqs.events import envelope
from core.rfqs.model import Rfq, RfqDetails
from core.rfqs.queries import rfq_details
from core.rfqs.repo import lock_rfq
from core.split_awards import policy, repo
from core.split_awards.commands import ProposeSplit
from core.split_awards.events import SplitProposed
from core.split_awards.model import SplitAward
from core.split_awards.tables import split_awards
from core.splits.service import with_siblings
from core.uow import Uow


@requires(Permission.rfqs_propose)
async def propose(uow: Uow, actor: Actor, command: ProposeSplit) -> RfqDetails:
    """Propose line by line what is ordered, with a reason; a pending approval is replaced by a new one."""
    seen = await rfqs.visible_to(uow, actor, command.rfq_id)
    rfq = await lock_rfq(uow, seen, command.expected_version)
    answers = await quotes.of_rfq(uow, rfq.id)
    policy.check_may_split(rfq, answers)
    choice = policy.checked_choice(command, rfq, answers, uow.now.date())
    chosen = [quote for quote in answers if quote.id in set(choice.values())]
    others = frozenset(line.rfq_line_id for line in command.lines if line.alternative)
    shares = policy.shares_of(choice, rfq, await converted_quotes(uow, rfq, chosen), others)
    award = SplitAward(
        id=SplitAwardId(new_id()),
        rfq_id=rfq.id,
        request_id=rfq.request_id,
        currency=rfq.currency,
        total=policy.total_of(shares),
        reason=command.reason,
        proposed_by=person_of(actor),
        created_at=uow.now,
        lines=dict(choice),
        alternatives=others,
    )
    await _check_countable(uow, award)
    await selection.unselect_quotes(uow, answers)
    proposed = await _proposed(uow, award, [quote.id for quote in chosen])
    await uow.record(
        SplitProposed(
            **envelope(proposed),
            split_award_id=award.id,
            shares={share.quote.number: len(share.lines) for share in shares},
            left_out=sum(quote_id is None for quote_id in choice.values()),
            alternatives=len(others),
            total=award.total,
            currency=award.currency,
            reason=award.reason,
        )
    )
    return await rfq_details(uow, actor, proposed)


async def _proposed(uow: Uow, award: SplitAward, chosen: list[UUID]) -> Rfq:
    """The RFQ with the award as its choice, and the quotes that get lines selected."""
    await repo.add(uow, award)
    for quote_id in chosen:
        quote = await quotes.load(uow, quote_id)
        await quotes.swap(uow, quote, replace(quote, state=after_quote(quote.state, QuoteVerb.select)))
    rfq = await rfqs.load(uow, award.rfq_id)
    return await rfqs.swap(
        uow,
        rfq,
        replace(
            rfq,
            selected_quote_id=None,
            split_award_id=award.id,
            proposed_by=award.proposed_by,
            reason=award.reason,
        ),
    )


async def _check_countable(uow: Uow, award: SplitAward) -> None:
    """In the request's currency and in the organisation's, in which its approvers are chosen."""
    base = (await directory.read_organisation(uow.connection)).base_currency
    in_base = await rate(uow.connection, award.currency, base, uow.now.date())
    policy.check_countable(award.total, award.currency, in_base)


async def approval_for(uow: Uow, split_award_id: UUID, route_wait: dt.timedelta) -> OpenApproval | None:
    """What the approval service is asked to decide; None when this split award is no longer proposed.

    The lock comes first: what another command proposed meanwhile is seen.
    """
    await uow.lock_purchase_of(split_awards, split_award_id)
    award = await repo.load(uow, split_award_id)
    rfq = await rfqs.load(uow, award.rfq_id)
    if rfq.split_award_id != award.id:
        return None
    request = await requests.of_purchase(uow, award.request_id)
    chosen = [
        await quotes.load(uow, quote_id) for quote_id in dict.fromkeys(award.lines.values()) if quote_id
    ]
    vendors = await repo.creators_of(uow, [quote.vendor_id for quote in chosen])
    excluded: set[UUID | None] = {request.requested_by, request.entered_by, award.proposed_by}
    for quote in chosen:
        excluded |= {vendors[quote.vendor_id][2], quote.submitted_by}
    facts = RoutingFacts(
        amount=award.total,
        currency=award.currency,
        cost_centre=request.cost_centre,
        category=vendors[chosen[0].vendor_id][1],
        vendor_id=None,
        requested_by=request.requested_by,
        excluded=frozenset(person for person in excluded if person is not None),
    )
    return OpenApproval(
        subject=SubjectRef(SubjectKind.split_award.value, award.id, 1),
        request_id=award.request_id,
        title=f"{request.number} · {rfq.title}"[:300],
        vendor_name=", ".join(quote.vendor_name for quote in chosen)[:300],
        facts=await with_siblings(uow, award.request_id, facts, award=award.id),
        reason=award.reason,
        route_wait=route_wait,
    )
