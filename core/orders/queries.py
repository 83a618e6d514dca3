"""The read models of purchase orders."""

from dataclasses import replace

from core.access.actor import Actor
from core.access.guard import requires
from core.access.permissions import Permission
from core.kernel.ids import OrderId
from core.kernel.pagination import Page
from core.orders import repo
from core.orders.actions import actions_of
from core.orders.model import OrderDetails, OrderFilter
from core.uow import Uow


@requires(Permission.orders_read)
async def show(uow: Uow, actor: Actor, order_id: OrderId) -> OrderDetails:
    """One order, if this person may see it."""
    shown = await repo.visible_details(uow, actor, order_id)
    return replace(shown, actions=actions_of(actor, shown))


@requires(Permission.orders_read)
async def listing(uow: Uow, actor: Actor, filters: OrderFilter) -> Page[OrderDetails]:
    """The orders this person may see, newest first."""
    page = await repo.page(uow, actor, filters)
    return page.map(lambda each: replace(each, actions=actions_of(actor, each)))
