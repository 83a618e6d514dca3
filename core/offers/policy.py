"""Pure rules of what a vendor offers: what a quote must contain, and what it comes to."""

import datetime as dt
import hashlib
from collections.abc import Sequence
from decimal import Decimal
from typing import Protocol
from uuid import UUID

from core.kernel import money
from core.kernel.errors import invalid, uncountable
from core.kernel.ids import RfqLineId
from core.kernel.needed_days import MAX_DAYS_AHEAD, ZONE_TOLERANCE
from core.offers.commands import SubmitQuote
from core.offers.model import Alternative
from core.rfqs.model import Rfq, RfqLine


class Priced(Protocol):
    """A line of a quote, drafted or stored."""

    @property
    def rfq_line_id(self) -> RfqLineId: ...

    @property
    def unit_price(self) -> Decimal | None: ...

    @property
    def alternative(self) -> Alternative | None: ...


def check_quote(command: SubmitQuote, rfq: Rfq, today: dt.date) -> None:
    """Each line once, with a price or no bid; at least one price or alternative; valid from the vendor's today on.

    What the vendor calls today counts, wherever they are.
    """
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
    if all(line.no_bid and line.alternative is None for line in command.lines):
        raise invalid("/lines", "lines.no_bid", "no line has a price; decline the RFQ instead", None)
    example = (today + dt.timedelta(days=30)).isoformat()
    if command.valid_until < today - ZONE_TOLERANCE:
        raise invalid("/valid_until", "valid_until.past", f"{command.valid_until} is past", example)
    if command.valid_until > today + MAX_DAYS_AHEAD:
        why = f"{command.valid_until} is more than three years away"
        raise invalid("/valid_until", "valid_until.far", why, example)


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
    amounts |= {
        f"/lines/{index}/alternative/unit_price": money.line_total(
            quantity[line.rfq_line_id], line.alternative.unit_price, command.currency
        )
        for index, line in enumerate(command.lines)
        if line.alternative is not None
    }
    for field, amount in (*amounts.items(), ("/shipping", command.shipping), ("/lines", total)):
        if amount > most:
            raise uncountable(field, most, command.currency)


def left_out(lines: Sequence[Priced], asked: Sequence[RfqLine]) -> tuple[RfqLine, ...]:
    """The lines of the RFQ for which there is no price, said so or not mentioned."""
    priced = {line.rfq_line_id for line in lines if line.unit_price is not None}
    return tuple(line for line in asked if line.id not in priced)


def unanswered(lines: Sequence[Priced], asked: Sequence[RfqLine]) -> tuple[RfqLine, ...]:
    """The lines for which a quote has neither a price nor an alternative, so that its vendor is asked about them."""
    otherwise = {line.rfq_line_id for line in lines if line.alternative is not None}
    return tuple(line for line in left_out(lines, asked) if line.id not in otherwise)


def slowest_lead_time(command: SubmitQuote) -> int:
    """The day when the last priced line arrives; a line's lead time overrides the quote's."""
    priced = (
        line.lead_time_days if line.lead_time_days is not None else command.lead_time_days
        for line in command.lines
        if not line.no_bid
    )
    return max(priced, default=command.lead_time_days)


def quote_fingerprint(command: SubmitQuote) -> str:
    """The quote as a hash that the log may show while the prices are sealed."""
    parts = [
        command.currency,
        f"{command.shipping:f}",
        str(command.lead_time_days),
        command.valid_until.isoformat(),
    ]
    parts += [f"{line.rfq_line_id}:{line.unit_price}:{line.lead_time_days}" for line in command.lines]
    parts += [f"{line.rfq_line_id}:{line.alternative}" for line in command.lines if line.alternative]
    return hashlib.sha256("\n".join([*parts, command.note]).encode()).hexdigest()
