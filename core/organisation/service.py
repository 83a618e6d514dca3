"""The use cases of the organisation: its name and switches, departments, cost centres.

One rule: a unit is never deleted; a cost centre is deactivated.
"""

from dataclasses import asdict
from uuid import NAMESPACE_URL, UUID, uuid5

from core.access.actor import Actor
from core.access.guard import requires
from core.access.permissions import Permission
from core.kernel.errors import NotFound, invalid
from core.kernel.ids import PersonId
from core.organisation import policy, repo
from core.organisation.commands import (
    ActivateCostCentre,
    AddCostCentre,
    AddDepartment,
    AssignCostCentre,
    DeactivateCostCentre,
    SetOrganisation,
)
from core.organisation.events import (
    CostCentreActivated,
    CostCentreAssigned,
    CostCentreDeactivated,
    CostCentreSet,
    DepartmentSet,
    OrganisationSet,
)
from core.organisation.model import Unit, UnitFilter
from core.people import directory
from core.people import repo as people
from core.people.model import Organisation
from core.uow import Uow


@requires(Permission.organisation_set)
async def set_organisation(uow: Uow, actor: Actor, command: SetOrganisation) -> Organisation:
    """Set the organisation's name. Its base currency is set once, because all rates and limits are in it."""
    policy.check_organisation(command)
    if not await repo.set_organisation(uow.connection, command):
        fixed = (await directory.read_organisation(uow.connection)).base_currency
        raise invalid("/base_currency", "currency.fixed", "the base currency is set once", fixed)
    after = await directory.read_organisation(uow.connection)
    await uow.record(OrganisationSet(subject_id=_id_of("organisation"), subject_version=1, **asdict(after)))
    return after


@requires(Permission.departments_set)
async def add_department(uow: Uow, actor: Actor, command: AddDepartment) -> Unit:
    """Add a department, or change its name and head."""
    policy.check_unit(command.code, command.name)
    await _check_head(uow, command.head_id)
    await repo.set_department(uow.connection, command.code, command.name, command.head_id)
    subject = _id_of(f"department:{command.code}")
    await uow.record(DepartmentSet(subject_id=subject, subject_version=1, **asdict(command)))
    return (await repo.departments_where(uow.connection, UnitFilter(code=command.code)))[0]


@requires(Permission.cost_centres_set)
async def add_cost_centre(uow: Uow, actor: Actor, command: AddCostCentre) -> Unit:
    """Add a cost centre, or change its name, department and head."""
    policy.check_unit(command.code, command.name)
    await _check_head(uow, command.head_id)
    if not await repo.set_cost_centre(
        uow.connection, command.code, command.name, command.department, command.head_id
    ):
        known = ", ".join((await directory.department_codes(uow.connection))[:5])
        raise invalid("/department", "department.unknown", "there is no such department", known or "IT")
    subject = _id_of(f"cost_centre:{command.code}")
    await uow.record(CostCentreSet(subject_id=subject, subject_version=1, **asdict(command)))
    return await _cost_centre(uow, command.code)


@requires(Permission.cost_centres_set)
async def deactivate_cost_centre(uow: Uow, actor: Actor, command: DeactivateCostCentre) -> Unit:
    """From now on no request can name it; purchases under way go on."""
    if await _set_active(uow, command.code, active=False):
        subject = _id_of(f"cost_centre:{command.code}")
        await uow.record(CostCentreDeactivated(subject_id=subject, subject_version=1, code=command.code))
    return await _cost_centre(uow, command.code)


@requires(Permission.cost_centres_set)
async def activate_cost_centre(uow: Uow, actor: Actor, command: ActivateCostCentre) -> Unit:
    """Requests can name it again."""
    if await _set_active(uow, command.code, active=True):
        subject = _id_of(f"cost_centre:{command.code}")
        await uow.record(CostCentreActivated(subject_id=subject, subject_version=1, code=command.code))
    return await _cost_centre(uow, command.code)


@requires(Permission.people_manage)
async def assign_cost_centre(uow: Uow, actor: Actor, command: AssignCostCentre) -> None:
    """Say to which cost centre a colleague belongs; a vendor's contact belongs to none.

    What they belong to already changes nothing, even where it is no longer active.
    """
    person = await people.lock_person(uow.connection, command.person_id)
    if person is None or person.vendor_id is not None:
        raise NotFound(what="person")
    code = command.cost_centre
    if code == await repo.cost_centre_of(uow.connection, person.id):
        return
    if not await repo.assign_cost_centre(uow.connection, person.id, code):
        raise invalid("/cost_centre", "cost_centre.unknown", f"there is no cost centre {code}", "IT")
    await uow.record(CostCentreAssigned(subject_id=person.id, subject_version=person.epoch, cost_centre=code))


async def _set_active(uow: Uow, code: str, *, active: bool) -> bool:
    changed = await repo.set_cost_centre_active(uow.connection, code, active=active)
    if changed is None:
        raise NotFound(what="cost_centre")
    return changed


async def _cost_centre(uow: Uow, code: str) -> Unit:
    return (await repo.cost_centres_where(uow.connection, UnitFilter(code=code)))[0]


def _id_of(name: str) -> UUID:
    """The id in the log of something known only by its code."""
    return uuid5(NAMESPACE_URL, f"urn:parley:{name}")


async def _check_head(uow: Uow, head_id: PersonId | None) -> None:
    """A member of staff leads a department, not a vendor's contact."""
    head = await people.person(uow.connection, head_id) if head_id else None
    if head_id and (head is None or head.vendor_id is not None):
        raise invalid("/head_id", "head.unknown", "there is no such colleague", "GET /people")
