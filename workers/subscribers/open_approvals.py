"""The subscriber ``approvals``: opens an approval when a quote was selected, or the lines were split.

One rule: an approval is opened once per version of its subject, however late or often the event arrives.
"""

from core.access.roles import Role
from core.approvals import service
from core.awards import selection
from core.findings import service as findings
from core.log.stored import StoredEvent
from core.quotes.events import QuoteSelected
from core.split_awards import service as split_awards
from core.split_awards.events import SplitProposed
from workers.broker import Queue
from workers.runtime import Runtime, system_actor

QUEUE = Queue.work
SUBSCRIBES_TO: tuple[type[QuoteSelected | SplitProposed], ...] = (QuoteSelected, SplitProposed)


async def run(runtime: Runtime, event: QuoteSelected | SplitProposed, stored: StoredEvent) -> None:
    """Open the approval of what was proposed, if it still is."""
    actor = system_actor(Role.system_approvals, stored)
    async with runtime.engine.begin() as connection:
        uow = runtime.uow(connection, actor)
        wait = runtime.settings.routing_timeout
        if isinstance(event, SplitProposed):
            command = await split_awards.approval_for(uow, event.split_award_id, wait)
        else:
            command = await selection.approval_for(uow, event.subject_id, wait)
        if command is not None:
            await service.open_approval(uow, actor, await findings.with_raise(uow, command))
        await uow.finish()
    if uow.recorded_events:
        await runtime.waking.ask(None)  # somebody waits for the card
