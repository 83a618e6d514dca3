"""Closing an RFQ and choosing among its quotes; the approval service takes it from there.

One rule: what is chosen is decided by total, lead time and time of arrival, never by whoever presses; an
officer may propose another with a reason.
"""

import datetime as dt
from dataclasses import replace
from typing import Any
from uuid import UUID

from core.approvals.commands import Facts, OpenApproval, SubjectRef
from core.approvals.events import ApprovalEvent
from core.db.locks import lock_case
from core.decisions.events import ApprovalApproved, ApprovalRejected, ApprovalUndone
from core.documents import service as documents
from core.kernel.ids import PersonId
from core.kernel.money import Money
from core.log.events import Event
from core.rates.queries import convert
from core.requests import repo as requests
from core.sourcing import policy, quotes, repo
from core.sourcing.events import (
    InvitationExpired,
    QuoteApproved,
    QuoteEvent,
    QuoteRejected,
    QuoteReturned,
    QuoteSelected,
    QuoteUnselected,
    RfqAwarded,
    RfqCancelled,
    RfqClosed,
    RfqEvent,
    RfqUnsuccessful,
)
from core.sourcing.model import Converted, Quote, Rfq
from core.sourcing.states import (
    InvitationState,
    InvitationVerb,
    QuoteState,
    QuoteVerb,
    RfqState,
    RfqVerb,
    after_invitation,
    after_quote,
    after_rfq,
)
from core.uow import Uow
from core.vendors.tables import vendors


async def close(uow: Uow, rfq: Rfq, why: str) -> Rfq:
    """End the time for answers, open the quotes, and choose. The case is locked by the caller."""
    state = after_rfq(rfq.state, RfqVerb.close)
    closed = await repo.swap(uow, rfq, replace(rfq, state=state, closed_at=uow.now))
    for invitation in rfq.invitations:
        if invitation.state in (InvitationState.sent, InvitationState.seen):
            expired = after_invitation(invitation.state, InvitationVerb.expire)
            await repo.answer(uow, invitation, expired, None)
            await uow.record(InvitationExpired(**envelope(closed), vendor_id=invitation.vendor_id))
    answers = await quotes.of_rfq(uow, rfq.id)
    live = [quote for quote in answers if quote.state is QuoteState.submitted]
    await documents.open_up(uow.connection, [quote.id for quote in live])
    opened = tuple(f"{quote.number}/{quote.revision} {quote.total:f} {quote.currency}" for quote in live)
    await uow.record(RfqClosed(**envelope(closed), why=why, quotes=opened))
    return await choose(uow, closed, why)


async def choose(uow: Uow, rfq: Rfq, why: str) -> Rfq:
    """Select the best quote that may win, or end the RFQ without success."""
    converted = await converted_quotes(uow, rfq)
    winner = policy.best(converted, uow.now.date())
    if winner is None:
        failed = await repo.swap(
            uow, rfq, replace(rfq, state=after_rfq(rfq.state, RfqVerb.fail), selected_quote_id=None)
        )
        await uow.record(RfqUnsuccessful(**envelope(failed), why=why))
        return failed
    return await select(uow, rfq, winner.quote, by="rule", proposed_by=None, reason=None)


async def select(
    uow: Uow, rfq: Rfq, quote: Quote, *, by: str, proposed_by: PersonId | None, reason: str | None
) -> Rfq:
    """Mark one quote as the one to be approved."""
    selected = await quotes.swap(uow, quote, replace(quote, state=after_quote(quote.state, QuoteVerb.select)))
    chosen = await repo.swap(
        uow, rfq, replace(rfq, selected_quote_id=selected.id, proposed_by=proposed_by, reason=reason)
    )
    await uow.record(
        QuoteSelected(
            **quote_envelope(selected), total=selected.total, currency=selected.currency, by=by, reason=reason
        )
    )
    return chosen


async def unselect(uow: Uow, rfq: Rfq) -> None:
    """The selected quote steps back; its pending approval is withdrawn by the reaction."""
    if rfq.selected_quote_id is None:
        return
    quote = await quotes.load(uow, rfq.selected_quote_id)
    if quote.state is not QuoteState.selected:
        return
    back = await quotes.swap(uow, quote, replace(quote, state=after_quote(quote.state, QuoteVerb.unselect)))
    await uow.record(QuoteUnselected(**quote_envelope(back)))


async def converted_quotes(uow: Uow, rfq: Rfq) -> list[Converted]:
    """All quotes with their totals in the request's currency, at the rate of the day it closed."""
    day = (rfq.closed_at or uow.now).date()
    return [await convert_quote(uow, quote, rfq.currency, day) for quote in await quotes.of_rfq(uow, rfq.id)]


async def convert_quote(uow: Uow, quote: Quote, currency: str, day: dt.date) -> Converted:
    """One quote in another currency; raises RatesMissing naming currency and day."""
    total = await convert(uow.connection, Money(quote.total, quote.currency), currency, day)
    shipping = await convert(uow.connection, Money(quote.shipping, quote.currency), currency, day)
    return Converted(quote, total.money.amount, shipping.money.amount, total.rate)


async def approval_for(uow: Uow, quote_id: UUID, route_wait: dt.timedelta) -> OpenApproval | None:
    """What the approval service asks for; None when this quote is no longer the selected one."""
    quote = await quotes.load(uow, quote_id)
    if quote.state is not QuoteState.selected:
        return None
    rfq = await repo.load(uow, quote.rfq_id)
    request = await requests.of_case(uow, quote.request_id)
    vendor = (
        await uow.connection.execute(
            vendors.select()
            .with_only_columns(vendors.c.name, vendors.c.category, vendors.c.created_by)
            .where(vendors.c.id == quote.vendor_id)
        )
    ).one()
    excluded = {request.requested_by, rfq.proposed_by, vendor.created_by, quote.submitted_by} - {None}
    return OpenApproval(
        subject=SubjectRef("quote", quote.id, quote.version),
        request_id=quote.request_id,
        title=f"{request.number} · {request.title}"[:300],
        vendor_name=vendor.name,
        facts=Facts(
            amount=quote.total,
            currency=quote.currency,
            cost_centre=request.cost_centre,
            category=vendor.category,
            vendor_id=quote.vendor_id,
            requested_by=request.requested_by,
            excluded=frozenset(person for person in excluded if person is not None),
        ),
        reason=rfq.reason,
        route_wait=route_wait,
    )


async def on_answer(uow: Uow, event: RfqEvent | QuoteEvent) -> None:
    """The last open invitation was answered: close."""
    rfq = await _rfq_of(uow, event)
    if rfq.state is RfqState.open and all(item.answered for item in rfq.invitations):
        await close(uow, rfq, "answered")


async def on_quote_lost(uow: Uow, event: QuoteEvent) -> None:
    """The selected quote was withdrawn or expired: the next best takes its place."""
    rfq = await _rfq_of(uow, event)
    if rfq.state is RfqState.closed and rfq.selected_quote_id == event.subject_id:
        await choose(uow, replace(rfq, selected_quote_id=None), "next best")


async def on_approval_approved(uow: Uow, event: ApprovalApproved) -> None:
    """The approved quote can no longer be taken back or passed over; no vendor hears of it yet."""
    quote = await _decided(uow, event)
    if quote is None:
        return
    won = await quotes.swap(uow, quote, replace(quote, state=after_quote(quote.state, QuoteVerb.approve)))
    await uow.record(QuoteApproved(**quote_envelope(won)))


async def on_approval_undone(uow: Uow, event: ApprovalUndone) -> None:
    """The quote is what it was: selected, and waiting for a decision."""
    quote = await _decided(uow, event)
    if quote is None:
        return
    back = await quotes.swap(uow, quote, replace(quote, state=after_quote(quote.state, QuoteVerb.undo)))
    await uow.record(QuoteReturned(**quote_envelope(back)))


async def on_order_issued(uow: Uow, event: Event) -> None:
    """The approved quote wins, and from now on vendors hear of it: the one that it won, the others not."""
    rfq = await repo.of_request(uow, event.request_id) if event.request_id else None
    if rfq is None or rfq.selected_quote_id is None:
        return
    won = await quotes.load(uow, rfq.selected_quote_id)
    awarded = await repo.swap(uow, rfq, replace(rfq, state=after_rfq(rfq.state, RfqVerb.award)))
    others = tuple(item.vendor_id for item in rfq.invitations if item.vendor_id != won.vendor_id)
    await uow.record(RfqAwarded(**envelope(awarded), quote_id=won.id, vendor_id=won.vendor_id, others=others))


async def on_approval_rejected(uow: Uow, event: ApprovalRejected) -> None:
    """The rejected quote is out; the officer proposes another or cancels."""
    quote = await _decided(uow, event)
    if quote is None:
        return
    rfq = await repo.load(uow, quote.rfq_id)
    out = await quotes.swap(uow, quote, replace(quote, state=after_quote(quote.state, QuoteVerb.reject)))
    await repo.swap(uow, rfq, replace(rfq, selected_quote_id=None, proposed_by=None, reason=None))
    await uow.record(QuoteRejected(**quote_envelope(out), reason=event.reason))


async def on_order_cancelled(uow: Uow, event: Event) -> None:
    """The cancelled order's quote is out, and the other quotes may be proposed again."""
    rfq = await repo.of_request(uow, event.request_id) if event.request_id else None
    if rfq is None or rfq.selected_quote_id is None or rfq.state not in (RfqState.closed, RfqState.awarded):
        return
    quote = await quotes.load(uow, rfq.selected_quote_id)
    out = await quotes.swap(uow, quote, replace(quote, state=after_quote(quote.state, QuoteVerb.reject)))
    awarded = rfq.state is RfqState.awarded
    reopened = after_rfq(rfq.state, RfqVerb.reopen_choice) if awarded else rfq.state
    await repo.swap(
        uow, rfq, replace(rfq, state=reopened, selected_quote_id=None, proposed_by=None, reason=None)
    )
    await uow.record(QuoteRejected(**quote_envelope(out), reason="order cancelled"))


async def on_request_ended(uow: Uow, event: Event) -> None:
    """Vendors who are still asked hear that nobody needs an answer any more."""
    rfq = await repo.of_request(uow, event.request_id) if event.request_id else None
    if rfq is None or rfq.state not in (RfqState.open, RfqState.closed, RfqState.awarded):
        return
    cancelled = await repo.swap(uow, rfq, replace(rfq, state=after_rfq(rfq.state, RfqVerb.cancel)))
    await uow.record(
        RfqCancelled(**envelope(cancelled), vendor_ids=tuple(item.vendor_id for item in rfq.invitations))
    )


async def _rfq_of(uow: Uow, event: RfqEvent | QuoteEvent) -> Rfq:
    """The RFQ that an event of it, or of one of its quotes, is about."""
    return await repo.load(uow, event.rfq_id if isinstance(event, QuoteEvent) else event.subject_id)


async def _decided(uow: Uow, event: ApprovalEvent) -> Quote | None:
    """The quote that an approval was about."""
    return await quotes.load(uow, event.about_id) if event.about_kind == "quote" else None


async def locked(uow: Uow, rfq: Rfq) -> Rfq:
    """The RFQ again, after the case is locked."""
    await lock_case(uow.connection, rfq.request_id)
    return await repo.load(uow, rfq.id)


def envelope(rfq: Rfq) -> dict[str, Any]:
    """What every event of an RFQ carries."""
    return {
        "subject_id": rfq.id,
        "subject_version": rfq.version,
        "request_id": rfq.request_id,
        "number": rfq.number,
    }


def quote_envelope(quote: Quote) -> dict[str, Any]:
    """What every event of a quote carries."""
    return {
        "subject_id": quote.id,
        "subject_version": quote.version,
        "request_id": quote.request_id,
        "number": quote.number,
        "revision": quote.revision,
        "rfq_id": quote.rfq_id,
        "vendor_id": quote.vendor_id,
    }
