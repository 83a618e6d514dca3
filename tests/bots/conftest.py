"""The stage that the bot's tests play on."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import aiohttp
import pytest

from bots.slack.outbound import Outbound as SlackOutbound
from bots.telegram.outbound import Outbound
from sandbox.parts import Parts
from sandbox.slack import delivery
from sandbox.slack.methods import views
from tests.bots.slack_stage import SlackStage, Slowed, known_workspace
from tests.bots.stage import TOKEN, Stage, free_port, playing, serving
from tests.support.api import Api
from tests.support.world import World


@pytest.fixture
async def stage(api: Api, world: World) -> AsyncIterator[Stage]:
    """The API, the sandbox and the bot; a refusal by the sandbox fails the test."""
    ports = [free_port() for _ in range(3)]
    parts = Parts()
    sandbox_url = f"http://127.0.0.1:{ports[1]}"
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(serving(api.app, ports[0]))
        await stack.enter_async_context(playing(parts, ports[1]))
        http = await stack.enter_async_context(aiohttp.ClientSession())
        outbound = Outbound(TOKEN, sandbox_url)
        stack.push_async_callback(outbound.close)
        stage = Stage(
            api=api,
            api_url=f"http://127.0.0.1:{ports[0]}",
            sandbox_url=sandbox_url,
            hook_url=f"http://127.0.0.1:{ports[2]}/telegram/webhook",
            hook_port=ports[2],
            http=http,
            outbound=outbound,
            store=parts.telegram,
        )
        await stage.control(
            "POST", "/control/bots", {"token": TOKEN, "username": "parley_bot", "name": "Parley"}
        )
        await stage.start_bot()
        yield stage
        await stage.stop_bot()
        refusals = await stage.refusals()
    assert refusals == []


@pytest.fixture
def slowed(api: Api) -> Slowed:
    """The API as the Slack app reaches it."""
    return Slowed(api.app)


@pytest.fixture
async def slack(
    api: Api, world: World, slowed: Slowed, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[SlackStage]:
    """The API, the sandbox and the Slack app; a refusal by the sandbox fails the test.

    Slack's three seconds are ten times as long here, because a test run shares its machine; the tests of the
    three seconds themselves set them right.
    """
    monkeypatch.setattr(delivery, "PATIENCE", 30.0)
    monkeypatch.setattr(views, "TRIGGER_LIFE", 30.0)
    ports = [free_port() for _ in range(3)]
    parts = Parts()
    sandbox_url = f"http://127.0.0.1:{ports[1]}"
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(serving(slowed, ports[0]))
        await stack.enter_async_context(playing(parts, ports[1]))
        http = await stack.enter_async_context(aiohttp.ClientSession())
        outbound = SlackOutbound(known_workspace(), f"{sandbox_url}/slack/api/")
        stack.push_async_callback(outbound.close)
        stage = SlackStage(
            api=api,
            api_url=f"http://127.0.0.1:{ports[0]}",
            sandbox_url=sandbox_url,
            port=ports[2],
            http=http,
            parts=parts,
            outbound=outbound,
        )
        await stage.register()
        await stage.start_app()
        yield stage
        await stage.stop_app()
        refusals = await stage.refusals()
    assert refusals == []
