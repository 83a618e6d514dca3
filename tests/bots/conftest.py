"""The stages that the bots' tests play on; a refusal by the sandbox fails the test.

telegram, slack    one platform's stage
stage              Telegram's, or with ``@BOTH`` one after the other
"""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from sandbox.slack import delivery
from sandbox.slack.methods import view_methods
from tests.bots.slack_stage import SlackStage, Slowed
from tests.bots.stage import set_up
from tests.bots.telegram_stage import TelegramStage
from tests.support.api import Api
from tests.support.world import World


@pytest.fixture
def stage(request: pytest.FixtureRequest) -> Any:
    return request.getfixturevalue(getattr(request, "param", "telegram"))


@pytest.fixture
async def telegram(api: Api, world: World) -> AsyncIterator[TelegramStage]:
    """The API, the sandbox and the bot."""
    async with set_up(TelegramStage, api, api.app) as stage:
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
    monkeypatch.setattr(delivery, "ACK_DEADLINE_SECONDS", 30.0)
    monkeypatch.setattr(view_methods, "TRIGGER_LIFETIME_SECONDS", 30.0)
    async with set_up(SlackStage, api, slowed) as stage:
        yield stage
