"""Writes that nobody waits for are sent together, and before anything could miss them."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Column, ForeignKey, Integer, MetaData, String, Table, bindparam, select, text, update

from core.db.base import Id
from core.db.batches import add_one, added_one
from core.db.compiled import Prebuilt
from core.db.connection import Connection
from core.db.engine import Engine, make_engine
from core.db.pending import Write
from core.db.swap import swap_row
from core.kernel.errors import Stale
from core.kernel.ids import new_id
from core.people.tables import people
from tests.support.postgres import Database

_META = MetaData()
THINGS = Table(
    "things",
    _META,
    Column("id", Id, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("name", String, nullable=False),
)
PARTS = Table(
    "parts", _META, Column("id", Id, primary_key=True), Column("thing", Id, ForeignKey("things.id"))
)
OTHERS = Table("others", _META, Column("id", Id, primary_key=True))
_MADE = """
CREATE TEMP TABLE things (id uuid PRIMARY KEY, version integer NOT NULL, name text NOT NULL) ON COMMIT DROP;
CREATE TEMP TABLE parts (id uuid PRIMARY KEY, thing uuid REFERENCES things) ON COMMIT DROP;
CREATE TEMP TABLE others (id uuid PRIMARY KEY) ON COMMIT DROP
"""
_ADD_THING = add_one(THINGS, "id", "version", "name")
_ADD_PART = add_one(PARTS, "id", "thing")
_NAMES = Prebuilt(select(THINGS.c.name).order_by(THINGS.c.name))
_OTHERS = Prebuilt(select(OTHERS.c.id))
_RENAME = Prebuilt(update(THINGS).values(name=bindparam("new_name")))
_SPEAK = Prebuilt(
    update(people).where(people.c.id == bindparam("person")).values(locale=bindparam("new_locale"))
)


@dataclass(frozen=True)
class Thing:
    id: UUID
    version: int
    name: str

    def columns(self) -> dict[str, Any]:
        return {"id": self.id, "version": self.version, "name": self.name}


class RecordingDriver:
    """What is sent, and then sends it."""

    def __init__(self, driver: Any) -> None:
        self._driver = driver
        self.sent: list[str] = []

    def is_in_transaction(self) -> bool:
        return bool(self._driver.is_in_transaction())

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._driver, name)

        async def recorded(sql: str, *arguments: Any) -> Any:
            self.sent.append(sql)
            return await method(sql, *arguments)

        return recorded


@pytest.fixture
async def engine(database: Database) -> AsyncIterator[Engine]:
    engine = make_engine(database.owner_url, size=1, name="tests")
    yield engine
    await engine.dispose()


async def begun(connection: Connection, *names: str) -> tuple[list[Thing], list[str]]:
    """The tables with some things in them, and what is sent from now on."""
    await connection.script(_MADE)
    things = [Thing(new_id(), 1, name) for name in names]
    for thing in things:
        await connection.execute(
            _ADD_THING, {f"things_{key}": value for key, value in thing.columns().items()}
        )
    connection.driver = RecordingDriver(connection.driver)
    return things, connection.driver.sent


async def swapped(connection: Connection, before: Thing, name: str) -> Thing:
    after = Thing(before.id, before.version + 1, name)
    await swap_row(connection, THINGS, before, after.columns(), what="thing")
    return after


def part_of(thing_id: UUID) -> Write:
    return added_one(_ADD_PART, PARTS, {"id": new_id(), "thing": thing_id})


async def test_two_swaps_of_a_row_and_an_insert_are_one_statement(engine: Engine) -> None:
    async with engine.begin() as connection:
        (thing,), sent = await begun(connection, "one")
        await swapped(connection, await swapped(connection, thing, "two"), "three")
        await connection.later(part_of(thing.id))
        await connection.flush()
        assert len(sent) == 1
        row = (await connection.execute(select(THINGS))).one()
        assert (row.version, row.name) == (3, "three")
        assert len((await connection.execute(select(PARTS))).all()) == 1


async def test_rows_of_one_table_are_swapped_together(engine: Engine) -> None:
    async with engine.begin() as connection:
        things, sent = await begun(connection, "a", "b")
        for thing in things:
            await swapped(connection, thing, thing.name.upper())
        await connection.flush()
        assert len(sent) == 1
        assert await connection.scalars(_NAMES) == ["A", "B"]


async def test_whoever_reads_the_table_reads_what_was_written(engine: Engine) -> None:
    async with engine.begin() as connection:
        (thing,), sent = await begun(connection, "before")
        await swapped(connection, thing, "after")
        await connection.scalars(_OTHERS)
        assert len(sent) == 1
        assert await connection.scalars(_NAMES) == ["after"]
        assert len(sent) == 3


async def test_a_second_write_of_a_table_waits_for_the_first(engine: Engine) -> None:
    async with engine.begin() as connection:
        (thing,), sent = await begun(connection, "before")
        await connection.later(part_of(thing.id), part_of(thing.id))
        assert len(sent) == 1
        await swapped(connection, thing, "swapped")
        await connection.later(Write(_RENAME, {"new_name": "renamed"}, THINGS.name))
        assert await connection.scalars(_NAMES) == ["renamed"]
        assert len((await connection.execute(select(PARTS))).all()) == 2


async def test_a_write_that_refers_to_a_row_comes_after_it(engine: Engine) -> None:
    async with engine.begin() as connection:
        _, sent = await begun(connection)
        thing = Thing(new_id(), 1, "new")
        await connection.later(added_one(_ADD_THING, THINGS, thing.columns()))
        await connection.execute(_ADD_PART, {"parts_id": new_id(), "parts_thing": thing.id})
        assert len(sent) == 2


async def test_the_slower_of_two_is_stale_at_the_latest_at_its_commit(engine: Engine) -> None:
    async def write_too_late() -> None:
        async with engine.begin() as connection:
            (thing,), _ = await begun(connection, "before")
            await connection.execute(update(THINGS).values(version=5))
            await swapped(connection, thing, "too late")

    with pytest.raises(Stale) as refused:
        await write_too_late()
    assert (refused.value.what, refused.value.expected, refused.value.current) == ("thing", 1, 5)


async def test_a_second_swap_from_the_same_version_is_stale(engine: Engine) -> None:
    async def write_twice() -> None:
        async with engine.begin() as connection:
            (thing,), _ = await begun(connection, "before")
            await swapped(connection, thing, "first")
            await swapped(connection, thing, "knows nothing of the first")

    with pytest.raises(Stale) as refused:
        await write_twice()
    assert (refused.value.expected, refused.value.current) == (1, 2)


async def test_what_fails_inside_a_savepoint_takes_its_own_writes_back(engine: Engine) -> None:
    async with engine.begin() as connection:
        (first, second), _ = await begun(connection, "a", "b")
        await swapped(connection, first, "kept")

        async def fail() -> None:
            async with connection.savepoint():
                await swapped(connection, second, "dropped")
                raise LookupError

        with pytest.raises(LookupError):
            await fail()
        assert await connection.scalars(_NAMES) == ["b", "kept"]


async def test_a_role_is_left_by_the_statement_that_writes_for_it(database: Database) -> None:
    engine = make_engine(database.app_url, size=1, name="tests")
    async with engine.begin() as connection:
        connection.driver = RecordingDriver(connection.driver)
        connection.use_role("parley_vendor")
        await connection.later(Write(_SPEAK, {"person": new_id(), "new_locale": "de"}, people.name))
        connection.use_role("")
        role = await connection.scalar(text("SELECT current_user"))
        sent = connection.driver.sent
        assert [sent[0], len(sent), role] == ["SET LOCAL ROLE parley_vendor", 3, "parley_app"]
        assert sent[1].endswith("set_config('role', 'none', true) -- parley_vendor")
    await engine.dispose()
