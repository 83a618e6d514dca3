"""The use cases of sourcing: ask vendors, answer, withdraw, close, propose."""

from dataclasses import replace
from uuid import UUID

from core.access.actor import Actor
from core.access.guard import requires
from core.access.permissions import Permission
from core.db.locks import lock_case
from core.kernel.errors import NotFound, Stale, invalid
from core.kernel.ids import InvitationId, PersonId, QuoteId, RequestLineId, RfqId, RfqLineId, VendorId, new_id
from core.kernel.money import rounded
from core.rates.queries import rate
from core.requests import repo as requests
from core.requests.states import RequestVerb
from core.requests.states import after as request_after
from core.sourcing import award, policy, quotes, repo
from core.sourcing.award import envelope, locked, quote_envelope
from core.sourcing.commands import CloseRfq, Decline, Propose, SendRfq, SubmitQuote, WithdrawQuote
from core.sourcing.errors import OrderExists, QuoteNotEligible, RfqAlreadyOpen, RfqClosed, VendorOnHold
from core.sourcing.events import (
    InvitationDeclined,
    QuoteExpired,
    QuoteRevised,
    QuoteSubmitted,
    QuoteWithdrawn,
    RfqSent,
)
from core.sourcing.model import Invitation, Quote, QuoteDetails, QuoteLine, Rfq, RfqDetails, RfqLine
from core.sourcing.queries import quote_details, rfq_details
from core.sourcing.reminders import next_reminder
from core.sourcing.states import (
    InvitationState,
    InvitationVerb,
    QuoteState,
    QuoteVerb,
    RfqState,
    after_invitation,
    after_quote,
)
from core.uow import Uow
from core.vendors.tables import vendors


@requires(Permission.rfqs_send)
async def send_rfq(uow: Uow, actor: Actor, command: SendRfq) -> RfqDetails:
    """Ask one or more vendors for prices until a deadline."""
    policy.check_deadline(command, uow.now)
    policy.check_vendors_once(command)
    await lock_case(uow.connection, command.request_id)
    request = await requests.visible_to(uow, actor, command.request_id)
    request_after(request.state, RequestVerb.ask_vendors)
    earlier = await repo.of_request(uow, request.id)
    if earlier is not None and earlier.state in (RfqState.open, RfqState.closed):
        raise RfqAlreadyOpen(number=earlier.number)
    rfq = Rfq(
        id=RfqId(new_id()),
        number=await repo.next_number(uow),
        request_id=request.id,
        state=RfqState.open,
        version=1,
        currency=request.currency,
        quote_by=command.quote_by,
        needed_by=request.needed_by,
        note=command.note,
        sent_by=_person(actor),
        selected_quote_id=None,
        proposed_by=None,
        reason=None,
        created_at=uow.now,
        closed_at=None,
        remind_at=next_reminder(command.quote_by, uow.now),
        lines=tuple(
            RfqLine(
                RfqLineId(new_id()),
                RequestLineId(line.id),
                line.position,
                line.description,
                line.quantity,
                line.unit,
            )
            for line in request.lines
        ),
        invitations=await _invitations(uow, command),
    )
    await repo.add(uow, rfq)
    await uow.record(
        RfqSent(**envelope(rfq), vendor_ids=command.vendor_ids, quote_by=rfq.quote_by, lines=len(rfq.lines))
    )
    return await rfq_details(uow, actor, rfq)


async def _invitations(uow: Uow, command: SendRfq) -> tuple[Invitation, ...]:
    rows = await uow.connection.execute(
        vendors.select()
        .with_only_columns(vendors.c.id, vendors.c.name, vendors.c.state)
        .where(vendors.c.id.in_(command.vendor_ids))
    )
    known = {row.id: row for row in rows}
    for index, vendor_id in enumerate(command.vendor_ids):
        if vendor_id not in known:
            raise invalid(f"/vendor_ids/{index}", "vendor.unknown", "there is no such vendor", "GET /vendors")
        if known[vendor_id].state != "active":
            raise VendorOnHold(vendor=known[vendor_id].name)
    return tuple(
        Invitation(
            InvitationId(new_id()), VendorId(vendor_id), known[vendor_id].name, InvitationState.sent, None
        )
        for vendor_id in command.vendor_ids
    )


@requires(Permission.rfqs_answer)
async def submit_quote(uow: Uow, actor: Actor, command: SubmitQuote) -> QuoteDetails:
    """A vendor's answer, or its next revision; editable until the RFQ closes, sealed until then.

    Raises RatesMissing when the currency cannot be compared.
    """
    rfq = await repo.visible_to(uow, actor, command.rfq_id)
    await lock_case(uow.connection, rfq.request_id)
    rfq = await repo.visible_to(uow, actor, command.rfq_id)
    policy.check_open(rfq, uow.now)
    policy.check_quote(command, rfq, uow.now.date())
    await rate(uow.connection, command.currency, rfq.currency, uow.now.date())
    invitation = _own_invitation(rfq, actor)
    before = await quotes.live_of(uow, rfq.id, invitation.vendor_id)
    quote = _quote(uow, actor, command, rfq, invitation, before)
    if before is None:
        quote = replace(quote, number=await quotes.next_number(uow))
        await quotes.add(uow, quote)
    else:
        quote = await quotes.revise(uow, before, quote)
    await quotes.attach_documents(uow, actor, quote, command.document_ids)
    await repo.answer(uow, invitation, after_invitation(invitation.state, InvitationVerb.quote), None)
    submitted = QuoteSubmitted if before is None else QuoteRevised
    await uow.record(
        submitted(
            **quote_envelope(quote),
            vendor=quote.vendor_name,
            rfq=rfq.number,
            content_hash=policy.content_hash(command),
        )
    )
    return await quote_details(uow, actor, await quotes.visible_to(uow, actor, quote.id), rfq)


def _quote(
    uow: Uow, actor: Actor, command: SubmitQuote, rfq: Rfq, invitation: Invitation, before: Quote | None
) -> Quote:
    return Quote(
        id=before.id if before else QuoteId(new_id()),
        number=before.number if before else "",
        rfq_id=rfq.id,
        request_id=rfq.request_id,
        vendor_id=invitation.vendor_id,
        vendor_name=invitation.vendor_name,
        revision=before.revision + 1 if before else 1,
        state=after_quote(before.state, QuoteVerb.revise) if before else QuoteState.submitted,
        version=before.version if before else 1,
        currency=command.currency,
        total=policy.total_of(command, rfq.lines),
        shipping=rounded(command.shipping, command.currency),
        lead_time_days=command.lead_time_days,
        slowest_days=policy.slowest(command),
        valid_until=command.valid_until,
        note=command.note,
        complete=policy.is_complete(command.lines, rfq),
        submitted_by=_person(actor),
        submitted_at=uow.now,
        lines=tuple(
            QuoteLine(new_id(), line.rfq_line_id, line.unit_price, line.lead_time_days, line.no_bid)
            for line in command.lines
        ),
    )


@requires(Permission.rfqs_answer)
async def decline(uow: Uow, actor: Actor, command: Decline) -> RfqDetails:
    """A vendor says that it will not quote, and why; a live quote is taken back with it."""
    rfq = await repo.visible_to(uow, actor, command.rfq_id)
    await lock_case(uow.connection, rfq.request_id)
    rfq = await repo.visible_to(uow, actor, command.rfq_id)
    policy.check_open(rfq, uow.now)
    invitation = _own_invitation(rfq, actor)
    state = after_invitation(invitation.state, InvitationVerb.decline)
    quote = await quotes.live_of(uow, rfq.id, invitation.vendor_id)
    if quote is not None:
        await _take_back(uow, quote, command.reason)
    await repo.answer(uow, invitation, state, command.reason)
    await uow.record(
        InvitationDeclined(**envelope(rfq), vendor_id=invitation.vendor_id, reason=command.reason)
    )
    return await rfq_details(uow, actor, await repo.visible_to(uow, actor, command.rfq_id))


@requires(Permission.rfqs_answer)
async def withdraw_quote(uow: Uow, actor: Actor, command: WithdrawQuote) -> QuoteDetails:
    """A vendor takes its quote back, until it is approved; a selected one makes room for the next best."""
    quote = await quotes.visible_to(uow, actor, command.quote_id)
    await lock_case(uow.connection, quote.request_id)
    quote = await quotes.visible_to(uow, actor, command.quote_id)
    if command.expected_version is not None and command.expected_version != quote.version:
        raise Stale(what="quote", expected=command.expected_version, current=quote.version)
    rfq = await repo.visible_to(uow, actor, quote.rfq_id)
    if quote.state is QuoteState.approved and rfq.state is RfqState.closed:
        # No vendor hears of an approval before the order is issued, not even by how it is refused.
        raise RfqClosed(number=rfq.number, state=rfq.state.value, closed_at=rfq.closed_at or rfq.quote_by)
    withdrawn = await _take_back(uow, quote, command.reason)
    invitation = _own_invitation(rfq, actor)
    if rfq.state is RfqState.open and invitation.state is InvitationState.quoted:
        state = after_invitation(invitation.state, InvitationVerb.withdraw_quote)
        await repo.answer(uow, invitation, state, command.reason)
    return await quote_details(uow, actor, withdrawn, rfq)


async def _take_back(uow: Uow, quote: Quote, reason: str | None) -> Quote:
    was_selected = quote.state is QuoteState.selected
    withdrawn = await quotes.swap(
        uow, quote, replace(quote, state=after_quote(quote.state, QuoteVerb.withdraw))
    )
    await uow.record(QuoteWithdrawn(**quote_envelope(withdrawn), was_selected=was_selected, reason=reason))
    return withdrawn


@requires(Permission.rfqs_close)
async def close(uow: Uow, actor: Actor, command: CloseRfq) -> RfqDetails:
    """An officer ends the time for answers early."""
    rfq = await locked(uow, await repo.visible_to(uow, actor, command.rfq_id))
    if command.expected_version is not None and command.expected_version != rfq.version:
        raise Stale(what="rfq", expected=command.expected_version, current=rfq.version)
    return await rfq_details(uow, actor, await award.close(uow, rfq, "officer"))


@requires(Permission.rfqs_close)
async def close_due(uow: Uow, actor: Actor, rfq_id: RfqId) -> None:
    """The deadline has passed: the clock closes the RFQ."""
    rfq = await locked(uow, await repo.load(uow, rfq_id))
    if rfq.state is RfqState.open and rfq.quote_by <= uow.now:
        await award.close(uow, rfq, "deadline")


@requires(Permission.rfqs_close)
async def expire_quote(uow: Uow, actor: Actor, quote_id: UUID) -> None:
    """A quote's validity has ended before anybody approved it."""
    quote = await quotes.load(uow, quote_id)
    await lock_case(uow.connection, quote.request_id)
    quote = await quotes.load(uow, quote_id)
    if quote.valid_until >= uow.now.date() or quote.state not in (QuoteState.submitted, QuoteState.selected):
        return
    was_selected = quote.state is QuoteState.selected
    expired = await quotes.swap(uow, quote, replace(quote, state=after_quote(quote.state, QuoteVerb.expire)))
    await uow.record(QuoteExpired(**quote_envelope(expired), was_selected=was_selected))


@requires(Permission.rfqs_propose)
async def propose(uow: Uow, actor: Actor, command: Propose) -> RfqDetails:
    """An officer proposes another quote with a reason; a pending approval makes room for a new one."""
    rfq = await locked(uow, await repo.visible_to(uow, actor, command.rfq_id))
    if command.expected_version is not None and command.expected_version != rfq.version:
        raise Stale(what="rfq", expected=command.expected_version, current=rfq.version)
    if rfq.state is not RfqState.closed:
        raise OrderExists(number=rfq.number) if rfq.state is RfqState.awarded else _not_closed(rfq)
    answers = await quotes.of_rfq(uow, rfq.id)
    if any(item.state is QuoteState.approved for item in answers):
        raise OrderExists(number=rfq.number)
    quote = next((item for item in answers if item.id == command.quote_id), None)
    if quote is None:
        raise NotFound(what="quote")
    await award.unselect(uow, rfq)
    rfq, quote = await repo.load(uow, rfq.id), await quotes.load(uow, quote.id)
    _check_eligible(quote, uow)
    proposed = await award.select(
        uow, rfq, quote, by="officer", proposed_by=_person(actor), reason=command.reason
    )
    return await rfq_details(uow, actor, proposed)


def _check_eligible(quote: Quote, uow: Uow) -> None:
    if quote.state is not QuoteState.submitted:
        raise QuoteNotEligible(number=quote.number, why=quote.state.value)
    if not quote.complete:
        raise QuoteNotEligible(number=quote.number, why="incomplete")
    if quote.valid_until < uow.now.date():
        raise QuoteNotEligible(number=quote.number, why="expired")


def _not_closed(rfq: Rfq) -> Exception:
    return QuoteNotEligible(number=rfq.number, why=f"rfq {rfq.state.value}")


def _own_invitation(rfq: Rfq, actor: Actor) -> Invitation:
    invitation = rfq.invitation_of(actor.vendor_id)
    if invitation is None:
        raise NotFound(what="rfq")
    return invitation


def _person(actor: Actor) -> PersonId:
    if actor.person_id is None:
        raise NotFound(what="person")
    return actor.person_id
