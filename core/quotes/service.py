"""The use cases of a vendor's answer: quote, revise, decline, withdraw; and expiry."""

from dataclasses import replace
from decimal import Decimal
from uuid import UUID

from core.access.actor import Actor
from core.access.guard import Changed, person_of, requires
from core.access.permissions import Permission
from core.db.counters import draw_quote_number
from core.kernel.ids import PersonId, QuoteId, new_id
from core.kernel.money import rounded
from core.offers import policy as offers
from core.offers.commands import SubmitQuote
from core.offers.model import QuoteLine
from core.people.directory import read_organisation
from core.quotes import policy, repo
from core.quotes.commands import DeclineRfq, WithdrawQuote
from core.quotes.events import QuoteExpired, QuoteRevised, QuoteSubmitted, QuoteWithdrawn, quote_envelope
from core.quotes.model import Quote, QuoteDetails
from core.quotes.queries import quote_details
from core.quotes.states import QuoteState, QuoteVerb, after_quote
from core.quotes.tables import vendor_quotes
from core.rates.queries import rate
from core.rfqs import repo as rfqs
from core.rfqs.events import InvitationDeclined, envelope
from core.rfqs.model import Invitation, Rfq, RfqDetails
from core.rfqs.policy import check_may_decline, check_may_quote, own_invitation
from core.rfqs.queries import rfq_details
from core.rfqs.states import InvitationState, InvitationVerb, RfqState, after_invitation
from core.rfqs.tables import rfqs as rfq_table
from core.uow import Uow

ALWAYS_COUNTABLE = Decimal(1_000_000)
"""No rate in use leads from here beyond what can be counted, so the organisation's currency need not be asked for."""


@requires(Permission.rfqs_answer, Changed(rfq_table, "rfq_id"))
async def submit_quote(uow: Uow, actor: Actor, command: SubmitQuote) -> QuoteDetails:
    """Submit a quote, or its next revision; editable until the RFQ closes, sealed until then.

    Raises RatesMissing when there is no rate to compare the currency with.
    """
    await uow.lock_purchase_of(rfq_table, command.rfq_id)
    rfq, before = await repo.to_answer(uow, actor, command.rfq_id)
    invitation = check_may_quote(actor, rfq, uow.now)
    return await place_quote(uow, actor, command, rfq, invitation, before)


async def place_quote(
    uow: Uow,
    actor: Actor,
    command: SubmitQuote,
    rfq: Rfq,
    invitation: Invitation,
    before: Quote | None,
    *,
    entered_by: PersonId | None = None,
) -> QuoteDetails:
    """The invited vendor's quote, or the next revision of its live one; ``entered_by`` an officer for the vendor."""
    offers.check_quote(command, rfq, uow.now.date())
    await _check_countable(uow, command, rfq)
    quote = replace(_quote(uow, actor, command, rfq, invitation, before), entered_by=entered_by)
    state = after_invitation(invitation.state, InvitationVerb.quote)
    if before is None:
        quote = await repo.add(uow, quote, invitation, state)
    else:
        quote = await repo.revise(uow, before, quote)
        await rfqs.update_invitation(uow, rfq, invitation, state, None)
    if command.document_ids:
        await repo.attach_documents(uow, actor, quote, command.document_ids)
    submitted = QuoteSubmitted if before is None else QuoteRevised
    missing = tuple(line.position for line in offers.unanswered(command.lines, rfq.lines))
    await uow.record(
        submitted(
            **quote_envelope(quote),
            vendor=quote.vendor_name,
            rfq=rfq.number,
            content_hash=offers.quote_fingerprint(command),
            rfq_revision=rfq.revision,
            entered_by=entered_by,
            missing=missing,
        )
    )
    stored = await repo.load(uow, quote.id)
    files = () if before is None and not command.document_ids else None
    return await quote_details(uow, actor, stored, rfq, files=files)


async def _check_countable(uow: Uow, command: SubmitQuote, rfq: Rfq) -> None:
    """In the quote's currency, the request's and the organisation's, in which its approver is chosen."""
    day, total = uow.now.date(), offers.total_of(command, rfq.lines)
    rates = [await rate(uow.connection, command.currency, rfq.currency, day)]
    if total > ALWAYS_COUNTABLE:
        base = (await read_organisation(uow.connection)).base_currency
        rates.append(await rate(uow.connection, command.currency, base, day))
    offers.check_countable(command, rfq.lines, total, rates)


def _quote(
    uow: Uow, actor: Actor, command: SubmitQuote, rfq: Rfq, invitation: Invitation, before: Quote | None
) -> Quote:
    return Quote(
        id=before.id if before else QuoteId(new_id()),
        number=before.number if before else draw_quote_number(),
        rfq_id=rfq.id,
        request_id=rfq.request_id,
        vendor_id=invitation.vendor_id,
        vendor_name=invitation.vendor_name,
        revision=before.revision + 1 if before else 1,
        state=after_quote(before.state, QuoteVerb.revise) if before else QuoteState.submitted,
        version=before.version if before else 1,
        currency=command.currency,
        total=offers.total_of(command, rfq.lines),
        shipping=rounded(command.shipping, command.currency),
        lead_time_days=command.lead_time_days,
        slowest_days=offers.slowest_lead_time(command),
        valid_until=command.valid_until,
        note=command.note,
        complete=not offers.left_out(command.lines, rfq.lines),
        rfq_revision=rfq.revision,
        entered_by=None,
        submitted_by=person_of(actor),
        submitted_at=uow.now,
        lines=tuple(
            QuoteLine(
                new_id(),
                line.rfq_line_id,
                line.unit_price,
                line.lead_time_days,
                line.no_bid,
                line.alternative,
            )
            for line in command.lines
        ),
    )


@requires(Permission.rfqs_answer)
async def decline(uow: Uow, actor: Actor, command: DeclineRfq) -> RfqDetails:
    """A vendor declines to quote and says why; a live quote is withdrawn with it."""
    await uow.lock_purchase_of(rfq_table, command.rfq_id)
    rfq = await rfqs.visible_to(uow, actor, command.rfq_id)
    invitation = check_may_decline(actor, rfq, uow.now)
    state = after_invitation(invitation.state, InvitationVerb.decline)
    quote = await repo.live_of(uow, rfq.id, invitation.vendor_id)
    if quote is not None:
        await _withdraw(uow, quote, command.reason)
    await rfqs.update_invitation(uow, rfq, invitation, state, command.reason)
    await uow.record(
        InvitationDeclined(**envelope(rfq), vendor_id=invitation.vendor_id, reason=command.reason)
    )
    return await rfq_details(uow, actor, await rfqs.visible_to(uow, actor, command.rfq_id))


@requires(Permission.rfqs_answer)
async def withdraw_quote(uow: Uow, actor: Actor, command: WithdrawQuote) -> QuoteDetails:
    """A vendor withdraws its quote before it is approved; a selected quote is replaced by the next best."""
    await uow.lock_purchase_of(vendor_quotes, command.quote_id)
    quote = await repo.visible_to(uow, actor, command.quote_id)
    policy.check_version(actor, quote, command.expected_version)
    rfq = await rfqs.visible_to(uow, actor, quote.rfq_id)
    policy.check_may_withdraw(quote, rfq)
    withdrawn = await _withdraw(uow, quote, command.reason)
    invitation = own_invitation(actor, rfq)
    if rfq.state is RfqState.open and invitation.state is InvitationState.quoted:
        state = after_invitation(invitation.state, InvitationVerb.withdraw_quote)
        await rfqs.update_invitation(uow, rfq, invitation, state, command.reason)
    return await quote_details(uow, actor, withdrawn, rfq)


async def _withdraw(uow: Uow, quote: Quote, reason: str | None) -> Quote:
    was_selected = quote.state is QuoteState.selected
    withdrawn = await repo.swap(
        uow, quote, replace(quote, state=after_quote(quote.state, QuoteVerb.withdraw))
    )
    await uow.record(QuoteWithdrawn(**quote_envelope(withdrawn), was_selected=was_selected, reason=reason))
    return withdrawn


@requires(Permission.rfqs_close)
async def expire_quote(uow: Uow, actor: Actor, quote_id: UUID) -> None:
    """A quote's validity has ended before it was approved."""
    await uow.lock_purchase_of(vendor_quotes, quote_id)
    quote = await repo.load(uow, quote_id)
    if quote.valid_until >= uow.now.date() or quote.state not in (QuoteState.submitted, QuoteState.selected):
        return
    was_selected = quote.state is QuoteState.selected
    expired = await repo.swap(uow, quote, replace(quote, state=after_quote(quote.state, QuoteVerb.expire)))
    await uow.record(QuoteExpired(**quote_envelope(expired), was_selected=was_selected))
