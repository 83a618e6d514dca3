"""The administrators, for notices about what only they can mend."""

from core.access.roles import Role
from core.kernel.ids import PersonId
from core.people import directory
from core.uow import Uow


async def admin_ids(uow: Uow) -> list[PersonId]:
    """Everybody who has the role now."""
    return [admin.person_id for admin in await directory.people_with_role(uow.connection, Role.admin)]
