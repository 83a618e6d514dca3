"""A bot that is killed right after it answered: nothing that was answered is lost, and nothing is done twice.

The bot is the real process (``python -m bots.telegram``, ``python -m bots.slack``), the API, PostgreSQL, Redis
and the sandbox are real. Five kills on each platform; PARLEY_JOURNEY_THOROUGH=1 makes it fifty.
"""

import asyncio
import os
import random
import signal
import sys
from asyncio.subprocess import Process
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from itertools import cycle, islice
from typing import Any

import pytest
from sqlalchemy import select

from api.contract import endpoints as e
from bots.cards.drawing import CardKind
from core.decisions.tables import approval_logs
from core.log.tables import audit_events
from core.orders.tables import purchase_orders
from core.people.model import Person
from sandbox.slack import delivery
from sandbox.slack.methods import view_methods
from tests.bots import slack_env, telegram_env
from tests.bots.bot_env import BotEnv, ChatUser, free_port, labels, newest, started_env
from tests.bots.slack_env import SlackEnv
from tests.bots.telegram_env import TelegramEnv
from tests.journeys.running_installation import ROOT
from tests.support.api import BOT_KEY, Api
from tests.support.world import World

pytestmark = [pytest.mark.journey, pytest.mark.timeout(1800)]

KILLS = 50 if os.environ.get("PARLEY_JOURNEY_THOROUGH") else 5
WITHIN = 0.05
KillBot = Callable[[], Awaitable[None]]


@dataclass
class KillableBot:
    """The bot as a process of its own."""

    bot_env: BotEnv
    env: dict[str, str]
    process: Process | None = None
    kills: int = 0
    chance: random.Random = field(default_factory=lambda: random.Random(31))

    async def start(self) -> None:
        self.process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", f"bots.{self.bot_env.platform}", cwd=ROOT, env=os.environ | self.env
        )
        await self.bot_env.healthy(patience=180.0)

    async def kill(self) -> None:
        """Within fifty milliseconds, then the next one starts, and the platform brings what was not taken."""
        await asyncio.sleep(self.chance.uniform(0, WITHIN))
        await self.end(signal.SIGKILL)
        self.kills += 1
        await self.start()
        await self.bot_env.settled()

    async def end(self, sent: signal.Signals = signal.SIGTERM) -> None:
        assert self.process is not None
        self.process.send_signal(sent)
        await self.process.wait()


def common(bot_env: BotEnv, redis_url: str) -> dict[str, str]:
    return {"PARLEY_API_URL": bot_env.api_url, "BOT_KEY": BOT_KEY, "REDIS_URL": redis_url}


def as_telegram(bot_env: BotEnv) -> dict[str, str]:
    return {
        "TELEGRAM_BOT_TOKEN": telegram_env.TOKEN,
        "TELEGRAM_API_BASE": bot_env.sandbox.url,
        "TELEGRAM_MODE": "webhook",
        "TELEGRAM_WEBHOOK_URL": bot_env.hook_url,
        "TELEGRAM_WEBHOOK_PORT": str(bot_env.port),
        "TELEGRAM_WEBHOOK_SECRET": telegram_env.SECRET,
    }


def as_slack(bot_env: BotEnv) -> dict[str, str]:
    return {
        "SLACK_SIGNING_SECRET": slack_env.SIGNING_SECRET,
        "SLACK_BOT_TOKEN": slack_env.TOKEN,
        "SLACK_API_BASE": f"{bot_env.sandbox.url}/slack/api/",
        "SLACK_PORT": str(bot_env.port),
    }


@pytest.fixture(params=[TelegramEnv, SlackEnv], ids=["telegram", "slack"])
async def running(
    request: pytest.FixtureRequest, api: Api, world: World, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[KillableBot]:
    """A stage whose bot can be killed."""
    monkeypatch.setattr(delivery, "ACK_DEADLINE_SECONDS", 30.0)
    monkeypatch.setattr(view_methods, "TRIGGER_LIFETIME_SECONDS", 30.0)
    async with started_env(request.param, api, api.app) as bot_env:
        await bot_env.stop_bot()
        bot_env.port = free_port()
        await bot_env.register()
        own = as_telegram(bot_env) if bot_env.platform == "telegram" else as_slack(bot_env)
        bot = KillableBot(bot_env, common(bot_env, redis_url) | own)
        await bot.start()
        yield bot
        await bot.end()
        await bot_env.start_bot()


# ---- what is answered, and then the bot is killed; afterwards it has happened, once


@dataclass
class KillScene:
    bot_env: BotEnv
    world: World
    requester: ChatUser
    manager: ChatUser

    async def requests(self, item: str) -> list[Any]:
        found = await self.bot_env.api.as_(self.requester.person).call(
            e.list_requests, query={"mine": "true", "limit": "200"}
        )
        return [each for each in found.items if each.lines[0].description == item]

    async def verdicts(self, approval: Any) -> list[str]:
        async with self.world.engine.connect() as connection:
            found = await connection.scalars(
                select(approval_logs.c.verb).where(approval_logs.c.approval_id == approval.id)
            )
            return [str(each) for each in found]


async def a_draft(scene: KillScene, item: str, kill: KillBot) -> None:
    """A line becomes a draft, which can be submitted afterwards."""
    await scene.requester.say(f"/request 2x {item} @80 needed 2027-12-01 for IT")
    await _draft_of(scene, item)
    await kill()
    await scene.requester.press("Submit", (await _draft_of(scene, item))["id"])
    assert len(await scene.requests(item)) == 1


async def a_submission(scene: KillScene, item: str, kill: KillBot) -> None:
    await scene.requester.say(f"/request 2x {item} @80 needed 2027-12-01 for IT")
    draft = await _draft_of(scene, item)
    await scene.requester.press("Submit", draft["id"])
    await _seen(scene.requester, item, "Withdraw…")
    await kill()
    [made] = await scene.requests(item)
    assert await scene.world.events_of(made.id) == ["request.created", "request.submitted"]


async def an_answer(scene: KillScene, item: str, kill: KillBot) -> None:
    """One answer of a form: the next one is asked for, and is not answered by the first once more."""
    await scene.requester.say(f"/request {item} for IT")
    await scene.requester.sees(f"How many “{item}” do you need?")
    seen = len(await scene.requester.chat())
    await scene.requester.say("3")
    await scene.requester.waits(lambda now: _asked_since(now, seen), "the next question")
    await kill()
    await scene.requester.say("2027-12-01")
    await scene.requester.press("Submit", (await _draft_of(scene, item))["id"])
    [made] = await scene.requests(item)
    assert str(made.lines[0].quantity) == "3"


async def an_approval(scene: KillScene, item: str, kill: KillBot) -> None:
    approval = (await scene.world.an_open_approval()).approval
    card = await scene.bot_env.card(scene.manager, CardKind.approval, approval.id)
    answer = await scene.manager.press("Approve", card)
    if not answer["text"].startswith("Approved:"):  # Slack was answered in time, the outcome follows
        await scene.manager.sees(f"Approved: {approval.title.split()[0]}")
    await kill()
    assert await scene.verdicts(approval) == ["approve"]
    async with scene.world.engine.connect() as connection:
        orders = await connection.scalars(
            select(purchase_orders.c.id).where(purchase_orders.c.request_id == approval.request_id)
        )
        assert len(orders) == 1


async def a_rejection(scene: KillScene, item: str, kill: KillBot) -> None:
    approval = (await scene.world.an_open_approval()).approval
    number = approval.title.split()[0]
    await scene.manager.say(f"/reject {number} no {item}")
    await scene.manager.sees(f"Rejected: {number}")
    await kill()
    assert await scene.verdicts(approval) == ["reject"]


ACTIONS = (a_draft, a_submission, an_answer, an_approval, a_rejection)


async def _draft_of(scene: KillScene, item: str) -> Any:
    return await _seen(scene.requester, item, "Submit")


async def _seen(player: ChatUser, item: str, label: str) -> Any:
    """The newest message about this item with this button."""

    def look(seen: Any) -> Any:
        return newest(seen, lambda each: item in each["text"] and label in labels(each))

    return await player.waits(look, f"{item} [{label}]")


def _asked_since(seen: Any, count: int) -> Any:
    asked = [each for each in seen["messages"][count:] if "When do you need it?" in each["text"]]
    return asked[-1] if asked else None


def doubled(messages: list[dict[str, Any]]) -> int:
    """How many messages of the bot say again what one before them said."""
    bot_messages = Counter(each["text"] for each in messages if each["from"] == "bot")
    return sum(count - 1 for text, count in bot_messages.items() if "When do you need" not in text)


async def test_what_was_answered_has_happened_once_however_soon_the_bot_is_killed(
    running: KillableBot, world: World
) -> None:
    people: list[Person] = [await world.a_requester(), await world.a_manager()]
    requester, manager = [await running.bot_env.a_user(person) for person in people]
    scene = KillScene(running.bot_env, world, requester, manager)
    for number, action in enumerate(islice(cycle(ACTIONS), KILLS)):
        await action(scene, f"desk{number}", running.kill)

    assert running.kills == KILLS
    async with world.engine.connect() as connection:
        submitted = await connection.scalars(
            select(audit_events.c.id).where(
                audit_events.c.type == "request.created", audit_events.c.channel == running.bot_env.platform
            )
        )
        asked = len(
            [
                action
                for action in islice(cycle(ACTIONS), KILLS)
                if action in (a_draft, a_submission, an_answer)
            ]
        )
        assert len(submitted) == asked
    chats = [await player.chat() for player in (requester, manager)]
    bot_messages = sum(len([each for each in chat if each["from"] == "bot"]) for chat in chats)
    repeated = sum(doubled(chat) for chat in chats)
    print(
        f"{running.bot_env.platform}: {KILLS} kills, {bot_messages} messages, {repeated} said twice, 0 lost or doubled"
    )
