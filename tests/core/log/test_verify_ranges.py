"""Verifying in ranges, on several connections and after a kept head: the same findings as in one go.

One log of 300 facts for the whole file, in ranges of 64; each test tampers with it, commits, and puts it back.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import text

from core.access.actor import Actor, Channel, Evidence
from core.access.roles import Role
from core.kernel.ids import PersonId, new_id
from core.log.tables import audit_events, checkpoints
from core.log.verify import Verification, verify
from core.log.verify_helpers import VerifyHelpers
from core.log.verify_ranges import BLOCK
from core.log.witnesses import LogHead, Witness
from tests.core.log.log_env import LogEnv
from tests.core.log.test_verify import EDITS, STRANGE
from tests.support.postgres import Database, PostgresServer, drop_database, make_database

FACTS, PUBLISHED = 300, (1, 63, 64, 65, 128, 190, 300)
Log = tuple[LogEnv, Database]
WRITER = Actor.person(PersonId(new_id()), 'Ö "quoted" \\ \t', frozenset({Role.requester})).with_call(
    Channel.slack, Evidence('C"1"', "1.2"), "tab\tand\x01\x7f\u2028é"
)
TABLES = (audit_events, checkpoints)
BORDERS = (1, 2, 63, 64, 65, 66, 128, 129, 192, 193, 299, 300)


@pytest.fixture(scope="module")
async def log(postgres_server: PostgresServer, migrated_template: str) -> AsyncIterator[Log]:
    database = await make_database(postgres_server, migrated_template)
    log_env = LogEnv(database)
    done = 0
    for size in PUBLISHED:
        words = (f'fact {number} "é" \\ \n \x1f "amount":1' for number in range(done, size))
        await log_env.write(*words, actor=WRITER)
        await log_env.seal()
        await log_env.publish()
        done = size
    yield log_env, database
    await log_env.close()
    await drop_database(database)


async def look(log: Log, after: LogHead | None = None, witnesses: Sequence[Witness] = ()) -> Verification:
    """On three connections."""
    log_env, database = log
    more = {"after": after} if after else {}
    async with log_env.app.connect() as connection, VerifyHelpers(database.app_url, 2).borrow() as helpers:
        assert len(helpers) == 2
        return await verify(connection, witnesses, helpers=helpers, range_size=BLOCK, **more)


async def alone(log: Log) -> Verification:
    """On one connection, in one range."""
    async with log[0].app.connect() as connection:
        return await verify(connection)


@asynccontextmanager
async def tampered(log: Log, *statements: str) -> AsyncIterator[None]:
    """Committed, past all triggers, and afterwards as it was."""
    async with log[0].superuser.begin() as connection:
        await connection.execute(text("SET LOCAL session_replication_role = replica"))
        for table in TABLES:
            await connection.execute(text(f"CREATE TABLE kept_{table.name} AS SELECT * FROM {table.name}"))
        for statement in statements:
            changed = await connection.execute(text(statement.replace(":", "\\:")))
            assert changed.rowcount > 0
    try:
        yield
    finally:
        async with log[0].superuser.begin() as connection:
            await connection.execute(text("SET LOCAL session_replication_role = replica"))
            for table in TABLES:
                columns = ", ".join(column.name for column in table.columns)
                put_back = f"INSERT INTO {table.name} ({columns}) OVERRIDING SYSTEM VALUE SELECT {columns}"
                await connection.execute(text(f"DELETE FROM {table.name}"))
                await connection.execute(text(f"{put_back} FROM kept_{table.name}"))
                await connection.execute(text(f"DROP TABLE kept_{table.name}"))


def edit(column: str, position: int) -> str:
    return f"UPDATE audit_events SET {column} = {EDITS[column]} WHERE position = {position}"


async def test_an_untouched_log_holds_in_ranges(log: Log) -> None:
    found = await look(log)
    assert (found.ok, found.events, found.checkpoint_position, found.after) == (True, FACTS, FACTS, 0)
    assert found == await alone(log)


async def test_postgresql_alone_finds_every_untouched_row_right(
    log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Odd letters and all: no row needs Python, which would take ten times as long."""
    looked_at: list[int] = []

    async def first_finding(_: object, positions: Sequence[int], __: int) -> None:
        looked_at.extend(positions)

    monkeypatch.setattr("core.log.verify_pass.first_finding", first_finding)
    assert (await look(log)).ok
    assert looked_at == []


@pytest.mark.parametrize("position", BORDERS)
async def test_a_change_beside_a_border_is_found(log: Log, position: int) -> None:
    async with tampered(log, edit("actor", position)):
        found = await look(log)
        assert (found.ok, found.first_bad_position, found.events) == (False, position, position)
        assert found == await alone(log)


@pytest.mark.parametrize("position", BORDERS)
async def test_a_gap_beside_a_border_is_found(log: Log, position: int) -> None:
    async with tampered(log, f"DELETE FROM audit_events WHERE position = {position}"):
        found = await look(log)
        assert (found.ok, found.first_bad_position) == (False, position)
        assert found == await alone(log)


@pytest.mark.parametrize("column", EDITS)
async def test_an_edited_column_is_found_on_several_connections(log: Log, column: str) -> None:
    async with tampered(log, edit(column, 130), edit("chain", 260)):
        found = await look(log)
        assert (found.ok, found.first_bad_position) == (False, 130)
        assert found == await alone(log)


@pytest.mark.parametrize("change", STRANGE)
async def test_a_strange_value_is_found_on_several_connections(log: Log, change: str) -> None:
    async with tampered(log, f"UPDATE audit_events SET {STRANGE[change]} WHERE position = 130"):
        assert (await look(log)).first_bad_position == 130


@pytest.mark.parametrize("size", PUBLISHED)
async def test_a_checkpoint_of_any_size_is_compared(log: Log, size: int) -> None:
    async with tampered(log, f"UPDATE checkpoints SET root = sha256(root) WHERE size = {size}"):
        found = await look(log)
        assert found.first_bad_position == size
        assert found.problem == "the log differs from the checkpoint of this size in the database"
        assert found == await alone(log)


async def test_a_position_far_away_is_no_endless_search(log: Log) -> None:
    async with tampered(log, "UPDATE audit_events SET position = 9000000000000000000 WHERE position = 200"):
        assert (await look(log)).first_bad_position == 200


async def test_a_position_before_the_first_is_found(log: Log) -> None:
    async with tampered(log, "UPDATE audit_events SET position = -5 WHERE position = 200"):
        assert (await look(log)).first_bad_position == 1


async def test_two_rows_at_one_position_are_found(log: Log) -> None:
    """Whoever owns the machine can drop the indexes that forbid it, and switch off the triggers."""
    columns = ", ".join(c.name for c in audit_events.columns if c.name != "seq")
    async with log[0].superuser.connect() as connection:
        for statement in (
            "SET session_replication_role = replica",
            "ALTER TABLE audit_events DROP CONSTRAINT uq_audit_events_position",
            "ALTER TABLE audit_events DROP CONSTRAINT pk_audit_events CASCADE",
            (
                f"INSERT INTO audit_events (seq, {columns}) OVERRIDING SYSTEM VALUE "
                f"SELECT 301, {columns} FROM audit_events WHERE position = 64"
            ),
        ):
            await connection.execute(text(statement))
        assert (await verify(connection, range_size=BLOCK)).first_bad_position == 65


async def test_a_function_of_the_same_name_is_not_asked(log: Log) -> None:
    """One that fits the arguments better would be taken, if functions were looked for outside of pg_catalog."""
    async with log[0].superuser.connect() as connection:
        for statement in (
            "SET session_replication_role = replica",
            "UPDATE audit_events SET actor = 'somebody else' WHERE position = 130",
            (
                "CREATE FUNCTION public.to_json(character varying) RETURNS json LANGUAGE sql "
                "AS $$ SELECT pg_catalog.to_json('x'\\:\\:text) $$"
            ),
        ):
            await connection.execute(text(statement))
        found = await verify(connection, range_size=BLOCK)
        assert found.first_bad_position == 130
        path = await connection.scalar(text("SELECT current_setting('search_path')"))
        assert "public" in path


async def test_only_one_verification_has_helpers(log: Log) -> None:
    helpers = VerifyHelpers(log[1].app_url, 1)
    async with helpers.borrow() as first, helpers.borrow() as second:
        assert (len(first), len(second)) == (1, 0)
    async with helpers.borrow() as again:
        assert len(again) == 1


async def a_head(log: Log, position: int) -> LogHead:
    """What an auditor kept when the log was so long."""
    rows = await log[0].rows("SELECT chain FROM audit_events WHERE position = :position", position=position)
    return LogHead(position, rows[0].chain)


async def test_a_verification_goes_on_from_a_kept_head(log: Log) -> None:
    found = await look(log, await a_head(log, 150))
    assert (found.ok, found.events, found.after) == (True, FACTS, 150)
    assert (await look(log, await a_head(log, FACTS))).ok


@pytest.mark.parametrize(("position", "told"), [(100, False), (150, False), (151, True), (300, True)])
async def test_texts_are_compared_only_behind_the_kept_head(log: Log, position: int, told: bool) -> None:
    head = await a_head(log, 150)
    async with tampered(log, edit("actor", position)):
        assert (await look(log, head)).first_bad_position == (position if told else None)
        assert (await look(log)).first_bad_position == position


@pytest.mark.parametrize("column", ["digest", "chain", "position"])
async def test_what_holds_the_log_together_is_always_checked(log: Log, column: str) -> None:
    head = await a_head(log, 150)
    async with tampered(log, edit(column, 100)):
        assert (await look(log, head)).first_bad_position == 100


async def test_a_log_that_is_another_one_than_the_kept_head_says_is_found(log: Log) -> None:
    found = await look(log, LogHead(150, bytes(32)))
    assert (found.ok, found.first_bad_position) == (False, 150)
    assert found.problem == "the log differs from what it was at its last verification"


async def test_a_log_that_is_shorter_than_the_kept_head_is_found(log: Log) -> None:
    found = await look(log, LogHead(FACTS + 1, bytes(32)))
    assert (found.ok, found.first_bad_position, found.events) == (False, FACTS + 1, FACTS)
