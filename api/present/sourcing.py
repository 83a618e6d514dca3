"""RFQs, quotes and the comparison: read model to wire."""

from decimal import Decimal

from api.contract import sourcing as wire
from api.contract.values import Listing
from api.present.numbers import amount, converted_price, optional_unit_price, plain, unit_price
from core.kernel.page import Page
from core.sourcing.model import (
    AttachedDocument,
    Comparison,
    Converted,
    QuoteDetails,
    QuoteLine,
    RfqDetails,
    RfqLine,
)
from core.sourcing.states import InvitationState, QuoteState


def rfq(of: RfqDetails) -> wire.RfqOut:
    item = of.rfq
    return wire.RfqOut(
        id=item.id,
        number=item.number,
        request_id=item.request_id,
        request_number=of.request_number,
        state=item.state,
        version=item.version,
        buyer=of.buyer,
        currency=item.currency,
        quote_by=item.quote_by,
        needed_by=item.needed_by,
        cost_centre=of.cost_centre,
        note=item.note,
        lines=tuple(rfq_line(line) for line in item.lines),
        invitations=tuple(
            wire.InvitationOut(
                id=invitation.id,
                vendor_id=invitation.vendor_id,
                vendor_name=invitation.vendor_name,
                state=invitation.state,
                reason=invitation.reason,
            )
            for invitation in item.invitations
        ),
        answered=of.answered,
        my_quote=quote(of.my_quote) if of.my_quote else None,
        created_at=item.created_at,
    )


def rfqs(page: Page[RfqDetails]) -> Listing[wire.RfqOut]:
    return Listing(items=tuple(rfq(item) for item in page.items), next_cursor=page.next_cursor)


def rfq_line(line: RfqLine) -> wire.RfqLineOut:
    return wire.RfqLineOut(
        id=line.id,
        request_line_id=line.request_line_id,
        description=line.description,
        quantity=plain(line.quantity),
        unit=line.unit,
    )


def quote(of: QuoteDetails) -> wire.QuoteOut:
    item = of.quote
    asked = {line.id: line for line in of.lines}
    return wire.QuoteOut(
        id=item.id,
        number=item.number,
        rfq_id=item.rfq_id,
        rfq_number=of.rfq_number,
        request_id=item.request_id,
        vendor_id=item.vendor_id,
        vendor_name=item.vendor_name,
        revision=item.revision,
        state=item.state,
        version=item.version,
        currency=item.currency,
        total=amount(item.total, item.currency),
        shipping=amount(item.shipping, item.currency),
        lead_time_days=item.lead_time_days,
        valid_until=item.valid_until,
        note=item.note,
        complete=item.complete,
        lines=tuple(_quote_line(line, asked[line.rfq_line_id], item.currency) for line in item.lines),
        documents=tuple(document(each) for each in of.documents),
        submitted_at=item.submitted_at,
    )


def quotes(page: Page[QuoteDetails]) -> Listing[wire.QuoteOut]:
    return Listing(items=tuple(quote(item) for item in page.items), next_cursor=page.next_cursor)


def _quote_line(line: QuoteLine, asked: RfqLine, currency: str) -> wire.QuoteLineOut:
    return wire.QuoteLineOut(
        id=line.id,
        rfq_line_id=line.rfq_line_id,
        description=asked.description,
        quantity=plain(asked.quantity),
        unit=asked.unit,
        unit_price=optional_unit_price(line.unit_price, currency),
        lead_time_days=line.lead_time_days,
        no_bid=line.no_bid,
    )


def document(of: AttachedDocument) -> wire.DocumentOut:
    return wire.DocumentOut(id=of.id, name=of.name, media_type=of.media_type, size=of.size, sha256=of.sha256)


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
