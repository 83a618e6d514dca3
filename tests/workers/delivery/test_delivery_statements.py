"""How many statements the deliveries of one purchase send to PostgreSQL: a change of the table is seen in review.

Each delivery is run by itself, with its claim and its finish; BEGIN and COMMIT count as one each. ``seal`` is the
relay's transaction. Each person has one chat.
"""

import asyncio
import datetime as dt
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from decimal import Decimal
from typing import Any

import asyncpg
import pytest

from core.db.engine import make_engine
from core.decisions import queries as approval_queries
from core.kernel.ids import ApprovalId, OrderId
from core.log import hints
from core.log.seal import seal
from core.orders import queries as order_queries
from core.orders import service as orders
from core.orders.commands import AcknowledgeOrder
from core.people.model import Person
from core.receipts import service as receipts
from core.receipts.commands import ReceivedLine, ReceiveGoods
from tests.support.postgres import Database
from tests.workers.delivery.worker_env import WorkerEnv
from workers.deliver import deliver
from workers.subscribers.table import SUBSCRIBERS, subscriptions

Counts = dict[str, int]
WORKER, RELAY = "parley worker", "parley relay"
ONCE_PER_CONNECTION = ("typeinfo_tree", "current_setting('jit')")
"""What the driver asks about types."""
EXPECTED: dict[str, Counts] = {
    "request": {"analytics": 11, "cards": 11, "dashboard": 6, "findings": 7, "seal": 5, "topics": 3},
    "rfq": {
        "analytics": 11,
        "cards": 11,
        "dashboard": 6,
        "mails": 3,
        "n8n": 2,
        "notices": 13,
        "seal": 5,
        "topics": 3,
    },
    "first quote": {
        "analytics": 11,
        "cards": 11,
        "dashboard": 6,
        "n8n": 2,
        "notices": 9,
        "seal": 5,
        "topics": 3,
    },
    "second quote": {"cards": 11, "dashboard": 6, "n8n": 2, "notices": 9, "seal": 5},
    "last quote": {
        "analytics": 24,
        "approvals": 20,
        "cards": 46,
        "dashboard": 12,
        "findings": 22,
        "n8n": 4,
        "notices": 9,
        "seal": 15,
        "topics": 3,
    },
    "approval": {
        "analytics": 12,
        "cards": 15,
        "dashboard": 6,
        "findings": 15,
        "mails": 6,
        "n8n": 2,
        "notices": 11,
        "seal": 5,
        "topics": 3,
    },
    "acknowledgement": {"analytics": 12, "cards": 15, "dashboard": 6, "seal": 5},
    "receipt": {"analytics": 12, "cards": 15, "dashboard": 6, "seal": 5, "topics": 3},
}


class StatementLog:
    """What relay and worker send."""

    def __init__(self) -> None:
        self.sent: list[str] = []

    @asynccontextmanager
    async def counting(self, name: str, counts: Counter[str]) -> AsyncIterator[None]:
        self.sent.clear()
        yield
        await asyncio.sleep(0)  # the driver reports a statement in the loop's next round
        counts[name] += sum(not any(other in sql for other in ONCE_PER_CONNECTION) for sql in self.sent)


@pytest.fixture
def statement_log(monkeypatch: pytest.MonkeyPatch) -> StatementLog:
    """Everything that connections of relay and worker send from now on."""
    seen, connect = StatementLog(), asyncpg.connect

    async def connected(*args: Any, **settings: Any) -> Any:
        driver = await connect(*args, **settings)
        if settings["server_settings"]["application_name"] in (WORKER, RELAY):
            driver.add_query_logger(lambda record: seen.sent.append(record.query))
        return driver

    monkeypatch.setattr(asyncpg, "connect", connected)
    return seen


@pytest.fixture
async def counted_env(
    worker_env: WorkerEnv, database: Database, statement_log: StatementLog
) -> AsyncIterator[WorkerEnv]:
    """The environment, with engines of relay and worker that are counted."""
    async with AsyncExitStack() as stack:
        engine = make_engine(database.app_url, size=4, name=WORKER, generic_plans=True)
        stack.push_async_callback(engine.dispose)
        sealer = make_engine(database.sealer_url, size=2, name=RELAY, generic_plans=True)
        stack.push_async_callback(sealer.dispose)
        worker_env.runtime = replace(worker_env.runtime, engine=engine)
        worker_env.sealer = sealer
        yield worker_env


class CountedPurchase:
    """One purchase from the request to the last receipt, and what its deliveries cost after each step."""

    def __init__(self, env: WorkerEnv, log: StatementLog) -> None:
        self.env, self.log = env, log
        self.counts: dict[str, Counts] = {}

    async def play(self) -> dict[str, Counts]:
        world = self.env.world
        officer = await world.an_officer()
        vendors = [await world.a_vendor() for _ in range(3)]
        people = [await world.a_requester(), await world.a_manager(), await world.a_finance(), officer]
        for person in (*people, *(contact for _, contact in vendors)):
            await self.env.link_chat(person)
        await world.a_request(submit=False)  # the dashboard makes its row with the first event of a company
        await self.env.work()
        request = await world.a_request()
        await self.delivered("request")
        rfq = await world.an_rfq(request, to=[vendor for vendor, _ in vendors])
        await self.delivered("rfq")
        for name, price, (_, contact) in zip(
            ("first", "second", "last"), ("110", "120", "130"), vendors, strict=True
        ):
            await world.a_quote(rfq, contact, price)
            await self.delivered(f"{name} quote")
        await self.approved()
        await self.received(vendors[0][1], people[0])
        return self.counts

    async def approved(self) -> None:
        approval_id = ApprovalId(await self.env.scalar("SELECT id FROM approvals"))
        world = self.env.world
        approval = await world.act(await world.an_auditor(), approval_queries.show, approval_id)
        await world.approved(approval)
        await self.delivered("approval")

    async def received(self, contact: Person, requester: Person) -> None:
        order_id = OrderId(await self.env.scalar("SELECT id FROM purchase_orders"))
        world = self.env.world
        await world.act(contact, orders.acknowledge, AcknowledgeOrder(order_id, "", None))
        await self.delivered("acknowledgement")
        order = await world.act(requester, order_queries.show, order_id)
        lines = tuple(ReceivedLine(line.id, line.quantity, Decimal(0)) for line in order.order.lines)
        await world.act(requester, receipts.receive, ReceiveGoods(order_id, lines, "", None))
        await self.delivered("receipt")

    async def delivered(self, step: str) -> None:
        """Seal and deliver until nothing is open; then a minute passes, so that every chat takes messages again."""
        counts: Counter[str] = Counter()
        while await self._sealed(counts) + await self._run_due(counts):
            pass
        self.counts[step] = dict(sorted(counts.items()))
        self.env.clock.advance(dt.timedelta(minutes=1))

    async def _sealed(self, counts: Counter[str]) -> int:
        if not await self.env.scalar("SELECT count(*) FROM audit_events WHERE position IS NULL"):
            return 0
        async with self.log.counting("seal", counts), self.env.sealer.begin() as connection:
            return (await seal(connection, subscriptions(), self.env.clock.now())).events

    async def _run_due(self, counts: Counter[str]) -> int:
        now = self.env.clock.now()
        async with self.env.world.engine.begin() as connection:
            due = await hints.take_due(connection, list(SUBSCRIBERS), now, 1000, now - dt.timedelta(days=9))
        for each in due:
            async with self.log.counting(each.subscriber, counts):
                await deliver(self.env.runtime, SUBSCRIBERS, [each.id])
        return len(due)


async def test_the_deliveries_of_a_purchase_send_few_statements(
    counted_env: WorkerEnv, statement_log: StatementLog
) -> None:
    assert await CountedPurchase(counted_env, statement_log).play() == EXPECTED
