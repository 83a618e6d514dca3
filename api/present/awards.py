"""The comparison: read model to wire."""

from decimal import Decimal

from api.contract import awards as wire
from api.present.numbers import amount, converted_price, plain, unit_price
from api.present.quotes import document
from api.present.rfqs import rfq_line
from core.awards.model import Comparison, Converted
from core.quotes.model import QuoteLine
from core.quotes.states import QuoteState
from core.rfqs.states import InvitationState


def comparison(of: Comparison) -> wire.ComparisonOut:
    invitations = of.rfq.invitations if of.rfq else ()
    silent = (InvitationState.sent, InvitationState.seen, InvitationState.expired)
    return wire.ComparisonOut(
        request_id=of.request_id,
        request_number=of.request_number,
        rfq_id=of.rfq.id if of.rfq else None,
        rfq_number=of.rfq.number if of.rfq else None,
        rfq_state=of.rfq.state if of.rfq else None,
        rfq_version=of.rfq.version if of.rfq else None,
        sealed=of.sealed,
        currency=of.currency,
        rate_day=of.rate_day,
        lines=tuple(rfq_line(line) for line in of.rfq.lines) if of.rfq else (),
        quotes=tuple(_compared(item, of) for item in of.quotes),
        not_answered=tuple(item.vendor_name for item in invitations if item.state in silent),
        declined=tuple(item.vendor_name for item in invitations if item.state is InvitationState.declined),
        answered=sum(1 for item in invitations if item.answered),
        invited=len(invitations),
    )


def _compared(of: Converted, among: Comparison) -> wire.ComparedQuote:
    item = of.quote
    return wire.ComparedQuote(
        quote_id=item.id,
        vendor_id=item.vendor_id,
        vendor_name=item.vendor_name,
        state=item.state,
        complete=item.complete,
        currency=item.currency,
        rate=plain(of.rate.quantize(Decimal("0.000001"))),
        total=amount(item.total, item.currency),
        total_converted=amount(of.total, among.currency),
        shipping_converted=amount(of.shipping, among.currency),
        gap_to_best_percent=_gap(of.total, among.best_total),
        lead_time_days=item.slowest_days,
        valid_until=item.valid_until,
        note=item.note,
        best_total=item.complete and of.total == among.best_total,
        selected=item.state in (QuoteState.selected, QuoteState.approved),
        lines=tuple(_compared_line(line, of, among) for line in item.lines),
        documents=tuple(document(each) for each in among.documents[item.id]),
    )


def _compared_line(line: QuoteLine, of: Converted, among: Comparison) -> wire.ComparedLine:
    price = None if line.unit_price is None else line.unit_price * of.rate
    show = unit_price if of.rate == 1 else converted_price
    shown = None if price is None else show(price, among.currency)
    return wire.ComparedLine(
        rfq_line_id=line.rfq_line_id,
        unit_price=shown,
        lead_time_days=line.lead_time_days,
        no_bid=line.no_bid,
        best=price is not None and price == among.best_prices.get(line.rfq_line_id),
    )


def _gap(total: Decimal, best: Decimal | None) -> Decimal | None:
    if best is None or best == 0:
        return None
    return ((total - best) / best * 100).quantize(Decimal("0.1"))
