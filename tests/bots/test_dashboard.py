"""/dashboard in both chats: a link for oneself that opens a browser once, and leaves the chat when it is dead."""

import datetime as dt
import re

import pytest

from core.web_sessions import service
from tests.bots.bot_env import BOTH, BotEnv
from tests.support.world import World
from tests.web.browser import a_browser


def link_in(text: str) -> str:
    found = re.search(r"/enter/[A-Za-z0-9_-]+", text)
    assert found is not None, text
    return found[0]


@BOTH
async def test_the_link_opens_the_browser_as_this_person(bot_env: BotEnv, world: World) -> None:
    officer, request = await world.an_officer(), await world.a_request()
    user = await bot_env.a_user(officer)
    await user.say(f"/dashboard {request.request.number.lower()}")
    sent = await user.sees("Your dashboard:")
    async with a_browser(bot_env.api) as browser:
        path = link_in(sent["text"])
        assert officer.name in (await browser.get(path)).words
        entered = await browser.post(path, {})
        assert entered.headers["location"] == f"/purchases/{request.request.number}"
        again = await browser.post(path, {})
        assert again.status_code == 409


@BOTH
async def test_the_digest_has_the_button_and_a_dead_link_is_taken_out(
    bot_env: BotEnv, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "TICKET_LIFE", dt.timedelta(seconds=1))
    user = await bot_env.a_user(await world.an_officer())
    await user.say("/digest")
    await user.press("Open dashboard")
    await user.sees("Your dashboard:")
    await user.sees("This link has expired.")
    assert "/enter/" not in str(await user.chat())
