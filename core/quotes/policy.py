"""Pure rules of quotes: what a quote must contain, its total, and who may do what with it when."""

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from uuid import UUID

from core.access.actor import Actor
from core.access.permissions import Permission
from core.kernel import money
from core.kernel.actions import Action
from core.kernel.errors import invalid, uncountable
from core.quotes.commands import QuoteLineDraft, SubmitQuote
from core.quotes.errors import (
    NothingToConfirm,
    OrderExists,
    QuoteLapsed,
    QuoteNotEligible,
    QuoteVendorOnHold,
)
from core.quotes.model import AttachedDocument, Quote, QuoteDetails
from core.quotes.states import ELIGIBLE, QuoteState, QuoteVerb, after_quote
from core.rfqs.errors import RfqNotOpen
from core.rfqs.model import Rfq, RfqLine
from core.rfqs.policy import check_may_quote
from core.rfqs.states import RfqState


def check_quote(command: SubmitQuote, rfq: Rfq, today: dt.date) -> None:
    """Each line once, with a price or no bid; at least one price; valid from today on."""
    known = {line.id for line in rfq.lines}
    seen: set[UUID] = set()
    for index, line in enumerate(command.lines):
        if line.rfq_line_id not in known:
            raise invalid(
                f"/lines/{index}/rfq_line_id", "line.unknown", f"is not a line of {rfq.number}", None
            )
        if line.rfq_line_id in seen:
            raise invalid(f"/lines/{index}/rfq_line_id", "line.twice", "this line is named twice", None)
        seen.add(line.rfq_line_id)
        if line.no_bid == (line.unit_price is not None):
            raise invalid(f"/lines/{index}/unit_price", "line.price", "give a price, or no_bid", '"1180.00"')
    if all(line.no_bid for line in command.lines):
        raise invalid("/lines", "lines.no_bid", "no line has a price; decline the RFQ instead", None)
    if command.valid_until < today:
        example = (today + dt.timedelta(days=30)).isoformat()
        raise invalid("/valid_until", "valid_until.past", f"{command.valid_until} is past", example)


def total_of(command: SubmitQuote, lines: Sequence[RfqLine]) -> Decimal:
    """What the priced lines and the shipping come to."""
    quantity = {line.id: line.quantity for line in lines}
    priced = [(quantity[line.rfq_line_id], line.unit_price or Decimal(0)) for line in command.lines]
    return money.total_of(priced, command.currency, command.shipping)


def check_countable(
    command: SubmitQuote, lines: Sequence[RfqLine], total: Decimal, rates: Sequence[Decimal]
) -> None:
    """What comes in can go out: at each of these rates, every line, the shipping and the total can be counted."""
    most = money.most_at(rates, command.currency)
    quantity = {line.id: line.quantity for line in lines}
    amounts = {
        f"/lines/{index}/unit_price": money.line_total(
            quantity[line.rfq_line_id], line.unit_price or Decimal(0), command.currency
        )
        for index, line in enumerate(command.lines)
    }
    for field, amount in (*amounts.items(), ("/shipping", command.shipping), ("/lines", total)):
        if amount > most:
            raise uncountable(field, most, command.currency)


def is_complete(lines: Sequence[QuoteLineDraft], rfq: Rfq) -> bool:
    """Every line of the RFQ has a price."""
    return {line.rfq_line_id for line in lines if line.unit_price is not None} == {
        line.id for line in rfq.lines
    }


def slowest_lead_time(command: SubmitQuote) -> int:
    """The day when the last priced line arrives; a line's lead time overrides the quote's."""
    return max(
        line.lead_time_days if line.lead_time_days is not None else command.lead_time_days
        for line in command.lines
        if not line.no_bid
    )


def quote_fingerprint(command: SubmitQuote) -> str:
    """The quote as a hash that the log may show while the prices are sealed."""
    parts = [
        command.currency,
        f"{command.shipping:f}",
        str(command.lead_time_days),
        command.valid_until.isoformat(),
    ]
    parts += [f"{line.rfq_line_id}:{line.unit_price}:{line.lead_time_days}" for line in command.lines]
    return hashlib.sha256("\n".join([*parts, command.note]).encode()).hexdigest()


def may_see(actor: Actor, quote: Quote, rfq: Rfq) -> bool:
    """The same as the condition of ``repo``: a vendor its own, oversight those that are no longer sealed."""
    if actor.is_vendor:
        return quote.vendor_id == actor.vendor_id
    return actor.may(Permission.requests_read_all) and not rfq.sealed


def details_for(
    actor: Actor,
    quote: Quote,
    rfq: Rfq,
    documents: tuple[AttachedDocument, ...],
    actions: tuple[Action, ...],
) -> QuoteDetails:
    """A quote with its RFQ's lines and its documents.

    A vendor does not see that its quote leads before the award, and of a rejected one only that it lost.
    """
    undisclosed = quote.state is QuoteState.selected or (
        quote.state is QuoteState.approved and rfq.state is not RfqState.awarded
    )
    if actor.is_vendor and undisclosed:
        quote = replace(quote, state=QuoteState.submitted)
    if actor.is_vendor and quote.state is QuoteState.rejected:
        quote = replace(quote, state=QuoteState.lost)
    return QuoteDetails(quote, rfq.number, rfq.lines, documents, rfq.revision, actions)


def check_may_revise(actor: Actor, quote: Quote, rfq: Rfq, now: dt.datetime) -> QuoteState:
    """Its vendor, until the RFQ closes; the state that follows."""
    check_may_quote(actor, rfq, now)
    return after_quote(quote.state, QuoteVerb.revise)


def check_may_confirm(actor: Actor, quote: Quote, rfq: Rfq, now: dt.datetime) -> QuoteState:
    """Its vendor, once the RFQ was corrected, until it closes; the state that follows."""
    state = check_may_revise(actor, quote, rfq, now)
    if quote.rfq_revision == rfq.revision:
        raise NothingToConfirm(number=quote.number)
    return state


def check_may_withdraw(quote: Quote, rfq: Rfq) -> QuoteState:
    """Its vendor, until the quote is approved; the state that follows."""
    if quote.state is QuoteState.approved and rfq.state is RfqState.closed:
        # Vendors do not learn of an approval before the order is issued, not even from a refusal.
        raise RfqNotOpen(number=rfq.number, state=rfq.state.value, closed_at=rfq.closed_at or rfq.quote_by)
    return after_quote(quote.state, QuoteVerb.withdraw)


def check_may_propose(quote: Quote, rfq: Rfq, *, decided: bool, today: dt.date) -> None:
    """A live quote, also the selected one, after the RFQ has closed; ``decided``: one of its quotes is approved."""
    if decided or rfq.state is RfqState.awarded:
        raise OrderExists(number=rfq.number)
    if rfq.state is not RfqState.closed:
        raise QuoteNotEligible(number=rfq.number, why=f"rfq {rfq.state.value}")
    if quote.state is not QuoteState.selected and quote.state not in ELIGIBLE:
        raise QuoteNotEligible(number=quote.number, why=quote.state.value)
    if not quote.complete:
        raise QuoteNotEligible(number=quote.number, why="incomplete")
    if quote.valid_until < today:
        raise QuoteNotEligible(number=quote.number, why="expired")
    if quote.vendor_on_hold:
        raise QuoteNotEligible(number=quote.number, why="vendor_on_hold")


def check_may_be_approved(quote: Quote, today: dt.date) -> None:
    """At the moment of each approval: the prices are still binding, and the vendor may be ordered from."""
    if quote.valid_until < today:
        raise QuoteLapsed(number=quote.number, vendor=quote.vendor_name, day=quote.valid_until)
    if quote.vendor_on_hold:
        raise QuoteVendorOnHold(number=quote.number, vendor=quote.vendor_name)
