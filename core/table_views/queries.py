"""How somebody sees a list."""

from core.access.actor import Actor
from core.access.guard import person_of, requires
from core.access.permissions import Permission
from core.table_views import repo
from core.table_views.model import TableArrangement, TableSettings
from core.uow import Uow


@requires(Permission.me_read)
async def arrangement(uow: Uow, actor: Actor, name: str) -> TableArrangement:
    """The person's settings of a list, and the views that they can open; vendors' contacts have none."""
    if actor.is_vendor:
        return TableArrangement(TableSettings(), ())
    return await repo.arrangement_of(uow.connection, person_of(actor), name)
