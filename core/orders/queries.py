"""The read models of purchase orders."""

from dataclasses import dataclass

from core.access.actor import Actor
from core.access.guard import requires
from core.access.permissions import Permission
from core.kernel.ids import OrderId
from core.kernel.pagination import Page
from core.orders import repo
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
    return await details(uow, await repo.visible_to(uow, actor, order_id))


@requires(Permission.orders_read)
async def listing(uow: Uow, actor: Actor, filters: OrderFilter) -> Page[OrderDetails]:
    """The orders this person may see, newest first."""
    page = await repo.page(uow, actor, filters.state, filters.mine, filters.cursor, filters.limit)
    return Page(await repo.details(uow, page.items), page.next_cursor)


async def details(uow: Uow, order: Order) -> OrderDetails:
    """One order with its names."""
    return (await repo.details(uow, [order]))[0]
