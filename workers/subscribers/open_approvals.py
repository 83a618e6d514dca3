"""The subscriber ``approvals``: opens an approval when a quote was selected.

One rule: an approval is opened once per version of its subject, however late or often the event arrives.
"""

from core.access.roles import Role
from core.approvals import service
from core.awards import selection
from core.log.stored import StoredEvent
from core.quotes.events import QuoteSelected
from workers.broker import Queue
from workers.runtime import Runtime, system_actor

QUEUE = Queue.work
SUBSCRIBES_TO = (QuoteSelected,)


async def run(runtime: Runtime, event: QuoteSelected, stored: StoredEvent) -> None:
    """Open the approval of the selected quote, if it still is the selected one."""
    actor = system_actor(Role.system_approvals, stored)
    async with runtime.engine.begin() as connection:
        uow = runtime.uow(connection, actor)
        command = await selection.approval_for(uow, event.subject_id, runtime.settings.routing_timeout)
        if command is not None:
            await service.open_approval(uow, actor, command)
        await uow.finish()
    if uow.recorded_events:
        await runtime.waking.ask(None)  # somebody waits for the card
