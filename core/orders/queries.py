"""The read models of purchase orders."""

from collections.abc import Sequence
from dataclasses import replace

from core.access.actor import Actor
from core.access.guard import requires
from core.access.permissions import Permission
from core.kernel.ids import OrderId
from core.kernel.pagination import Page
from core.orders import repo
from core.orders.actions import actions_of
from core.orders.model import Order, OrderDetails, OrderFilter
from core.uow import Uow


@requires(Permission.orders_read)
async def show(uow: Uow, actor: Actor, order_id: OrderId) -> OrderDetails:
    """One order, if this person may see it."""
    return await details(uow, actor, await repo.visible_to(uow, actor, order_id))


@requires(Permission.orders_read)
async def listing(uow: Uow, actor: Actor, filters: OrderFilter) -> Page[OrderDetails]:
    """The orders this person may see, newest first."""
    page = await repo.page(uow, actor, filters)
    return page.with_items(await _details_of_all(uow, actor, page.items))


async def details(uow: Uow, actor: Actor, order: Order) -> OrderDetails:
    """One order with its names, and what this actor may do with it."""
    return (await _details_of_all(uow, actor, [order]))[0]


async def _details_of_all(uow: Uow, actor: Actor, orders: Sequence[Order]) -> tuple[OrderDetails, ...]:
    found = await repo.details(uow, orders)
    return tuple(replace(each, actions=actions_of(actor, each.order)) for each in found)
