"""The use cases of people: add, change roles, disable; departments and cost centres."""

from dataclasses import replace

from sqlalchemy.dialects.postgresql import insert

from core.access.actor import Actor
from core.access.guard import requires
from core.access.permissions import Permission
from core.identity import repo
from core.identity.commands import AddCostCentre, AddDepartment, AddPerson, ChangeRoles, DisablePerson
from core.identity.errors import EmailTaken
from core.identity.events import PersonAdded, PersonDisabled, RolesChanged
from core.identity.model import Person
from core.identity.secrets import hash_password
from core.identity.tables import cost_centres, departments
from core.kernel.errors import NotFound
from core.kernel.ids import PersonId, new_id
from core.uow import Uow


@requires(Permission.people_manage)
async def add_person(uow: Uow, actor: Actor, command: AddPerson) -> Person:
    """An account with its roles; a vendor's contact carries the vendor's id."""
    return await new_person(uow, command)


async def new_person(uow: Uow, command: AddPerson) -> Person:
    """For use cases that add somebody on the way, such as a vendor's first contact."""
    email = command.email.strip().lower() if command.email else None
    if email and await repo.person_by_email(uow.connection, email):
        raise EmailTaken(email=email)
    person = Person(
        id=PersonId(new_id()),
        name=command.name,
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
    """Other roles from now on; every token of before ends."""
    before = await _known(uow, command.person_id)
    await repo.set_roles(uow.connection, before.id, command.roles)
    epoch = await repo.end_sessions(uow.connection, before.id, uow.now, active=before.active)
    after = replace(before, roles=frozenset(command.roles), epoch=epoch)
    await uow.record(
        RolesChanged(
            subject_id=before.id,
            subject_version=epoch,
            before=tuple(sorted(before.roles)),
            after=tuple(sorted(after.roles)),
        )
    )
    return after


@requires(Permission.people_manage)
async def disable_person(uow: Uow, actor: Actor, command: DisablePerson) -> Person:
    """The account ends; what the person did stays."""
    before = await _known(uow, command.person_id)
    epoch = await repo.end_sessions(uow.connection, before.id, uow.now, active=False)
    await uow.record(PersonDisabled(subject_id=before.id, subject_version=epoch))
    return replace(before, active=False, epoch=epoch)


@requires(Permission.people_manage)
async def add_department(uow: Uow, actor: Actor, command: AddDepartment) -> None:
    """A department, or its new name and head."""
    values = {"name": command.name, "head_id": command.head_id}
    await uow.connection.execute(
        insert(departments)
        .values(code=command.code, **values)
        .on_conflict_do_update(index_elements=["code"], set_=values)
    )


@requires(Permission.people_manage)
async def add_cost_centre(uow: Uow, actor: Actor, command: AddCostCentre) -> None:
    """A cost centre, or its new name, department and head."""
    values = {"name": command.name, "department": command.department, "head_id": command.head_id}
    await uow.connection.execute(
        insert(cost_centres)
        .values(code=command.code, **values)
        .on_conflict_do_update(index_elements=["code"], set_=values)
    )


async def _known(uow: Uow, person_id: PersonId) -> Person:
    person = await repo.person(uow.connection, person_id)
    if person is None:
        raise NotFound(what="person")
    return person
