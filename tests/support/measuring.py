"""Feeds the figures in tests: from the log as the subscriber does, or for rows that no event tells of."""

from collections.abc import Mapping
from typing import Any

from core.access.actor import Actor
from core.access.roles import Role
from core.db.engine import Engine, make_engine
from core.kept_facts import repo, service
from core.kernel.clock import SystemClock
from core.log.seal import Subscriptions, seal
from core.stage_visits.service import CountingPlace
from tests.support.postgres import Database
from tests.support.world import World

MEASURER = Actor.system(Role.system_dashboard)
TABLES = ("figure_facts", "figure_weeks", "visit_weeks")
NOT_THEIR_SUM = """
SELECT count(*) FROM (
  SELECT fact, week, key, bucket, count(*) AS n, sum(value) AS total FROM figure_facts GROUP BY 1, 2, 3, 4
) f FULL JOIN (SELECT * FROM figure_weeks WHERE n <> 0 OR total <> 0) w USING (fact, week, key, bucket)
WHERE f.n IS DISTINCT FROM w.n OR f.total IS DISTINCT FROM w.total
"""
NOT_COUNTED = """
SELECT count(*) FROM (
  SELECT m.worked, stage, week, m.bucket, count(*) AS n FROM stage_visits v
  CROSS JOIN LATERAL (VALUES (false, v.bucket), (true, v.working_bucket)) m(worked, bucket)
  WHERE left_at IS NOT NULL AND NOT stopped AND m.bucket IS NOT NULL GROUP BY 1, 2, 3, 4
) v FULL JOIN (SELECT * FROM visit_weeks WHERE n <> 0) w USING (worked, stage, week, bucket)
WHERE v.n IS DISTINCT FROM w.n
"""
_OF_ROWS = """
SELECT request_id FROM purchase_orders UNION SELECT request_id FROM rfqs UNION SELECT request_id FROM stage_visits
UNION SELECT request_id FROM approvals
"""


async def sealed(database: Database) -> None:
    """What the relay does: every event gets its position."""
    engine = make_engine(database.sealer_url, size=1, name="sealer")
    async with engine.begin() as connection:
        while (await seal(connection, Subscriptions({}), SystemClock().now())).events:
            pass
    await engine.dispose()


async def measured(world: World, database: Database) -> None:
    """Every event so far, in the order of the log."""
    await sealed(database)
    last = await database.hand.fetchval("SELECT coalesce(max(position), 0) FROM audit_events")
    while await world.act(MEASURER, service.measure, last) < last:
        pass


async def kept(engine: Engine, database: Database) -> None:
    """The facts of all rows that there are, made by hand or not."""
    place = await database.hand.fetchrow("SELECT zone, base_currency FROM organisation")
    purchases = [row["request_id"] for row in await database.hand.fetch(_OF_ROWS)]
    async with engine.begin() as connection:
        await repo.keep(connection, purchases, CountingPlace(place["zone"], place["base_currency"]))


async def rows_of(database: Database) -> Mapping[str, set[tuple[Any, ...]]]:
    """All that is kept; weeks in which there is nothing any more are as good as none."""
    found = {
        table: {tuple(row) for row in await database.hand.fetch(f"SELECT * FROM {table}")} for table in TABLES
    }
    return found | {
        "figure_weeks": {row for row in found["figure_weeks"] if row[4] or row[5]},
        "visit_weeks": {row for row in found["visit_weeks"] if row[4]},
    }


async def weeks_are_right(database: Database) -> None:
    assert await database.hand.fetchval(NOT_THEIR_SUM) == 0
    assert await database.hand.fetchval(NOT_COUNTED) == 0
