"""What people can read about themselves, and administrators about them."""

from dataclasses import dataclass

from core.access.actor import Actor
from core.access.guard import requires
from core.access.permissions import Permission
from core.kernel.errors import NotFound
from core.kernel.ids import PersonId
from core.people import directory, repo
from core.people.model import Me, Person
from core.uow import Uow


@requires(Permission.me_read)
async def me(uow: Uow, actor: Actor) -> Me:
    """Oneself: name, roles, rights and the cost centres one may buy for."""
    person = await repo.person(uow.connection, actor.person_id) if actor.person_id else None
    if person is None:
        raise NotFound(what="person")
    return await me_of(uow, person)


@dataclass(frozen=True)
class ShowPerson:
    person_id: PersonId


@requires(Permission.people_manage)
async def show_person(uow: Uow, actor: Actor, wanted: ShowPerson) -> Person:
    """One account, active or not."""
    person = await repo.person(uow.connection, wanted.person_id)
    if person is None:
        raise NotFound(what="person")
    return person


@requires(Permission.people_manage)
async def was_erased(uow: Uow, actor: Actor, wanted: ShowPerson) -> bool:
    """Whether nothing personal is left of this account."""
    return await repo.is_erased(uow.connection, wanted.person_id)


async def me_of(uow: Uow, person: Person) -> Me:
    """A person with what their own page shows."""
    organisation = await directory.read_organisation(uow.connection)
    centres = await repo.active_cost_centres(uow.connection) if person.vendor_id is None else ()
    return Me(person, centres, organisation.base_currency)
