"""What a backup is noted with: how long the log was before it began."""

from core.access.actor import Actor
from core.access.guard import requires
from core.access.permissions import Permission
from core.backups import repo
from core.backups.model import LogSizes
from core.uow import Uow


@requires(Permission.backups_make)
async def log_sizes(uow: Uow, actor: Actor) -> LogSizes:
    """The last position, and the events without one."""
    return await repo.log_sizes(uow.connection)
