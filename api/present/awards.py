"""Converts the comparison from read model to wire."""

from decimal import ROUND_HALF_UP, Decimal

from api.contract import awards as wire
from api.present.actions import actions
from api.present.clarifications import question
from api.present.decimals import amount, converted_price, plain, unit_price
from api.present.quotes import alternative, document
from api.present.rfqs import rfq_line
from api.present.vendor_scores import vendor_score
from core.awards.model import Comparison, ConvertedQuote
from core.completions.model import IncompleteQuote
from core.kernel.money import WIDE
from core.offers.model import QuoteLine
from core.quotes.states import QuoteState
from core.rfqs.states import UNANSWERED, InvitationState


def comparison(source: Comparison) -> wire.ComparisonOut:
    invitations = source.rfq.invitations if source.rfq else ()
    silent = (*UNANSWERED, InvitationState.expired)
    return wire.ComparisonOut(
        request_id=source.request_id,
        request_number=source.request_number,
        rfq_id=source.rfq.id if source.rfq else None,
        rfq_number=source.rfq.number if source.rfq else None,
        rfq_state=source.rfq.state if source.rfq else None,
        rfq_version=source.rfq.version if source.rfq else None,
        sealed=source.sealed,
        currency=source.currency,
        rate_day=source.rate_day,
        lines=tuple(rfq_line(line) for line in source.rfq.lines) if source.rfq else (),
        quotes=tuple(_compared(item, source) for item in source.quotes),
        not_answered=tuple(item.vendor_name for item in invitations if item.state in silent),
        declined=tuple(item.vendor_name for item in invitations if item.state is InvitationState.declined),
        no_chat=tuple(item.vendor_name for item in invitations if not item.has_chat),
        unanswered=tuple(question(each) for each in source.around.discussion.unanswered),
        incomplete=tuple(_incomplete(each) for each in source.around.incomplete),
        documents=tuple(document(each) for each in source.around.documents[source.request_id]),
        quote_by=source.rfq.quote_by if source.rfq else None,
        rfq_revision=source.rfq.revision if source.rfq else None,
        answered=sum(1 for item in invitations if item.answered),
        invited=len(invitations),
        actions=actions(source.actions),
    )


def _incomplete(source: IncompleteQuote) -> wire.IncompleteQuoteOut:
    return wire.IncompleteQuoteOut(
        quote_id=source.quote_id,
        vendor_id=source.vendor_id,
        vendor_name=source.vendor_name,
        missing=tuple(line.id for line in source.lines),
        asked_at=source.asked_at,
        actions=actions(source.actions),
    )


def _compared(source: ConvertedQuote, among: Comparison) -> wire.ComparedQuote:
    item = source.quote
    return wire.ComparedQuote(
        quote_id=item.id,
        vendor_id=item.vendor_id,
        vendor_name=item.vendor_name,
        state=item.state,
        complete=item.complete,
        currency=item.currency,
        rate=plain(source.rate.quantize(Decimal("0.000001"), context=WIDE)),
        total=amount(item.total, item.currency),
        total_converted=amount(source.total, among.currency),
        shipping_converted=amount(source.shipping, among.currency),
        gap_to_best_percent=_gap(source.total, among.best_total),
        lead_time_days=item.slowest_days,
        arrives_on=among.arrivals[item.id],
        doubts=among.doubts[item.id],
        valid_until=item.valid_until,
        note=item.note,
        entered_by_name=among.around.names.get(item.entered_by) if item.entered_by else None,
        outdated=among.rfq is not None and item.rfq_revision != among.rfq.revision,
        best_total=item.complete and source.total == among.best_total,
        selected=item.state in (QuoteState.selected, QuoteState.approved),
        lines=tuple(_compared_line(line, source, among) for line in item.lines),
        documents=tuple(document(each) for each in among.around.documents[item.id]),
        score=vendor_score(
            item.vendor_id,
            item.vendor_name,
            among.around.scores.get(item.vendor_id, ()),
            warned=among.around.warned.get(item.vendor_id),
        ),
        actions=actions(among.quote_actions[item.id]),
    )


def _compared_line(line: QuoteLine, source: ConvertedQuote, among: Comparison) -> wire.ComparedLine:
    price = None if line.unit_price is None else line.unit_price * source.rate
    show = unit_price if source.rate == 1 else converted_price
    shown = None if price is None else show(price, among.currency)
    other = alternative(line.alternative, source.quote.currency)
    if line.alternative is not None and other is not None and source.rate != 1:
        converted = converted_price(line.alternative.unit_price * source.rate, among.currency)
        other = other.model_copy(update={"unit_price": converted})
    return wire.ComparedLine(
        rfq_line_id=line.rfq_line_id,
        unit_price=shown,
        lead_time_days=line.lead_time_days,
        no_bid=line.no_bid,
        best=price is not None and price == among.best_prices.get(line.rfq_line_id),
        alternative=other,
    )


def _gap(total: Decimal, best: Decimal | None) -> Decimal | None:
    if best is None or best == 0:
        return None
    return ((total - best) / best * 100).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP, context=WIDE)
