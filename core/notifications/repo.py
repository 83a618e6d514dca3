"""Every SELECT and UPDATE of notices and preferences.

One rule: a notice's row is the outbox, and whoever sends first claims it.
"""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    String,
    Text,
    all_,
    any_,
    bindparam,
    case,
    exists,
    func,
    literal_column,
    select,
    true,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from core.db.base import Id, Moment
from core.db.batches import many_rows, unnested
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


@dataclass(frozen=True)
class OpenNotices:
    """Notices of an event that nobody has sent yet: some of them, locked until the transaction ends."""

    locked: Sequence[Notice]
    count: int
    """How many there are, with those that are not locked."""
    planned: bool
    """Whether Parley knows already whom it would tell."""


@dataclass(frozen=True)
class HandledNotice:
    """How a notice is now; ``held_until`` for one that waits for the end of quiet hours."""

    id: UUID
    state: str
    text: str
    held_until: dt.datetime | None = None


_HELD_TEXTS = Prebuilt(
    select(_N.text)
    .where(
        _N.recipient == bindparam("recipient", type_=Id),
        _N.state == literal_column("'held'"),
        _N.kind != all_(bindparam("without", type_=ARRAY(String))),
    )
    .order_by(_N.id)
)
_STATES = _N.state == any_(bindparam("states", type_=ARRAY(String)))
_ABOUT = _N.event_id == bindparam("event", type_=Id)
_ONE = select(literal_column("1").label("one")).subquery("one")
_LOCKED = (
    select(*_NOTICE)
    .where(_ABOUT, _STATES)
    .order_by(_N.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
    .cte("locked")
)
_OPEN = Prebuilt(
    select(
        select(func.count()).select_from(notices).where(_ABOUT, _STATES).scalar_subquery().label("open"),
        exists(select(_N.id).where(_ABOUT, _N.via == literal_column("'parley'"))).label("planned"),
        *_LOCKED.c,
    ).select_from(_ONE.outerjoin(_LOCKED, true()))
)
_EXPECTED = ("id", "event_id", "recipient", "kind", "state", "via", "urgent", "made_at")
_ADD_EXPECTED = Prebuilt(
    insert(notices).from_select(*unnested(notices, *_EXPECTED)).on_conflict_do_nothing().returning(*_NOTICE)
)
_HANDLED = select(
    func.unnest(bindparam("ids", type_=ARRAY(Id))).label("id"),
    func.unnest(bindparam("new_states", type_=ARRAY(String))).label("state"),
    func.unnest(bindparam("texts", type_=ARRAY(Text))).label("text"),
    func.unnest(bindparam("held_until", type_=ARRAY(Moment))).label("held_until"),
).subquery("handled")
_STORE = Prebuilt(
    update(notices)
    .where(_N.id == _HANDLED.c.id)
    .values(
        state=_HANDLED.c.state,
        text=_HANDLED.c.text,
        held_until=func.coalesce(_HANDLED.c.held_until, _N.held_until),
        sent_at=case(
            (_HANDLED.c.state == literal_column("'held'"), _N.sent_at), else_=bindparam("now", type_=Moment)
        ),
    )
)


async def open_notices(
    connection: Connection, event_id: UUID, states: Sequence[str], most: int
) -> OpenNotices:
    """The notices of an event in these states; up to ``most`` of them are locked, and none that others hold."""
    facts = {"event": event_id, "states": list(states), "most": most}
    rows = (await connection.execute(_OPEN, facts)).all()
    locked = [_notice(row) for row in rows if row.id is not None]
    return OpenNotices(locked, rows[0].open, rows[0].planned)


async def add_expected(connection: Connection, expected: ExpectedNotices, now: dt.datetime) -> list[Notice]:
    """Expect a notice to each of these people; returns the new ones, existing rows stay as they are."""
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
    if not rows:
        return []
    return [_notice(row) for row in await connection.execute(_ADD_EXPECTED, many_rows(notices, rows))]


async def store_notices(connection: Connection, handled: Sequence[HandledNotice], now: dt.datetime) -> None:
    """People were told, are told later, cannot be reached, or no longer need to be told."""
    if handled:
        facts = {
            "ids": [each.id for each in handled],
            "new_states": [each.state for each in handled],
            "texts": [each.text for each in handled],
            "held_until": [each.held_until for each in handled],
            "now": now,
        }
        await connection.execute(_STORE, facts)


def _notice(row: Row) -> Notice:
    return Notice(row.id, row.event_id, row.recipient, row.kind, row.state, row.text, row.urgent)


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


async def count_released(connection: Connection, recipient: UUID) -> int:
    """How many held notices of this person may be sent now, locked or not."""
    counted = select(func.count()).where(_N.recipient == recipient, _N.state == "released")
    return int(await connection.scalar(counted) or 0)


async def released_for(connection: Connection, recipient: UUID) -> Sequence[Notice]:
    """What was held for this person and may be sent now, locked until the transaction ends."""
    rows = await connection.execute(
        select(*_NOTICE)
        .where(_N.recipient == recipient, _N.state == "released")
        .order_by(_N.id)
        .with_for_update(skip_locked=True)
    )
    return [_notice(row) for row in rows]


async def held_texts(connection: Connection, recipient: UUID, *, without: Collection[str]) -> tuple[str, ...]:
    """The texts held for this person, oldest first; without these kinds."""
    rows = await connection.scalars(_HELD_TEXTS, {"recipient": recipient, "without": sorted(without)})
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
