"""The read models of purchase orders."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.access.actor import Actor
from core.access.guard import requires
from core.access.permissions import Permission
from core.kernel.ids import OrderId
from core.kernel.pagination import Page
from core.orders import repo
from core.orders.actions import actions_of
from core.orders.model import Order, OrderDetails
from core.orders.states import OrderState
from core.uow import Uow


@dataclass(frozen=True)
class OrderFilter:
    state: OrderState | None
    mine: bool
    cursor: str | None
    limit: int


@requires(Permission.orders_read)
async def show(uow: Uow, actor: Actor, order_id: OrderId) -> OrderDetails:
    """One order, if this person may see it."""
    return await details(uow, actor, await repo.visible_to(uow, actor, order_id))


@requires(Permission.orders_read)
async def listing(uow: Uow, actor: Actor, filters: OrderFilter) -> Page[OrderDetails]:
    """The orders this person may see, newest first."""
    page = await repo.page(uow, actor, filters.state, filters.mine, filters.cursor, filters.limit)
    return Page(await _details_of_all(uow, actor, page.items), page.next_cursor)


async def details(uow: Uow, actor: Actor, order: Order) -> OrderDetails:
    """One order with its names, and what this actor may do with it."""
    return (await _details_of_all(uow, actor, [order]))[0]


async def _details_of_all(uow: Uow, actor: Actor, orders: Sequence[Order]) -> tuple[OrderDetails, ...]:
    found = await repo.details(uow, orders)
    return tuple(replace(each, actions=actions_of(actor, each.order)) for each in found)
