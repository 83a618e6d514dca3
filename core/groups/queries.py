"""The read model of groups."""

from core.access.actor import Actor
from core.access.guard import requires
from core.access.permissions import Permission
from core.groups import repo
from core.groups.model import GroupBindings
from core.uow import Uow


@requires(Permission.groups_bind)
async def list_groups(uow: Uow, actor: Actor) -> GroupBindings:
    """Every bound group, and every department and cost centre."""
    found = await repo.bound_groups(uow.connection)
    return GroupBindings(tuple(found), tuple(await repo.all_places(uow.connection)))
