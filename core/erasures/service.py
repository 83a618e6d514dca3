"""Erasing a person: what is personal is destroyed, and what happened stays provable.

One rule: nothing of the person is left that Parley may change, and what it must keep is counted in the event.

The row of the person stays, under a name that says nothing, because decisions refer to it. Texts that were written once
(receipts, decisions, earlier revisions, the log from before) are evidence under the duty to keep records, GDPR Art.
17(3)(b): the event says how many of them still contain the name or the address (docs/decisions/0031).
"""

from unicodedata import normalize

from sqlalchemy import delete, func, select, tuple_, update

from core.access.actor import Actor
from core.access.guard import requires
from core.access.permissions import Permission
from core.accounts.tables import chat_identities, link_tries
from core.erasures.commands import ErasePerson
from core.erasures.events import PersonErased
from core.erasures.name_sweep import sweep
from core.kernel.errors import NotFound, invalid
from core.log import personal
from core.people import repo as people
from core.people import service
from core.people.commands import DisablePerson
from core.people.model import Person
from core.uow import Uow

_I, _T = chat_identities.c, link_tries.c


@requires(Permission.people_erase)
async def erase_person(uow: Uow, actor: Actor, command: ErasePerson) -> Person:
    """End the account and destroy what is personal; a person who was erased before stays as they are."""
    before = await people.lock_person(uow.connection, command.person_id)
    if before is None:
        raise NotFound(what="person")
    if await people.is_erased(uow.connection, before.id):
        return before
    if command.name is not None and _plain(command.name) != _plain(before.name):
        raise invalid("/name", "person.other_name", "is not the name of this person", before.name)
    disabled = await service.disable_person(uow, actor, DisablePerson(before.id))
    alias = f"erased-{before.id.hex[-8:]}"
    destroyed = await personal.destroy(uow.connection, before.id)
    await _forget_chats(uow, before, alias)
    await people.erase(uow.connection, before.id, alias, uow.now)
    replaced, kept = await sweep(uow.connection, before, alias)
    await uow.record(
        PersonErased(
            subject_id=before.id,
            subject_version=disabled.epoch,
            destroyed=destroyed,
            replaced=replaced,
            kept=kept,
        )
    )
    erased = await people.person(uow.connection, before.id)
    if erased is None:
        raise NotFound(what="person")
    return erased


def _plain(name: str) -> str:
    """A name as it counts when somebody types it."""
    return " ".join(normalize("NFKC", name).split()).casefold()


async def _forget_chats(uow: Uow, person: Person, alias: str) -> None:
    """Whoever writes from there later is a stranger."""
    own = select(_I.platform, _I.external_id).where(_I.person_id == person.id)
    await uow.connection.execute(delete(link_tries).where(tuple_(_T.platform, _T.external_id).in_(own)))
    await uow.connection.execute(
        update(chat_identities)
        .where(_I.person_id == person.id)
        .values(
            display_name=alias,
            external_id=func.concat("erased-", _I.id),
            reachable=False,
            unlinked_at=func.coalesce(_I.unlinked_at, uow.now),
        )
    )
