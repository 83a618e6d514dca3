"""Pure rules of an approval's facts: what one reader sees of them, and how a quote ranks.

One rule: prices of other quotes and of other purchases are for readers who may see those too.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

from core.access.actor import Actor
from core.access.permissions import Permission
from core.approval_facts.model import (
    NOTHING_KNOWN,
    ApprovalFacts,
    ApprovalWithFacts,
    DecidedLine,
    DecidedShare,
    History,
    LastPaid,
    NotedFinding,
    Rank,
    VendorScores,
)
from core.approvals.model import Approval
from core.awards.model import Comparison
from core.awards.policy import part_days, price_of
from core.findings.policy import shown_hint
from core.insights.model import Hint, Score
from core.insights.policy import score_hints
from core.insights.states import HintPlace
from core.kernel.money import WIDE
from core.order_changes.policy import with_terms
from core.orders.model import Order, OrderLine
from core.purchases import views
from core.purchases.model import Purchase
from core.quotes.model import Quote
from core.quotes.states import QuoteState
from core.rates.errors import RatesMissing
from core.requests.model import RequestLine
from core.rfqs.model import Rfq, RfqLine
from core.split_awards.model import Share, SplitAward

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
    order, request = _order_of(purchase, approval), purchase.request
    quote = purchase.quote_of(order.quote_id if order else approval.subject.id)
    comparison = _comparison(purchase, actor, now)
    award = purchase.split_of(approval.subject.id)
    files = views.files_of(purchase, actor, request.id)
    if award is not None:
        found = _of_split(purchase, award, approval, comparison, known, now)
        quotes = [purchase.quote_of(each) for each in dict.fromkeys(award.lines.values())]
        scores, noted = _scores(purchase, actor, quotes), _noted(history, actor)
        return replace(found, documents=(*files, *found.documents), scores=scores, findings=noted)
    return ApprovalFacts(
        request_number=request.number,
        note=request.note,
        needed_by=request.due,
        delivery_on=order.due_on if order else _delivery_of(quote, approval.closed_at or now),
        lines=_ordered(order, known) if order else _offered(purchase, quote, known),
        rank=rank_of(comparison, quote) if comparison and quote and not order else None,
        on_time=known.on_time,
        documents=(
            *files,
            *(comparison.around.documents.get(quote.id, ()) if comparison and quote else ()),
        ),
        similar=known.similar,
        summed=tuple(each for each in known.summed if each.id in approval.siblings),
        entered_by_name=purchase.names[request.entered_by] if request.entered_by else None,
        resembles=request.resembles,
        scores=_scores(purchase, actor, [quote]),
        findings=_noted(history, actor),
    )


def _scores(purchase: Purchase, actor: Actor, quotes: Sequence[Quote | None]) -> tuple[VendorScores, ...]:
    known, warned = views.scores_for(purchase, actor), views.warned_for(purchase, actor)
    return tuple(
        VendorScores(each.vendor_id, each.vendor_name, known[each.vendor_id], warned.get(each.vendor_id))
        for each in quotes
        if each is not None and each.vendor_id in known
    )


def _noted(history: History, actor: Actor) -> tuple[NotedFinding, ...]:
    """What looked unusual, for those who may read findings."""
    return history.findings if actor.may(Permission.insights_read) else ()


def hints_of(source: ApprovalWithFacts) -> tuple[Hint, ...]:
    """The scores and findings that whoever reads this approval sees."""
    request_id = source.details.approval.request_id
    scores: dict[UUID, tuple[Score, ...]] = {each.vendor_id: each.scores for each in source.facts.scores}
    noted = (
        shown_hint(each.id, each.rule.value, each.facts, request_id, HintPlace.approval)
        for each in source.facts.findings
    )
    return (*score_hints(scores, HintPlace.approval, request_id), *noted)


def _of_split(
    purchase: Purchase,
    award: SplitAward,
    approval: Approval,
    comparison: Comparison | None,
    known: History,
    now: dt.datetime,
) -> ApprovalFacts:
    """What each vendor of a split award would get; the lowest price of one vendor for all is for who may compare.

    Of the files only those of the quotes.
    """
    rfq, request = purchase.rfq_of(award.rfq_id), purchase.request
    assert rfq is not None
    shares = _shares_of(purchase, award, rfq, now)
    decided_on = (approval.closed_at or now).date()
    days = max((part_days(each.quote, each.lines) for each in shares), default=None)
    singles = [each.total for each in comparison.quotes if each.quote.complete] if comparison else []
    documents = comparison.around.documents if comparison else {}
    return ApprovalFacts(
        request_number=request.number,
        note=request.note,
        needed_by=request.due,
        delivery_on=decided_on + dt.timedelta(days=days) if days is not None else None,
        lines=tuple(_shared(share, line, known) for share in shares for line in share.lines),
        rank=None,
        on_time=None,
        documents=tuple(file for share in shares for file in documents.get(share.quote.id, ())),
        similar=known.similar,
        summed=tuple(each for each in known.summed if each.id in approval.siblings),
        entered_by_name=purchase.names[request.entered_by] if request.entered_by else None,
        resembles=request.resembles,
        shares=tuple(
            DecidedShare(
                share.quote.vendor_name,
                share.quote.currency,
                share.quote.shipping,
                share.total,
                share.converted,
            )
            for share in shares
        ),
        left_out=tuple(line.description for line in rfq.lines if award.lines.get(line.id) is None),
        best_single=min(singles, default=None),
    )


def _shared(share: Share, line: RfqLine, known: History) -> DecidedLine:
    """One line of a vendor's share; an alternative has its own words and no price that was paid for the other."""
    price, other = price_of(share.quote, line.id), share.alternatives.get(line.id)
    told = replace(
        _line(line, price, None if other else known.last_paid.get(line.request_line_id)),
        vendor_name=share.quote.vendor_name,
        currency=share.quote.currency,
    )
    return replace(told, description=other.description, asked_for=line.description) if other else told


def _shares_of(purchase: Purchase, award: SplitAward, rfq: Rfq, now: dt.datetime) -> tuple[Share, ...]:
    """Nothing when a rate is not known any more, as with an award of an older RFQ."""
    try:
        return views.shares_of(purchase, award, rfq, now)
    except RatesMissing:
        return ()


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


def _order_of(purchase: Purchase, approval: Approval) -> Order | None:
    """The order whose higher total is decided about, with the terms that wait for this approval."""
    order = purchase.order_of(approval.subject.id)
    proposal = order.proposal if order else None
    if order is None or proposal is None or proposal.approval_id != approval.id:
        return order
    return with_terms(order, proposal)


def _comparison(purchase: Purchase, actor: Actor, now: dt.datetime) -> Comparison | None:
    """The comparison, as far as this reader may see it and the rates are known."""
    try:
        found = views.comparison(purchase, actor, now)
    except RatesMissing:
        return None
    return found.comparison if found is not None else None


def _delivery_of(quote: Quote | None, decided_at: dt.datetime) -> dt.date | None:
    return decided_at.date() + dt.timedelta(days=quote.slowest_days) if quote else None


def _ordered(order: Order, known: History) -> tuple[DecidedLine, ...]:
    """The lines of a changed order with its prices."""
    return tuple(
        _line(line, line.unit_price, known.last_paid.get(line.request_line_id)) for line in order.lines
    )


def _offered(purchase: Purchase, quote: Quote | None, known: History) -> tuple[DecidedLine, ...]:
    """What the vendors were asked for, as it was corrected, with the quote's prices; else the request's lines."""
    rfq = purchase.rfq_of(quote.rfq_id) if quote else None
    if quote is None or rfq is None:
        return tuple(_line(line, None, known.last_paid.get(line.id)) for line in purchase.request.lines)
    prices = {line.rfq_line_id: line.unit_price for line in quote.lines}
    return tuple(
        _line(line, prices.get(line.id), known.last_paid.get(line.request_line_id)) for line in rfq.lines
    )


def _line(
    line: RequestLine | RfqLine | OrderLine, unit_price: Decimal | None, paid: LastPaid | None
) -> DecidedLine:
    return DecidedLine(line.description, line.quantity, line.unit, unit_price, paid)
