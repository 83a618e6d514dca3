"""The read model of receipts."""

from core.access.actor import Actor
from core.access.guard import requires
from core.access.permissions import Permission
from core.kernel.errors import NotFound
from core.kernel.ids import OrderId
from core.orders import repo as orders
from core.receipts import repo
from core.receipts.model import ReceiptDetails
from core.uow import Uow


@requires(Permission.orders_read)
async def listing(uow: Uow, actor: Actor, order_id: OrderId) -> tuple[ReceiptDetails, ...]:
    """What arrived of an order, entry by entry, for staff who may see it; a vendor sees the counts in its order."""
    if actor.is_vendor:
        raise NotFound(what="receipt")
    order = await orders.visible_to(uow, actor, order_id)
    return await repo.of_order(uow, actor, order.id)
