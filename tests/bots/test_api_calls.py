"""How many calls to the API one Telegram update costs: a change of it is seen in review."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from bots.cards.drawing import CardKind
from core.access.roles import Role
from core.people.model import Person
from tests.bots.bot_env import ChatUser, started_env
from tests.bots.telegram_env import TelegramEnv
from tests.support.api import Api
from tests.support.world import World


class CountingApi:
    """The API, and which calls reached it."""

    def __init__(self, app: Any) -> None:
        self._app = app
        self.calls: list[str] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            self.calls.append(f"{scope['method']} {scope['path']}")
        await self._app(scope, receive, send)


@pytest.fixture
def counting_api(api: Api) -> CountingApi:
    return CountingApi(api.app)


@pytest.fixture
async def counted(api: Api, world: World, counting_api: CountingApi) -> AsyncIterator[TelegramEnv]:
    async with started_env(TelegramEnv, api, counting_api) as bot_env:
        yield bot_env


async def a_known_user(counted: TelegramEnv, person: Person) -> ChatUser:
    """Somebody whose token the bot holds already."""
    user: ChatUser = await counted.a_user(person)
    await user.say("/whoami")
    await user.sees("Roles:")
    return user


async def test_words_that_nothing_waits_for_cost_one_call(
    counted: TelegramEnv, counting_api: CountingApi, world: World
) -> None:
    user = await a_known_user(counted, await world.a_person(Role.requester))
    counting_api.calls.clear()
    await user.say("good morning")
    await user.sees("understand that as a command")
    assert counting_api.calls == ["GET /chat/drafts"]


async def test_a_command_that_needs_nothing_costs_no_call(
    counted: TelegramEnv, counting_api: CountingApi, world: World
) -> None:
    user = await a_known_user(counted, await world.a_person(Role.requester))
    counting_api.calls.clear()
    await user.say("/no_such_command")
    await user.sees("/no_such_command")
    assert counting_api.calls == []


async def test_a_press_costs_the_call_that_it_makes(
    counted: TelegramEnv, counting_api: CountingApi, world: World
) -> None:
    user = await a_known_user(counted, await world.a_manager())
    approval = (await world.an_open_approval()).approval
    card = await counted.card(user, CardKind.approval, approval.id)
    counting_api.calls.clear()
    assert (await user.press("Approve", card))["text"].startswith("Approved")
    assert counting_api.calls == ["POST /approvals"]
