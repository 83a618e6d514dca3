"""The approval service: a quote was selected, so somebody has to be asked.

One rule: it may come late and it may come twice; an approval is opened once per subject version.
"""

from core.access.roles import Role
from core.approvals import service
from core.awards import selection
from core.log.deliveries import StoredEvent
from workers.broker import Lane
from workers.runtime import Runtime, acting

LANE = Lane.work
SUBSCRIBES_TO = ("quote.selected",)


async def run(runtime: Runtime, event: StoredEvent) -> None:
    """Open the approval of the selected quote, if it still is the selected one."""
    actor = acting(Role.system_approvals, event)
    async with runtime.engine.begin() as connection:
        uow = runtime.uow(connection, actor)
        wanted = await selection.approval_for(uow, event.subject_id, runtime.settings.patience_for_routes)
        if wanted is not None:
            await service.open_approval(uow, actor, wanted)
        await uow.finish()
