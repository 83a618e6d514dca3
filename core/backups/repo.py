"""The statements of backups and restores.

One rule: numbers are only ever moved forward.
"""

import datetime as dt
from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import Sequence as NumberSequence
from sqlalchemy import func, insert, literal, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from core.accounts.tables import link_codes, refresh_tokens
from core.backups.commands import NoteBackup
from core.backups.model import LogSizes, SkippedNumbers
from core.backups.tables import backups
from core.db.connection import Connection
from core.db.counters import number_counters, request_numbers, rfq_numbers
from core.kernel.ids import PersonId, new_id
from core.log.epochs import THE_LOG
from core.log.tables import audit_events
from core.people.tables import people

_E, _P, _N = audit_events.c, people.c, number_counters.c
SEQUENCES = {"REQ": request_numbers, "RFQ": rfq_numbers}


async def note(connection: Connection, command: NoteBackup, now: dt.datetime) -> UUID:
    """Write the row of a backup; returns its id."""
    backup_id = new_id()
    await connection.execute(
        insert(backups).values(
            id=backup_id,
            kind=command.kind,
            log_size=command.log_size,
            size_bytes=command.size_bytes,
            made_at=now,
        )
    )
    return backup_id


async def log_sizes(connection: Connection) -> LogSizes:
    sealed = select(func.coalesce(func.max(_E.position), 0)).scalar_subquery()
    unsealed = select(func.count()).where(_E.position.is_(None)).scalar_subquery()
    return LogSizes(*(await connection.execute(select(sealed, unsealed))).one())


async def restores(connection: Connection, event_type: str) -> int:
    """How often this log was restored before."""
    about = (_E.subject_id == THE_LOG, _E.type == event_type)
    return int(await connection.scalar(select(func.count()).where(*about)) or 0)


async def end_everything_open(connection: Connection, epoch: int, now: dt.datetime) -> None:
    """No token, browser or one-time code of before counts any more."""
    await connection.execute(update(people).values(epoch=func.greatest(_P.epoch + 1, epoch)))
    for table in (refresh_tokens, link_codes):
        open_ones = (table.c.revoked_at.is_(None), table.c.used_at.is_(None))
        await connection.execute(update(table).where(*open_ones).values(revoked_at=now))


async def active_among(connection: Connection, ids: Collection[UUID]) -> Sequence[PersonId]:
    """Those of these people who are here and may log in."""
    found = select(_P.id).where(_P.id.in_(list(ids)), _P.active).order_by(_P.id)
    return [PersonId(each) for each in await connection.scalars(found)]


async def last_of(connection: Connection, sequence: NumberSequence) -> int:
    """Takes the sequence's next number: what was given out is below it."""
    return int(await connection.scalar(select(sequence.next_value())))


async def skip_to(connection: Connection, kind: str, first: int, last: int) -> SkippedNumbers:
    """Take the sequence's numbers up to ``last``; the login may take numbers, and set none."""
    taken = select(func.max(SEQUENCES[kind].next_value())).select_from(
        func.generate_series(literal(1), literal(last - first))
    )
    await connection.scalar(taken)
    return SkippedNumbers(kind, first, last)


async def counters(connection: Connection, year: int) -> Sequence[tuple[str, int, int]]:
    """Each gap-free count by kind and year, that of orders of this year also when it has not begun."""
    await connection.execute(
        upsert(number_counters).values(kind="PO", year=year, last=0).on_conflict_do_nothing()
    )
    rows = await connection.execute(
        select(_N.kind, _N.year, _N.last).where(_N.year >= year).with_for_update()
    )
    return [(row.kind, row.year, row.last) for row in rows]


async def set_counter(connection: Connection, kind: str, year: int, last: int) -> None:
    await connection.execute(
        update(number_counters).where(_N.kind == kind, _N.year == year).values(last=last)
    )
