"""Deliveries among many that are done: no query reads more than the few rows it is about.

PostgreSQL itself counts what was read. Thirty thousand done deliveries stand for ten million: whatever reads them all
reads them here too.
"""

import datetime as dt
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from uuid import UUID

import pytest
from sqlalchemy import text

from core.access.actor import Actor
from core.access.roles import Role
from core.audit.delivery_list import DeliveryFilter, list_deliveries
from core.automations.projection import dashboard_status
from core.db.connection import Connection
from core.kernel.ids import PersonId, new_id
from core.log import deliveries, hints
from core.log.deliveries import DeliveryFailure
from core.log.seal import Subscriptions
from core.uow import Uow
from tests.core.log.log_env import LogEnv
from tests.support.postgres import PostgresServer, drop_database, make_database

DONE, EVENTS = 30_000, 200
OPEN = EVENTS * 2
FEW = 4 * OPEN
"""The open rows some times over; neither the done ones nor the square of the open ones."""
HANDFUL = 10
SUBSCRIBERS = ("cards", "notices")
ADA = Actor.person(PersonId(new_id()), "Ada", frozenset({Role.admin}))
FILL = f"""
INSERT INTO deliveries (id, event_id, position, event_type, subscriber, subject, state, due_at, updated_at)
SELECT gen_random_uuid(), gen_random_uuid(), number, 'note.taken',
    (CAST('{{cards,notices,n8n,topics}}' AS text[]))[1 + number % 4], 'note:' || number / 10, 'done', now(), now()
FROM generate_series(1, {DONE}) AS number
"""
READ = "SELECT seq_tup_read + idx_tup_fetch FROM pg_stat_user_tables WHERE relname = 'deliveries'"


@dataclass(frozen=True)
class Filled:
    """A log whose deliveries are nearly all done, and what a query of them may need.

    The open ones are newer than PostgreSQL's statistics. Among ten million it never sees them, whenever it looks.
    """

    log_env: LogEnv
    ids: tuple[UUID, ...]
    event: UUID
    now: dt.datetime

    async def rows_read_by(self, work: "Work", plans: str = "auto") -> int:
        """In a transaction that is taken back; what was read is counted all the same."""
        (before,) = await self.log_env.rows(READ)
        async with self.log_env.app.connect() as connection:
            await connection.execute(text(f"SET LOCAL plan_cache_mode = {plans}"))
            await work(connection, self)
            await connection.execute(text("SELECT pg_stat_force_next_flush()"))
        (after,) = await self.log_env.rows(READ)
        return int(after[0] - before[0])


Work = Callable[[Connection, Filled], Awaitable[object]]


@pytest.fixture(scope="module")
async def filled(postgres_server: PostgresServer, migrated_template: str) -> AsyncIterator[Filled]:
    database = await make_database(postgres_server, migrated_template)
    log_env = LogEnv(database)
    async with log_env.superuser.begin() as connection:
        await connection.execute(text("SET LOCAL session_replication_role = replica"))
        await connection.execute(text(FILL))
        await connection.execute(text("ANALYZE deliveries"))
    await log_env.write(*map(str, range(EVENTS)))
    sealed = await log_env.seal(Subscriptions({"note.taken": SUBSCRIBERS}))
    async with log_env.superuser.begin() as connection:
        stopped = "UPDATE deliveries SET state = 'parked' WHERE id = :id"
        await connection.execute(text(stopped), {"id": sealed.delivery_ids[-1]})
    (row,) = await log_env.rows("SELECT event_id FROM deliveries WHERE id = :id", id=sealed.delivery_ids[0])
    yield Filled(log_env, sealed.delivery_ids, row.event_id, log_env.clock.now())
    await log_env.close()
    await drop_database(database)


async def claim_and_finish(connection: Connection, filled: Filled) -> None:
    claimed = await deliveries.claim(connection, filled.ids[:1], filled.now)
    assert len(claimed) == 1
    await deliveries.finish(connection, claimed, filled.now)


async def claim_and_finish_many(connection: Connection, filled: Filled) -> None:
    claimed = await deliveries.claim(connection, filled.ids[:20], filled.now)
    assert len(claimed) > 1
    await deliveries.finish(connection, claimed, filled.now)


async def claim_and_fail(connection: Connection, filled: Filled) -> None:
    (claimed,) = await deliveries.claim(connection, filled.ids[:1], filled.now)
    await deliveries.fail(connection, claimed, DeliveryFailure("no"), filled.now)


async def take_due(connection: Connection, filled: Filled) -> None:
    assert len(await hints.take_due(connection, SUBSCRIBERS, filled.now, 100, filled.now)) == 100


async def listed(connection: Connection, filled: Filled, state: str | None) -> None:
    uow = Uow(connection, actor=ADA, clock=filled.log_env.clock, reactions={})
    page = await list_deliveries(uow, ADA, DeliveryFilter(state, None, 20))
    assert len(page.items) == {"parked": 1, "running": 0, "skipped": 0}.get(state or "", 20)


async def counted(connection: Connection, filled: Filled) -> None:
    status = await dashboard_status(Uow(connection, actor=ADA, clock=filled.log_env.clock, reactions={}), ADA)
    assert (status.parked, status.undelivered) == (1, OPEN - 1)


QUERIES: dict[str, Work] = {
    "claim and finish": claim_and_finish,
    "claim and finish twenty": claim_and_finish_many,
    "claim and fail": claim_and_fail,
    "take what is due": take_due,
    "who has something due": lambda connection, filled: hints.subscribers_with_due(
        connection, filled.now, filled.now
    ),
    "how many hints there are": lambda connection, filled: hints.in_flight(
        connection, SUBSCRIBERS, filled.now
    ),
    "park poison": lambda connection, filled: deliveries.park_poison(connection, filled.now),
    "replay": lambda connection, filled: deliveries.replay(connection, filled.ids[-1], filled.now),
}
LISTS: dict[str, Work] = {
    "the counts of the dashboard": counted,
    **{
        f"the list of {state}": lambda connection, filled, state=state: listed(connection, filled, state)  # type: ignore[misc]
        for state in (None, "due", "running", "parked", "skipped", "done")
    },
}


@pytest.mark.parametrize("query", [*QUERIES, *LISTS])
async def test_a_query_reads_few_rows(filled: Filled, query: str) -> None:
    assert await filled.rows_read_by({**QUERIES, **LISTS}[query]) <= FEW


@pytest.mark.parametrize("query", ["claim and finish", "claim and fail", "replay"])
async def test_what_is_asked_for_each_delivery_reads_a_handful_of_rows(filled: Filled, query: str) -> None:
    """Not even the open ones: many are open when somebody is behind."""
    assert await filled.rows_read_by(QUERIES[query]) <= HANDFUL


@pytest.mark.parametrize("query", LISTS)
async def test_a_list_reads_few_rows_whatever_its_parameters_are(filled: Filled, query: str) -> None:
    """With a plan that is made once for all states, as PostgreSQL may keep one per connection."""
    assert await filled.rows_read_by(LISTS[query], "force_generic_plan") <= FEW


async def test_reading_all_is_noticed(filled: Filled) -> None:
    async def read_all(connection: Connection, _: Filled) -> None:
        await connection.execute(text("SELECT count(*) FROM deliveries WHERE last_error IS NULL"))

    assert await filled.rows_read_by(read_all) >= DONE
