"""The dashboard service: keeps the numbers behind ``GET /dashboard/status``."""

from core.access.roles import Role
from core.automations import projection
from core.log.deliveries import StoredEvent
from workers.broker import Queue
from workers.runtime import Runtime, system_actor

QUEUE = Queue.work
COUNTS_AGAIN = True
SUBSCRIBES_TO = (
    "request.created",
    "request.submitted",
    "request.sourcing",
    "request.quoted",
    "request.sourcing_failed",
    "request.awaiting_approval",
    "request.returned",
    "request.approved",
    "request.ordered",
    "request.completed",
    "request.withdrawn",
    "request.cancelled",
    "rfq.sent",
    "rfq.closed",
    "rfq.unsuccessful",
    "rfq.awarded",
    "rfq.cancelled",
    "invitation.declined",
    "quote.submitted",
    "quote.withdrawn",
    "approval.opened",
    "approval.approved",
    "approval.rejected",
    "approval.undone",
    "approval.withdrawn",
    "order.generated",
    "order.issued",
    "order.acknowledged",
    "order.received",
    "order.completed",
    "order.cancelled",
    "order.undone",
    "flow.reported",
)


async def run(runtime: Runtime, event: StoredEvent) -> None:
    """Count again, unless a later event was counted already."""
    actor = system_actor(Role.system_dashboard, event)
    async with runtime.engine.begin() as connection:
        uow = runtime.uow(connection, actor)
        await projection.update_projection(uow, actor, event.position or 0)
        await uow.finish()
