"""The read model of an order's versions."""

from core.access.actor import Actor
from core.access.guard import requires
from core.access.permissions import Permission
from core.kernel.ids import OrderId
from core.order_changes import repo, rows
from core.order_changes.model import OrderHistory
from core.orders import repo as orders
from core.uow import Uow


@requires(Permission.orders_read)
async def history(uow: Uow, actor: Actor, order_id: OrderId) -> OrderHistory:
    """All versions of an order's terms, for whoever may see the order."""
    order = await orders.visible_to(uow, actor, order_id)
    earlier = await repo.earlier(uow, order.id) if order.revision > 1 else ()
    return OrderHistory(order.currency, (*earlier, rows.present_revision(order)))
