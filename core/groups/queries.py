"""What can be read of groups."""

from core.access.actor import Actor
from core.access.guard import requires
from core.access.permissions import Permission
from core.groups import repo
from core.groups.model import Groups
from core.uow import Uow


@requires(Permission.groups_bind)
async def list_groups(uow: Uow, actor: Actor) -> Groups:
    """Every bound group, and every department and cost centre."""
    found = await repo.bound(uow.connection)
    return Groups(tuple(found), tuple(await repo.places(uow.connection)))
