"""The use cases of purchase orders: generated and issued by an approval, acknowledged, received, cancelled."""

import datetime as dt
from dataclasses import replace
from typing import Any

from core.access.actor import Actor
from core.access.guard import requires
from core.access.permissions import Permission
from core.db.locks import lock_case
from core.db.numbers import next_in_year
from core.kernel.errors import Stale
from core.kernel.ids import ApprovalId, OrderId, OrderLineId, new_id
from core.log.events import Event
from core.orders import policy, repo
from core.orders.commands import Acknowledge, CancelOrder, Receive
from core.orders.events import (
    OrderAcknowledged,
    OrderCancelled,
    OrderCompleted,
    OrderGenerated,
    OrderIssued,
    OrderReceived,
)
from core.orders.model import Order, OrderDetails, OrderLine
from core.orders.queries import details
from core.orders.states import OrderState, OrderVerb, after
from core.requests import repo as requests
from core.sourcing import quotes
from core.sourcing import repo as sourcing
from core.sourcing.model import Quote, Rfq
from core.uow import Uow


@requires(Permission.orders_acknowledge)
async def acknowledge(uow: Uow, actor: Actor, command: Acknowledge) -> OrderDetails:
    """The vendor confirms that it will deliver."""
    before = await _locked(uow, actor, command.order_id, command.expected_version)
    state = after(before.state, OrderVerb.acknowledge)
    order = await repo.swap(uow, before, replace(before, state=state, acknowledged_at=uow.now))
    await uow.record(OrderAcknowledged(**_envelope(order), note=command.note))
    return await details(uow, order)


@requires(Permission.orders_receive)
async def receive(uow: Uow, actor: Actor, command: Receive) -> OrderDetails:
    """Goods arrived: accepted and rejected per line; the last accepted piece completes the order."""
    before = await _locked(uow, actor, command.order_id, command.expected_version)
    policy.may_receive(actor, before, (await details(uow, before)).requested_by_name)
    verb = OrderVerb.receive_part
    after(before.state, verb)
    arrived = replace(before, lines=policy.received(before, command.lines))
    whole = not any(line.open for line in arrived.lines)
    if whole:
        verb = OrderVerb.receive_rest
    order = await repo.swap(uow, before, replace(arrived, state=after(before.state, verb)))
    receipt_id = new_id()
    await repo.receive(uow, receipt_id, actor, order, command)
    await uow.record(
        OrderReceived(
            **_envelope(order), receipt_id=receipt_id, whole=whole, lines=command.lines, note=command.note
        )
    )
    return await details(uow, await _complete(uow, order) if whole else order)


async def _complete(uow: Uow, received: Order) -> Order:
    state = after(received.state, OrderVerb.complete)
    order = await repo.swap(uow, received, replace(received, state=state, completed_at=uow.now))
    await uow.record(OrderCompleted(**_envelope(order)))
    return order


@requires(Permission.orders_cancel)
async def cancel(uow: Uow, actor: Actor, command: CancelOrder) -> OrderDetails:
    """An officer stops an order that the vendor has not acknowledged; the request goes back to its quotes."""
    before = await _locked(uow, actor, command.order_id, command.expected_version)
    return await details(uow, await _cancel(uow, before, command.reason))


async def _cancel(uow: Uow, before: Order, reason: str) -> Order:
    state = after(before.state, OrderVerb.cancel)
    order = await repo.swap(uow, before, replace(before, state=state, reason=reason))
    await uow.record(OrderCancelled(**_envelope(order), reason=reason))
    return order


async def on_approval_approved(uow: Uow, event: Event) -> None:
    """What was approved is ordered, in the same transaction, exactly once, and issued at once."""
    if getattr(event, "about_kind", "") != "quote":
        return
    quote = await quotes.load(uow, getattr(event, "about_id"))  # noqa: B009 the event is generic here
    rfq = await sourcing.load(uow, quote.rfq_id)
    order = await _generated(uow, quote, rfq, ApprovalId(event.subject_id))
    await repo.add(uow, order)
    await uow.record(
        OrderGenerated(
            **_envelope(order),
            approval_id=order.approval_id,
            quote_id=order.quote_id,
            quote_version=getattr(event, "about_version", quote.version),
            total=order.total,
            currency=order.currency,
            due_on=order.due_on,
            lines=order.lines,
        )
    )
    issued = replace(order, state=after(order.state, OrderVerb.issue), issued_at=uow.now)
    await uow.record(OrderIssued(**_envelope(await repo.swap(uow, order, issued))))


async def _generated(uow: Uow, quote: Quote, rfq: Rfq, approval_id: ApprovalId) -> Order:
    request = await requests.of_case(uow, quote.request_id)
    year = uow.now.year
    number = await next_in_year(uow.connection, "PO", year)
    return Order(
        id=OrderId(new_id()),
        number=f"PO-{year}-{number:05d}",
        state=OrderState.generated,
        version=1,
        request_id=quote.request_id,
        quote_id=quote.id,
        approval_id=approval_id,
        vendor_id=quote.vendor_id,
        requested_by=request.requested_by,
        cost_centre=request.cost_centre,
        currency=quote.currency,
        shipping=quote.shipping,
        total=quote.total,
        due_on=uow.now.date() + dt.timedelta(days=quote.slowest_days),
        reason=None,
        created_at=uow.now,
        issued_at=None,
        acknowledged_at=None,
        completed_at=None,
        lines=_lines(quote, rfq),
    )


def _lines(quote: Quote, rfq: Rfq) -> tuple[OrderLine, ...]:
    priced = {line.rfq_line_id: line for line in quote.lines}
    lines: list[OrderLine] = []
    for line in rfq.lines:
        offer = priced.get(line.id)
        if offer is None or offer.unit_price is None:
            continue
        days = offer.lead_time_days if offer.lead_time_days is not None else quote.lead_time_days
        lines.append(
            OrderLine(
                id=OrderLineId(new_id()),
                request_line_id=line.request_line_id,
                position=line.position,
                description=line.description,
                unit=line.unit,
                unit_price=offer.unit_price,
                quantity=line.quantity,
                accepted=line.quantity * 0,
                rejected=line.quantity * 0,
                lead_time_days=days,
            )
        )
    return tuple(lines)


async def on_request_cancelled(uow: Uow, event: Event) -> None:
    """A cancelled request cancels its order, as long as the vendor has not acknowledged it."""
    order = await repo.live_of_request(uow, event.request_id) if event.request_id else None
    if order is not None:
        await _cancel(uow, order, str(event.data().get("reason", "")))


async def _locked(uow: Uow, actor: Actor, order_id: OrderId, expected_version: int | None) -> Order:
    seen = await repo.visible_to(uow, actor, order_id)
    await lock_case(uow.connection, seen.request_id)
    order = await repo.visible_to(uow, actor, order_id)
    if expected_version is not None and expected_version != order.version:
        raise Stale(what="order", expected=expected_version, current=order.version)
    return order


def _envelope(order: Order) -> dict[str, Any]:
    return {
        "subject_id": order.id,
        "subject_version": order.version,
        "request_id": order.request_id,
        "number": order.number,
        "state": order.state.value,
        "vendor_id": order.vendor_id,
    }
