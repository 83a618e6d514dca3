"""Pure rules of an approval's facts: what one reader sees of them, and how a quote ranks.

One rule: prices of other quotes and of other purchases are for readers who may see those too.
"""

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

from core.access.actor import Actor
from core.access.permissions import Permission
from core.approval_facts.model import (
    NOTHING_KNOWN,
    ApprovalFacts,
    ApprovalWithFacts,
    DecidedLine,
    History,
    Rank,
)
from core.approvals.model import Approval
from core.awards.model import Comparison
from core.kernel.money import WIDE
from core.kernel.subjects import SubjectKind
from core.purchases import views
from core.purchases.model import Purchase
from core.quotes.model import Quote
from core.quotes.states import QuoteState
from core.rates.errors import RatesMissing

_TENTH = Decimal("0.1")


def approval_with_facts(
    purchase: Purchase, history: History, actor: Actor, approval_id: UUID, now: dt.datetime
) -> ApprovalWithFacts | None:
    """One approval with its facts; None when this reader may not see it."""
    details = views.approval_details(purchase, actor, approval_id, now)
    if details is None:
        return None
    return ApprovalWithFacts(details, facts_of(purchase, history, actor, details.approval, now))


def facts_of(
    purchase: Purchase, history: History, actor: Actor, approval: Approval, now: dt.datetime
) -> ApprovalFacts:
    """What this reader may know of what is decided."""
    known = history if may_see_history(actor) else NOTHING_KNOWN
    quote, request = _quote_of(purchase, approval), purchase.request
    comparison = _comparison(purchase, actor, now)
    decided_at = approval.closed_at or now
    return ApprovalFacts(
        request_number=request.number,
        note=request.note,
        needed_by=request.needed_by,
        delivery_on=decided_at.date() + dt.timedelta(days=quote.slowest_days) if quote else None,
        lines=_lines(purchase, quote, known),
        rank=rank_of(comparison, quote) if comparison is not None and quote is not None else None,
        on_time=known.on_time,
        documents=comparison.around.documents.get(quote.id, ())
        if comparison is not None and quote is not None
        else (),
        similar=known.similar,
        summed=tuple(each for each in known.summed if each.id in approval.siblings),
    )


def may_see_history(actor: Actor) -> bool:
    """Other purchases are for those who may see every purchase."""
    return actor.may(Permission.requests_read_all)


def rank_of(comparison: Comparison, quote: Quote) -> Rank | None:
    """The quote's place among the complete ones; equal totals share a place. None when it is not compared."""
    totals = {
        each.quote.id: each.total
        for each in comparison.quotes
        if each.quote.complete and (each.quote.state is not QuoteState.rejected or each.quote.id == quote.id)
    }
    own = totals.get(quote.id)
    if own is None:
        return None
    best = min(totals.values())
    percent = ((own - best) * 100 / best).quantize(_TENTH, ROUND_HALF_UP, WIDE) if best else None
    place = 1 + sum(total < own for total in totals.values())
    return Rank(place, len(totals), own - best, percent, comparison.currency)


def _quote_of(purchase: Purchase, approval: Approval) -> Quote | None:
    """The quote that is decided about, or that the changed order was made from."""
    if approval.subject.kind == SubjectKind.quote:
        return purchase.quote_of(approval.subject.id)
    order = purchase.order_of(approval.subject.id)
    return purchase.quote_of(order.quote_id) if order else None


def _comparison(purchase: Purchase, actor: Actor, now: dt.datetime) -> Comparison | None:
    """The comparison, as far as this reader may see it and the rates are known."""
    try:
        return views.comparison(purchase, actor, now)
    except RatesMissing:
        return None


def _lines(purchase: Purchase, quote: Quote | None, known: History) -> tuple[DecidedLine, ...]:
    """The request's lines with the quote's prices."""
    rfq = purchase.rfq_of(quote.rfq_id) if quote else None
    asked = {line.id: line.request_line_id for line in rfq.lines} if rfq else {}
    prices = {asked[line.rfq_line_id]: line.unit_price for line in quote.lines} if quote else {}
    return tuple(
        DecidedLine(line, prices.get(line.id), known.last_paid.get(line.id))
        for line in purchase.request.lines
    )
