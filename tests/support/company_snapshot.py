"""The company that most tests use: made once by the real use cases, then copied into each test's database.

One rule: a test with another clock or on another day gets a company made at that time, so nothing in it is older.
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
AND relname NOT IN ('alembic_version', 'status_projection') AND pg_relation_size(oid) > 0
"""
_COUNTED = "SELECT sequencename, last_value FROM pg_sequences WHERE last_value IS NOT NULL"


@dataclass(frozen=True)
class CompanySnapshot:
    """Its rows by table, the values of its sequences, its people by role, and how many names have a number."""

    rows: Mapping[str, bytes]
    counted: Mapping[str, int]
    people: Mapping[Role, Person]
    named: int


_founded: dict[dt.date, CompanySnapshot] = {}


async def with_company(world: World, database: Database) -> World:
    """The world, with the company in its database."""
    day = world.today if isinstance(world.clock, SystemClock) else world.now
    if day not in _founded:
        await world.set_up_company()
        _founded[day] = await _copy(database.hand, world)
    else:
        await _paste(database.hand, _founded[day])
        world.known |= _founded[day].people
        world.named = _founded[day].named
    return world


async def _copy(hand: asyncpg.Connection, world: World) -> CompanySnapshot:
    rows = {}
    for (table,) in await hand.fetch(_FILLED):
        written = BytesIO()
        await hand.copy_from_table(table, output=written, format="binary")
        rows[table] = written.getvalue()
    return CompanySnapshot(rows, dict(await hand.fetch(_COUNTED)), dict(world.known), world.named)


async def _paste(hand: asyncpg.Connection, company: CompanySnapshot) -> None:
    """In any order: foreign keys are not checked meanwhile, and hold again afterwards."""
    async with hand.transaction():
        await hand.execute("SET LOCAL session_replication_role = replica")
        for table, content in company.rows.items():
            await hand.copy_to_table(table, source=BytesIO(content), format="binary")
        for sequence, reached in company.counted.items():
            await hand.execute(f"SELECT setval('{sequence}', {reached})")
