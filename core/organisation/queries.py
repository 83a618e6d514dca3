"""What can be read about the organisation, its departments and its cost centres."""

from core.access.actor import Actor
from core.access.guard import requires
from core.access.permissions import Permission
from core.kernel.pagination import Page
from core.organisation import repo
from core.organisation.model import Unit, UnitFilter
from core.people import directory
from core.people.model import Organisation
from core.people.queries import ShowPerson
from core.uow import Uow


@requires(Permission.organisation_read)
async def show_organisation(uow: Uow, actor: Actor) -> Organisation:
    """The organisation's name, base currency and switches."""
    return await directory.read_organisation(uow.connection)


@requires(Permission.organisation_read)
async def list_departments(uow: Uow, actor: Actor, wanted: UnitFilter) -> Page[Unit]:
    """Departments by code; few enough for one page."""
    return Page(await repo.departments_where(uow.connection, wanted), None)


@requires(Permission.people_manage)
async def cost_centre_of(uow: Uow, actor: Actor, wanted: ShowPerson) -> str | None:
    """The code of the cost centre that a person belongs to, if any."""
    return await repo.cost_centre_of(uow.connection, wanted.person_id)


@requires(Permission.organisation_read)
async def list_cost_centres(uow: Uow, actor: Actor, wanted: UnitFilter) -> Page[Unit]:
    """Cost centres by code, deactivated ones too; few enough for one page."""
    return Page(await repo.cost_centres_where(uow.connection, wanted), None)
