"""Keeps the texts of what was bought.

One rule: they are written with the order, by the same transaction.
"""

from core.orders.events import OrderGenerated
from core.recommendations import repo
from core.uow import Uow


async def on_order_generated(uow: Uow, event: OrderGenerated) -> None:
    """What this order is for is found from now on by whatever is written like it."""
    await repo.note(uow, [line.description for line in event.lines])
