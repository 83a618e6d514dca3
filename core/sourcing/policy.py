"""Pure rules of sourcing: what a quote must hold, what it adds up to, and which one wins."""

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from uuid import UUID

from core.kernel.errors import invalid
from core.kernel.money import MAX_AMOUNT, rounded
from core.sourcing.commands import QuoteLineDraft, SendRfq, SubmitQuote
from core.sourcing.errors import RfqClosed
from core.sourcing.model import Converted, Rfq, RfqLine
from core.sourcing.states import QuoteState, RfqState

LONGEST_RFQ = dt.timedelta(days=366)


def check_deadline(command: SendRfq, now: dt.datetime) -> None:
    """Vendors need a moment to answer, and a purchase does not wait for years."""
    example = (now + dt.timedelta(days=5)).replace(microsecond=0).isoformat()
    if command.quote_by <= now:
        raise invalid("/quote_by", "quote_by.past", "must lie in the future", example)
    if command.quote_by > now + LONGEST_RFQ:
        raise invalid("/quote_by", "quote_by.far", "is more than a year away", example)


def check_vendors_once(command: SendRfq) -> None:
    for index, vendor_id in enumerate(command.vendor_ids):
        if vendor_id in command.vendor_ids[:index]:
            raise invalid(f"/vendor_ids/{index}", "vendor.twice", "this vendor is named twice", None)


def check_open(rfq: Rfq, now: dt.datetime) -> None:
    """A closed RFQ takes nothing; one whose deadline has passed is closed, even if the clock job is late."""
    if rfq.state is not RfqState.open or now >= rfq.quote_by:
        raise RfqClosed(number=rfq.number, state=rfq.state.value, closed_at=rfq.closed_at or rfq.quote_by)


def check_quote(command: SubmitQuote, rfq: Rfq, today: dt.date) -> None:
    """Each line once, a price or no bid, at least one price, valid from today on."""
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
    """Each line rounded to the currency, then added, then shipping."""
    quantity = {line.id: line.quantity for line in lines}
    total = rounded(command.shipping, command.currency)
    for line in command.lines:
        if line.unit_price is not None:
            total += rounded(line.unit_price * quantity[line.rfq_line_id], command.currency)
    if total > MAX_AMOUNT:
        raise invalid("/lines", "amount.range", "the lines add up to more than can be counted", '"1180.00"')
    return total


def is_complete(lines: Sequence[QuoteLineDraft], rfq: Rfq) -> bool:
    """Every line of the RFQ has a price."""
    return {line.rfq_line_id for line in lines if line.unit_price is not None} == {
        line.id for line in rfq.lines
    }


def slowest(command: SubmitQuote) -> int:
    """The day the last priced line arrives; a line's lead time overrides the quote's."""
    return max(
        line.lead_time_days if line.lead_time_days is not None else command.lead_time_days
        for line in command.lines
        if not line.no_bid
    )


def content_hash(command: SubmitQuote) -> str:
    """What the quote said, as a hash that the log may show while the prices are sealed."""
    said = [
        command.currency,
        f"{command.shipping:f}",
        str(command.lead_time_days),
        command.valid_until.isoformat(),
    ]
    said += [f"{line.rfq_line_id}:{line.unit_price}:{line.lead_time_days}" for line in command.lines]
    return hashlib.sha256("\n".join([*said, command.note]).encode()).hexdigest()


def may_win(converted: Converted, today: dt.date) -> bool:
    """Live, complete and still valid."""
    quote = converted.quote
    return quote.state is QuoteState.submitted and quote.complete and quote.valid_until >= today


def best(quotes: Iterable[Converted], today: dt.date) -> Converted | None:
    """The lowest total in the request's currency, then the shortest lead time, then the earliest."""
    return min(
        (quote for quote in quotes if may_win(quote, today)),
        key=lambda item: (item.total, item.quote.slowest_days, item.quote.submitted_at, item.quote.id),
        default=None,
    )


def best_prices(quotes: Iterable[Converted], currency: str) -> Mapping[UUID, Decimal]:
    """The lowest unit price per line, in the request's currency."""
    lowest: dict[UUID, Decimal] = {}
    for item in quotes:
        for line in item.quote.lines:
            if line.unit_price is None:
                continue
            price = line.unit_price * item.rate
            if line.rfq_line_id not in lowest or price < lowest[line.rfq_line_id]:
                lowest[line.rfq_line_id] = price
    return lowest
