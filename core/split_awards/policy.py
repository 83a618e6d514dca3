"""Pure rules of awards by line: what a proposal must say, what each vendor gets, and the cheapest split.

One rule: every vendor's shipping counts in full, however few lines the vendor gets.
"""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from uuid import UUID

from core.access.actor import Actor
from core.access.permissions import Permission
from core.awards.model import Comparison, ConvertedQuote
from core.awards.policy import (
    can_choose_by_line,
    days_of,
    part_total,
    price_of,
    rate_day,
    suppliers,
    taking,
    why_not_supply,
)
from core.kernel.actions import Action, ActionVerb, Needs
from core.kernel.errors import invalid, uncountable
from core.kernel.ids import RfqLineId
from core.kernel.money import WIDE, Money, most_at
from core.orders.model import Order
from core.quotes.errors import OrderExists, QuoteNotEligible
from core.quotes.model import Quote
from core.quotes.states import QuoteState
from core.rates.policy import at_rate
from core.rfqs.model import Rfq
from core.rfqs.states import RfqState
from core.split_awards.commands import AwardedLine, ProposeSplit
from core.split_awards.errors import NothingSplit
from core.split_awards.model import (
    CheapestSplit,
    ComparedWithSplits,
    Share,
    ShareOrder,
    ShownSplit,
    SplitAward,
)

Choice = Mapping[RfqLineId, UUID | None]
"""By the RFQ's line: the quote that gets it."""


def check_may_split(rfq: Rfq, answers: Sequence[Quote]) -> None:
    """After the RFQ has closed, until one of its quotes is approved."""
    if rfq.state is RfqState.awarded or any(quote.state is QuoteState.approved for quote in answers):
        raise OrderExists(number=rfq.number)
    if rfq.state is not RfqState.closed:
        raise QuoteNotEligible(number=rfq.number, why=f"rfq {rfq.state.value}")


def checked_choice(command: ProposeSplit, rfq: Rfq, answers: Sequence[Quote], today: dt.date) -> Choice:
    """Every line once, from a quote that may supply it, or left out; not just what one quote offers as asked."""
    quotes: dict[UUID, Quote] = {quote.id: quote for quote in answers}
    choice: dict[RfqLineId, UUID | None] = {}
    for index, line in enumerate(command.lines):
        _check_line(f"/lines/{index}/rfq_line_id", line.rfq_line_id, rfq, choice)
        field = f"/lines/{index}/quote_id"
        quote = _supplier(field, quotes.get(line.quote_id), rfq, today)
        _check_offers(f"/lines/{index}", quote, line)
        choice[line.rfq_line_id] = line.quote_id
    for index, line_id in enumerate(command.left_out):
        _check_line(f"/left_out/{index}", line_id, rfq, choice)
        choice[line_id] = None
    missing = [line for line in rfq.lines if line.id not in choice]
    if missing:
        why = "name every line, in lines or in left_out"
        raise invalid("/lines", "split.missing", why, str(missing[0].id))
    chosen = [quotes[quote_id] for quote_id in dict.fromkeys(choice.values()) if quote_id is not None]
    others = any(line.alternative for line in command.lines)
    left = any(price_of(chosen[0], line) is not None for line in command.left_out)
    if len(chosen) == 1 and not others and not left:
        raise NothingSplit(number=chosen[0].number, vendor=chosen[0].vendor_name)
    return {line.id: choice[line.id] for line in rfq.lines}


def _check_line(field: str, line_id: UUID, rfq: Rfq, named: Choice) -> None:
    if all(line_id != each.id for each in rfq.lines):
        raise invalid(field, "line.unknown", f"is not a line of {rfq.number}", str(rfq.lines[0].id))
    if line_id in named:
        raise invalid(field, "line.twice", "this line is named twice", None)


def _supplier(field: str, quote: Quote | None, rfq: Rfq, today: dt.date) -> Quote:
    if quote is None:
        raise invalid(field, "quote.unknown", f"is not a quote to {rfq.number}", None)
    why = why_not_supply(quote, rfq, today)
    if why is not None:
        raise QuoteNotEligible(number=quote.number, why=why)
    return quote


def _check_offers(field: str, quote: Quote, line: AwardedLine) -> None:
    offer = next((each for each in quote.lines if each.rfq_line_id == line.rfq_line_id), None)
    if line.alternative and (offer is None or offer.alternative is None):
        why = f"{quote.number} has no alternative for this line"
        raise invalid(f"{field}/alternative", "split.no_alternative", why, "false")
    if not line.alternative and (offer is None or offer.unit_price is None):
        raise invalid(
            f"{field}/quote_id", "split.no_price", f"{quote.number} has no price for this line", None
        )


def shares_of(
    choice: Choice,
    rfq: Rfq,
    converted: Sequence[ConvertedQuote],
    alternatives: Collection[RfqLineId] = (),
) -> tuple[Share, ...]:
    """What each vendor gets, in the order of the RFQ's lines; ``alternatives``: the lines in whose place they are."""
    by_id: dict[UUID, ConvertedQuote] = {item.quote.id: item for item in converted}
    wanted = (choice.get(line.id) for line in rfq.lines)
    shares = []
    for quote_id in dict.fromkeys(each for each in wanted if each is not None):
        item = by_id[quote_id]
        lines = tuple(line for line in rfq.lines if choice.get(line.id) == quote_id)
        quote = taking(item.quote, {line.id for line in lines if line.id in alternatives})
        total = part_total(quote, lines)
        money = at_rate(Money(total, quote.currency), rfq.currency, item.rate)
        shares.append(Share(quote, lines, total, money.money.amount))
    return tuple(shares)


def total_of(shares: Sequence[Share]) -> Decimal:
    """In the request's currency."""
    total = Decimal(0)
    for share in shares:
        total = WIDE.add(total, share.converted)
    return total


def check_countable(total: Decimal, currency: str, rate: Decimal) -> None:
    """Each quote can be counted by itself, but perhaps not their sum."""
    most = most_at([rate], currency)
    if total > most:
        raise uncountable("/lines", most, currency)


def cheapest(rfq: Rfq, converted: Sequence[ConvertedQuote], now: dt.datetime) -> CheapestSplit | None:
    """Every line where it is cheapest, then without vendors whose shipping costs more than they save.

    Only lines with a price above 0 that come in time; None when fewer than two vendors are left.
    """
    may_supply = {quote.id for quote in suppliers([item.quote for item in converted], rfq, now.date())}
    offers = [item for item in converted if item.quote.id in may_supply]
    best = _cheapest_lines(rfq, offers, now)
    while better := _with_a_vendor_less(rfq, offers, best, now):
        best = better
    if len(set(best.values())) < 2:
        return None
    shares = shares_of(best, rfq, offers)
    singles = [item.total for item in offers if item.quote.complete]
    return CheapestSplit(shares, total_of(shares), min(singles, default=None))


def _with_a_vendor_less(
    rfq: Rfq, offers: Sequence[ConvertedQuote], best: Choice, now: dt.datetime
) -> Choice | None:
    """The same lines from one vendor less, still from several, if that costs less in all."""
    using = set(best.values())
    least, found = total_of(shares_of(best, rfq, offers)), None
    for dropped in using:
        fewer = [item for item in offers if item.quote.id in using and item.quote.id != dropped]
        choice = _cheapest_lines(rfq, fewer, now)
        if choice.keys() == best.keys() and len(set(choice.values())) > 1:
            total = total_of(shares_of(choice, rfq, offers))
            least, found = (total, choice) if total < least else (least, found)
    return found


def _cheapest_lines(rfq: Rfq, offers: Sequence[ConvertedQuote], now: dt.datetime) -> Choice:
    """Each line from the cheapest of these quotes, of equal ones from the earliest; without what nobody offers."""
    ordered = rate_day(rfq, now)
    choice: dict[RfqLineId, UUID | None] = {}
    for line in rfq.lines:
        priced = [
            (offer.unit_price * item.rate, item.quote.submitted_at, item.quote.id)
            for item in offers
            for offer in item.quote.lines
            if offer.rfq_line_id == line.id
            and offer.unit_price
            and ordered + dt.timedelta(days=days_of(item.quote, offer)) <= rfq.needed_by
        ]
        if priced:
            choice[line.id] = min(priced)[2]
    return choice


def with_splits(
    actor: Actor,
    comparison: Comparison,
    award: SplitAward | None,
    proposed_by_name: str,
    orders: Sequence[Order],
    now: dt.datetime,
) -> ComparedWithSplits:
    """The comparison with what is known about splitting; nothing of it while the prices are sealed."""
    rfq = comparison.rfq
    if rfq is None or comparison.sealed:
        return ComparedWithSplits(comparison, None, None, comparison.actions)
    answers = [item.quote for item in comparison.quotes]
    undecided = rfq.state is RfqState.closed and all(
        each.state is not QuoteState.approved for each in answers
    )
    offered = undecided and can_choose_by_line(answers, rfq, now.date())
    actions = comparison.actions
    if offered and actor.may(Permission.rfqs_propose):
        actions = (*actions, Action(ActionVerb.split_award, Needs.lines))
    split = None
    if award is not None and award.quote_ids <= {each.id for each in answers}:
        shares = shares_of(award.lines, rfq, comparison.quotes, award.alternatives)
        numbers: dict[UUID, ShareOrder] = {
            each.quote_id: ShareOrder(each.number, each.state)
            for each in orders
            if each.split_award_id == award.id
        }
        split = ShownSplit(award, proposed_by_name, shares, numbers)
    return ComparedWithSplits(
        comparison,
        split,
        cheapest(rfq, comparison.quotes, now) if offered else None,
        actions,
        frozenset(quote.id for quote in suppliers(answers, rfq, now.date())) if offered else frozenset(),
    )
