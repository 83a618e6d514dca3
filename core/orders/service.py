"""The use cases of purchase orders: acknowledged, refused, cancelled."""

from dataclasses import replace

from core.access.actor import Actor
from core.access.guard import Changed, requires
from core.access.permissions import Permission
from core.kernel.errors import Stale
from core.kernel.ids import OrderId, PersonId
from core.orders import policy, repo
from core.orders.actions import actions_of
from core.orders.commands import AcknowledgeOrder, CancelOrder, RefuseOrder
from core.orders.events import (
    OrderAcknowledged,
    OrderCancelled,
    OrderDeclined,
    order_envelope,
)
from core.orders.model import Order, OrderDetails
from core.orders.states import OrderVerb, after
from core.orders.tables import purchase_orders
from core.requests.events import RequestCancelled
from core.uow import Uow


@requires(Permission.orders_acknowledge, Changed(purchase_orders, "order_id"))
async def acknowledge(uow: Uow, actor: Actor, command: AcknowledgeOrder) -> OrderDetails:
    """The vendor confirms that it will deliver."""
    return await acknowledged(uow, actor, command, None)


async def acknowledged(
    uow: Uow, actor: Actor, command: AcknowledgeOrder, entered_by: PersonId | None
) -> OrderDetails:
    """``entered_by``: the officer, when the vendor confirmed by mail or phone."""
    shown = await locked(uow, command.order_id, command.expected_version)
    before = shown.order
    state = policy.check_may_acknowledge(before)
    order = await repo.swap(uow, before, replace(before, state=state, acknowledged_at=uow.now))
    await uow.record(OrderAcknowledged(**order_envelope(order), note=command.note, entered_by=entered_by))
    return details_after(actor, shown, order)


@requires(Permission.orders_refuse, Changed(purchase_orders, "order_id"))
async def refuse(uow: Uow, actor: Actor, command: RefuseOrder) -> OrderDetails:
    """The vendor will not deliver; the request returns to its quotes."""
    shown = await locked(uow, command.order_id, command.expected_version)
    state = policy.check_may_refuse(shown.order)
    order = await repo.swap(uow, shown.order, replace(shown.order, state=state, reason=command.reason))
    await uow.record(OrderDeclined(**order_envelope(order), reason=command.reason))
    return details_after(actor, shown, order)


@requires(Permission.orders_cancel, Changed(purchase_orders, "order_id"))
async def cancel(uow: Uow, actor: Actor, command: CancelOrder) -> OrderDetails:
    """Cancel an order that the vendor has not acknowledged; the request returns to its quotes."""
    shown = await locked(uow, command.order_id, command.expected_version)
    return details_after(actor, shown, await call_off(uow, shown.order, OrderVerb.cancel, command.reason))


async def on_request_cancelled(uow: Uow, event: RequestCancelled) -> None:
    """A cancelled request cancels its orders, as long as no vendor has acknowledged one."""
    for order in await repo.live_of_request(uow, event.request_id) if event.request_id else ():
        await call_off(uow, order, OrderVerb.cancel, event.reason)


def details_after(actor: Actor, shown: OrderDetails, order: Order) -> OrderDetails:
    """The order as it is now, with what this actor may do with it; for higher slices too."""
    now = replace(shown, order=order)
    return replace(now, actions=actions_of(actor, now))


async def locked(uow: Uow, order_id: OrderId, expected_version: int | None) -> OrderDetails:
    """The order as the actor saw it, under its purchase's lock; for use cases that declare their own right."""
    await uow.lock_purchase_of(purchase_orders, order_id)
    shown = await repo.visible_details(uow, uow.actor, order_id)
    if expected_version is not None and expected_version != shown.order.version:
        raise Stale(what="order", expected=expected_version, current=shown.order.version)
    return shown


async def call_off(uow: Uow, before: Order, verb: OrderVerb, reason: str) -> Order:
    """End an order of which nothing is kept; the request returns to its quotes. For higher slices."""
    order = await repo.swap(
        uow, before, replace(before, state=after(before.state, verb), reason=reason, proposal=None)
    )
    await uow.record(OrderCancelled(**order_envelope(order), reason=reason))
    return order
