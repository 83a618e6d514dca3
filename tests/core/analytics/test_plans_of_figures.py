"""Among many visits a figure reads those of its weeks from one index, and what is open from another."""

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

import pytest

from core.analytics import policy, repo
from core.analytics.model import Kind, Matter
from core.analytics.sections import SECTIONS, SectionSpec
from core.db.compiled import Prebuilt
from tests.support.postgres import Database

NOW = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)
MANY = 60_000
FILL = f"""
INSERT INTO stage_visits (subject_id, stage, visit, request_id, waited_on, entered_at, left_at, calendar_s, week)
SELECT gen_random_uuid(), (array['asking','quoting','choosing','approving','issuing','acknowledging','agreeing',
    'receiving','deciding','buying'])[n % 10 + 1], 1, gen_random_uuid(), 'officer', at - interval '2 days',
  CASE WHEN n % 50 > 0 THEN at END, CASE WHEN n % 50 > 0 THEN n * 7919 % 900000 END,
  CASE WHEN n % 50 > 0 THEN date_trunc('week', at AT TIME ZONE 'Europe/Berlin')::date END
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
    bound = statement.bind(policy.bounds(window, NOW))
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


@pytest.mark.parametrize("working", [False, True])
async def test_a_percentile_reads_the_weeks_and_its_own_bucket(filled: Database, working: bool) -> None:
    """Both from an index alone, and of the visits few."""
    await filled.hand.execute("UPDATE stage_visits SET working_s = calendar_s")
    await filled.hand.execute("VACUUM ANALYZE stage_visits, visit_weeks")
    index = "worked" if working else "length"
    specs: list[SectionSpec] = [SECTIONS[Matter.waits][0], *SECTIONS[Matter.time]]
    for spec in specs:
        found = await scans(filled, repo.figures_statement((spec,), working=working))
        visits = {where: told for where, told in found.items() if "stage_visits" in where}
        ((where, (node, rows)),) = visits.items()
        assert (where, node) == (f"stage_visits ix_stage_visits_{index}", "Index Only Scan"), spec.name
        assert rows < MANY / 20, "of three years few of two windows"


async def test_what_is_open_is_found_among_what_has_ended(filled: Database) -> None:
    found = await scans(filled, repo.STILL_OPEN)
    assert "ix_stage_visits_open" in " ".join(found)
    read = [rows for _, rows in found.values()]
    assert all(rows < 1.2 * MANY / 50 for rows in read), (
        "but for entries that are not vacuumed yet, nothing else"
    )


@pytest.mark.parametrize("matter", [Matter.spend, Matter.competition, Matter.exceptions])
async def test_what_is_added_up_is_read_from_the_weeks_alone(filled: Database, matter: Matter) -> None:
    for spec in SECTIONS[matter]:
        if spec.kind is not Kind.middle:
            read = " ".join(await scans(filled, repo.figures_statement((spec,))))
            assert ("figure_weeks" in read, "figure_facts" in read) == (True, False), spec.name
