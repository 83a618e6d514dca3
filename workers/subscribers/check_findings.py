"""The subscriber ``findings``: looks at what happened, once it has, and keeps what looks unusual.

One rule: an event that comes twice, late or again finds the same; what was found is kept once.
"""

from uuid import UUID

from core.access.actor import Actor
from core.access.roles import Role
from core.approvals.events import ApprovalOpened
from core.approvals.states import Verdict
from core.decisions.events import ApprovalDecided
from core.findings import service
from core.findings.events import FindingsRunBegun
from core.insights import queries as insights
from core.insights import service as runs
from core.insights.states import Feature
from core.log.events import Event
from core.log.stored import StoredEvent
from core.order_changes.events import OrderRevised
from core.orders.events import OrderGenerated
from core.requests.events import RequestSubmitted
from core.uow import Uow
from workers.broker import Queue
from workers.runtime import Runtime, system_actor

QUEUE = Queue.work
SUBSCRIBES_TO: tuple[type[Event], ...] = (
    RequestSubmitted,
    ApprovalOpened,
    ApprovalDecided,
    OrderGenerated,
    OrderRevised,
    FindingsRunBegun,
)


async def run(runtime: Runtime, event: Event, stored: StoredEvent) -> None:
    """Check what this event is about, unless findings are switched off."""
    if isinstance(event, FindingsRunBegun):
        await _look_again(runtime, system_actor(Role.system_insights, stored), event.subject_id)
        return
    async with runtime.engine.begin() as connection:
        uow = runtime.uow(connection, system_actor(Role.system_insights, stored))
        if await insights.enabled(uow, Feature.findings):
            await _check(uow, event, stored)
            await uow.finish()
    if uow.recorded_events:
        await runtime.waking.ask(None)


async def _look_again(runtime: Runtime, actor: Actor, run_id: UUID) -> None:
    """Each approval in a transaction of its own: what is found stays, whatever happens to the rest."""
    async with runtime.engine.begin() as connection:
        uow = runtime.uow(connection, actor)
        begun = await runs.run_to_carry_out(uow, actor, run_id)
        opened = await service.looked_at_again(uow, begun) if begun is not None else ()
        await uow.finish()
    if begun is None:
        return
    found = 0
    for approval_id in opened:
        async with runtime.engine.begin() as connection:
            uow = runtime.uow(connection, actor)
            if await runs.run_to_carry_out(uow, actor, run_id) is not None:
                found += await service.check_approval(uow, actor, approval_id)
            await uow.finish()
    async with runtime.engine.begin() as connection:
        uow = runtime.uow(connection, actor)
        if await runs.run_to_carry_out(uow, actor, run_id) is not None:
            await service.end_again(uow, actor, begun, looked_at=len(opened), found=found)
        await uow.finish()
    if found:
        await runtime.waking.ask(None)


async def _check(uow: Uow, event: Event, stored: StoredEvent) -> None:
    actor = uow.actor
    match event:
        case RequestSubmitted():
            await service.check_request(uow, actor, event.subject_id)
        case ApprovalOpened():
            await service.check_approval(uow, actor, event.subject_id)
        case ApprovalDecided() if event.verb == Verdict.approve:
            await service.check_verdict(uow, actor, event.subject_id, event.step_id)
        case OrderGenerated() if event.request_id is not None:
            await service.check_order(uow, actor, event.request_id, event.subject_id, stored.occurred_at)
        case OrderRevised() if event.request_id is not None:
            await service.check_revision(uow, actor, event.request_id, event.subject_id)
