"""Pure rules of awards: which quotes may win, which one wins, and how they compare."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from uuid import UUID

from core.access.actor import Actor
from core.awards.model import Comparison, ConvertedQuote, Surroundings
from core.kernel.actions import Action
from core.kernel.doubts import Doubt
from core.kernel.money import Money, total_of
from core.offers.model import QuoteLine
from core.quotes import actions as quote_actions
from core.quotes.model import Quote
from core.quotes.states import ELIGIBLE, QuoteState
from core.rates.policy import at_rate
from core.requests.model import Request
from core.rfqs import actions as rfq_actions
from core.rfqs.model import Rfq, RfqLine


def may_win(converted: ConvertedQuote, rfq: Rfq, today: dt.date) -> bool:
    """Live, still valid and for the present version of the RFQ, from a vendor who is not on hold."""
    quote = converted.quote
    live = quote.state in ELIGIBLE and quote.valid_until >= today
    return live and quote.rfq_revision == rfq.revision and not quote.vendor_on_hold


def arrives_on(quote: Quote, rfq: Rfq, now: dt.datetime) -> dt.date:
    """The day when the last line is there, if it is ordered on the day that the RFQ closed."""
    return rate_day(rfq, now) + dt.timedelta(days=quote.slowest_days)


def doubts_about(quote: Quote, rfq: Rfq, now: dt.datetime) -> tuple[Doubt, ...]:
    """What a person has to answer for who chooses this quote; empty when the rule may choose it."""
    free = any(line.unit_price == 0 for line in quote.lines)
    late = arrives_on(quote, rfq, now) > rfq.needed_by
    partial = not quote.complete and quote.rfq_revision == rfq.revision
    found = ((Doubt.late, late), (Doubt.free, free), (Doubt.incomplete, partial))
    return tuple(doubt for doubt, holds in found if holds)


def best_quote(quotes: Iterable[ConvertedQuote], rfq: Rfq, now: dt.datetime) -> ConvertedQuote | None:
    """The lowest total in the request's currency, then the shortest lead time, then the earliest.

    Never one that comes too late, has a price of 0 or leaves lines out: an officer proposes it, with a reason.
    """
    return min(
        (
            item
            for item in quotes
            if may_win(item, rfq, now.date()) and not doubts_about(item.quote, rfq, now)
        ),
        key=lambda item: (item.total, item.quote.slowest_days, item.quote.submitted_at, item.quote.id),
        default=None,
    )


def suppliers(answers: Iterable[Quote], rfq: Rfq, today: dt.date) -> list[Quote]:
    """The quotes of which single lines may be ordered: like one that may win, but it may leave out lines."""
    return [quote for quote in answers if why_not_supply(quote, rfq, today) is None]


def why_not_supply(quote: Quote, rfq: Rfq, today: dt.date) -> str | None:
    """Why nothing of a quote may be ordered; None when something may."""
    if quote.state is not QuoteState.selected and quote.state not in ELIGIBLE:
        return quote.state.value
    if quote.rfq_revision != rfq.revision:
        return "outdated"
    if quote.valid_until < today:
        return "expired"
    return "vendor_on_hold" if quote.vendor_on_hold else None


def can_choose_by_line(answers: Iterable[Quote], rfq: Rfq, today: dt.date) -> bool:
    """At least two quotes can supply different lines, or one offers an alternative."""
    able = suppliers(answers, rfq, today)
    supplied = [{line.rfq_line_id for line in quote.lines if line.unit_price is not None} for quote in able]
    return (len(supplied) > 1 and len(set().union(*supplied)) > 1) or any(
        line.alternative is not None for quote in able for line in quote.lines
    )


def taking(quote: Quote, line_ids: Collection[UUID]) -> Quote:
    """The quote with its alternatives in place of these lines: their prices and days are what counts."""
    if not line_ids:
        return quote
    lines = (line.taking_alternative() if line.rfq_line_id in line_ids else line for line in quote.lines)
    return replace(quote, lines=tuple(lines))


def part_total(quote: Quote, lines: Sequence[RfqLine]) -> Decimal:
    """What these lines and the whole shipping of a quote come to, in its currency."""
    priced = [(line.quantity, price_of(quote, line.id) or Decimal(0)) for line in lines]
    return total_of(priced, quote.currency, quote.shipping)


def price_of(quote: Quote, line_id: UUID) -> Decimal | None:
    """The unit price of one of the RFQ's lines; None when it is not offered."""
    return next((each.unit_price for each in quote.lines if each.rfq_line_id == line_id), None)


def part_days(quote: Quote, lines: Sequence[RfqLine]) -> int:
    """In how many days the last of these lines of a quote is there."""
    wanted = {line.id for line in lines}
    return max(days_of(quote, line) for line in quote.lines if line.rfq_line_id in wanted)


def days_of(quote: Quote, line: QuoteLine) -> int:
    """A line's own lead time overrides the quote's."""
    return line.lead_time_days if line.lead_time_days is not None else quote.lead_time_days


def best_prices(quotes: Iterable[ConvertedQuote], currency: str) -> Mapping[UUID, Decimal]:
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


def rate_day(rfq: Rfq, now: dt.datetime) -> dt.date:
    """The day whose rates count: the one on which the RFQ closed."""
    return (rfq.closed_at or now).date()


def converted_at(quote: Quote, currency: str, rate: Decimal) -> ConvertedQuote:
    """One quote in another currency."""
    total = at_rate(Money(quote.total, quote.currency), currency, rate)
    shipping = at_rate(Money(quote.shipping, quote.currency), currency, rate)
    return ConvertedQuote(quote, total.money.amount, shipping.money.amount, rate)


def compared(
    actor: Actor,
    request: Request,
    rfq: Rfq | None,
    converted: Sequence[ConvertedQuote],
    around: Surroundings,
    now: dt.datetime,
) -> Comparison:
    """Quotes side by side, without those that were withdrawn or have expired; ``converted`` is empty while sealed.

    With what the reader may do with the RFQ and with each quote.
    """
    live = in_comparison(converted)
    totals = [
        item.total for item in live if item.quote.complete and item.quote.state is not QuoteState.rejected
    ]
    return Comparison(
        request_id=request.id,
        request_number=request.number,
        rfq=rfq,
        sealed=rfq is not None and rfq.sealed,
        currency=request.currency,
        rate_day=rate_day(rfq, now) if rfq is not None and not rfq.sealed else None,
        quotes=tuple(sorted(live, key=lambda item: (not item.quote.complete, item.total))),
        best_total=min(totals, default=None),
        best_prices=dict(best_prices(live, request.currency)),
        around=around,
        doubts={item.quote.id: doubts_about(item.quote, rfq, now) for item in live}
        if rfq is not None
        else {},
        arrivals={item.quote.id: arrives_on(item.quote, rfq, now) for item in live}
        if rfq is not None
        else {},
        actions=rfq_actions.actions_of(actor, rfq, now) if rfq is not None else (),
        quote_actions=_quote_actions(actor, rfq, [item.quote for item in live], now)
        if rfq is not None
        else {},
    )


def _quote_actions(
    actor: Actor, rfq: Rfq, answers: Sequence[Quote], now: dt.datetime
) -> dict[UUID, tuple[Action, ...]]:
    decided = any(quote.state is QuoteState.approved for quote in answers)
    return {
        quote.id: quote_actions.actions_of(actor, quote, rfq, decided=decided, now=now) for quote in answers
    }


def in_comparison(converted: Iterable[ConvertedQuote]) -> list[ConvertedQuote]:
    """The quotes that are still compared."""
    gone = (QuoteState.withdrawn, QuoteState.expired)
    return [item for item in converted if item.quote.state not in gone]
