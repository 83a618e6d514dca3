"""Telegram’s login button: /dashboard sends it where the bot’s domain is linked; the browser opens as its presser."""

import asyncio
import hashlib
from urllib.parse import urlsplit

import pytest
from pydantic import SecretStr, ValidationError

from bots.telegram.settings import TelegramSettings
from core.access.roles import Role
from tests.bots.bot_env import ChatUser
from tests.bots.telegram_env import TOKEN, TelegramEnv
from tests.support.api import BOT_KEY
from tests.support.world import World
from tests.web.browser import a_browser

ADDRESS = "https://parley.example"


async def with_login_button(telegram: TelegramEnv) -> None:
    """As an administrator sets it up: the domain at BotFather, the address for the bot, the key for the API."""
    bot = {"token": TOKEN, "username": "parley_bot", "name": "Parley", "domain": "parley.example"}
    await telegram.sandbox.set_telegram_bot(bot)
    key = SecretStr(hashlib.sha256(TOKEN.encode()).hexdigest())
    state = telegram.api.app.state
    state.settings = state.settings.model_copy(update={"telegram_login_key": key})
    await telegram.stop_bot()
    await telegram.start_bot(login_url=ADDRESS)


async def opened_by(user: ChatUser) -> str:
    """What the browser is asked to open when the person presses and agrees; the path with its query."""
    pressed = await user.press("Open dashboard")
    address = urlsplit(str(pressed["opens"]))
    assert f"{address.scheme}://{address.netloc}" == ADDRESS
    return f"{address.path}?{address.query}"


async def test_the_button_opens_the_browser_as_whoever_presses_it(
    telegram: TelegramEnv, world: World
) -> None:
    officer, request = await world.an_officer(), await world.a_request()
    await with_login_button(telegram)
    user = await telegram.a_user(officer)
    await user.say(f"/dashboard {request.request.number}")
    message = await user.sees("Your dashboard opens in your browser")
    assert "/enter/" not in message["text"]
    async with a_browser(telegram.api) as browser:
        page = await browser.get(pressed := await opened_by(user))
        assert officer.name in page.words
        entered = await browser.post("/login/telegram/chat", page.form("/login/telegram/chat").fields)
        assert entered.headers["location"] == f"/purchases/{request.request.number}"
        assert officer.name in (await browser.get("/home")).words
    async with a_browser(telegram.api) as browser:
        while (pressed_again := await opened_by(user)) == pressed:
            await asyncio.sleep(0.1)  # Telegram says when by the second
        again = await browser.get(pressed_again)
        assert officer.name in again.words, "every press says it anew"


async def test_a_stranger_who_presses_a_forwarded_button_is_themselves(
    telegram: TelegramEnv, world: World
) -> None:
    await with_login_button(telegram)
    user = await telegram.a_user(await world.an_officer())
    other = await world.a_person(Role.requester)
    stranger = await telegram.a_user(other, linked=False)
    await user.say("/dashboard")
    await user.sees("Your dashboard opens in your browser")
    path = await opened_by(user)
    forged = path.replace(f"id={user.id}", f"id={stranger.id}")
    assert forged != path
    async with a_browser(telegram.api) as browser:
        assert (await browser.get(forged)).status == 409


async def test_without_a_linked_domain_a_link_is_sent(telegram: TelegramEnv, world: World) -> None:
    user = await telegram.a_user(await world.an_officer())
    await user.say("/dashboard")
    assert "/enter/" in (await user.sees("Your dashboard:"))["text"]


def test_an_address_that_telegram_would_refuse_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    given = {"PARLEY_API_URL": "http://127.0.0.1:8080", "BOT_KEY": BOT_KEY, "TELEGRAM_BOT_TOKEN": TOKEN}
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("TELEGRAM_LOGIN_URL", "http://parley.example")
    with pytest.raises(ValidationError, match="https"):
        TelegramSettings()
    monkeypatch.setenv("TELEGRAM_LOGIN_URL", f"{ADDRESS}/")
    assert TelegramSettings().login_url == ADDRESS
