"""The environment of a test in real time: a relay, two workers that share a Redis, and both platforms' strict servers.

    await live_env.link_chats(person)   the person gets a chat on Telegram and one on Slack
    async with live_env.running():      the relay and both workers run beside the test
    await live_env.wait_until_done()    until nothing is left to deliver

One rule: neither our code nor the time is replaced; a test asserts what people see, or which calls the servers got.
"""

import asyncio
import itertools
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import UUID

import aiohttp
import pytest
from pydantic import SecretStr
from sqlalchemy import insert, text

from core.access.actor import Actor
from core.access.roles import Role
from core.accounts.tables import chat_identities
from core.db.connection import DATABASE_ERRORS
from core.installations import service as installations
from core.installations.commands import SaveInstallation, Workspace
from core.kernel.clock import SystemClock
from core.kernel.encryption import SecretBox
from core.kernel.ids import new_id
from core.people.model import Person
from sandbox.backend import SandboxBackend
from tests.bots.bot_env import free_port, serving_sandbox
from tests.bots.slack_env import BOT_USER, SIGNING_SECRET, TEAM
from tests.bots.slack_env import TOKEN as SLACK_TOKEN
from tests.support.postgres import Database
from tests.support.sandbox_client import Json, SandboxClient
from tests.support.world import World
from tests.workers.delivery.relay_env import RelayEnv
from workers.chats import outbounds
from workers.deliver import deliver
from workers.relay import CONNECTION_ERRORS
from workers.runtime import Runtime, make_runtime
from workers.subscribers.table import SUBSCRIBERS

TOKEN = "7702:floor-token-of-the-tests"
CHAT_KEY = "0123456789abcdef" * 4
SENDING = ("sendMessage", "editMessageText", "chat.postMessage", "chat.update")
EXPECTED = ("blocked by the user", "user_disabled", "account_inactive", "token_revoked")
PATIENCE = 150.0
DELIVERY_SLOTS = 4
"""Deliveries at once in each worker; few, because they share one event loop with the servers that they call."""
_people = itertools.count(30_001)


@dataclass(frozen=True)
class LinkedChats:
    """One person's chats."""

    telegram: int
    slack: str

    @property
    def both(self) -> tuple[int | str, int | str]:
        return (self.telegram, self.slack)


class LiveEnv:
    """The running processes' parts, and what can be seen of them from outside."""

    def __init__(self, relay_env: RelayEnv, workers: tuple[Runtime, ...], sandbox: SandboxClient) -> None:
        self.world = relay_env.world
        self.workers = workers
        self._relay_env = relay_env
        self.sandbox = sandbox

    async def set_up_platforms(self) -> None:
        """The bot on Telegram, and the app installed in the workspace."""
        bot = {"token": TOKEN, "username": "parley_floor_bot", "name": "Parley"}
        await self.sandbox.set_telegram_bot(bot)
        app = {
            "app_id": "A0PARLEY",
            "signing_secret": SIGNING_SECRET,
            "bot_token": SLACK_TOKEN,
            "bot_user": BOT_USER,
            "team_id": TEAM,
            "urls": {},
        }
        await self.sandbox.set_slack_app(app)
        sealed = SecretBox.from_hex(CHAT_KEY).encrypt(SLACK_TOKEN, f"slack:{TEAM}")
        kept = SaveInstallation(Workspace("slack", TEAM), "Northwind", BOT_USER, sealed, (), "U1")
        await self.world.act(Actor.service(Role.service_bot), installations.save_installation, kept)

    async def link_chats(self, person: Person) -> LinkedChats:
        """A chat on either platform, linked now."""
        number = next(_people)
        made = LinkedChats(number, f"U{number}")
        for who in made.both:
            where: Json = {"team_id": TEAM} if who == made.slack else {"started": True}
            await self.sandbox.set_person({"id": who, "first_name": person.name[:60], **where})
        known = {"telegram": str(made.telegram), "slack": f"{TEAM}:{made.slack}"}
        async with self.world.engine.begin() as connection:
            for platform, external_id in known.items():
                row = {
                    "id": new_id(),
                    "platform": platform,
                    "external_id": external_id,
                    "person_id": person.id,
                    "display_name": person.name,
                    "linked_at": self.world.now,
                }
                await connection.execute(insert(chat_identities).values(**row))
        return made

    async def calls(self, *methods: str) -> list[Json]:
        """The calls that the servers got, oldest first; those that send or edit unless ``methods`` are named."""
        return await self.sandbox.calls(*(methods or SENDING))

    async def scalar(self, query: str, **facts: object) -> Any:
        async with self.world.engine.connect() as connection:
            return await connection.scalar(text(query), facts)

    async def change(self, statement: str, **facts: object) -> None:
        """Change the database directly."""
        async with self.world.engine.begin() as connection:
            await connection.execute(text(statement), facts)

    async def wait_until_done(self) -> None:
        """Wait until nothing is left to seal or to deliver."""
        waiting = "SELECT count(*) FROM audit_events WHERE position IS NULL"
        open_ = "SELECT count(*) FROM deliveries WHERE state IN ('due', 'running')"
        async with asyncio.timeout(PATIENCE):
            while await self.scalar(waiting) or await self.scalar(open_):
                await asyncio.sleep(0.1)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """The relay and the workers run until the block ends."""
        async with asyncio.TaskGroup() as tasks:
            running = tasks.create_task(self._run())
            yield
            running.cancel()

    async def _run(self) -> None:
        turns = itertools.cycle(self.workers)
        async with asyncio.TaskGroup() as tasks:
            while True:
                self._relay_env.clock.at = SystemClock().now()
                with suppress(*CONNECTION_ERRORS):
                    for delivery_id in await self._relay_env.run_relay():
                        tasks.create_task(self._deliver(next(turns), delivery_id))
                await asyncio.sleep(0.02)

    @staticmethod
    async def _deliver(worker: Runtime, delivery_id: UUID) -> None:
        """A hint that meets a busy database is lost, as with Dramatiq; the relay gives it again."""
        with suppress(*DATABASE_ERRORS):
            await deliver(worker, SUBSCRIBERS, [delivery_id], worker.chat_slots)


@pytest.fixture
async def live_env(
    world: World, database: Database, redis_url: str, tmp_path: Path
) -> AsyncIterator[LiveEnv]:
    """A company; a call that the sandbox refused fails the test, unless it is among EXPECTED."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    async with AsyncExitStack() as stack:
        relay_env = RelayEnv(world, database, redis_url, tmp_path)
        stack.push_async_callback(relay_env.close)
        settings = relay_env.settings.model_copy(
            update={
                "telegram_token": SecretStr(TOKEN),
                "telegram_base": url,
                "chat_key": SecretStr(CHAT_KEY),
                "slack_base": f"{url}/slack/api/",
            }
        )
        workers = tuple(
            replace(make_runtime(settings, chats=outbounds), clock=relay_env.clock) for _ in range(2)
        )
        for worker in workers:
            stack.push_async_callback(worker.close)
        await stack.enter_async_context(serving_sandbox(SandboxBackend(), port))
        http = await stack.enter_async_context(aiohttp.ClientSession())
        made = LiveEnv(relay_env, workers, SandboxClient(url, http))
        await made.set_up_platforms()
        yield made
        refusals = await made.sandbox.refusals()
    assert [each for each in refusals if not any(word in each["description"] for word in EXPECTED)] == []
