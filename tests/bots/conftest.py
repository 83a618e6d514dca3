"""The stages that the bots' tests play on; a refusal by the sandbox fails the test.

telegram, slack    one platform's stage
stage              Telegram's, or with ``@BOTH`` one after the other
forgetful          no bot knows what was handled: nothing but the API and the open form's row stands between
"""

import functools
import ssl
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from bots.dialog.handled_updates import HandledUpdates
from sandbox.slack import delivery
from sandbox.slack.methods import view_methods
from tests.bots.bot_env import started_env
from tests.bots.slack_env import SlackEnv, SlowApi
from tests.bots.telegram_env import TelegramEnv
from tests.support.api import Api
from tests.support.world import World


@pytest.fixture(scope="session", autouse=True)
def shared_tls_context() -> Iterator[None]:
    """Every bot that a test starts would read the authorities' certificates again, and none of them talks TLS."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ssl, "create_default_context", functools.cache(ssl.create_default_context))
        yield


@pytest.fixture
def bot_env(request: pytest.FixtureRequest) -> Any:
    return request.getfixturevalue(getattr(request, "param", "telegram"))


@pytest.fixture
async def telegram(api: Api, world: World) -> AsyncIterator[TelegramEnv]:
    """The API, the sandbox and the bot."""
    async with started_env(TelegramEnv, api, api.app) as bot_env:
        yield bot_env


@pytest.fixture
def slow_api(api: Api) -> SlowApi:
    """The API as the Slack app reaches it."""
    return SlowApi(api.app)


@pytest.fixture
async def slack(
    api: Api, world: World, slow_api: SlowApi, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[SlackEnv]:
    """The API, the sandbox and the Slack app.

    Slack's three seconds are ten times as long here, because a test run shares its machine; the tests of the
    three seconds themselves set them right.
    """
    monkeypatch.setattr(delivery, "ACK_DEADLINE_SECONDS", 30.0)
    monkeypatch.setattr(view_methods, "TRIGGER_LIFETIME_SECONDS", 30.0)
    async with started_env(SlackEnv, api, slow_api) as bot_env:
        yield bot_env


@pytest.fixture
def forgetful(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if every update came to another process, and without Redis."""

    async def contains(self: HandledUpdates, update_id: str) -> bool:
        return False

    monkeypatch.setattr(HandledUpdates, "contains", contains)
