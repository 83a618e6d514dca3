"""The people whom a message is for: each with their chats and preferences, read by one statement.

One rule: whoever sends to several people reads them together, before anything is sent.
"""

import datetime as dt
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import bindparam
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.sql import any_

from core.accounts.model import ChatAccount
from core.accounts.tables import chat_identities
from core.db.base import Id
from core.db.batches import nested
from core.db.compiled import Prebuilt
from core.db.connection import Connection, Row
from core.notifications import repo as notifications
from core.notifications.quiet_hours import Preferences, silent_until
from core.notifications.tables import person_settings
from core.people import repo as people_repo
from core.people.model import Person
from core.people.tables import people

_C = chat_identities.c
_READERS = Prebuilt(
    people_repo.PEOPLE.add_columns(
        *notifications.PREFERENCES,
        nested(
            _C.id,
            _C.platform,
            _C.external_id,
            where=(_C.person_id == people.c.id) & _C.unlinked_at.is_(None) & _C.reachable & people.c.active,
            order_by=_C.linked_at,
        ).label("chats"),
    )
    .outerjoin(person_settings, person_settings.c.person_id == people.c.id)
    .where(people.c.id == any_(bindparam("people", type_=ARRAY(Id))))
)


@dataclass(frozen=True)
class Reader:
    """A person, active or not; only an active one has chats, which are linked and reachable, the oldest first."""

    person: Person
    chats: tuple[ChatAccount, ...]
    preferences: Preferences

    def silent_until(self, now: dt.datetime) -> dt.datetime | None:
        """When this person may get notices that are not urgent; None: now."""
        return silent_until(self.preferences, now)

    def has_chat_on(self, platforms: Container[str]) -> bool:
        return any(chat.platform in platforms for chat in self.chats)

    def is_reached_in(self, platform: str, chat_id: str) -> bool:
        return any((chat.platform, chat.external_id) == (platform, chat_id) for chat in self.chats)


async def readers_by_ids(connection: Connection, person_ids: Iterable[UUID]) -> Mapping[UUID, Reader]:
    """Those of these people who exist."""
    rows = await connection.execute(_READERS, {"people": list(set(person_ids))})
    return {row.id: _reader(row) for row in rows}


def _reader(row: Row) -> Reader:
    person = people_repo.person_of(row)
    chats = tuple(
        ChatAccount(identity_id, platform, external_id, person.id, person.locale, person.zone)
        for identity_id, platform, external_id in row.chats
    )
    return Reader(person, chats, notifications.preferences_of_row(row))
