"""The use cases of people: add, change roles, set a password, disable; departments and cost centres.

One rule: whatever takes a right away raises the person's epoch, which ends every earlier token.

Access tokens end by the epoch, refresh tokens by the reaction to the event.
"""

from dataclasses import asdict, replace
from uuid import NAMESPACE_URL, UUID, uuid5

from core.access.actor import Actor
from core.access.guard import requires
from core.access.permissions import Permission
from core.kernel.errors import NotFound, invalid
from core.kernel.ids import PersonId, new_id
from core.people import policy, repo
from core.people.commands import (
    AddCostCentre,
    AddDepartment,
    AddPerson,
    AssignCostCentre,
    ChangeRoles,
    DisablePerson,
    SetOrganisation,
    SetPassword,
)
from core.people.errors import EmailTaken
from core.people.events import (
    CostCentreAssigned,
    CostCentreSet,
    DepartmentSet,
    OrganisationSet,
    PasswordSet,
    PersonAdded,
    PersonDisabled,
    RolesChanged,
)
from core.people.model import Person
from core.people.passwords import hash_password
from core.uow import Uow


@requires(Permission.people_manage)
async def add_person(uow: Uow, actor: Actor, command: AddPerson) -> Person:
    """Add an account with its roles; a vendor's contact has the vendor's id."""
    return await new_person(uow, command)


async def new_person(uow: Uow, command: AddPerson, at: str = "") -> Person:
    """Add a person within another use case, such as a vendor's first contact."""
    policy.check_person(command, at)
    email = command.email.strip().lower() if command.email else None
    if email and await repo.person_by_email(uow.connection, email):
        raise EmailTaken(email=email)
    person = Person(
        id=PersonId(new_id()),
        name=command.name.strip(),
        email=email,
        locale=command.locale,
        zone=command.zone,
        vendor_id=command.vendor_id,
        vendor_name=None,
        active=True,
        epoch=1,
        roles=frozenset(command.roles),
    )
    stored = await hash_password(command.password) if command.password else None
    await repo.add_person(uow.connection, person, stored, uow.now)
    await uow.record(
        PersonAdded(
            subject_id=person.id,
            subject_version=person.epoch,
            roles=tuple(sorted(person.roles)),
            vendor_id=person.vendor_id,
        )
    )
    return person


@requires(Permission.people_manage)
async def change_roles(uow: Uow, actor: Actor, command: ChangeRoles) -> Person:
    """Change the roles from now on; every earlier token ends."""
    before = await _lock_person(uow, command.person_id)
    policy.check_roles(command.roles, before.vendor_id)
    after = replace(before, roles=frozenset(command.roles))
    if after.roles == before.roles:
        return before
    await repo.set_roles(uow.connection, before.id, after.roles)
    epoch = await repo.next_epoch(uow.connection, before.id)
    await uow.record(
        RolesChanged(
            subject_id=before.id,
            subject_version=epoch,
            before=tuple(sorted(before.roles)),
            after=tuple(sorted(after.roles)),
        )
    )
    return replace(after, epoch=epoch)


@requires(Permission.people_manage)
async def disable_person(uow: Uow, actor: Actor, command: DisablePerson) -> Person:
    """Disable the account; what the person did is kept."""
    before = await _lock_person(uow, command.person_id)
    if not before.active:
        return before
    await repo.disable(uow.connection, before.id)
    epoch = await repo.next_epoch(uow.connection, before.id)
    await uow.record(PersonDisabled(subject_id=before.id, subject_version=epoch))
    return replace(before, active=False, epoch=epoch)


@requires(Permission.people_manage)
async def set_password(uow: Uow, actor: Actor, command: SetPassword) -> Person:
    """Set another password; sessions that used the old one end."""
    policy.check_password(command.password)
    before = await _lock_person(uow, command.person_id)
    await repo.set_password(uow.connection, before.id, await hash_password(command.password))
    epoch = await repo.next_epoch(uow.connection, before.id)
    await uow.record(PasswordSet(subject_id=before.id, subject_version=epoch))
    return replace(before, epoch=epoch)


@requires(Permission.people_manage)
async def set_organisation(uow: Uow, actor: Actor, command: SetOrganisation) -> None:
    """Set the organisation's name. Its base currency is set once, because all rates and limits are in it."""
    policy.check_organisation(command)
    if not await repo.set_organisation(uow.connection, command):
        raise invalid("/base_currency", "currency.fixed", "the base currency is set once", None)
    await uow.record(
        OrganisationSet(subject_id=_check_name("organisation"), subject_version=1, **asdict(command))
    )


@requires(Permission.people_manage)
async def add_department(uow: Uow, actor: Actor, command: AddDepartment) -> None:
    """Add a department, or change its name and head."""
    await _check_head(uow, command.head_id)
    await repo.set_department(uow.connection, command.code, command.name, command.head_id)
    subject = _check_name(f"department:{command.code}")
    await uow.record(DepartmentSet(subject_id=subject, subject_version=1, **asdict(command)))


@requires(Permission.people_manage)
async def add_cost_centre(uow: Uow, actor: Actor, command: AddCostCentre) -> None:
    """Add a cost centre, or change its name, department and head."""
    await _check_head(uow, command.head_id)
    if not await repo.set_cost_centre(
        uow.connection, command.code, command.name, command.department, command.head_id
    ):
        raise invalid("/department", "department.unknown", "there is no such department", "IT")
    subject = _check_name(f"cost_centre:{command.code}")
    await uow.record(CostCentreSet(subject_id=subject, subject_version=1, **asdict(command)))


@requires(Permission.people_manage)
async def assign_cost_centre(uow: Uow, actor: Actor, command: AssignCostCentre) -> Person:
    """Say to which cost centre a colleague belongs; a vendor's contact belongs to none."""
    person = await _lock_person(uow, command.person_id)
    if person.vendor_id is not None:
        raise NotFound(what="person")
    if not await repo.assign_cost_centre(uow.connection, person.id, command.cost_centre):
        raise invalid(
            "/cost_centre", "cost_centre.unknown", f"there is no cost centre {command.cost_centre}", "IT"
        )
    await uow.record(
        CostCentreAssigned(
            subject_id=person.id, subject_version=person.epoch, cost_centre=command.cost_centre
        )
    )
    return person


def _check_name(name: str) -> UUID:
    """The id in the log of something known only by its code."""
    return uuid5(NAMESPACE_URL, f"urn:parley:{name}")


async def _check_head(uow: Uow, head_id: PersonId | None) -> None:
    """A member of staff leads a department, not a vendor's contact."""
    head = await repo.person(uow.connection, head_id) if head_id else None
    if head_id and (head is None or head.vendor_id is not None):
        raise invalid("/head_id", "head.unknown", "there is no such colleague", None)


async def _lock_person(uow: Uow, person_id: PersonId) -> Person:
    person = await repo.lock_person(uow.connection, person_id)
    if person is None:
        raise NotFound(what="person")
    return person
