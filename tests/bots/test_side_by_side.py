"""One person's slow update delays nobody else, the slow one is answered in time, and nothing is swallowed."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from typing import Any, cast

import pytest
from aiogram import Bot, Dispatcher
from starlette.types import Receive, Scope, Send
from structlog.testing import capture_logs

from api.contract import endpoints as e
from api.text import translate
from bots.cards.drawing import CardKind
from bots.dialog.handled_updates import HandledUpdates
from bots.telegram.pending_reply import WAIT_SECONDS
from bots.telegram.polling import Poller
from core.access.roles import Role
from tests.bots.bot_env import BotEnv, ChatUser, newest, started_env
from tests.bots.slack_env import SlowApi
from tests.bots.telegram_env import TelegramEnv
from tests.bots.test_groups import a_group, say_in
from tests.support.api import Api
from tests.support.world import World

WORKING = translate("errors.still_working", "en")
IN_TIME_SECONDS = 2.5


class SlowPath(SlowApi):
    """The API, of which one path is slow; the rest is as fast as ever."""

    def __init__(self, app: Any) -> None:
        super().__init__(app)
        self.path = ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        slow = scope["type"] == "http" and self.path and scope["path"].startswith(self.path)
        await (super().__call__ if slow else self._app)(scope, receive, send)


@pytest.fixture
def slow_path(api: Api) -> SlowPath:
    return SlowPath(api.app)


@pytest.fixture
async def bot_env(api: Api, world: World, slow_path: SlowPath) -> AsyncIterator[TelegramEnv]:
    async with started_env(TelegramEnv, api, slow_path) as telegram:
        yield telegram


@contextlib.asynccontextmanager
async def polling(bot_env: BotEnv) -> AsyncIterator["asyncio.Task[None]"]:
    """Within it the bot polls; webhook mode comes back after it."""
    await bot_env.stop_bot()
    stop = asyncio.Event()
    task = bot_env.running(stop, mode="polling")
    try:
        yield task
    finally:
        stop.set()
        await task
        await bot_env.start_bot()


async def known(bot_env: BotEnv, world: World) -> ChatUser:
    """Somebody whose token the bot holds already."""
    user: ChatUser = await bot_env.a_user(await world.a_person(Role.requester))
    await user.say("/whoami")
    await user.sees("Roles:")
    return user


async def test_polling_serves_people_side_by_side_and_each_in_their_order(
    bot_env: BotEnv, world: World, slow_path: SlowPath
) -> None:
    async with polling(bot_env):
        slow, other = await known(bot_env, world), await known(bot_env, world)
        slow_path.path, slow_path.seconds = e.list_requests.path, 30.0
        await slow.say("/my")
        await slow.say("/no_such_command")
        began = time.monotonic()
        await other.say("/no_such_command")
        await other.sees("I don’t know")
        assert time.monotonic() - began < IN_TIME_SECONDS
        assert newest(await slow.look(), lambda each: "I don’t know" in each["text"]) is None
        slow_path.seconds = 0.0
        await slow.sees("I don’t know")
        told = [each["text"] for each in await slow.chat() if each["from"] == "bot"]
        assert "You have no requests" in told[-2], "what was asked first was answered first"


async def test_telegram_keeps_what_is_not_done_yet(
    bot_env: BotEnv, world: World, slow_path: SlowPath
) -> None:
    """Nothing is lost when the bot dies meanwhile."""
    async with polling(bot_env):
        user = await known(bot_env, world)
        await bot_env.settled()
        slow_path.path, slow_path.seconds = e.list_requests.path, 30.0
        await user.say("/my")
        await user.sees(WORKING)
        assert bot_env.pending_updates == 1
        slow_path.seconds = 0.0
        await user.sees("You have no requests")
        await bot_env.settled()


@pytest.mark.parametrize("words", ["/my", "hello"])
async def test_a_message_is_answered_in_time_and_the_outcome_follows(
    bot_env: BotEnv, world: World, slow_path: SlowPath, words: str
) -> None:
    user = await known(bot_env, world)
    slow_path.path, slow_path.seconds = "/", 5.0
    began = time.monotonic()
    await user.say(words)
    await user.sees(WORKING)
    assert time.monotonic() - began < IN_TIME_SECONDS + 1.0, "a second for a busy machine"
    slow_path.seconds = 0.0
    await user.sees({"/my": "You have no requests", "hello": "understand that as a command"}[words])


async def test_a_press_is_answered_in_time_and_a_refusal_follows_as_a_message(
    bot_env: BotEnv, world: World, slow_path: SlowPath
) -> None:
    manager: ChatUser = await bot_env.a_user(await world.a_manager())
    await manager.say("/whoami")
    await manager.sees("Roles:")
    approval = (await world.an_open_approval()).approval
    card = await bot_env.card(manager, CardKind.approval, approval.id)
    body = {"approval_id": str(approval.id), "verb": "approve", "expected_version": approval.version}
    await bot_env.api.as_(manager.person).call(e.decide, body)
    slow_path.path, slow_path.seconds = "/approvals", 4.0
    began = time.monotonic()
    assert (await manager.press("Approve", card))["text"] == WORKING
    assert time.monotonic() - began < IN_TIME_SECONDS + 1.0, "a second for a busy machine"
    await manager.sees("Already decided")


async def test_an_answer_that_comes_after_telegram_gave_up_is_sent_as_a_message(
    bot_env: BotEnv, world: World, slow_path: SlowPath
) -> None:
    manager: ChatUser = await bot_env.a_user(await world.a_manager())
    approval = (await world.an_open_approval()).approval
    card = await bot_env.card(manager, CardKind.approval, approval.id)
    slow_path.path, slow_path.seconds = "/approvals", 1.0
    async with asyncio.TaskGroup() as tasks:
        pressing = tasks.create_task(manager.press("Approve", card))
        while not slow_path.asked:
            await asyncio.sleep(0.01)
        await bot_env.set_fault("expire_callbacks")
        await manager.sees("Approved:")
        pressing.cancel()
    await bot_env.expect_refusals("query is too old")


async def test_a_bot_whose_platform_is_away_at_its_start_waits(bot_env: BotEnv, world: World) -> None:
    await bot_env.set_fault("500")
    with capture_logs() as logs:
        async with polling(bot_env) as task:
            while not [each for each in logs if each["event"] == "telegram.away"]:
                await asyncio.sleep(0.05)
            assert not task.done()
            await bot_env.sandbox.clear_faults()
            await known(bot_env, world)


async def test_whoever_talks_in_a_group_waits_for_nothing(
    bot_env: BotEnv, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However slow it is to find out that what they wrote is none of our business."""
    user = await known(bot_env, world)
    group = await a_group(bot_env, user)
    waited = asyncio.Event()

    async def slowly(*_: object) -> bool:
        await asyncio.sleep(WAIT_SECONDS + 0.5)
        waited.set()
        return False

    monkeypatch.setattr(HandledUpdates, "contains", slowly)
    await say_in(group, user, "We need 3 laptops by 24 Dec for IT")
    await asyncio.wait_for(waited.wait(), 10.0)
    await bot_env.settled()
    assert WORKING not in [each["text"] for each in await user.chat()]


async def test_an_end_that_nobody_foresaw_is_raised() -> None:
    """Whoever keeps the process running starts it again, and the log says why."""

    class Broken:
        async def get_updates(self, **_: object) -> None:
            raise KeyError("update_id")

    poller = Poller(cast("Bot", Broken()), cast("Dispatcher", None), [])
    with pytest.raises(KeyError):
        await asyncio.wait_for(poller.run(asyncio.Event(), 1.0), 5.0)
