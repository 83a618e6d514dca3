"""Converts purchase orders from read model to wire."""

from api.contract import orders as wire
from api.contract.values import Listing
from api.present.actions import actions
from api.present.decimals import amount, plain, unit_price
from api.present.listing import listing
from api.present.trusted import trusted
from core.kernel.pagination import Page
from core.orders.model import OrderDetails, OrderLine

_OrderOut = trusted(wire.OrderOut)
_OrderLineOut = trusted(wire.OrderLineOut)


def order(source: OrderDetails) -> wire.OrderOut:
    item = source.order
    return _OrderOut(
        id=item.id,
        number=item.number,
        state=item.state,
        version=item.version,
        request_id=item.request_id,
        request_number=source.request_number,
        quote_id=item.quote_id,
        approval_id=item.approval_id,
        vendor_id=item.vendor_id,
        vendor_name=source.vendor_name,
        requested_by=item.requested_by,
        requested_by_name=source.requested_by_name,
        cost_centre=item.cost_centre,
        currency=item.currency,
        shipping=amount(item.shipping, item.currency),
        total=amount(item.total, item.currency),
        lines=tuple(_line(line, item.currency) for line in item.lines),
        due_on=item.due_on,
        created_at=item.created_at,
        issued_at=item.issued_at,
        acknowledged_at=item.acknowledged_at,
        completed_at=item.completed_at,
        reason=item.reason,
        actions=actions(source.actions),
    )


def _line(line: OrderLine, currency: str) -> wire.OrderLineOut:
    return _OrderLineOut(
        id=line.id,
        request_line_id=line.request_line_id,
        description=line.description,
        unit=line.unit,
        unit_price=unit_price(line.unit_price, currency),
        quantity=plain(line.quantity),
        accepted=plain(line.accepted),
        rejected=plain(line.rejected),
        lead_time_days=line.lead_time_days,
    )


def orders(page: Page[OrderDetails]) -> Listing[wire.OrderOut]:
    return listing(page, order, lambda row: row.order)
