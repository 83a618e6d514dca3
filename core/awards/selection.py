"""Closes an RFQ and chooses among its quotes; the approval service takes over from there.

One rule: total, lead time and time of arrival decide which quote is chosen, never the person who presses.

A quote that comes after the needed day, has a price of 0 or leaves lines out is never chosen by the rule. Where only
such quotes are left, the RFQ stays closed without a choice, and its officer is asked. An officer may propose another
quote with a reason. An award has no state of its own: it is a state of the RFQ and of its quote.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from core.approvals.commands import OpenApproval, RoutingFacts, SubjectRef
from core.awards import policy
from core.awards.conversion import converted_quotes
from core.completions.policy import is_awaited
from core.documents import service as documents
from core.kernel.doubts import Doubt
from core.kernel.ids import PersonId
from core.kernel.subjects import SubjectKind
from core.quotes import repo as quotes
from core.quotes.events import QuoteSelected, QuoteUnselected, quote_envelope
from core.quotes.model import Quote
from core.quotes.states import QuoteState, QuoteVerb, after_quote
from core.quotes.tables import vendor_quotes
from core.requests import repo as requests
from core.rfqs import repo as rfqs
from core.rfqs.events import InvitationExpired, RfqClosed, RfqUndecided, RfqUnsuccessful, envelope
from core.rfqs.model import Rfq
from core.rfqs.policy import check_may_close
from core.rfqs.states import UNANSWERED, InvitationVerb, RfqState, RfqVerb, after_invitation, after_rfq
from core.splits.service import with_siblings
from core.uow import Uow
from core.vendors.tables import vendors


async def close_when_answered(uow: Uow, rfq: Rfq) -> None:
    """Close it once every vendor has answered, and none is awaited to complete its quote."""
    if rfq.state is not RfqState.open or not all(item.answered for item in rfq.invitations):
        return
    answers = await quotes.of_rfq(uow, rfq.id)
    if not any(is_awaited(quote, rfq) for quote in answers):
        await _close(uow, rfq, answers, "answered")


async def close(uow: Uow, rfq: Rfq, why: str) -> Rfq:
    """Close the RFQ, open the sealed quotes and choose one. The caller holds the purchase's lock."""
    return await _close(uow, rfq, await quotes.of_rfq(uow, rfq.id), why)


async def _close(uow: Uow, rfq: Rfq, answers: Sequence[Quote], why: str) -> Rfq:
    state = check_may_close(rfq)
    closed = await rfqs.swap(uow, rfq, replace(rfq, state=state, closed_at=uow.now))
    for invitation in rfq.invitations:
        if invitation.state in UNANSWERED:
            expired = after_invitation(invitation.state, InvitationVerb.expire)
            closed = await rfqs.update_invitation(uow, closed, invitation, expired, None)
            await uow.record(InvitationExpired(**envelope(closed), vendor_id=invitation.vendor_id))
    live = [quote for quote in answers if quote.state is QuoteState.submitted]
    await documents.release_documents(uow.connection, [quote.id for quote in live])
    opened = tuple(f"{quote.number}/{quote.revision} {quote.total:f} {quote.currency}" for quote in live)
    await uow.record(RfqClosed(**envelope(closed), why=why, quotes=opened))
    return await _choose(uow, closed, answers, why)


async def choose_winner(uow: Uow, rfq: Rfq, why: str) -> Rfq:
    """Select the best eligible quote, ask the officer where all have doubts, or end the RFQ as unsuccessful."""
    return await _choose(uow, rfq, await quotes.of_rfq(uow, rfq.id), why)


async def _choose(uow: Uow, rfq: Rfq, answers: Sequence[Quote], why: str) -> Rfq:
    converted = await converted_quotes(uow, rfq, answers)
    winner = policy.best_quote(converted, rfq, uow.now)
    doubtful = [item.quote for item in converted if policy.may_win(item, rfq, uow.now.date())]
    if winner is None and doubtful:
        return await _ask(
            uow, rfq, {each.number: policy.doubts_about(each, rfq, uow.now) for each in doubtful}
        )
    if winner is None:
        return await _fail(uow, rfq, why)
    return await select_quote(uow, rfq, winner.quote, by="rule", proposed_by=None, reason=None)


async def _ask(uow: Uow, rfq: Rfq, doubts: Mapping[str, tuple[Doubt, ...]]) -> Rfq:
    """Leave the choice to the officer: each of these quotes needs somebody's reason."""
    open_ = await rfqs.swap(uow, rfq, without_choice(rfq))
    await uow.record(RfqUndecided(**envelope(open_), doubts=doubts))
    return open_


def without_choice(rfq: Rfq) -> Rfq:
    """The RFQ as it is when nothing is proposed."""
    return replace(rfq, selected_quote_id=None, split_award_id=None, proposed_by=None, reason=None)


async def fail_without_choice(uow: Uow, rfq: Rfq, why: str) -> None:
    """End a closed RFQ of which nothing may be proposed any more, so that vendors can be asked again."""
    if rfq.state is not RfqState.closed:
        return
    if not policy.suppliers(await quotes.of_rfq(uow, rfq.id), rfq, uow.now.date()):
        await _fail(uow, rfq, why)


async def _fail(uow: Uow, rfq: Rfq, why: str) -> Rfq:
    state = after_rfq(rfq.state, RfqVerb.fail)
    failed = await rfqs.swap(uow, rfq, replace(rfq, state=state, selected_quote_id=None, split_award_id=None))
    await uow.record(RfqUnsuccessful(**envelope(failed), why=why))
    return failed


async def select_quote(
    uow: Uow, rfq: Rfq, quote: Quote, *, by: str, proposed_by: PersonId | None, reason: str | None
) -> Rfq:
    """Mark one quote as the one to be approved."""
    selected = await quotes.swap(uow, quote, replace(quote, state=after_quote(quote.state, QuoteVerb.select)))
    one = replace(rfq, selected_quote_id=selected.id, split_award_id=None)
    chosen = await rfqs.swap(uow, rfq, replace(one, proposed_by=proposed_by, reason=reason))
    await uow.record(
        QuoteSelected(
            **quote_envelope(selected), total=selected.total, currency=selected.currency, by=by, reason=reason
        )
    )
    return chosen


async def unselect_quotes(uow: Uow, answers: Sequence[Quote]) -> None:
    """Deselect those of an RFQ's quotes that are selected; a reaction withdraws the pending approval."""
    for quote in answers:
        if quote.state is QuoteState.selected:
            state = after_quote(quote.state, QuoteVerb.unselect)
            back = await quotes.swap(uow, quote, replace(quote, state=state))
            await uow.record(QuoteUnselected(**quote_envelope(back)))


async def approval_for(uow: Uow, quote_id: UUID, route_wait: dt.timedelta) -> OpenApproval | None:
    """What the approval service is asked to decide; None when this quote is no longer selected.

    The lock comes first: what another command selected meanwhile is seen.
    """
    await uow.lock_purchase_of(vendor_quotes, quote_id)
    quote = await quotes.load(uow, quote_id)
    rfq = await rfqs.load(uow, quote.rfq_id)
    if quote.state is not QuoteState.selected or rfq.selected_quote_id != quote.id:
        return None
    request = await requests.of_purchase(uow, quote.request_id)
    vendor = (
        await uow.connection.execute(
            vendors.select()
            .with_only_columns(vendors.c.name, vendors.c.category, vendors.c.created_by)
            .where(vendors.c.id == quote.vendor_id)
        )
    ).one()
    asking = {request.requested_by, request.entered_by}
    excluded = asking | {rfq.proposed_by, vendor.created_by, quote.submitted_by} - {None}
    facts = RoutingFacts(
        amount=quote.total,
        currency=quote.currency,
        cost_centre=request.cost_centre,
        category=vendor.category,
        vendor_id=quote.vendor_id,
        requested_by=request.requested_by,
        excluded=frozenset(person for person in excluded if person is not None),
    )
    return OpenApproval(
        subject=SubjectRef(SubjectKind.quote.value, quote.id, quote.version),
        request_id=quote.request_id,
        title=f"{request.number} · {rfq.title}"[:300],
        vendor_name=vendor.name,
        facts=await with_siblings(uow, quote.request_id, facts),
        reason=rfq.reason,
        route_wait=route_wait,
    )
