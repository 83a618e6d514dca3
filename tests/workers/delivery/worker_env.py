"""The environment of a worker test: a real database, the strict sandbox, and the workers' own code, step by step.

    worker_env.clock                     stands still until a test moves it
    await worker_env.link_chat(person)   the person gets a chat that the bot may write to
    await worker_env.work()              seal and deliver, as relay and workers do, until nothing is due

One rule: none of our code is replaced; a test asserts what a person sees in the sandbox, or what is stored.
"""

import asyncio
import datetime as dt
import itertools
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest
from sqlalchemy import insert, text

from bots.telegram.outbound import TelegramOutbound
from core.accounts.tables import chat_identities
from core.db.engine import Engine, make_engine
from core.kernel.clock import FixedClock
from core.kernel.ids import new_id
from core.log import hints
from core.log.seal import seal
from core.people.model import Person
from sandbox.backend import SandboxBackend
from tests.bots.bot_env import free_port, serving_sandbox
from tests.support.company_snapshot import with_company
from tests.support.postgres import Database
from tests.support.sandbox_client import SandboxClient
from tests.support.world import World
from workers import schedule
from workers.deliver import deliver
from workers.runtime import Runtime
from workers.settings import WorkerSettings
from workers.subscribers.table import SUBSCRIBERS, subscriptions

TOKEN = "7701:shop-token-of-the-tests"
START = dt.datetime(2026, 11, 23, 14, tzinfo=dt.UTC)
"""In the afternoon: in the morning everybody gets their digest."""
EXPECTED = ("blocked by the user", "message to edit not found")
_chats = itertools.count(9001)


@dataclass
class WorkerEnv:
    """The world, its clock, and what runs the deliveries."""

    world: World
    clock: FixedClock
    runtime: Runtime
    sealer: Engine
    sandbox: SandboxClient

    async def link_chat(self, person: Person, *, linked: dt.timedelta = dt.timedelta(days=7)) -> int:
        """A chat of this person, linked a week ago unless ``linked`` says otherwise; its number."""
        number = next(_chats)
        body = {"id": number, "first_name": person.name[:60], "started": True}
        await self.sandbox.set_person(body)
        async with self.world.engine.begin() as connection:
            await connection.execute(
                insert(chat_identities).values(
                    id=new_id(),
                    platform="telegram",
                    external_id=str(number),
                    person_id=person.id,
                    display_name=person.name,
                    linked_at=self.clock.now() - linked,
                )
            )
        return number

    async def work(self) -> None:
        """Everything that is due now: scheduled work, sealing, deliveries."""
        while True:
            await schedule.tick(self.runtime)
            async with self.sealer.begin() as connection:
                sealed = await seal(connection, subscriptions(), self.clock.now())
            if not await self.run_due() and not sealed.events:
                return

    async def run_due(self) -> int:
        """Run the deliveries that are due, one after the other, and count them."""
        now = self.clock.now()
        async with self.sealer.begin() as connection:
            due = await hints.take_due(connection, list(SUBSCRIBERS), now, 1000, now + dt.timedelta(days=9))
        for each in due:
            await deliver(self.runtime, SUBSCRIBERS, [each.id])
        return len(due)

    async def advance(self, by: dt.timedelta) -> None:
        """Move the clock, then run what has become due."""
        self.clock.advance(by)
        await self.work()

    async def scalar(self, query: str, **facts: object) -> Any:
        async with self.world.engine.connect() as connection:
            return await connection.scalar(text(query), facts)

    async def calls(self, chat: int, *methods: str) -> list[dict[str, Any]]:
        """What was sent to this chat, by these methods, oldest first."""
        sent = await self.sandbox.calls(*(methods or ("sendMessage", "editMessageText")))
        return [call for call in sent if str(call["args"].get("chat_id")) == str(chat)]

    async def settle(self, most: int = 200) -> None:
        """Run until no delivery is open, moving the clock over the pauses."""
        for _ in range(most):
            await self.work()
            if not await self.scalar("SELECT count(*) FROM deliveries WHERE state IN ('due', 'running')"):
                return
            later = "SELECT min(due_at) FROM deliveries WHERE state = 'due' AND due_at > :now"
            self.clock.at = await self.scalar(later, now=self.clock.at) or self.clock.at
            await asyncio.sleep(0)
        raise AssertionError("deliveries stay open")

    async def parked_count(self) -> int:
        return int(await self.scalar("SELECT count(*) FROM deliveries WHERE state = 'parked'"))


def runtime_for(database: Database, world: World, url: str, http: aiohttp.ClientSession) -> Runtime:
    """The resources of a worker, without Redis and n8n, with the world's clock."""
    defaults = {name: field.default for name, field in WorkerSettings.model_fields.items()}
    settings = WorkerSettings.model_construct(**{**defaults, "api_url": "http://parley.test"})
    ticking = world.clock
    chats = {"telegram": TelegramOutbound(TOKEN, url, clock=lambda: (ticking.now() - START).total_seconds())}
    return Runtime(settings=settings, engine=world.engine, http=http, chats=chats, clock=world.clock)


@pytest.fixture
async def worker_env(database: Database) -> AsyncIterator[WorkerEnv]:
    """A company on a Monday; a call that the sandbox refused fails the test, unless it is among EXPECTED."""
    clock, port = FixedClock(START), free_port()
    url = f"http://127.0.0.1:{port}"
    async with AsyncExitStack() as stack:
        engine = make_engine(database.app_url, size=6, name="shop")
        stack.push_async_callback(engine.dispose)
        sealer = make_engine(database.sealer_url, size=2, name="shop sealer")
        stack.push_async_callback(sealer.dispose)
        await stack.enter_async_context(serving_sandbox(SandboxBackend(), port))
        http = await stack.enter_async_context(aiohttp.ClientSession())
        world = World(engine)
        world.clock = clock
        await with_company(world, database)
        runtime = runtime_for(database, world, url, http)
        stack.push_async_callback(runtime.chats["telegram"].close)
        made = WorkerEnv(world, clock, runtime, sealer, SandboxClient(url, http))
        bot = {"token": TOKEN, "username": "parley_shop_bot", "name": "Parley"}
        await made.sandbox.set_telegram_bot(bot)
        yield made
        refusals = await made.sandbox.refusals()
    assert [each for each in refusals if not any(word in each["description"] for word in EXPECTED)] == []
