"""The rows of one purchase written by pgbench alone: what the database could do without Parley above it.

The newest row of each table is the sample. It is written again under a fresh id into empty copies of the tables
(same indexes and checks, no foreign keys), in as many transactions as the API needs: request, RFQ, quote,
approval opened, decision and order, acknowledgement, receipt.
"""

import asyncio
import re
import subprocess
from pathlib import Path

import asyncpg

TRANSACTIONS: tuple[tuple[str, ...], ...] = (
    ("procurement_requests", "request_lines", "idempotency_keys"),
    ("rfqs", "rfq_lines", "rfq_invitations", "idempotency_keys"),
    ("vendor_quotes", "quote_lines", "quote_revisions", "idempotency_keys"),
    ("approvals", "approval_steps"),
    ("approval_logs", "purchase_orders", "purchase_order_lines", "idempotency_keys"),
    ("idempotency_keys",),
    ("receipts", "idempotency_keys"),
)
LOG, EVENTS = "audit_events", 24
"""A purchase with one vendor leaves 24 events."""


async def purchases_per_second(
    url: str, pgbench: Path, folder: Path, clients: tuple[int, ...], seconds: int
) -> dict[int, float]:
    """Per number of clients. The schema ``bench`` is made and dropped."""
    connection = await asyncpg.connect(url)
    try:
        script = folder / "purchase.sql"
        script.write_text(await _prepare(connection), encoding="utf-8")
        return {
            count: await asyncio.to_thread(_run, pgbench, url, script, count, seconds) for count in clients
        }
    finally:
        await connection.execute("DROP SCHEMA IF EXISTS bench CASCADE")
        await connection.close()


async def _prepare(connection: "asyncpg.Connection[asyncpg.Record]") -> str:
    """The copies, and the purchase in pgbench's words; the log's rows are spread over the transactions."""
    await connection.execute("DROP SCHEMA IF EXISTS bench CASCADE")
    await connection.execute("CREATE SCHEMA bench")
    tables = {LOG, *(table for tables in TRANSACTIONS for table in tables)}
    inserts = {table: await _copied(connection, table) for table in tables}
    each, rest = divmod(EVENTS, len(TRANSACTIONS))
    parts = []
    for number, names in enumerate(TRANSACTIONS):
        rows = [*names, *([LOG] * (each + (number < rest)))]
        parts += ["BEGIN;", *(inserts[table] for table in rows), "COMMIT;"]
    return "\n".join(parts)


async def _copied(connection: "asyncpg.Connection[asyncpg.Record]", table: str) -> str:
    """An empty copy with the same indexes, unique ones made plain; the statement that adds a row to it."""
    await connection.execute(f"CREATE TABLE bench.{table} (LIKE public.{table} INCLUDING CONSTRAINTS)")
    await connection.execute(
        f"CREATE TABLE bench.sample_{table} AS SELECT * FROM public.{table} ORDER BY ctid DESC LIMIT 1"
    )
    indexes = "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename = $1"
    for row in await connection.fetch(indexes, table):
        plain = re.sub(r"^CREATE (UNIQUE )?INDEX \S+ ON public\.", "CREATE INDEX ON bench.", row["indexdef"])
        await connection.execute(plain)
    names = await connection.fetch(
        "SELECT attname FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped"
        " ORDER BY attnum",
        f"bench.{table}",
    )
    values = ", ".join("uuidv7()" if row["attname"] == "id" else f'"{row["attname"]}"' for row in names)
    return f"INSERT INTO bench.{table} SELECT {values} FROM bench.sample_{table};"


def _run(pgbench: Path, url: str, script: Path, clients: int, seconds: int) -> float:
    words = [str(pgbench), "-n", "-M", "prepared", "-f", str(script)]
    words += ["-c", str(clients), "-j", "2", "-T", str(seconds), url]
    done = subprocess.run(words, capture_output=True, text=True)
    found = re.search(r"tps = ([\d.]+)", done.stdout)
    assert found is not None, done.stdout + done.stderr
    return float(found[1])
