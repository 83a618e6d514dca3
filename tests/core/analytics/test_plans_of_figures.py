"""Among many visits a figure reads those of its weeks from one index, and what is open from another."""

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

import pytest

from core.analytics import policy, repo
from core.analytics.facts import SECTIONS, SectionSpec
from core.analytics.model import Matter
from core.db.compiled import Prebuilt
from tests.support.postgres import Database

NOW = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)
MANY = 60_000
FILL = f"""
SET session_replication_role = replica;
INSERT INTO stage_visits (subject_id, stage, visit, request_id, waited_on, entered_at, left_at, calendar_s)
SELECT gen_random_uuid(), (array['asking','quoting','choosing','approving','issuing','acknowledging','agreeing',
    'receiving','deciding','buying'])[n % 10 + 1], 1, gen_random_uuid(), 'officer', at - interval '2 days',
  CASE WHEN n % 50 > 0 THEN at END, CASE WHEN n % 50 > 0 THEN n END
FROM (SELECT n, timestamptz '{NOW}' - ({MANY} - n) * interval '3 years' / {MANY} AS at
  FROM generate_series(1, {MANY}) n) numbered
"""


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for inner in plan.get("Plans", ()):
        yield from nodes(inner)


async def scans(database: Database, statement: Prebuilt) -> dict[str, tuple[str, int]]:
    """How each table is read: by which node and index, and how many rows."""
    window = policy.window(13, None, NOW, "Europe/Berlin")
    facts = {
        "before": window.before,
        "since": window.since,
        "until": window.until,
        "zone": window.zone,
        "key": "R",
    }
    bound = statement.bind({**facts, "now": NOW, "working": False, "digits": 2})
    found = await database.hand.fetchval(f"EXPLAIN (ANALYZE, FORMAT JSON) {bound.sql}", *bound.arguments)
    return {
        f"{each.get('Relation Name', '')} {each.get('Index Name', '')}".strip(): (
            each["Node Type"],
            each["Actual Rows"] * each["Actual Loops"],
        )
        for each in nodes(json.loads(found)[0]["Plan"])
        if "Scan" in each["Node Type"] and ("Index Name" in each or "Relation Name" in each)
    }


@pytest.fixture
async def filled(database: Database) -> Database:
    await database.hand.execute(FILL)
    await database.hand.execute("VACUUM ANALYZE stage_visits")
    return database


async def test_percentiles_are_read_from_the_index_alone(filled: Database) -> None:
    specs: list[SectionSpec] = [SECTIONS[Matter.waits][0], *SECTIONS[Matter.time]]
    for spec in specs:
        found = await scans(filled, repo.figures_statement((spec,)))
        ((where, (node, rows)),) = found.items()
        assert (where, node) == ("stage_visits ix_stage_visits_left", "Index Only Scan"), spec.name
        assert rows < MANY / 5, "of three years no more than two windows"


async def test_what_is_open_is_found_among_what_has_ended(filled: Database) -> None:
    found = await scans(filled, repo.STILL_OPEN)
    assert "ix_stage_visits_open" in " ".join(found)
    read = [rows for _, rows in found.values()]
    assert all(rows < 1.2 * MANY / 50 for rows in read), (
        "but for entries that are not vacuumed yet, nothing else"
    )
