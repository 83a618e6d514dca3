"""What goes on in an installation while its processes are killed: purchases by the API, requests in chats.

One rule: a caller does what a bot or a browser does: it asks again under the same key, until it is answered.
"""

import asyncio
import itertools
import time
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import aiohttp
import asyncpg

from core.access.roles import Role
from core.accounts import links
from core.accounts.commands import MakeLink
from core.db.engine import Engine, make_engine
from core.kernel.ids import PersonId
from core.organisation import service as organisations
from core.organisation.commands import AddCostCentre
from core.people.model import Person
from sandbox.backend import SandboxBackend
from stack.bench.crew import ChatTokens, Crew, Member, PurchaseTeam
from stack.bench.purchase_calls import (
    AFTER_APPROVAL,
    BEFORE_APPROVAL,
    BenchPurchase,
    PurchaseClient,
    new_purchases,
    wait_for_approval,
)
from stack.demo import company
from tests.deployment.deployed import Deployed
from tests.support.sandbox_client import ChatId, Json, SandboxClient
from tests.support.world import ADMINISTRATOR, World

TEAMS, VENDORS = 8, 3
CALL_SECONDS, PAUSE_SECONDS, MOST_TRIES = 30.0, 0.2, 100
SEEN_SECONDS = 90.0
SAY_AGAIN_SECONDS = {"telegram": 30.0, "slack": 8.0}
"""Telegram brings an update again, of a command on Slack its person is told that it failed; and a bot that found no API
in time says so."""
FIRST_CHAT = 5001
UNANSWERED = (aiohttp.ClientError, TimeoutError, ConnectionError)
BUSY = {"idempotency.in_flight"}


@dataclass
class Answered:
    """How long calls took, in seconds, and how many were not answered at first because a process was killed."""

    first: list[float] = field(default_factory=list)
    """Of the try that was answered."""
    whole: list[float] = field(default_factory=list)
    """With all tries before it."""
    again: int = 0

    @staticmethod
    def p95(seconds: list[float]) -> float:
        return sorted(seconds)[int(len(seconds) * 0.95)] if seconds else 0.0


class PatientClient(PurchaseClient):
    """Asks again under the same key while nobody answers, as the bots' client does."""

    def __init__(self, web: aiohttp.ClientSession, crew: Crew, answered: Answered) -> None:
        super().__init__(web, crew)
        self._session, self._people, self._answered = web, crew, answered

    async def call(self, member: Member, method: str, path: str, body: Json | None = None) -> Json:
        key, begun = uuid.uuid4().hex, time.monotonic()
        for _ in range(MOST_TRIES):
            tried = time.monotonic()
            try:
                status, content = await self._once(member, method, path, body, key)
            except UNANSWERED:
                status, content = 503, {}
            if status < 300:
                self._answered.first.append(time.monotonic() - tried)
                self._answered.whole.append(time.monotonic() - begun)
                return content
            assert status in (502, 503, 504) or content.get("code") in BUSY, (method, path, status, content)
            self._answered.again += 1
            await asyncio.sleep(PAUSE_SECONDS)
        raise AssertionError(f"{method} {path} was not answered {MOST_TRIES} times")

    async def _once(
        self, member: Member, method: str, path: str, body: Json | None, key: str
    ) -> tuple[int, Json]:
        headers = {"Authorization": f"Bearer {member.token}", "Idempotency-Key": key}
        url = f"{self._people.api}{path}"
        async with self._session.request(method, url, json=body, headers=headers) as answer:
            return answer.status, await answer.json()


@dataclass
class Town:
    """The people of an installation, with their chats in the sandbox."""

    deployed: Deployed
    sandbox: SandboxClient
    parts: SandboxBackend
    world: World
    engine: Engine
    crew: Crew
    chats: dict[str, ChatId] = field(default_factory=dict)
    """Who asks in a chat, by platform."""
    asked: dict[str, str] = field(default_factory=dict)
    """What was asked for in a chat, and its platform."""
    made: list[BenchPurchase] = field(default_factory=list)
    answered: Answered = field(default_factory=Answered)

    # ---- purchases by the API

    async def buy(self, until: Callable[[], bool]) -> None:
        """One purchase after the other, each to its end."""
        connection = await asyncpg.connect(self.deployed.secret("PARLEY_DB_OWNER_URL"))
        async with aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(force_close=True),
            timeout=aiohttp.ClientTimeout(total=CALL_SECONDS),
        ) as web:
            client = PatientClient(web, self.crew, self.answered)
            while not until():
                purchase = new_purchases(self.crew, len(self.made) + 1)[-1]
                self.made.append(purchase)
                for _, step in BEFORE_APPROVAL:
                    await step(client, purchase)
                await wait_for_approval(connection, asyncio.Lock(), purchase)
                for _, step in AFTER_APPROVAL:
                    await step(client, purchase)
        await connection.close()

    async def keep_tokens(self) -> None:
        """They are valid for ten minutes."""
        while True:
            await asyncio.sleep(60)
            await until_done(lambda: asyncio.to_thread(self.crew.renew))

    # ---- requests in chats

    async def ask(self, platform: str, until: Callable[[], bool]) -> None:
        """One request after the other, from the line to the submitted card."""
        for number in itertools.count(1):
            if until():
                return
            item = f"{platform} desk {number:03}"
            self.asked[item] = platform
            line = f"/request 2x {item} @80 needed 2027-12-01 for IT"
            line = line if platform == "telegram" else f"/parley {line[1:]}"
            send = partial(self._do, self.chats[platform], "send", text=line)
            card = await self._seen(platform, item, "Submit", send)
            press = partial(self._do, self.chats[platform], "press", message_id=card["id"], button="Submit")
            await self._seen(platform, item, "Withdraw…", press)

    async def _do(self, who: ChatId, what: str, **body: Any) -> None:
        """What a person does; they are not told where nobody answers, and do it again."""
        await self.sandbox.attempt("POST", f"/people/{who}/{what}", body)

    async def _seen(self, platform: str, item: str, button: str, act: Callable[[], Awaitable[None]]) -> Json:
        """The newest message about it with this button, after doing something for it as often as it takes."""
        limit = time.monotonic() + SEEN_SECONDS
        while time.monotonic() < limit:
            await act()
            again = time.monotonic() + SAY_AGAIN_SECONDS[platform]
            while time.monotonic() < again:
                shown = await self.sandbox.messages(self.chats[platform])
                found = [each for each in shown if item in each["text"] and button in _labels(each)]
                if found:
                    return found[-1]
                await asyncio.sleep(0.2)
        raise AssertionError(f"{item} [{button}] was not seen: {[each['text'] for each in shown[-4:]]}")


def _labels(message: Json) -> list[str]:
    return [button["text"] for row in message["buttons"] for button in row]


async def until_done(work: Callable[[], Awaitable[Any]]) -> Any:
    """Again and again while nobody answers."""
    for _ in range(MOST_TRIES):
        try:
            return await work()
        except OSError:
            await asyncio.sleep(PAUSE_SECONDS)
    raise AssertionError("nobody answers")


async def a_town(deployed: Deployed, sandbox: SandboxClient, parts: SandboxBackend) -> Town:
    """A company with people who buy by the API, and two who ask in chats."""
    engine = make_engine(deployed.secret("PARLEY_DB_APP_URL"), size=2)
    world = await World(engine).set_up_company()
    await world.a_finance()
    tokens = ChatTokens(deployed.url("api"), deployed.secret("BOT_KEY"))
    town = Town(deployed, sandbox, parts, world, engine, Crew([], tokens))
    town.crew.teams = [await _a_team(town, f"T{number}") for number in range(1, TEAMS + 1)]
    await until_done(lambda: asyncio.to_thread(town.crew.renew))
    for platform in ("telegram", "slack"):
        asker = await world.a_person(Role.requester)
        town.chats[platform] = await _linked(town, asker, platform)
    return town


async def _a_team(town: Town, cost_centre: str) -> PurchaseTeam:
    """People of its own: a chat takes a message in a second, and one for everybody would be what all wait for."""
    world = town.world
    roles = (Role.requester, Role.officer, Role.manager)
    requester, officer, manager = [await world.a_person(role) for role in roles]
    command = AddCostCentre(cost_centre, cost_centre, "IT", manager.id)
    await world.act(ADMINISTRATOR, organisations.add_cost_centre, command)
    contacts = [(await world.a_vendor())[1] for _ in range(VENDORS)]
    return PurchaseTeam(
        cost_centre=cost_centre,
        requester=await _with_chat(town, requester),
        officer=await _with_chat(town, officer),
        manager=await _with_chat(town, manager),
        vendors=[await _with_chat(town, each) for each in contacts],
    )


async def _with_chat(town: Town, person: Person) -> Member:
    """The person with a chat on Telegram."""
    return Member(person.id, person.vendor_id, str(await _linked(town, person, "telegram")))


async def _linked(town: Town, person: Person, platform: str) -> ChatId:
    """A chat that is linked by a code, as /start does."""
    number = FIRST_CHAT + len(await town.sandbox.people())
    chat: ChatId = number if platform == "telegram" else f"U{number}"
    await town.sandbox.set_person(
        {"id": chat, "first_name": person.name, "language_code": "en", "started": True}
    )
    code = (await town.world.act(ADMINISTRATOR, links.make_link, MakeLink(PersonId(person.id)))).code
    external = str(chat) if platform == "telegram" else f"{company.TEAM}:{chat}"
    body = {"platform": platform, "external_id": external, "code": code, "display_name": person.name}
    await confirm_link(town.deployed.url("api"), town.deployed.secret("BOT_KEY"), body)
    return chat


async def confirm_link(api: str, bot_key: str, body: Json) -> None:
    """What a bot does with a code."""
    async with aiohttp.ClientSession() as web:
        async with web.post(f"{api}/auth/service", json={"key": bot_key}) as answer:
            token = (await answer.json())["access_token"]
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": uuid.uuid4().hex}
        async with web.post(f"{api}/chat/links/confirm", json=body, headers=headers) as answer:
            assert answer.status < 300, await answer.text()
