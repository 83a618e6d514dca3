"""The approval service: a quote was selected, so somebody has to be asked.

One rule: it may come late and it may come twice; an approval is opened once per subject version.
"""

from core.access.roles import Role
from core.approvals import service
from core.awards import selection
from core.log.deliveries import StoredEvent
from workers.broker import Queue
from workers.runtime import Runtime, system_actor

QUEUE = Queue.work
SUBSCRIBES_TO = ("quote.selected",)


async def run(runtime: Runtime, event: StoredEvent) -> None:
    """Open the approval of the selected quote, if it still is the selected one."""
    actor = system_actor(Role.system_approvals, event)
    async with runtime.engine.begin() as connection:
        uow = runtime.uow(connection, actor)
        command = await selection.approval_for(uow, event.subject_id, runtime.settings.routing_timeout)
        if command is not None:
            await service.open_approval(uow, actor, command)
        await uow.finish()
