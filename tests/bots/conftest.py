"""The stages that the bots' tests play on; a refusal by the sandbox fails the test.

telegram, slack    one platform's stage
stage              Telegram's, or with ``@BOTH`` one after the other
"""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, TypeVar

import aiohttp
import pytest

from bots.cards.sending import Outbound
from bots.slack.outbound import Outbound as SlackOutbound
from bots.telegram.outbound import Outbound as TelegramOutbound
from sandbox.parts import Parts
from sandbox.slack import delivery
from sandbox.slack.methods import views
from tests.bots.slack_stage import SlackStage, Slowed, known_workspace
from tests.bots.stage import Stage, free_port, playing, serving
from tests.bots.telegram_stage import TOKEN, TelegramStage
from tests.support.api import Api
from tests.support.world import World

Kind = TypeVar("Kind", bound=Stage)


@pytest.fixture
def stage(request: pytest.FixtureRequest) -> Any:
    return request.getfixturevalue(getattr(request, "param", "telegram"))


@pytest.fixture
async def telegram(api: Api, world: World) -> AsyncIterator[TelegramStage]:
    """The API, the sandbox and the bot."""
    async with _set(TelegramStage, api, api.app, lambda url: TelegramOutbound(TOKEN, url)) as stage:
        yield stage


@pytest.fixture
def slowed(api: Api) -> Slowed:
    """The API as the Slack app reaches it."""
    return Slowed(api.app)


@pytest.fixture
async def slack(
    api: Api, world: World, slowed: Slowed, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[SlackStage]:
    """The API, the sandbox and the Slack app.

    Slack's three seconds are ten times as long here, because a test run shares its machine; the tests of the
    three seconds themselves set them right.
    """
    monkeypatch.setattr(delivery, "PATIENCE", 30.0)
    monkeypatch.setattr(views, "TRIGGER_LIFE", 30.0)
    sending = lambda url: SlackOutbound(known_workspace(), f"{url}/slack/api/")  # noqa: E731
    async with _set(SlackStage, api, slowed, sending) as stage:
        yield stage


@asynccontextmanager
async def _set(
    kind: type[Kind], api: Api, served: Any, sending: Callable[[str], Outbound]
) -> AsyncIterator[Kind]:
    """Everything on ports of its own; nothing that the sandbox refused is let pass."""
    ports, parts = [free_port() for _ in range(3)], Parts()
    sandbox_url = f"http://127.0.0.1:{ports[1]}"
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(serving(served, ports[0]))
        await stack.enter_async_context(playing(parts, ports[1]))
        http = await stack.enter_async_context(aiohttp.ClientSession())
        outbound = sending(sandbox_url)
        stack.push_async_callback(outbound.close)
        stage = kind(api, f"http://127.0.0.1:{ports[0]}", sandbox_url, ports[2], http, parts, outbound)
        await stage.register()
        await stage.start_bot()
        yield stage
        await stage.stop_bot()
        refusals = await stage.refusals()
    assert refusals == []
