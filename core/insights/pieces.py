"""What a run reads before it works something out: range after range of ids, each kept by itself.

One rule: a run goes on behind the last piece that was kept, so one that was interrupted begins nothing anew, and no
statement reads more rows than a piece has.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Integer, Table, bindparam, select
from sqlalchemy.dialects.postgresql import insert

from core.access.actor import Actor
from core.access.guard import requires
from core.access.permissions import Permission
from core.db.base import Id
from core.db.compiled import Prebuilt
from core.db.connection import Connection
from core.insights.model import InsightRun
from core.insights.tables import ml_run_pieces
from core.uow import Uow

ROWS_AT_ONCE = 1_000
FIRST = UUID(int=0)
_P = ml_run_pieces.c


@dataclass(frozen=True)
class IdRange:
    """The ids behind ``after``, up to ``up_to`` and with it."""

    after: UUID
    up_to: UUID


@dataclass(frozen=True)
class RunPiece:
    """What was found in the ids up to ``up_to``, as JSON; empty when nothing is kept but how far it has come."""

    up_to: UUID
    content: str = ""


@dataclass(frozen=True)
class CollectStep:
    """One kind of piece; ``collect`` takes the next one behind an id, and None when there is none any more."""

    name: str
    collect: Callable[[Uow, InsightRun, UUID], Awaitable[RunPiece | None]]


def next_range(table: Table) -> Prebuilt:
    """The last of the next ``at_once`` ids behind ``after``; no row when there is none."""
    behind = select(table.c.id).where(table.c.id > bindparam("after", type_=Id)).order_by(table.c.id)
    nearest = behind.limit(bindparam("at_once", type_=Integer)).subquery("nearest")
    return Prebuilt(select(nearest.c.id).order_by(nearest.c.id.desc()).limit(1))


async def ranges(connection: Connection, of_table: Prebuilt, after: UUID = FIRST) -> AsyncIterator[IdRange]:
    """All ranges behind an id, one after the other; ``of_table`` is a ``next_range``."""
    while up_to := await connection.scalar(of_table, {"after": after, "at_once": ROWS_AT_ONCE}):
        yield IdRange(after, up_to)
        after = up_to


def by_id(
    name: str, table: Table, read: Callable[[Connection, InsightRun, IdRange], Awaitable[str]]
) -> CollectStep:
    """A step that reads a table range by range."""
    of_table = next_range(table)

    async def collect(uow: Uow, run: InsightRun, after: UUID) -> RunPiece | None:
        up_to = await uow.connection.scalar(of_table, {"after": after, "at_once": ROWS_AT_ONCE})
        return RunPiece(up_to, await read(uow.connection, run, IdRange(after, up_to))) if up_to else None

    return CollectStep(name, collect)


@requires(Permission.insights_run)
async def collect_next(uow: Uow, actor: Actor, run: InsightRun, steps: Sequence[CollectStep]) -> bool:
    """Collect and keep the next piece of a run; false when there is none left."""
    newest = select(ml_run_pieces).where(_P.run_id == run.id).order_by(_P.number.desc()).limit(1)
    last = (await uow.connection.execute(newest)).one_or_none()
    reached = [each.name for each in steps].index(last.step) if last else 0
    for place, step in enumerate(steps[reached:]):
        after = last.up_to if last and not place else FIRST
        piece = await step.collect(uow, run, after)
        if piece is not None:
            row = {"run_id": run.id, "number": last.number + 1 if last else 0, "step": step.name}
            await uow.connection.execute(insert(ml_run_pieces).values(**row, **vars(piece)))
            return True
    return False


@requires(Permission.insights_run)
async def collect_all(uow: Uow, actor: Actor, run: InsightRun, steps: Sequence[CollectStep]) -> None:
    """All pieces in one transaction: for histories of which that does not take long."""
    while await collect_next(uow, actor, run, steps):
        pass


async def collected(connection: Connection, run: InsightRun, step: str) -> AsyncIterator[str]:
    """What the pieces of a step hold, one by one, as all of them together may not fit into memory."""
    of_step = (_P.run_id == run.id, _P.step == step)
    for number in await connection.scalars(select(_P.number).where(*of_step).order_by(_P.number)):
        yield str(await connection.scalar(select(_P.content).where(*of_step, _P.number == number)))
