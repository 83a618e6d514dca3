"""Pure rules of purchase orders: who sees one, who may do what when, and how much may arrive."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from core.access.actor import Actor
from core.access.permissions import Permission
from core.kernel.errors import invalid
from core.kernel.money import MAX_AMOUNT
from core.orders.commands import ReceivedLine
from core.orders.errors import NotYourDelivery, OverReceipt
from core.orders.model import Order, OrderDetails, OrderLine
from core.orders.states import TRANSITIONS, OrderState, OrderVerb, after
from core.requests.model import Progress

TOLERANCE = Decimal("0")
"""How much more than ordered may be accepted, as a fraction of the ordered quantity."""


def may_see(actor: Actor, order: Order) -> bool:
    """The same as the condition of ``repo``: a vendor its own once issued, else the requester and oversight."""
    if actor.is_vendor:
        return order.vendor_id == actor.vendor_id and order.issued_at is not None
    return actor.may(Permission.requests_read_all) or actor.is_person(order.requested_by)


def details_for(
    actor: Actor, order: Order, request_number: str, vendor_name: str, requested_by_name: str
) -> OrderDetails:
    """An order with names; a vendor is not told who asked for the goods."""
    return OrderDetails(order, request_number, vendor_name, "" if actor.is_vendor else requested_by_name)


def check_may_receive(actor: Actor, order: Order, requester: str) -> None:
    """Only the requester or procurement receives, once the vendor has acknowledged."""
    if not actor.is_person(order.requested_by) and not actor.may(Permission.orders_cancel):
        raise NotYourDelivery(number=order.number, who=requester)
    after(order.state, OrderVerb.receive_part)


def check_may_acknowledge(order: Order) -> OrderState:
    """Once it has been sent; the state that follows."""
    return after(order.state, OrderVerb.acknowledge)


def check_may_cancel(state: OrderState) -> OrderState:
    """Until the vendor has acknowledged; the state that follows."""
    return after(state, OrderVerb.cancel)


def progress_of(rfq_number: str | None, *, undecided: bool, order: OrderState | None) -> Progress:
    """What the newest RFQ and the newest order mean for the request; an acknowledged order is final."""
    final = order not in (None, OrderState.cancelled) and (order, OrderVerb.cancel) not in TRANSITIONS
    return Progress(rfq_number if undecided else None, order.value if order and final else None)


def lines_after_receipt(order: Order, arrived: Sequence[ReceivedLine]) -> tuple[OrderLine, ...]:
    """The order's lines after this receipt; refuses unknown and repeated lines and excess quantities."""
    lines = {line.id: line for line in order.lines}
    seen: set[object] = set()
    for index, item in enumerate(arrived):
        if item.line_id not in lines:
            raise invalid(f"/lines/{index}/line_id", "line.unknown", f"is not a line of {order.number}", None)
        if item.line_id in seen:
            raise invalid(f"/lines/{index}/line_id", "line.twice", "this line is named twice", None)
        seen.add(item.line_id)
        lines[item.line_id] = _after(lines[item.line_id], item)
        if lines[item.line_id].rejected > MAX_AMOUNT:
            most = f"{MAX_AMOUNT:f}"
            raise invalid(f"/lines/{index}/rejected", "decimal.range", "is more than fits", '"3"', most=most)
    if all(item.accepted == 0 and item.rejected == 0 for item in arrived):
        raise invalid("/lines/0/accepted", "receipt.empty", "nothing was received", '"3"')
    return tuple(lines.values())


def _after(line: OrderLine, item: ReceivedLine) -> OrderLine:
    accepted = line.accepted + item.accepted
    maximum = line.quantity * (1 + TOLERANCE)
    if accepted > maximum:
        raise OverReceipt(line=line.description, ordered=line.quantity, accepted=accepted, most=maximum)
    return replace(line, accepted=accepted, rejected=line.rejected + item.rejected)
