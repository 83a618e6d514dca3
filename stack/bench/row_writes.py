"""The rows of one purchase written by pgbench alone: what the database could do without Parley above it.

The newest row of each table is the sample. It is written again under a fresh id into empty copies of the tables
(same indexes and checks, no foreign keys), in as many transactions as the API needs: one per call that writes, and
one for the approval.

One rule: it is measured in the same run as what it is compared with, because a machine differs between minutes.
"""

import asyncio
import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from stack.bench.bench_installation import BenchInstallation, SqlConnection, pgbench_program
from stack.bench.report import ResultTable
from stack.errors import StackError

_LOG = "audit_events"
_KEY = "idempotency_keys"
Transaction = tuple[str, ...]
CREATE: Transaction = ("procurement_requests", "request_lines", "request_lines", _KEY, _LOG, _LOG)
_QUOTE: Transaction = ("vendor_quotes", "quote_lines", "quote_lines", "quote_revisions", _KEY)
_ORDER_LINES = ("purchase_order_lines", "purchase_order_lines")
PURCHASE: tuple[Transaction, ...] = (
    CREATE,
    ("rfqs", *["rfq_lines"] * 2, *["rfq_invitations"] * 3, _KEY, _LOG, _LOG),
    (*_QUOTE, _LOG, _LOG),
    (*_QUOTE, _LOG),
    (*_QUOTE, *[_LOG] * 3),
    ("approvals", "approval_steps", *[_LOG] * 3),
    ("approval_logs", "purchase_orders", *_ORDER_LINES, _KEY, *[_LOG] * 8),
    (_KEY, _LOG),
    ("receipts", _KEY, _LOG),
    ("receipts", _KEY, *[_LOG] * 3),
)
"""A purchase with three vendors leaves 26 events; the show writes nothing."""


@dataclass(frozen=True)
class RowWrites:
    """What pgbench reached with one script: runs per second, and the server's CPU per run."""

    per_second: float
    cpu_ms: float

    def row(self, name: str) -> tuple[str, float, float]:
        return name, self.cpu_ms, self.per_second


def rows_table(*rows: tuple[str, float, float]) -> ResultTable:
    """What pgbench reached, for a report."""
    return ResultTable("the same rows by pgbench", ("script", "PostgreSQL ms", "runs/s"), rows)


async def measure_rows(
    bench: BenchInstallation, script: Sequence[Transaction], runs: int, clients: int = 8
) -> RowWrites:
    """Run the script ``runs`` times; the schema ``bench`` is made and dropped."""
    file = bench.paths.run / "rows.sql"
    try:
        file.write_text(await _prepare(bench.connection, script), encoding="utf-8")
        await asyncio.to_thread(_run, bench, file, clients * 2, clients)
        before = bench.read_cpu()
        per_second = await asyncio.to_thread(_run, bench, file, runs, clients)
        await asyncio.sleep(0.05)
        span = bench.read_cpu().since(before)
    finally:
        await bench.connection.execute("DROP SCHEMA IF EXISTS bench CASCADE")
    return RowWrites(per_second, span.milliseconds("postgres") / (runs // clients * clients))


async def _prepare(connection: SqlConnection, script: Sequence[Transaction]) -> str:
    """The copies, and the purchase in pgbench's words."""
    await connection.execute("DROP SCHEMA IF EXISTS bench CASCADE")
    await connection.execute("CREATE SCHEMA bench")
    tables = {table for transaction in script for table in transaction}
    inserts = {table: await _copied(connection, table) for table in sorted(tables)}
    words = []
    for transaction in script:
        words += ["BEGIN;", *(inserts[table] for table in transaction), "COMMIT;"]
    return "\n".join(words)


async def _copied(connection: SqlConnection, table: str) -> str:
    """An empty copy with the same indexes, unique ones made plain; the statement that adds a row to it."""
    await connection.execute(f"CREATE TABLE bench.{table} (LIKE public.{table} INCLUDING CONSTRAINTS)")
    sample = f"SELECT * FROM public.{table} ORDER BY ctid DESC LIMIT 1"
    await connection.execute(f"CREATE TABLE bench.sample_{table} AS {sample}")
    if not await connection.fetchval(f"SELECT count(*) FROM bench.sample_{table}"):
        raise StackError(f"the table {table} is empty: make a purchase first")
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


def _run(bench: BenchInstallation, script: Path, runs: int, clients: int) -> float:
    """Runs per second."""
    words = [str(pgbench_program()), "-n", "-M", "prepared", "-f", str(script), "-c", str(clients), "-j", "2"]
    words += ["-t", str(runs // clients), bench.database_url]
    done = subprocess.run(words, capture_output=True, text=True)
    found = re.search(r"tps = ([\d.]+)", done.stdout)
    if found is None:
        raise StackError(f"pgbench: {done.stderr.strip() or done.stdout.strip()}")
    return float(found[1])
