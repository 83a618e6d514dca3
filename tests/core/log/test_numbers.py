"""A number that no event came with: when it was cut off it is told, when its event was deleted it is found."""

import asyncio

import asyncpg
import pytest
from sqlalchemy import bindparam, text, update

from core.db.compiled import Prebuilt
from core.db.connection import Connection
from core.db.pending import SwapWrite
from core.kernel.errors import Stale
from core.kernel.ids import new_id
from core.log.missing_numbers import MissingNumbers, missing_numbers
from core.people.tables import people
from core.uow import Uow
from tests.core.log.log_env import ROSA, LogEnv, noted
from tests.support.postgres import Database

_PERSON = people.c
_SWAP = Prebuilt(
    update(people)
    .where(_PERSON.id == bindparam("row_id"), _PERSON.epoch == bindparam("row_version"))
    .values(epoch=bindparam("new_version"))
    .returning(_PERSON.id)
)
_CURRENT = Prebuilt(text("SELECT epoch FROM people WHERE id = :row_id"))


async def delete(database: Database, condition: str) -> None:
    """As whoever owns the machine, whose connection then ends, so that PostgreSQL counts."""
    burglar = await asyncpg.connect(database.admin_url)
    await burglar.execute("SET session_replication_role = replica")
    await burglar.execute(f"DELETE FROM audit_events WHERE {condition}")
    await burglar.close()


class CutOff(Exception):
    """The transaction does not come to its end."""


async def cut_off(log_env: LogEnv) -> None:
    with pytest.raises(CutOff):
        await _begin_and_fail(log_env)


async def _begin_and_fail(log_env: LogEnv) -> None:
    async with log_env.app.begin() as connection:
        await connection.execute(text("SELECT nextval('audit_events_seq_seq')"))
        raise CutOff


@pytest.mark.parametrize(("number", "position"), [(1, 1), (3, 3), (5, 5)])
async def test_an_event_that_was_deleted_before_it_was_sealed_is_found(
    log_env: LogEnv, database: Database, number: int, position: int
) -> None:
    """Also the newest one: the sequence knows that its number was drawn."""
    await log_env.write("one", "two", "three", "four", "five")
    await delete(database, f"seq = {number}")
    await log_env.seal()
    found = await log_env.verdict()
    assert (found.ok, found.first_bad_position, found.missing_numbers) == (False, position, (number,))
    assert found.problem == f"the event with number {number} was deleted before it was sealed"


async def test_a_transaction_that_was_cut_off_is_told_and_accuses_nobody(log_env: LogEnv) -> None:
    await log_env.write("one")
    await cut_off(log_env)
    await log_env.write("two")
    await log_env.seal()
    found = await log_env.verdict()
    assert (found.ok, found.missing_numbers) == (True, (2,))


@pytest.mark.parametrize("piece", [1, 2, 3, 100])
async def test_a_long_log_is_looked_at_piece_by_piece(
    log_env: LogEnv, database: Database, monkeypatch: pytest.MonkeyPatch, piece: int
) -> None:
    monkeypatch.setattr("core.log.missing_numbers.PIECE", piece)
    await log_env.write(*"abcdefghij")
    await delete(database, "seq IN (1, 4, 5, 8)")
    await cut_off(log_env)
    async with log_env.app.connect() as reader:
        assert (await missing_numbers(reader)).numbers == (1, 4, 5, 8, 11)


async def test_a_number_that_is_still_being_written_is_not_missing(log_env: LogEnv) -> None:
    await log_env.write("one")
    async with log_env.app.connect() as reader:
        looking = await _looking_while_written(log_env, reader)
        assert (await looking).numbers == ()


async def _looking_while_written(log_env: LogEnv, reader: Connection) -> "asyncio.Task[MissingNumbers]":
    async with log_env.app.begin() as writer:
        uow = Uow(writer, actor=ROSA, clock=log_env.clock, reactions={})
        await uow.record(noted("two"))
        await uow.finish()
        looking = asyncio.get_running_loop().create_task(missing_numbers(reader))
        await asyncio.sleep(0.1)
        assert not looking.done()
    return looking


async def test_who_comes_too_late_takes_no_number(log_env: LogEnv, database: Database) -> None:
    """Fifty deciders draw one number and not fifty: else a missing number would mean nothing."""
    person = new_id()
    await database.hand.execute(
        "INSERT INTO people (id, name, epoch, created_at) VALUES ($1, 'Rosa', 1, now())", person
    )

    async def change(version: int) -> None:
        async with log_env.transaction() as uow:
            values = {"row_id": person, "row_version": version, "new_version": version + 1}
            await uow.connection.later(
                SwapWrite(_SWAP, values, "people", person, version, "person", _CURRENT)
            )
            await uow.record(noted(f"version {version}"))

    await change(1)
    for _ in range(3):
        with pytest.raises(Stale):
            await change(1)
    await change(2)
    await log_env.seal()
    assert (await log_env.verdict()).missing_numbers == ()
    assert await log_env.words() == ["version 1", "version 2"]
