"""The company that most tests stand in: founded once by the real use cases, then copied into each test's database.

One rule: it is founded anew for every other clock, or day, so that nothing in it is of another time than its test.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO

import asyncpg

from core.access.roles import Role
from core.kernel.clock import SystemClock
from core.people.model import Person
from tests.support.postgres import Database
from tests.support.world import World

_FILLED = """
SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
AND relname <> 'alembic_version' AND pg_relation_size(oid) > 0
"""
_COUNTED = "SELECT sequencename, last_value FROM pg_sequences WHERE last_value IS NOT NULL"


@dataclass(frozen=True)
class CompanySnapshot:
    """Its rows by table, how far its sequences are, and who its people are."""

    rows: Mapping[str, bytes]
    counted: Mapping[str, int]
    people: Mapping[Role, Person]


_founded: dict[dt.date, CompanySnapshot] = {}


async def with_company(world: World, database: Database) -> World:
    """The world with its company."""
    day = world.today if isinstance(world.clock, SystemClock) else world.now
    if day not in _founded:
        await world.set_up_company()
        _founded[day] = await _copy(database.hand, world)
    else:
        await _paste(database.hand, _founded[day])
        world.known |= _founded[day].people
    return world


async def _copy(hand: asyncpg.Connection, world: World) -> CompanySnapshot:
    rows = {}
    for (table,) in await hand.fetch(_FILLED):
        written = BytesIO()
        await hand.copy_from_table(table, output=written, format="binary")
        rows[table] = written.getvalue()
    return CompanySnapshot(rows, dict(await hand.fetch(_COUNTED)), dict(world.known))


async def _paste(hand: asyncpg.Connection, company: CompanySnapshot) -> None:
    """In whatever order: the keys between the tables are the same again afterwards."""
    async with hand.transaction():
        await hand.execute("SET LOCAL session_replication_role = replica")
        for table, content in company.rows.items():
            await hand.copy_to_table(table, source=BytesIO(content), format="binary")
        for sequence, reached in company.counted.items():
            await hand.execute(f"SELECT setval('{sequence}', {reached})")
