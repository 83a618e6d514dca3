"""Writes the copies: tables of purchases, the log with its chain, deliveries, and everything that counts them.

The tables and the log are written side by side, in chunks of copies in the order of time. Large fills leave foreign
keys unchecked and make the indexes afterwards; small ones check everything.

One rule: the chain is the one that sealing would have made, so that the whole log verifies.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass

import asyncpg

from core.log.seal import GENESIS
from stack.bench.bench_installation import SqlConnection
from stack.bench.fill.patterns import SCHEMA, PatternColumn, PatternTables
from stack.bench.fill.templates import LOG, TABLES

CHECKED_UP_TO = 20_000
"""Larger fills check no foreign key and make the indexes afterwards; their older purchases have no whole log."""
WHOLE_LOG_SHARE = 10
TABLE_CHUNK, FIRST_EVENT_CHUNK, WHOLE_LOG_CHUNK = 50_000, 50_000, 4_000
TOLD_EACH_PERCENT = 5
_QUICK = "SET synchronous_commit = off; SET work_mem = '256MB'; SET maintenance_work_mem = '1GB'"
_COPIES = f"""
CREATE UNLOGGED TABLE {SCHEMA}.copies AS
WITH made AS (
  SELECT p.*, p.started + n * interval '137 milliseconds' AS moment
  FROM {SCHEMA}.patterns p, generate_series(0, p.copies - 1) n
), numbered AS (
  SELECT *, row_number() OVER by_time + $1::bigint AS k,
    sum(rfqs) OVER by_time - rfqs + $2::bigint AS f, sum(quotes) OVER by_time - quotes + $3::bigint AS q,
    sum(orders) OVER (PARTITION BY year ORDER BY moment, pattern) + coalesce(l.last, 0) AS o
  FROM made LEFT JOIN (SELECT year, last FROM number_counters WHERE kind = 'PO') l USING (year)
  WINDOW by_time AS (ORDER BY moment, pattern)
), stamped AS (
  SELECT *, lpad(to_hex((extract(epoch FROM moment) * 1000)::bigint), 12, '0') AS hex FROM numbered
)
SELECT k, pattern, year, orders, o, f + rfqs AS last_f, q + quotes AS last_q,
  left(hex, 8) || '-' || right(hex, 4) AS p, lpad(to_hex(k), 12, '0') AS k12, k::text AS r0,
  (f + 1)::text AS f0, (q + 1)::text AS q0, (q + 2)::text AS q1, (q + 3)::text AS q2,
  lpad(o::text, greatest(5, length(o::text)), '0') AS o0
FROM stamped
"""
_CHAIN = f"""
CREATE FUNCTION {SCHEMA}.next_link(link bytea, digest bytea, head bytea) RETURNS bytea LANGUAGE plpgsql IMMUTABLE
  AS $$ BEGIN RETURN sha256(coalesce(link, head) || digest); END $$;
CREATE AGGREGATE {SCHEMA}.links(bytea, bytea) (SFUNC = {SCHEMA}.next_link, STYPE = bytea)
"""
_HEAD = f"SELECT position, chain FROM {LOG} WHERE position IS NOT NULL ORDER BY position DESC LIMIT 1"
_DELIVERIES = f"""
INSERT INTO deliveries (id, event_id, position, event_type, subscriber, subject, state, attempts, fence, due_at,
                        enqueued_at, updated_at)
SELECT uuidv7(), e.id, e.position, e.type, s.subscriber, e.subject_kind || ':' || e.subject_id, 'done', 1, 1,
       e.occurred_at, e.occurred_at, e.occurred_at + interval '1 second'
FROM {LOG} e JOIN unnest($3::text[], $4::text[]) AS s(type, subscriber) ON s.type = e.type
WHERE e.position BETWEEN $1 AND $2 ORDER BY e.position
"""
_LATER = """
UPDATE approval_steps SET remind_at = now() + interval '30 days' WHERE state = 'open' AND remind_at < now();
UPDATE rfqs SET remind_at = now() + interval '30 days' WHERE state = 'open' AND remind_at < now() + interval '1 day'
"""
"""What waits is not overdue: the clock would send a reminder for each in its first second."""

Say = Callable[[str], None]


@dataclass(frozen=True)
class CopyRange:
    """The copies by their request numbers; from ``first_whole`` on they have their whole log."""

    first: int
    first_whole: int
    last: int

    @property
    def checked(self) -> bool:
        return self.last - self.first < CHECKED_UP_TO

    def table_chunks(self) -> list[tuple[int, int]]:
        return _chunks(self.first, self.last, TABLE_CHUNK)

    def log_chunks(self) -> list[tuple[int, int]]:
        older = _chunks(self.first, self.first_whole - 1, FIRST_EVENT_CHUNK)
        return older + _chunks(self.first_whole, self.last, WHOLE_LOG_CHUNK)


def _chunks(first: int, last: int, size: int) -> list[tuple[int, int]]:
    return [(at, min(at + size - 1, last)) for at in range(first, last + 1, size)]


@dataclass(frozen=True)
class CopyPlan:
    """Which copies are written, and the subscribers of each event type."""

    copies: CopyRange
    columns: PatternTables
    subscribers: Mapping[str, Sequence[str]]


class FillProgress:
    """Says every few percent how far one part of the work has come."""

    def __init__(self, what: str, chunks: int, say: Say) -> None:
        self._what = what
        self._chunks = chunks
        self._say = say
        self._done = self._told = 0

    def step(self) -> None:
        """One more chunk is written."""
        self._done += 1
        percent = 100 * self._done // self._chunks
        if percent >= self._told + TOLD_EACH_PERCENT or self._done == self._chunks:
            self._told = percent
            self._say(f"{self._what}: {percent} %")


_LAST_QUOTE = """
SELECT coalesce(max(split_part(number, '-', 2)::int), 0) FROM vendor_quotes WHERE length(number) < 10
"""
"""Copies are counted below the numbers that are drawn, which have eight digits."""


async def make_copies(connection: SqlConnection, requests: int) -> CopyRange:
    """The table ``bench_fill.copies``: a row per purchase with its numbers."""
    starts = [await _last_value(connection, f"{kind}_numbers") for kind in ("request", "rfq")]
    starts.append(await connection.fetchval(_LAST_QUOTE))
    whole = requests if requests <= CHECKED_UP_TO else max(CHECKED_UP_TO, requests // WHOLE_LOG_SHARE)
    last = starts[0] + requests
    await connection.execute(_QUICK)
    await connection.execute(_COPIES, *starts)
    await connection.execute(f"CREATE INDEX ON {SCHEMA}.copies (k); ANALYZE {SCHEMA}.copies")
    return CopyRange(starts[0] + 1, last - whole + 1, last)


async def _last_value(connection: SqlConnection, sequence: str) -> int:
    row = await connection.fetchrow(f"SELECT last_value - (NOT is_called)::int AS last FROM {sequence}")
    return int(row["last"])


async def write_copies(url: str, plan: CopyPlan, say: Say) -> None:
    """Rows, log and deliveries, then indexes, counters and statistics."""
    async with _connected(url, plan) as tables, _connected(url, plan) as log:
        filled = (*TABLES, LOG, "deliveries")
        indexes = [] if plan.copies.checked else await _drop_indexes(tables, filled)
        try:
            if plan.copies.checked:
                await _write_tables(tables, plan, say)
                await _write_log(log, plan, say)
            else:
                async with asyncio.TaskGroup() as group:
                    group.create_task(_write_tables(tables, plan, say))
                    group.create_task(_write_log(log, plan, say))
        finally:
            say(f"making {len(indexes)} indexes")
            await _in_turn((tables, log), indexes)
        await _count(tables)
        await tables.execute(_LATER)
        say("collecting statistics")
        await _in_turn((tables, log), [f"VACUUM (ANALYZE) {table}" for table in filled])
        await tables.execute(f"DROP SCHEMA {SCHEMA} CASCADE")


@contextlib.asynccontextmanager
async def _connected(url: str, plan: CopyPlan) -> AsyncIterator[SqlConnection]:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(_QUICK)
        if not plan.copies.checked:
            await connection.execute("SET session_replication_role = replica")
        yield connection
    finally:
        await connection.close()


async def _in_turn(connections: Sequence[SqlConnection], statements: Sequence[str]) -> None:
    """All of them, each connection taking the next when it is free."""
    waiting = list(reversed(statements))

    async def work(connection: SqlConnection) -> None:
        while waiting:
            await connection.execute(waiting.pop())

    async with asyncio.TaskGroup() as group:
        for connection in connections:
            group.create_task(work(connection))


async def _drop_indexes(connection: SqlConnection, tables: Sequence[str]) -> list[str]:
    """Drop what no constraint needs; the statements that make it again."""
    rows = await connection.fetch(
        "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename = ANY($1)"
        " AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conname = indexname)",
        list(tables),
    )
    for row in rows:
        await connection.execute(f"DROP INDEX public.{row['indexname']}")
    return [row["indexdef"] for row in rows]


async def _write_tables(connection: SqlConnection, plan: CopyPlan, say: Say) -> None:
    chunks = plan.copies.table_chunks()
    progress = FillProgress("purchases", len(chunks), say)
    for first, last in chunks:
        for table in TABLES:
            columns = plan.columns.get(table)
            if columns:
                await connection.execute(_copy_statement(table, columns), first, last)
        progress.step()


def _copy_statement(table: str, columns: Sequence[PatternColumn]) -> str:
    names = ", ".join(f'"{column.name}"' for column in columns)
    values = ", ".join(column.copied for column in columns)
    return (
        f"INSERT INTO {table} ({names}) SELECT {values} FROM {SCHEMA}.copies c"
        f" JOIN {SCHEMA}.{table} t USING (pattern) WHERE c.k BETWEEN $1 AND $2 ORDER BY c.k, t.ordinal"
    )


async def _write_log(connection: SqlConnection, plan: CopyPlan, say: Say) -> None:
    """Events with positions and chain after those that are there, and their deliveries; sealed as they are written."""
    await connection.execute("ALTER TABLE audit_events DISABLE TRIGGER audit_events_arrive_unsealed")
    await connection.execute(_CHAIN)
    statement = _log_statement(plan.columns[LOG])
    pairs = [(kind, name) for kind, names in plan.subscribers.items() for name in names]
    types, subscribers = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    head = await connection.fetchrow(_HEAD)
    position, chain = (head["position"], head["chain"]) if head else (0, GENESIS)
    chunks = plan.copies.log_chunks()
    progress = FillProgress("log and deliveries", len(chunks), say)
    for first, last in chunks:
        before = position
        await connection.execute(statement, first, last, position, chain, plan.copies.first_whole)
        head = await connection.fetchrow(_HEAD)
        position, chain = head["position"], head["chain"]
        await connection.execute(_DELIVERIES, before + 1, position, types, subscribers)
        progress.step()
    await connection.execute("ALTER TABLE audit_events ENABLE TRIGGER audit_events_arrive_unsealed")
    say(f"the log has {position:,} events")


def _log_statement(columns: Sequence[PatternColumn]) -> str:
    names = ", ".join(f'"{column.name}"' for column in columns)
    values = ", ".join(f'{column.copied} AS "{column.name}"' for column in columns)
    return f"""
INSERT INTO {LOG} ({names}, digest, position, chain)
SELECT {names}, digest, $3::bigint + n, {SCHEMA}.links(digest, $4::bytea) OVER (ORDER BY n)
FROM (
  SELECT *, sha256(convert_to(canonical, 'UTF8')) AS digest, row_number() OVER (ORDER BY k, ordinal) AS n
  FROM (
    SELECT c.k, t.ordinal, {values} FROM {SCHEMA}.copies c JOIN {SCHEMA}.{LOG} t USING (pattern)
    WHERE c.k BETWEEN $1 AND $2 AND (c.k >= $5 OR t.ordinal = 0)
  ) copied
) hashed ORDER BY n
"""


async def _count(connection: SqlConnection) -> None:
    """Sequences, numbers and the measured log go on after the last copy; an hour more in summer may be another week."""
    await connection.execute(f"""
SELECT setval('request_numbers', (SELECT max(k) FROM {SCHEMA}.copies));
SELECT setval('rfq_numbers', (SELECT max(last_f) FROM {SCHEMA}.copies));
INSERT INTO number_counters (kind, year, last)
  SELECT 'PO', year, max(o) FROM {SCHEMA}.copies WHERE orders > 0 GROUP BY year
  ON CONFLICT (kind, year) DO UPDATE SET last = excluded.last;
UPDATE measured_log SET position = (SELECT max(position) FROM {LOG});
UPDATE stage_visits v SET week = date_trunc('week', v.left_at AT TIME ZONE o.zone)::date FROM organisation o
  WHERE v.week <> date_trunc('week', v.left_at AT TIME ZONE o.zone)::date;
TRUNCATE visit_weeks;
INSERT INTO visit_weeks (worked, stage, week, bucket, n)
  SELECT m.worked, v.stage, v.week, m.bucket, count(*) FROM stage_visits v
  CROSS JOIN LATERAL (VALUES (false, v.bucket), (true, v.working_bucket)) m(worked, bucket)
  WHERE v.week IS NOT NULL AND NOT v.stopped AND m.bucket IS NOT NULL GROUP BY 1, 2, 3, 4
""")
