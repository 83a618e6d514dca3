"""Every SELECT and UPDATE of notices and preferences.

One rule: a notice's row is the outbox, and whoever sends first claims it.
"""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Select, String, any_, bindparam, func, select, update
from sqlalchemy.dialects.postgresql import insert

from core.db.base import Id, Moment
from core.db.compiled import Prebuilt
from core.db.connection import Connection, Row
from core.kernel.ids import PersonId, new_id
from core.notifications.quiet_hours import DIGEST_HOUR, Preferences, QuietPeriod
from core.notifications.tables import notices, person_settings
from core.people.repo import locale_column
from core.people.tables import people

_N = notices.c
_NOTICE = (_N.id, _N.event_id, _N.recipient, _N.kind, _N.state, _N.text, _N.urgent)
_S = person_settings.c


@dataclass(frozen=True)
class Notice:
    id: UUID
    event_id: UUID
    recipient: UUID
    kind: str
    state: str
    text: str | None
    urgent: bool


@dataclass(frozen=True)
class ExpectedNotices:
    """Who is to be notified of an event, and whether it ignores quiet hours."""

    event_id: UUID
    kind: str
    recipients: Sequence[UUID]
    urgent: bool = False


_ADD_EXPECTED = Prebuilt(
    insert(notices).on_conflict_do_nothing(),
    columns=("id", "event_id", "recipient", "kind", "state", "via", "urgent", "made_at"),
)
_OF_EVENT = Prebuilt(
    select(*_NOTICE)
    .where(_N.event_id == bindparam("event"), _N.state == any_(bindparam("states", type_=ARRAY(String))))
    .order_by(_N.id)
    .with_for_update(skip_locked=True)
)
_FINISH_NOTICE = Prebuilt(
    update(notices)
    .where(_N.id == bindparam("notice"))
    .values(state=bindparam("new_state"), text=bindparam("new_text"), sent_at=bindparam("now", type_=Moment))
)


async def add_expected(connection: Connection, expected: ExpectedNotices, now: dt.datetime) -> None:
    """Expect a notice to each of these people; existing rows stay as they are."""
    rows = [
        {
            "id": new_id(),
            "event_id": expected.event_id,
            "recipient": recipient,
            "kind": expected.kind,
            "state": "waiting",
            "via": "parley",
            "urgent": expected.urgent,
            "made_at": now,
        }
        for recipient in dict.fromkeys(expected.recipients)
    ]
    await connection.execute(_ADD_EXPECTED, rows)


async def accept_texts(
    connection: Connection, event_id: UUID, kind: str, texts: Mapping[UUID, str], now: dt.datetime
) -> int:
    """A flow's own texts for these people; returns how many of them had not been notified yet."""
    accepted = 0
    for recipient, text in texts.items():
        statement = insert(notices).values(
            id=new_id(),
            event_id=event_id,
            recipient=recipient,
            kind=kind,
            state="accepted",
            via="n8n",
            text=text,
            made_at=now,
        )
        accepted_id = await connection.scalar(
            statement.on_conflict_do_update(
                index_elements=["event_id", "recipient", "kind"],
                set_={"state": "accepted", "via": "n8n", "text": text},
                where=_N.state == "waiting",
            ).returning(_N.id)
        )
        accepted += accepted_id is not None
    return accepted


async def notices_of_event(connection: Connection, event_id: UUID, states: Sequence[str]) -> Sequence[Notice]:
    """The rows of an event in these states, locked until the transaction ends."""
    rows = await connection.execute(_OF_EVENT, {"event": event_id, "states": list(states)})
    return [Notice(*row) for row in rows]


_COUNT_OF_EVENT = Prebuilt(
    select(func.count()).where(
        _N.event_id == bindparam("event"), _N.state == any_(bindparam("states", type_=ARRAY(String)))
    )
)


async def count_of_event(connection: Connection, event_id: UUID, states: Sequence[str]) -> int:
    """How many rows of an event are in these states, locked or not."""
    return int(await connection.scalar(_COUNT_OF_EVENT, {"event": event_id, "states": list(states)}) or 0)


async def count_released(connection: Connection, recipient: UUID) -> int:
    """How many held notices of this person may be sent now, locked or not."""
    counted = select(func.count()).where(_N.recipient == recipient, _N.state == "released")
    return int(await connection.scalar(counted) or 0)


async def finish_notice(
    connection: Connection, notice_id: UUID, state: str, text: str, now: dt.datetime
) -> None:
    """The person was notified, cannot be reached, or no longer needs the notice."""
    await connection.execute(
        _FINISH_NOTICE, {"notice": notice_id, "new_state": state, "new_text": text, "now": now}
    )


async def hold_notice(connection: Connection, notice_id: UUID, text: str, until: dt.datetime) -> None:
    """Hold it for the next digest, or until this moment: the person has paused notifications."""
    await connection.execute(
        update(notices).where(_N.id == notice_id).values(state="held", text=text, held_until=until)
    )


async def released_for(connection: Connection, recipient: UUID) -> Sequence[Notice]:
    """What was held for this person and may be sent now, locked until the transaction ends."""
    rows = await connection.execute(
        select(*_NOTICE)
        .where(_N.recipient == recipient, _N.state == "released")
        .order_by(_N.id)
        .with_for_update(skip_locked=True)
    )
    return [Notice(*row) for row in rows]


async def held_texts(connection: Connection, recipient: UUID, *, without: Collection[str]) -> tuple[str, ...]:
    """The texts held for this person, oldest first; without these kinds."""
    rows = await connection.scalars(
        select(_N.text)
        .where(_N.recipient == recipient, _N.state == "held", _N.kind.not_in(without))
        .order_by(_N.id)
    )
    return tuple(text for text in rows if text)


async def hold_until(connection: Connection, recipient: UUID, until: dt.datetime) -> None:
    """The quiet hours changed: held notices wait for their end, or for nothing any more."""
    await connection.execute(
        update(notices).where(_N.recipient == recipient, _N.state == "held").values(held_until=until)
    )


async def preferences_of(connection: Connection, person_id: UUID) -> Preferences | None:
    """This person's preferences; None when there is no such active person."""
    return next(iter(await preferences_of_all(connection, [person_id])), None)


async def preferences_of_all(connection: Connection, person_ids: Collection[UUID]) -> Sequence[Preferences]:
    """The preferences of those of these people who are active."""
    rows = await connection.execute(_PREFERENCES, {"people": list(person_ids)})
    return [preferences_of_row(row) for row in rows]


PREFERENCES = (_S.digest_hour, _S.quiet_begins, _S.quiet_ends, _S.snoozed_until, _S.updated_at)
"""What ``preferences_of_row`` needs beside a person's id, language and zone."""
_PREFERENCES = Prebuilt(
    select(people.c.id, locale_column, people.c.zone, *PREFERENCES)
    .outerjoin(person_settings, _S.person_id == people.c.id)
    .where(people.c.active, people.c.id == any_(bindparam("people", type_=ARRAY(Id))))
)


def preferences_of_row(row: Row) -> Preferences:
    quiet = QuietPeriod(row.quiet_begins, row.quiet_ends) if row.quiet_begins is not None else None
    hour = DIGEST_HOUR if row.updated_at is None else row.digest_hour
    return Preferences(PersonId(row.id), row.locale, row.zone, hour, quiet, row.snoozed_until)


async def store_preferences(connection: Connection, preferences: Preferences, now: dt.datetime) -> None:
    """Write the person's one row; language and zone belong to the people slice."""
    values = {
        "digest_hour": preferences.digest_hour,
        "quiet_begins": preferences.quiet.begins if preferences.quiet else None,
        "quiet_ends": preferences.quiet.ends if preferences.quiet else None,
        "snoozed_until": preferences.snoozed_until,
        "updated_at": now,
    }
    await connection.execute(
        insert(person_settings)
        .values(person_id=preferences.person_id, **values)
        .on_conflict_do_update(index_elements=["person_id"], set_=values)
    )
