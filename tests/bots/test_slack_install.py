"""The install page: a workspace gives the app its token, and nobody else's browser can give one."""

from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest
from pydantic import SecretStr
from sqlalchemy import select, text

from api.contract import endpoints as e
from bots.slack.install import COOKIE
from core.access.roles import Role
from core.installations.tables import chat_installations
from tests.bots.bot_env import free_port
from tests.bots.slack_env import TEAM, TOKEN, SlackEnv
from tests.support.api import ProblemError
from tests.support.world import World

CLIENT, SECRET, ELSEWHERE = "1122.3344", "the-client-secret-of-the-tests", "T0ELSEWHERE"


async def opened(slack: SlackEnv, **more: Any) -> None:
    """The app with an install page."""
    await slack.stop_bot()
    await slack.register(client_id=CLIENT, client_secret=SECRET)
    page = {
        "client_id": CLIENT,
        "client_secret": SecretStr(SECRET),
        "authorize_url": f"{slack.sandbox.url}/slack/oauth/v2/authorize",
    }
    await slack.start_bot(**page, **more)


@pytest.fixture
async def browser() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        yield session


def page(slack: SlackEnv, name: str) -> str:
    return f"http://127.0.0.1:{slack.port}/slack/{name}"


async def asked(slack: SlackEnv, browser: aiohttp.ClientSession, team: str = ELSEWHERE) -> str:
    """Where Slack would be asked, for this workspace."""
    async with browser.get(page(slack, "install"), allow_redirects=False) as answer:
        assert answer.status == 302
        return f"{answer.headers['Location']}&team={team}"


async def allowed(browser: aiohttp.ClientSession, where: str) -> str:
    """Where Slack sends the browser back to, once somebody has allowed it there."""
    async with browser.get(where, allow_redirects=False) as answer:
        return answer.headers["Location"]


async def read(browser: aiohttp.ClientSession, address: str) -> tuple[int, str]:
    async with browser.get(address) as answer:
        return answer.status, await answer.text()


async def kept(slack: SlackEnv, team: str = ELSEWHERE) -> str:
    """The token that is kept for a workspace."""
    try:
        return (await slack.api.as_bot().call(e.installation, path={"team": team})).bot_token
    except ProblemError:
        return ""


async def test_a_workspace_that_installs_the_app_can_use_it_and_its_token_is_sealed(
    slack: SlackEnv, world: World, browser: aiohttp.ClientSession
) -> None:
    await opened(slack)
    where = await asked(slack, browser)
    query = parse_qs(urlsplit(where).query)
    assert query["client_id"] == [CLIENT]
    assert query["redirect_uri"] == [page(slack, "oauth_redirect")]
    assert {"chat:write", "commands", "files:read", "users:read"} <= set(query["scope"][0].split(","))
    status, words = await read(browser, await allowed(browser, where))
    assert (status, words) == (200, "Parley is installed in Elsewhere. You can close this page.")
    token = await kept(slack)
    assert token.startswith("xoxb-")
    assert await kept(slack, TEAM) == TOKEN
    async with world.engine.connect() as connection:
        sealed = list(await connection.scalars(select(chat_installations.c.sealed_token)))
        assert len(sealed) == 2
        assert [each for each in sealed if token.encode() in each or TOKEN.encode() in each] == []
        events = "\n".join(await connection.scalars(text("SELECT audit_events::text FROM audit_events")))
        assert "installation." in events
        assert token not in events
    there = await slack.a_user(await world.a_person(Role.requester), team_id=ELSEWHERE)
    await there.say("/whoami")
    await there.sees("acts as")


async def test_what_does_not_come_from_this_browser_with_its_state_installs_nothing(
    slack: SlackEnv, world: World, browser: aiohttp.ClientSession
) -> None:
    await opened(slack)
    good = await allowed(browser, await asked(slack, browser))
    state = parse_qs(urlsplit(good).query)["state"][0]
    for wrong in (
        good.replace(state, "another-state"),
        good.replace(f"&state={state}", ""),
        f"{page(slack, 'oauth_redirect')}?code=1",
        page(slack, "oauth_redirect"),
    ):
        status, words = await read(browser, wrong)
        assert (status, words[:21]) == (400, "This page is too old."), wrong
    async with aiohttp.ClientSession(cookies={COOKIE: "made-up"}) as stranger:
        assert (await read(stranger, good))[0] == 400
    assert (await read(browser, good))[0] == 400, "its state was used up by the stranger's attempt"
    assert await kept(slack) == ""


async def test_a_state_counts_once_and_for_ten_minutes(
    slack: SlackEnv, world: World, browser: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    await opened(slack)
    first = await allowed(browser, await asked(slack, browser))
    assert (await read(browser, first))[0] == 200
    assert (await read(browser, first))[0] == 400
    monkeypatch.setattr("bots.slack.install.STATE_LIFETIME_SECONDS", -1.0)
    old = await asked(slack, browser)
    async with aiohttp.ClientSession(cookie_jar=browser.cookie_jar) as same:
        assert (await read(same, await allowed(same, old)))[0] == 400


async def test_no_and_a_code_that_slack_does_not_take_are_said(
    slack: SlackEnv, world: World, browser: aiohttp.ClientSession
) -> None:
    await opened(slack)
    denied = parse_qs(urlsplit(await asked(slack, browser)).query)["state"][0]
    back = f"{page(slack, 'oauth_redirect')}?error=access_denied&state={denied}"
    assert await read(browser, back) == (200, "Nothing was installed.")
    good = await allowed(browser, await asked(slack, browser))
    code = parse_qs(urlsplit(good).query)["code"][0]
    status, words = await read(browser, good.replace(code, "1.made-up"))
    assert (status, "did not take the code" in words) == (400, True)
    await slack.expect_refusals("invalid_code")
    assert await kept(slack) == ""


async def test_an_api_that_is_away_is_said_and_nothing_is_half_installed(
    slack: SlackEnv, world: World, browser: aiohttp.ClientSession
) -> None:
    await opened(slack, api_url=f"http://127.0.0.1:{free_port()}", bot_token=None)
    status, words = await read(browser, await allowed(browser, await asked(slack, browser)))
    assert (status, words[:23]) == (503, "Nothing was installed: ")
    assert await kept(slack) == ""
