"""The use cases of people: add, edit, change roles, set a password, disable, enable.

One rule: whatever takes a right away raises the person's epoch, which ends every earlier token.

Access tokens end by the epoch, refresh tokens by the reaction to the event.
"""

from dataclasses import replace
from uuid import UUID

from core.access.actor import Actor
from core.access.guard import requires
from core.access.permissions import Permission
from core.access.roles import Role
from core.kernel.errors import NotFound
from core.kernel.ids import PersonId, new_id
from core.people import directory, policy, repo
from core.people.commands import (
    AddPerson,
    ChangeRoles,
    DisablePerson,
    EditPerson,
    EnablePerson,
    SetPassword,
)
from core.people.errors import EmailTaken, LastAdministrator
from core.people.events import (
    PasswordSet,
    PersonAdded,
    PersonDisabled,
    PersonEdited,
    PersonEnabled,
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
        zone=command.zone or await _usual_zone(uow),
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


async def _usual_zone(uow: Uow) -> str:
    """The organisation's; UTC before it is named."""
    organisation = await directory.find_organisation(uow.connection)
    return organisation.zone if organisation is not None else "UTC"


@requires(Permission.people_manage)
async def edit_person(uow: Uow, actor: Actor, command: EditPerson) -> Person:
    """Correct the name, the address, the language or the time zone; rights stay as they are."""
    policy.check_edit(command)
    before = await _lock_person(uow, command.person_id)
    email = command.email.strip().lower() if command.email else None
    wanted = {"name": command.name.strip(), "email": email, "locale": command.locale, "zone": command.zone}
    changed = {
        name: value
        for name, value in wanted.items()
        if name in command.named and value != getattr(before, name)
    }
    if not changed:
        return before
    if email and "email" in changed and await repo.person_by_email(uow.connection, email):
        raise EmailTaken(email=email)
    await repo.edit(uow.connection, before.id, changed)
    await uow.record(
        PersonEdited(subject_id=before.id, subject_version=before.epoch, changed=tuple(sorted(changed)))
    )
    return await _known(uow, before.id)


@requires(Permission.people_roles)
async def change_roles(uow: Uow, actor: Actor, command: ChangeRoles) -> Person:
    """Change the roles from now on; every earlier token ends."""
    before = await _lock_person(uow, command.person_id)
    policy.check_roles(command.roles, before.vendor_id)
    after = replace(before, roles=frozenset(command.roles))
    if after.roles == before.roles:
        return before
    if Role.admin in before.roles - after.roles:
        await _check_another_administrator(uow, actor, before)
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


@requires(Permission.people_disable)
async def disable_person(uow: Uow, actor: Actor, command: DisablePerson) -> Person:
    """Disable the account; what the person did is kept."""
    before = await _lock_person(uow, command.person_id)
    if not before.active:
        return before
    if Role.admin in before.roles:
        await _check_another_administrator(uow, actor, before)
    await repo.set_active(uow.connection, before.id, active=False)
    epoch = await repo.next_epoch(uow.connection, before.id)
    await uow.record(PersonDisabled(subject_id=before.id, subject_version=epoch))
    return replace(before, active=False, epoch=epoch)


@requires(Permission.people_disable)
async def enable_person(uow: Uow, actor: Actor, command: EnablePerson) -> Person:
    """Let a disabled person in again, with the roles and chats they had; they log in anew."""
    before = await _lock_person(uow, command.person_id)
    if before.active:
        return before
    await repo.set_active(uow.connection, before.id, active=True)
    epoch = await repo.next_epoch(uow.connection, before.id)
    await uow.record(PersonEnabled(subject_id=before.id, subject_version=epoch))
    return replace(before, active=True, epoch=epoch)


@requires(Permission.people_manage)
async def set_password(uow: Uow, actor: Actor, command: SetPassword) -> Person:
    """Set another password; sessions that used the old one end."""
    policy.check_password(command.password)
    return await new_password(uow, await _lock_person(uow, command.person_id), command.password)


async def new_password(uow: Uow, before: Person, password: str, link_id: UUID | None = None) -> Person:
    """Set a checked password within another use case, such as a one-time link; the person is locked."""
    await repo.set_password(uow.connection, before.id, await hash_password(password))
    epoch = await repo.next_epoch(uow.connection, before.id)
    await uow.record(PasswordSet(subject_id=before.id, subject_version=epoch, link_id=link_id))
    return replace(before, epoch=epoch)


async def _check_another_administrator(uow: Uow, actor: Actor, person: Person) -> None:
    """Somebody must remain who can let others in; the command line of the installation always can."""
    others = set(await repo.administrators(uow.connection)) - {person.id}
    if not others and person.active and actor.person_id is not None:
        raise LastAdministrator(name=person.name)


async def _known(uow: Uow, person_id: PersonId) -> Person:
    person = await repo.person(uow.connection, person_id)
    if person is None:
        raise NotFound(what="person")
    return person


async def _lock_person(uow: Uow, person_id: PersonId) -> Person:
    """A person whom somebody changes; nobody who was erased comes back."""
    person = await repo.lock_person(uow.connection, person_id)
    if person is None or await repo.is_erased(uow.connection, person_id):
        raise NotFound(what="person")
    return person
