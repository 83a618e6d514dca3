"""The subscriber ``dashboard``: keeps the numbers behind ``GET /dashboard/status`` current."""

from core.access.roles import Role
from core.approvals.events import ApprovalOpened, ApprovalWithdrawn
from core.automations import projection
from core.automations.events import FlowReported
from core.decisions.events import ApprovalApproved, ApprovalRejected, ApprovalUndone
from core.log.events import Event
from core.log.stored import StoredEvent
from core.orders.events import OrderEvent
from core.quotes.events import QuoteSubmitted, QuoteWithdrawn
from core.rejections.events import RequestRejected
from core.requests.events import (
    RequestCancelled,
    RequestCreated,
    RequestStateChanged,
    RequestSubmitted,
    RequestTakenBack,
    RequestWithdrawn,
)
from core.rfqs.events import (
    InvitationDeclined,
    RfqAwarded,
    RfqCancelled,
    RfqClosed,
    RfqSent,
    RfqUnsuccessful,
)
from workers.broker import Queue
from workers.runtime import Runtime, system_actor

QUEUE = Queue.work
SUBSCRIBES_TO: tuple[type[Event], ...] = (
    RequestCreated,
    RequestSubmitted,
    RequestTakenBack,
    RequestStateChanged,
    RequestWithdrawn,
    RequestCancelled,
    RequestRejected,
    RfqSent,
    RfqClosed,
    RfqUnsuccessful,
    RfqAwarded,
    RfqCancelled,
    InvitationDeclined,
    QuoteSubmitted,
    QuoteWithdrawn,
    ApprovalOpened,
    ApprovalApproved,
    ApprovalRejected,
    ApprovalUndone,
    ApprovalWithdrawn,
    OrderEvent,
    FlowReported,
)


async def run(runtime: Runtime, event: Event, stored: StoredEvent) -> None:
    """Count up to this event, unless a later one was counted already."""
    actor = system_actor(Role.system_dashboard, stored)
    async with runtime.engine.begin() as connection:
        uow = runtime.uow(connection, actor)
        await projection.update_projection(uow, actor, stored.position or 0)
        await uow.finish()
