"""Every SELECT and UPDATE of notices and settings; a notice's row is the outbox, claimed by whoever tells first."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from core.identity.repo import spoken
from core.identity.tables import people
from core.kernel.ids import PersonId, new_id
from core.notifications.hours import DIGEST_HOUR, Quiet, Settings
from core.notifications.tables import notices, person_settings

_N = notices.c
_S = person_settings.c


@dataclass(frozen=True)
class Notice:
    id: UUID
    recipient: UUID
    kind: str
    state: str
    text: str | None


async def expect(
    connection: AsyncConnection, event_id: UUID, kind: str, recipients: Sequence[UUID], now: dt.datetime
) -> None:
    """These people are to be told; rows that are there already stay as they are."""
    rows = [
        {
            "id": new_id(),
            "event_id": event_id,
            "recipient": recipient,
            "kind": kind,
            "state": "waiting",
            "via": "parley",
            "made_at": now,
        }
        for recipient in dict.fromkeys(recipients)
    ]
    if rows:
        await connection.execute(insert(notices).on_conflict_do_nothing(), rows)


async def accept(
    connection: AsyncConnection, event_id: UUID, kind: str, texts: Mapping[UUID, str], now: dt.datetime
) -> int:
    """A flow's own words for these people; gives how many of them nobody had told yet."""
    accepted = 0
    for recipient, words in texts.items():
        statement = insert(notices).values(
            id=new_id(),
            event_id=event_id,
            recipient=recipient,
            kind=kind,
            state="accepted",
            via="n8n",
            text=words,
            made_at=now,
        )
        taken = await connection.scalar(
            statement.on_conflict_do_update(
                index_elements=["event_id", "recipient", "kind"],
                set_={"state": "accepted", "via": "n8n", "text": words},
                where=_N.state == "waiting",
            ).returning(_N.id)
        )
        accepted += taken is not None
    return accepted


async def of_event(connection: AsyncConnection, event_id: UUID, states: Sequence[str]) -> Sequence[Notice]:
    """The rows of an event in these states, held until the transaction ends."""
    rows = await connection.execute(
        select(_N.id, _N.recipient, _N.kind, _N.state, _N.text)
        .where(_N.event_id == event_id, _N.state.in_(states))
        .order_by(_N.id)
        .with_for_update(skip_locked=True)
    )
    return [Notice(*row) for row in rows]


async def settle(
    connection: AsyncConnection, notice_id: UUID, state: str, text: str, now: dt.datetime
) -> None:
    """The person was told, or cannot be reached."""
    await connection.execute(
        update(notices).where(_N.id == notice_id).values(state=state, text=text, sent_at=now)
    )


async def told(connection: AsyncConnection, event_id: UUID) -> int:
    count: int | None = await connection.scalar(
        select(func.count()).select_from(notices).where(_N.event_id == event_id, _N.state == "sent")
    )
    return count or 0


async def settings(connection: AsyncConnection, person_id: UUID) -> Settings | None:
    """How this person wants to be spoken to; None when there is no such active person."""
    row = (await connection.execute(_settings().where(people.c.id == person_id))).one_or_none()
    return _setting(row) if row else None


def _settings() -> Select[Any]:
    stored = (_S.digest_hour, _S.quiet_begins, _S.quiet_ends, _S.snoozed_until, _S.updated_at)
    return (
        select(people.c.id, spoken, people.c.zone, *stored)
        .outerjoin(person_settings, _S.person_id == people.c.id)
        .where(people.c.active)
    )


def _setting(row: Row[Any]) -> Settings:
    quiet = Quiet(row.quiet_begins, row.quiet_ends) if row.quiet_begins is not None else None
    hour = DIGEST_HOUR if row.updated_at is None else row.digest_hour
    return Settings(PersonId(row.id), row.locale, row.zone, hour, quiet, row.snoozed_until)


async def keep_settings(connection: AsyncConnection, of: Settings, now: dt.datetime) -> None:
    """Write the person's one row; language and zone are the identity slice's to write."""
    values = {
        "digest_hour": of.digest_hour,
        "quiet_begins": of.quiet.begins if of.quiet else None,
        "quiet_ends": of.quiet.ends if of.quiet else None,
        "snoozed_until": of.snoozed_until,
        "updated_at": now,
    }
    await connection.execute(
        insert(person_settings)
        .values(person_id=of.person_id, **values)
        .on_conflict_do_update(index_elements=["person_id"], set_=values)
    )
