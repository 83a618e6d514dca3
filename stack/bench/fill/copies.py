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
TABLE_CHUNK, LOG_CHUNK = 50_000, 4_000
_QUICK = "SET synchronous_commit = off; SET work_mem = '256MB'; SET maintenance_work_mem = '1GB'"
_COPIES = f"""
CREATE UNLOGGED TABLE {SCHEMA}.copies AS
WITH made AS (
  SELECT p.*, p.started + n * interval '137 milliseconds' AS moment
  FROM {SCHEMA}.patterns p, generate_series(0, p.copies - 1) n
), numbered AS (
  SELECT *, row_number() OVER by_time + $1::bigint AS k,
    sum(rfqs) OVER by_time - rfqs + $2::bigint AS f, sum(quotes) OVER by_time - quotes + $3::bigint AS q,
    sum(orders) OVER (PARTITION BY year ORDER BY moment, pattern) + coalesce(l.last, 0) AS o,
    row_number() OVER (ORDER BY moment DESC, pattern DESC) <= $4::bigint AS whole
  FROM made LEFT JOIN (SELECT year, last FROM number_counters WHERE kind = 'PO') l USING (year)
  WINDOW by_time AS (ORDER BY moment, pattern)
), stamped AS (
  SELECT *, lpad(to_hex((extract(epoch FROM moment) * 1000)::bigint), 12, '0') AS hex FROM numbered
)
SELECT k, pattern, whole, year, orders, o, f + rfqs AS last_f, q + quotes AS last_q,
  left(hex, 8) || '-' || right(hex, 4) AS p, lpad(to_hex(k), 12, '0') AS k12, k::text AS r0,
  (f + 1)::text AS f0, (q + 1)::text AS q0, (q + 2)::text AS q1, (q + 3)::text AS q2,
  lpad(o::text, greatest(5, length(o::text)), '0') AS o0
FROM stamped
"""
_CHAIN = f"""
CREATE FUNCTION {SCHEMA}.next_link(link bytea, digest bytea, head bytea) RETURNS bytea LANGUAGE sql IMMUTABLE
  AS $$ SELECT sha256(coalesce(link, head) || digest) $$;
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
class CopyPlan:
    """The range of copies by their request numbers, and the subscribers of each event type."""

    first: int
    last: int
    columns: PatternTables
    subscribers: Mapping[str, Sequence[str]]

    @property
    def checked(self) -> bool:
        return self.last - self.first < CHECKED_UP_TO

    def chunks(self, size: int) -> list[tuple[int, int]]:
        return [(at, min(at + size - 1, self.last)) for at in range(self.first, self.last + 1, size)]


async def make_copies(connection: SqlConnection, requests: int) -> tuple[int, int]:
    """The table ``bench_fill.copies``: a row per purchase with its numbers; the first and last request number."""
    starts = [await _last_value(connection, f"{kind}_numbers") for kind in ("request", "rfq", "quote")]
    whole = requests if requests <= CHECKED_UP_TO else max(CHECKED_UP_TO, requests // WHOLE_LOG_SHARE)
    await connection.execute(_QUICK)
    await connection.execute(_COPIES, *starts, whole)
    await connection.execute(f"CREATE INDEX ON {SCHEMA}.copies (k); ANALYZE {SCHEMA}.copies")
    return starts[0] + 1, starts[0] + requests


async def _last_value(connection: SqlConnection, sequence: str) -> int:
    row = await connection.fetchrow(f"SELECT last_value - (NOT is_called)::int AS last FROM {sequence}")
    return int(row["last"])


async def write_copies(url: str, plan: CopyPlan, say: Say) -> None:
    """Rows, log and deliveries, then indexes, counters and statistics."""
    async with _connected(url, plan) as tables, _connected(url, plan) as log:
        filled = (*TABLES, LOG, "deliveries")
        indexes = [] if plan.checked else await _drop_indexes(tables, filled)
        try:
            if plan.checked:
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
        if not plan.checked:
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
    for first, last in plan.chunks(TABLE_CHUNK):
        for table in TABLES:
            columns = plan.columns.get(table)
            if columns:
                await connection.execute(_copy_statement(table, columns), first, last)
        say(f"{last - plan.first + 1:,} purchases")


def _copy_statement(table: str, columns: Sequence[PatternColumn]) -> str:
    names = ", ".join(f'"{column.name}"' for column in columns)
    values = ", ".join(column.copied for column in columns)
    return (
        f"INSERT INTO {table} ({names}) SELECT {values} FROM {SCHEMA}.copies c"
        f" JOIN {SCHEMA}.{table} t USING (pattern) WHERE c.k BETWEEN $1 AND $2 ORDER BY c.k, t.ordinal"
    )


async def _write_log(connection: SqlConnection, plan: CopyPlan, say: Say) -> None:
    """Events with positions and chain after those that are there, and their deliveries."""
    await connection.execute(_CHAIN)
    statement = _log_statement(plan.columns[LOG])
    pairs = [(kind, name) for kind, names in plan.subscribers.items() for name in names]
    types, subscribers = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    head = await connection.fetchrow(_HEAD)
    position, chain = (head["position"], head["chain"]) if head else (0, GENESIS)
    for first, last in plan.chunks(LOG_CHUNK):
        before = position
        await connection.execute(statement, first, last, position, chain)
        head = await connection.fetchrow(_HEAD)
        position, chain = head["position"], head["chain"]
        await connection.execute(_DELIVERIES, before + 1, position, types, subscribers)
    say(f"{position:,} events")


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
    WHERE c.k BETWEEN $1 AND $2 AND (c.whole OR t.ordinal = 0)
  ) copied
) hashed ORDER BY n
"""


async def _count(connection: SqlConnection) -> None:
    """Sequences and the gap-free numbers go on after the last copy."""
    await connection.execute(f"""
SELECT setval('request_numbers', (SELECT max(k) FROM {SCHEMA}.copies));
SELECT setval('rfq_numbers', (SELECT max(last_f) FROM {SCHEMA}.copies));
SELECT setval('quote_numbers', (SELECT max(last_q) FROM {SCHEMA}.copies));
INSERT INTO number_counters (kind, year, last)
  SELECT 'PO', year, max(o) FROM {SCHEMA}.copies WHERE orders > 0 GROUP BY year
  ON CONFLICT (kind, year) DO UPDATE SET last = excluded.last
""")
