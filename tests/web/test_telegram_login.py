"""Telegram's login button: the hash decides who comes in, once, within five minutes, and only by a press of ours."""

import hashlib
import hmac
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import pytest
from pydantic import SecretStr
from sqlalchemy import insert

from api.web.telegram_login import LEEWAY, LIFE, PATH
from core.access.roles import Role
from core.accounts.tables import chat_identities
from core.kernel.ids import new_id
from core.people.model import Person
from tests.support.api import Api, start
from tests.support.postgres import Database
from tests.support.world import World
from tests.web.browser import a_browser

TOKEN = "7700:the-token-of-the-bot"
ACCOUNT = "1001"


def signed(token: str = TOKEN, **changes: str) -> dict[str, str]:
    """What Telegram would send, signed with the bot's token; written down here once more, by its documentation."""
    told = {"id": ACCOUNT, "first_name": "Rosa ☂", "username": "rosa", "auth_date": str(int(time.time()))}
    told = {name: value for name, value in {**told, **changes}.items() if value}
    line = "\n".join(sorted(f"{name}={value}" for name, value in told.items()))
    key = hashlib.sha256(token.encode()).digest()
    return {**told, "hash": hmac.new(key, line.encode(), "sha256").hexdigest()}


@dataclass
class LoginButton:
    api: Api
    person: Person


@pytest.fixture
async def button(database: Database, world: World, tmp_path: Path) -> AsyncIterator[LoginButton]:
    person = await world.a_person(Role.officer)
    async with world.engine.begin() as connection:
        linked = {"platform": "telegram", "external_id": ACCOUNT, "person_id": person.id}
        shown = {"id": new_id(), "display_name": "O", "linked_at": world.now}
        await connection.execute(insert(chat_identities).values(**linked, **shown))
    async with AsyncExitStack() as stack:
        key = SecretStr(hashlib.sha256(TOKEN.encode()).hexdigest())
        yield LoginButton(await start(database, tmp_path, stack, telegram_login_key=key), person)


async def test_looking_lets_nobody_in_and_a_press_counts_once(button: LoginButton) -> None:
    address = f"{PATH}?{urlencode({'next': '/purchases?mine=true', **signed()})}"
    async with a_browser(button.api) as browser, a_browser(button.api) as other:
        for _ in range(10):
            page = await browser.get(address)
            assert (page.status, page.wrong) == (200, [])
            assert page.headers["referrer-policy"] == "strict-origin"
            assert button.person.name in page.words
        assert (await browser.client.head(address)).status_code in (200, 405)
        assert "set-cookie" not in page.headers
        assert (await browser.get("/home")).forms("/login")
        fields = page.form(PATH).fields
        entered = await browser.post(PATH, fields)
        assert entered.headers["location"] == "/purchases?mine=true"
        assert button.person.name in (await browser.get("/home")).words
        assert (await browser.get("/lists/people.csv")).status == 403, "it confirms nothing"
        again = await other.post(PATH, fields)
        assert again.status_code == 409
        assert (await other.get(address)).status == 409
        assert (await other.get("/home")).forms("/login")


def said(changes: dict[str, str | int]) -> dict[str, str]:
    """A number is a moment, in seconds from now."""
    return {
        name: str(int(time.time()) + value) if isinstance(value, int) else value
        for name, value in changes.items()
    }


@pytest.mark.parametrize(
    ("token", "changes", "after"),
    [
        ("7701:another-bot", {}, {}),
        (TOKEN, {}, {"id": "1002"}),
        (TOKEN, {}, {"first_name": "Mara"}),
        (TOKEN, {}, {"auth_date": 5}),
        (TOKEN, {}, {"last_name": "added"}),
        (TOKEN, {}, {"hash": ""}),
        (TOKEN, {}, {"hash": "0" * 64}),
        (TOKEN, {}, {"hash": "é" * 64}),
        (TOKEN, {"id": "1002"}, {}),
        (TOKEN, {"id": "-1"}, {}),
        (TOKEN, {"id": ""}, {}),
        (TOKEN, {"auth_date": ""}, {}),
        (TOKEN, {"auth_date": "soon"}, {}),
        (TOKEN, {"auth_date": "9" * 19}, {}),
        (TOKEN, {"auth_date": -int(LIFE.total_seconds()) - 5}, {}),
        (TOKEN, {"auth_date": int(LEEWAY.total_seconds()) + 600}, {}),
        (TOKEN, {"first_name": "R" * 2_000}, {}),
    ],
    ids=str,
)
async def test_what_is_forged_old_or_nobodys_lets_nobody_in(
    button: LoginButton, token: str, changes: dict[str, str | int], after: dict[str, str | int]
) -> None:
    sent = {**signed(token, **said(changes)), **said(after)}
    async with a_browser(button.api) as browser:
        page = await browser.get(f"{PATH}?{urlencode(sent)}")
        assert page.status == 409
        assert page.forms(PATH) == []
        assert (await browser.post(PATH, sent)).status_code == 409
        assert (await browser.get("/home")).forms("/login")


async def test_whoever_keeps_their_name_to_themselves_comes_to_the_login_page(button: LoginButton) -> None:
    async with a_browser(button.api) as browser:
        answer = await browser.client.get(f"{PATH}?next=/purchases")
        assert (answer.status_code, answer.headers["location"]) == (303, "/login?next=/purchases")
        elsewhere = await browser.get(f"{PATH}?{urlencode({**signed(), 'next': 'https://evil.example/'})}")
        assert elsewhere.form(PATH).fields["next"] == "/home"


async def test_somebody_whose_account_has_ended_stays_outside(button: LoginButton, world: World) -> None:
    address = f"{PATH}?{urlencode(signed())}"
    async with a_browser(button.api) as browser:
        fields = (await browser.get(address)).form(PATH).fields
        await button.api.as_(await world.an_admin()).send("POST", f"/people/{button.person.id}/disable", {})
        assert (await browser.post(PATH, fields)).status_code == 409
        assert (await browser.get(address)).status == 409


async def test_without_the_bots_key_there_is_no_such_page(api: Api, world: World) -> None:
    async with a_browser(api) as browser:
        assert (await browser.get(f"{PATH}?{urlencode(signed())}")).status == 404
        assert (await browser.post(PATH, signed())).status_code == 404
