"""Personal values of the log: an event holds a salted commitment, the value stands beside it until it is erased.

One rule: the text that is hashed never contains the value, so that destroying it leaves the chain as it is.

The value is encrypted with its person's own key, which is destroyed with the salts when the person is erased
(docs/decisions/0031).
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import bindparam, column, delete, select, table, text

from core.access.actor import Actor
from core.db.base import Id
from core.db.compiled import Prebuilt
from core.db.connection import Connection
from core.db.pending import ALL_SWAPPED, Write
from core.kernel.encryption import SecretBox
from core.kernel.ids import EventId
from core.log.commitments import SALT_BYTES, commitment
from core.log.tables import personal_values

_MOST_KEYS = 10_000
_V = personal_values.c
_people = table("people", column("id"), column("personal_key"))
"""The people are a higher slice; only the key is read here."""
_KEY = Prebuilt(select(_people.c.personal_key).where(_people.c.id == bindparam("person", type_=Id)))
_ADD = Prebuilt(
    text(
        f"""
        INSERT INTO personal_values (event_id, field, person_id, salt, sealed)
        SELECT given.event_id, given.field, person.id, given.salt, given.sealed
        FROM unnest(
            CAST(:events AS uuid[]), CAST(:fields AS text[]), CAST(:salts AS bytea[]), CAST(:sealed AS bytea[])
        ) AS given (event_id, field, salt, sealed)
        JOIN people AS person ON person.id = CAST(:person AS uuid) AND person.personal_key IS NOT NULL
        WHERE {ALL_SWAPPED}
        FOR KEY SHARE OF person
        """
    )
)
"""It waits for an erasure that has locked the person, and then finds no key."""


@dataclass(frozen=True)
class OpenedValue:
    """A personal value with the salt that shows that an event was committed to it."""

    event_id: UUID
    field: str
    value: str
    salt: bytes


class PersonalWriter:
    """Replaces the personal values of one actor's events by commitments, and keeps the values for the same commit."""

    def __init__(self, person_id: UUID, key: bytes) -> None:
        self._person_id = person_id
        self._box = SecretBox(key)
        self._rows: list[tuple[UUID, str, bytes, bytes]] = []

    def commit(self, event_id: EventId, field: str, value: str) -> str:
        """The commitment to a value."""
        salt = os.urandom(SALT_BYTES)
        self._rows.append((event_id, field, salt, self._box.encrypt(value, _owner(event_id, field))))
        return commitment(salt, value)

    def write(self) -> Write:
        """One INSERT for all of them; nothing for a person who was erased meanwhile."""
        events, fields, salts, sealed = zip(*self._rows, strict=True)
        values = {
            "events": list(events),
            "fields": list(fields),
            "salts": list(salts),
            "sealed": list(sealed),
            "person": self._person_id,
        }
        return Write(_ADD, values, "personal_values")


class PersonalKeys:
    """The keys that this process has read; they never change while their person is there."""

    def __init__(self) -> None:
        self._keys: dict[UUID, bytes] = {}

    async def writer(self, connection: Connection, actor: Actor) -> PersonalWriter | None:
        """For the actor's events; None for whoever is no person of ours, or was erased."""
        person = actor.person_id
        if person is None:
            return None
        key = self._keys.get(person) or await connection.scalar(_KEY, {"person": person})
        if key is None:
            return None
        if len(self._keys) >= _MOST_KEYS:
            self._keys.clear()
        self._keys[person] = key
        return PersonalWriter(person, key)


async def opened(connection: Connection, event_ids: Sequence[UUID]) -> Mapping[UUID, list[OpenedValue]]:
    """The personal values of these events that were not erased, by event."""
    rows = await connection.execute(
        select(_V.event_id, _V.field, _V.salt, _V.sealed, _people.c.personal_key)
        .join_from(personal_values, _people, _people.c.id == _V.person_id)
        .where(_V.event_id.in_(event_ids), _people.c.personal_key.is_not(None))
        .order_by(_V.event_id, _V.field)
    )
    found: dict[UUID, list[OpenedValue]] = {}
    for row in rows:
        value = SecretBox(row.personal_key).decrypt(row.sealed, _owner(row.event_id, row.field))
        found.setdefault(row.event_id, []).append(OpenedValue(row.event_id, row.field, value, row.salt))
    return found


async def destroy(connection: Connection, person_id: UUID) -> int:
    """Destroy all values and salts of a person; how many there were. The key is the person's row's."""
    return (await connection.execute(delete(personal_values).where(_V.person_id == person_id))).rowcount


def _owner(event_id: UUID, field: str) -> str:
    """What a value is bound to: copied to another event it cannot be decrypted."""
    return f"{event_id}/{field}"
