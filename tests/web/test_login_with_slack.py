"""Sign in with Slack against a strict stand-in: who comes in, and every token that does not count."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from pydantic import SecretStr
from sqlalchemy import insert

from core.access.roles import Role
from core.accounts.tables import chat_identities
from core.kernel.ids import new_id
from core.people.model import Person
from tests.support.api import Api, start
from tests.support.postgres import Database
from tests.support.slack_sign_in import SlackStandIn, a_slack
from tests.support.world import World
from tests.web.browser import Browser, a_browser

BACK = "http://127.0.0.1:8080/login/slack/back"


@dataclass
class SignIn:
    api: Api
    slack: SlackStandIn
    person: Person

    async def to_slack_and_back(self, browser: Browser, team: str = "T01", user: str = "U02") -> str:
        answer = await browser.client.get("/login/slack?next=/purchases%3Fmine%3Dtrue")
        assert answer.status_code == 303
        return self.slack.authorise(answer.headers["location"], team, user)


@pytest.fixture
async def sign_in(database: Database, world: World, tmp_path: Path) -> AsyncIterator[SignIn]:
    person = await world.a_person(Role.officer)
    async with world.engine.begin() as connection:
        await connection.execute(
            insert(chat_identities).values(
                id=new_id(),
                platform="slack",
                external_id="T01:U02",
                person_id=person.id,
                display_name="O",
                linked_at=world.now,
            )
        )
    async with a_slack("client", "a secret of Slack", BACK) as slack, AsyncExitStack() as stack:
        given = {
            "slack_sign_in_id": "client",
            "slack_sign_in_secret": SecretStr("a secret of Slack"),
            "slack_sign_in_url": slack.url,
        }
        yield SignIn(await start(database, tmp_path, stack, **given), slack, person)


async def test_a_linked_account_comes_in_by_a_button_and_a_code_counts_once(sign_in: SignIn) -> None:
    async with a_browser(sign_in.api) as browser:
        assert "/login/slack?next=" in (await browser.get("/login")).html
        back = await sign_in.to_slack_and_back(browser)
        for _ in range(10):
            page = await browser.get(back)
            assert page.wrong == []
            assert page.headers["referrer-policy"] == "strict-origin"
        assert len(sign_in.slack.codes) == 1, "looking exchanges nothing"
        answer = await browser.post("/login/slack/back", page.form("/back").fields)
        assert answer.headers["location"] == "/purchases?mine=true"
        assert sign_in.person.name in (await browser.get("/home")).words
        assert (await browser.post("/login/slack/back", page.form("/back").fields)).status_code == 409
        assert (await browser.get("/lists/people.csv")).status == 403
        assert sign_in.slack.refused == []


@pytest.mark.parametrize(("team", "user"), [("T02", "U02"), ("T01", "U03"), ("T01:U02", ""), ("t01", "u02")])
async def test_an_account_is_its_team_and_its_user(sign_in: SignIn, team: str, user: str) -> None:
    async with a_browser(sign_in.api) as browser:
        page = await browser.get(await sign_in.to_slack_and_back(browser, team, user))
        refused = await browser.send(page.form("/back"))
        assert refused.status == 409
        assert "Slack did not name an account that is linked here." in refused.words
        assert (await browser.get("/home")).forms("/login")


@pytest.mark.parametrize(
    "changes",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"aud": "another client"},
        {"aud": None},
        {"iss": "https://slack.example"},
        {"iss": None},
        {"exp": 1},
        {"exp": None},
        {"iat": None},
        {"sub": None},
        {"https://slack.com/team_id": None},
        {"https://slack.com/user_id": None},
    ],
)
async def test_a_token_that_is_not_for_us_now_and_here_counts_nothing(
    sign_in: SignIn, changes: dict[str, Any]
) -> None:
    sign_in.slack.changes = changes
    async with a_browser(sign_in.api) as browser:
        page = await browser.get(await sign_in.to_slack_and_back(browser))
        assert (await browser.send(page.form("/back"))).status == 409
        assert (await browser.get("/home")).forms("/login")


async def test_another_key_another_browser_another_state_and_a_refusal_let_nobody_in(sign_in: SignIn) -> None:
    async with a_browser(sign_in.api) as browser, a_browser(sign_in.api) as other:
        back = await sign_in.to_slack_and_back(browser)
        assert (await other.get(back)).status == 409
        await sign_in.to_slack_and_back(other)
        assert (await other.get(back)).status == 409
        fields = (await browser.get(back)).form("/back").fields
        assert (await other.post("/login/slack/back", fields)).status_code == 409
        assert (await browser.get("/login/slack/back?error=access_denied&state=x")).status == 409
        sign_in.slack.signing_key = rsa.generate_private_key(65537, 2048)
        assert (await browser.post("/login/slack/back", fields)).status_code == 409
        assert (await browser.get("/home")).forms("/login")


async def test_where_nobody_set_it_up_there_is_nothing(api: Api, world: World) -> None:
    async with a_browser(api) as browser:
        assert "/login/slack" not in (await browser.get("/login")).html
        assert (await browser.get("/login/slack")).status == 404
        assert (await browser.get("/login/slack/back?code=x&state=y")).status == 404
        assert (await browser.post("/login/slack/back", {"code": "x"})).status_code == 404
