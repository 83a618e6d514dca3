"""The bench: CPU of process trees, idle time taken off, limits; and a filled database in which everything is right."""

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg
import pytest

from administration.analytics import rebuild_all
from core.db.engine import Engine, make_engine
from core.log.verify import verify
from stack.bench import cpu
from stack.bench.fill.copies import CopyRange, FillProgress
from stack.bench.fill.fill_database import keep_facts, write_purchases
from stack.bench.fill.templates import TABLES
from stack.bench.limit_check import exceeded, read_limits
from stack.bench.page_browser import LoadedPage
from stack.bench.report import BenchReport, ResultTable
from stack.bench.run_bench import MEASUREMENTS, bench
from stack.cli import BENCH_MEASUREMENTS
from stack.demo.__main__ import fill as fill_demo
from stack.errors import StackError
from stack.paths import Paths
from tests.support.measuring import rows_of, sealed, weeks_are_right
from tests.support.postgres import Database

BUSY = "import time\nwhile time.process_time() < 0.3: pass\n"
PARENT = (
    f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {BUSY!r}])\nprint(flush=True)\ninput()\n"
)
LIMITS = Path(__file__).parents[2] / "docs" / "bench" / "limits.json"


@contextmanager
def python(code: str) -> Iterator["subprocess.Popen[bytes]"]:
    """A process that prints a line when it has done its work, and waits for its end."""
    words = [sys.executable, "-c", code]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        yield process
        process.communicate(b"\n")


def test_a_process_is_read_as_it_reads_itself() -> None:
    before, read = time.process_time(), cpu.process_cpu(os.getpid())
    assert before <= read <= time.process_time()


def test_a_tree_counts_children_that_have_ended() -> None:
    with python(PARENT) as process:
        assert cpu.process_cpu(process.pid) < 0.3
        assert cpu.tree_cpu(process.pid) >= 0.3


def test_a_tree_counts_living_children_and_can_leave_one_out() -> None:
    with python(f"{BUSY}print(flush=True)\ninput()\n") as process:
        own = cpu.tree_cpu(os.getpid())
        assert own - cpu.tree_cpu(os.getpid(), leave_out=(process.pid,)) >= 0.25


def test_a_process_that_has_ended_costs_nothing_more() -> None:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    assert cpu.process_cpu(process.pid) == 0.0
    assert cpu.tree_cpu(process.pid) == 0.0


def test_the_name_of_a_process_may_contain_anything() -> None:
    line = "7 (a ) b (c) S 3 " + " ".join(str(number) for number in range(2, 50))
    assert cpu.parse_stat(line) == cpu.ProcessEntry(3, (13 + 14) / 100)


def test_idle_time_is_taken_off_for_the_same_time() -> None:
    span = cpu.CpuSpan(10.0, {"api": 2.0, "worker": 3.0})
    idle = cpu.CpuSpan(5.0, {"api": 0.5, "worker": 0.25})
    assert span.without(idle).milliseconds("api") == pytest.approx(1000)
    assert span.without(idle).milliseconds("api", "worker") == pytest.approx(3500)


def test_a_figure_may_rise_by_a_third_and_no_more() -> None:
    stored = {"statements": 30.0, "cpu_ratio_to_pgbench": 12.0}
    assert exceeded({"statements": 40.0, "cpu_ratio_to_pgbench": 3.0}, stored) == []
    assert exceeded({"statements": 40.1, "cpu_ratio_to_pgbench": 12.0}, stored) == [
        "statements is 40.1, more than a third above 30.0"
    ]
    assert exceeded({"statements": 1.0}, stored) == ["cpu_ratio_to_pgbench is not measured any more"]


def test_limits_that_cannot_be_read_are_one_sentence(tmp_path: Path) -> None:
    file = tmp_path / "limits.json"
    with pytest.raises(StackError, match="cannot be read"):
        read_limits(file, "calls")
    file.write_text('{"cycle": {}}')
    with pytest.raises(StackError, match="has no figures of 'calls'"):
        read_limits(file, "calls")


def test_the_stored_limits_are_of_what_the_bench_counts() -> None:
    stored = read_limits(LIMITS, "calls")
    assert {"statements", "cpu_ratio_to_pgbench"} <= stored.keys()
    assert all("statements" in name or "ratio" in name for name in stored)


def test_a_report_is_the_same_for_people_and_for_programs() -> None:
    table = ResultTable("per call", ("call", "CPU ms"), [("create", 1.234), ("rfq", 12345.6)])
    report = BenchReport("calls", (table,), {"cpu_ms": 1.234}, ("A note.",))
    assert "  create    1.23\n  rfq     12,346" in report.as_text()
    assert report.as_text().endswith("A note.")
    assert json.loads(report.as_json())["figures"] == {"cpu_ms": 1.234}


def test_the_command_line_offers_every_measurement() -> None:
    assert set(BENCH_MEASUREMENTS) == {*MEASUREMENTS, "start"}


def test_only_fill_takes_a_number(tmp_path: Path) -> None:
    for measurement, count in (("fill", None), ("calls", 5)):
        args = argparse.Namespace(measurement=measurement, count=count, json=False, check=False, short=True)
        with pytest.raises(StackError, match="bench fill N"):
            bench(Paths(tmp_path, tmp_path), args)


def test_a_page_names_what_it_brings_and_in_which_orders_it_can_be_read() -> None:
    html = (
        '<link rel="stylesheet" href="/assets/1/page.css"><script src="/scripts/2/x.js" defer></script>'
        '<a href="/lists/rfqs?state=open&amp;sort=number">…</a><a href="/lists/quotes?sort=amount">…</a>'
    )
    page = LoadedPage("/lists/rfqs?state=open", html, len(html), 1.0)
    assert page.brought == ["/assets/1/page.css", "/scripts/2/x.js"]
    assert page.orders == ["/lists/rfqs?state=open&sort=number"]


def test_the_fill_says_every_few_percent_how_far_it_is() -> None:
    lines: list[str] = []
    progress = FillProgress("purchases", 200, lines.append)
    for _ in range(200):
        progress.step()
    assert (lines[0], lines[-1], len(lines)) == ("purchases: 5 %", "purchases: 100 %", 20)


def test_each_copy_is_written_once_to_the_tables_and_once_to_the_log() -> None:
    copies = CopyRange(first=101, first_whole=90_101, last=100_100)
    for chunks in (copies.table_chunks(), copies.log_chunks()):
        written = [number for first, last in chunks for number in range(first, last + 1)]
        assert written == list(range(101, 100_101))
    assert 90_101 in {first for first, _ in copies.log_chunks()}, "no chunk has older and newer copies"


FOREIGN_KEYS = """
SELECT conrelid::regclass::text AS child, confrelid::regclass::text AS parent, a.attname AS column, b.attname AS key
FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = conrelid AND a.attnum = conkey[1]
JOIN pg_attribute b ON b.attrelid = confrelid AND b.attnum = confkey[1] WHERE contype = 'f'
"""
ORDERS_BY_YEAR = """
SELECT count(*) AS orders, max(split_part(number, '-', 3)::int) AS last, c.last AS kept FROM purchase_orders
JOIN number_counters c ON c.kind = 'PO' AND c.year = split_part(number, '-', 2)::int GROUP BY c.year, c.last
"""
UNLIKE_ITS_COLUMNS = """
SELECT count(*) FROM audit_events e WHERE e.canonical::jsonb -> 'data' <> e.data
OR (e.canonical::jsonb ->> 'id')::uuid <> e.id OR (e.canonical::jsonb ->> 'occurred_at')::timestamptz <> e.occurred_at
"""


@pytest.mark.timeout(240)
async def test_a_filled_database_verifies_and_keeps_every_constraint(database: Database) -> None:
    engine = make_engine(database.app_url, size=1)
    async with engine.begin() as connection:
        await fill_demo(connection, "a demo password")
    await sealed(database)
    hand = database.hand
    await rebuild_all(engine)
    before = {table: await hand.fetchval(f"SELECT count(*) FROM {table}") for table in TABLES}
    await write_purchases(hand, database.admin_url, 1000, lambda _: None)
    await keep_facts(database.admin_url, lambda _: None)
    await _measured_as_a_rebuild_does(database, engine)
    assert (
        await hand.fetchval("SELECT count(*) FROM procurement_requests")
        == before["procurement_requests"] + 1000
    )
    assert await hand.fetchval("SELECT count(*) FROM vendor_quotes") > before["vendor_quotes"] + 2000
    await _holds_every_foreign_key(hand)
    await _counts_go_on(hand)
    assert await hand.fetchval(UNLIKE_ITS_COLUMNS) == 0
    async with engine.connect() as connection:
        verified = await verify(connection)
    await engine.dispose()
    assert verified.ok, verified.problem
    assert verified.events > 20_000


async def _measured_as_a_rebuild_does(database: Database, engine: Engine) -> None:
    """Visits, facts and what they come to by week, of all that were copied."""
    filled = await rows_of(database)
    assert len(filled["figure_facts"]) > 10_000
    assert await database.hand.fetchval("SELECT count(*) FROM stage_visits") > 5_000
    await weeks_are_right(database)
    await rebuild_all(engine)
    assert await rows_of(database) == filled


async def _holds_every_foreign_key(hand: "asyncpg.Connection[asyncpg.Record]") -> None:
    for row in await hand.fetch(FOREIGN_KEYS):
        child, parent, column, key = row["child"], row["parent"], row["column"], row["key"]
        missing = await hand.fetchval(
            f'SELECT count(*) FROM {child} c WHERE c."{column}" IS NOT NULL'
            f' AND NOT EXISTS (SELECT 1 FROM {parent} p WHERE p."{key}" = c."{column}")'
        )
        assert missing == 0, (child, column)


async def _counts_go_on(hand: "asyncpg.Connection[asyncpg.Record]") -> None:
    """The next number is above all others, and orders have no gap in any year."""
    highest = "SELECT max(split_part(number, '-', 2)::int) FROM {}"
    for sequence, table in (
        ("request_numbers", "procurement_requests"),
        ("rfq_numbers", "rfqs"),
    ):
        assert await hand.fetchval(f"SELECT nextval('{sequence}')") > await hand.fetchval(
            highest.format(table)
        )
    by_year = await hand.fetch(ORDERS_BY_YEAR)
    assert len(by_year) > 1
    assert all(row["orders"] == row["last"] == row["kept"] for row in by_year)
