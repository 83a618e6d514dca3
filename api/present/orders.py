"""Converts purchase orders from read model to wire."""

import datetime as dt

from api.contract import orders as wire
from api.contract.values import Listing
from api.present.actions import actions
from api.present.decimals import amount, plain, unit_price
from api.present.listing import listing
from api.present.trusted import trusted
from core.kernel.pagination import Page
from core.orders.model import Order, OrderDetails, OrderLine, Proposal

_OrderOut = trusted(wire.OrderOut)
_OrderLineOut = trusted(wire.OrderLineOut)
_LeftOutLineOut = trusted(wire.LeftOutLineOut)
_ProposalOut = trusted(wire.ProposalOut)
_ProposedLineOut = trusted(wire.ProposedLineOut)


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
        lines=tuple(_line(line, item) for line in item.lines),
        due_on=item.due_on,
        created_at=item.created_at,
        issued_at=item.issued_at,
        acknowledged_at=item.acknowledged_at,
        completed_at=item.completed_at,
        reason=item.reason,
        revision=item.revision,
        proposal=_proposal(item.proposal, item) if item.proposal is not None else None,
        left_out=tuple(
            _LeftOutLineOut(description=line.description, quantity=plain(line.quantity), unit=line.unit)
            for line in item.left_out
        ),
        actions=actions(source.actions),
    )


def _day(order: Order, days: int) -> dt.date:
    """When a line arrives that takes so many days from the order on."""
    return order.created_at.date() + dt.timedelta(days=days)


def _proposal(source: Proposal, order: Order) -> wire.ProposalOut:
    return _ProposalOut(
        by=source.by.value,
        proposed_at=source.proposed_at,
        reason=source.reason,
        lines=tuple(
            _ProposedLineOut(
                line_id=line.line_id,
                quantity=plain(line.quantity),
                unit_price=unit_price(line.unit_price, order.currency),
                due_on=_day(order, line.lead_time_days),
            )
            for line in source.lines
        ),
        total=amount(source.total, order.currency),
        due_on=source.due_on,
        approval_id=source.approval_id,
    )


def _line(line: OrderLine, order: Order) -> wire.OrderLineOut:
    return _OrderLineOut(
        id=line.id,
        request_line_id=line.request_line_id,
        description=line.description,
        unit=line.unit,
        unit_price=unit_price(line.unit_price, order.currency),
        quantity=plain(line.quantity),
        accepted=plain(line.accepted),
        rejected=plain(line.rejected),
        returned=plain(line.returned),
        lead_time_days=line.lead_time_days,
        due_on=_day(order, line.lead_time_days),
        asked_for=line.asked_for,
    )


def orders(page: Page[OrderDetails]) -> Listing[wire.OrderOut]:
    return listing(page, order, lambda row: row.order)
