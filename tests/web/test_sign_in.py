"""Sign in with Telegram and with Slack against strict stand-ins: who comes in, and every token that does not count."""

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import insert

from api.server.rate_limits import OF_HOST
from api.server.settings import ApiSettings
from api.web.openid import MOST_BYTES
from core.access.roles import Role
from core.accounts.tables import chat_identities
from core.kernel.ids import new_id
from core.people.model import Person
from tests.support.api import Api, start
from tests.support.postgres import Database
from tests.support.sign_in import CLIENT, SECRET, RunningPlatform, a_platform, made_key
from tests.support.world import World
from tests.web.browser import Browser, a_browser

ACCOUNTS = {"telegram": ("1001", "1002"), "slack": ("T01:U02", "T02:U02", "T01:U03")}
"""The first is linked to a person, the others are nobody here."""
OURS = "http://127.0.0.1:8080"


@dataclass
class SignIn:
    api: Api
    platform: RunningPlatform
    person: Person

    @property
    def name(self) -> str:
        return self.platform.provider.platform

    @property
    def linked(self) -> str:
        return ACCOUNTS[self.name][0]

    @property
    def back(self) -> str:
        return f"/login/{self.name}/back"

    async def there_and_back(self, browser: Browser, account: str = "") -> str:
        answer = await browser.client.get(f"/login/{self.name}?next=/purchases%3Fmine%3Dtrue")
        assert answer.status_code == 303, answer.text
        return await self.platform.agree(answer.headers["location"], account or self.linked)


@pytest.fixture(params=sorted(ACCOUNTS))
async def sign_in(
    request: pytest.FixtureRequest, database: Database, world: World, tmp_path: Path
) -> AsyncIterator[SignIn]:
    name: str = request.param
    person = await world.a_person(Role.officer)
    async with world.engine.begin() as connection:
        linked = {"platform": name, "external_id": ACCOUNTS[name][0], "person_id": person.id}
        shown = {"id": new_id(), "display_name": "O", "linked_at": world.now}
        await connection.execute(insert(chat_identities).values(**linked, **shown))
    back = f"{OURS}/login/{name}/back"
    async with a_platform(name, back, *ACCOUNTS[name]) as platform, AsyncExitStack() as stack:
        given = {
            f"{name}_sign_in_id": CLIENT,
            f"{name}_sign_in_secret": SecretStr(SECRET),
            f"{name}_sign_in_url": platform.url,
        }
        yield SignIn(await start(database, tmp_path, stack, **given), platform, person)


async def test_a_linked_account_comes_in_by_a_button_and_a_code_counts_once(sign_in: SignIn) -> None:
    async with a_browser(sign_in.api) as browser:
        login = await browser.get("/login")
        assert f"/login/{sign_in.name}?next=" in login.html
        (other,) = set(ACCOUNTS) - {sign_in.name}
        assert f"/login/{other}" not in login.html
        back = await sign_in.there_and_back(browser)
        for _ in range(10):
            page = await browser.get(back)
            assert page.wrong == []
            assert page.headers["referrer-policy"] == "strict-origin"
        assert len(sign_in.platform.provider.codes) == 1, "looking exchanges nothing"
        assert (await browser.get("/home")).forms("/login"), "and lets nobody in"
        page = await browser.get(back)
        answer = await browser.post(sign_in.back, page.form("/back").fields)
        assert answer.headers["location"] == "/purchases?mine=true"
        assert sign_in.person.name in (await browser.get("/home")).words
        assert (await browser.post(sign_in.back, page.form("/back").fields)).status_code == 409
        assert (await browser.get("/lists/people.csv")).status == 403
        assert sign_in.platform.provider.refused == []


async def test_an_account_that_is_linked_to_nobody_stays_outside(sign_in: SignIn) -> None:
    for account in ACCOUNTS[sign_in.name][1:]:
        async with a_browser(sign_in.api) as browser:
            page = await browser.get(await sign_in.there_and_back(browser, account))
            refused = await browser.send(page.form("/back"))
            assert refused.status == 409
            assert "did not name an account that is linked here" in refused.words
            assert (await browser.get("/home")).forms("/login")


@pytest.mark.parametrize(
    "changes",
    [
        {"nonce": "another"},
        {"aud": "another client"},
        {"aud": [CLIENT, "another client"]},
        {"aud": None},
        {"iss": "https://slack.example"},
        {"iss": None},
        {"exp": 1},
        {"exp": None},
        {"iat": 4_000_000_000},
        {"nbf": 4_000_000_000},
        {"exp": "9999999999"},
        {"exp": True},
        {"exp": 10**400},
        {"iat": None},
        {"sub": None},
        {"id": None, "https://slack.com/team_id": None},
        {"id": "1001:1", "https://slack.com/team_id": "T01:U02", "https://slack.com/user_id": ""},
        {"id": True, "https://slack.com/team_id": "t01"},
        {"id": "0", "https://slack.com/user_id": None},
    ],
    ids=lambda changes: str(changes)[:40],
)
async def test_a_token_that_is_not_for_us_now_and_here_counts_nothing(
    sign_in: SignIn, changes: dict[str, Any]
) -> None:
    sign_in.platform.provider.changes = changes
    async with a_browser(sign_in.api) as browser:
        page = await browser.get(await sign_in.there_and_back(browser))
        assert (await browser.send(page.form("/back"))).status == 409
        assert (await browser.get("/home")).forms("/login")


@pytest.mark.parametrize(("behind", "status"), [(0, 303), (20, 303), (-20, 303), (3_700, 409), (-120, 409)])
async def test_a_token_counts_by_the_time_of_postgresql(sign_in: SignIn, behind: int, status: int) -> None:
    """The platform's token begins now and lasts minutes; ours is another time by so many seconds."""
    sign_in.api.pass_time(seconds=behind)
    async with a_browser(sign_in.api) as browser:
        page = await browser.get(await sign_in.there_and_back(browser))
        assert (await browser.post(sign_in.back, page.form("/back").fields)).status_code == status


async def test_a_nonce_has_to_come_back_from_whoever_repeats_it(sign_in: SignIn) -> None:
    """Slack does, Telegram does not; if it did one day, the right one would do."""
    provider = sign_in.platform.provider
    assert provider.repeats_nonce == (sign_in.name == "slack")
    provider.repeats_nonce = not provider.repeats_nonce
    async with a_browser(sign_in.api) as browser:
        page = await browser.get(await sign_in.there_and_back(browser))
        answer = await browser.post(sign_in.back, page.form("/back").fields)
        assert answer.status_code == (409 if sign_in.name == "slack" else 303)


@pytest.mark.parametrize(
    "signed",
    [
        {"key": made_key("a stranger's")},
        {"key": None, "algorithm": "none"},
        {"key": SECRET, "algorithm": "HS256"},
        {"algorithm": "RS512"},
        {"headers": {"kid": "another"}},
        {"headers": None},
    ],
    ids=["key", "none", "secret", "algorithm", "kid", "no kid"],
)
async def test_what_no_key_of_theirs_signed_as_they_sign_counts_nothing(
    sign_in: SignIn, signed: dict[str, Any]
) -> None:
    sign_in.platform.provider.signed = signed
    async with a_browser(sign_in.api) as browser:
        page = await browser.get(await sign_in.there_and_back(browser))
        assert (await browser.send(page.form("/back"))).status == 409
        assert (await browser.get("/home")).forms("/login")


@pytest.mark.parametrize("place", ["issuer", "authorization_endpoint", "token_endpoint", "jwks_uri"])
async def test_a_platform_that_points_elsewhere_is_not_followed(sign_in: SignIn, place: str) -> None:
    sign_in.platform.provider.description = {place: "https://elsewhere.example/x"}
    async with a_browser(sign_in.api) as browser:
        refused = await browser.get(f"/login/{sign_in.name}")
        assert refused.status == 409
        assert "elsewhere.example" not in refused.html


async def test_another_browser_another_state_another_platform_and_a_refusal_let_nobody_in(
    sign_in: SignIn,
) -> None:
    async with a_browser(sign_in.api) as browser, a_browser(sign_in.api) as other:
        back = await sign_in.there_and_back(browser)
        assert (await other.get(back)).status == 409
        await sign_in.there_and_back(other)
        assert (await other.get(back)).status == 409
        fields = (await browser.get(back)).form("/back").fields
        assert (await other.post(sign_in.back, fields)).status_code == 409
        assert (await browser.get(f"{sign_in.back}?error=access_denied&state=x")).status == 409
        begun = browser.client.cookies["parley-sign-in"]
        (elsewhere,) = set(ACCOUNTS) - {sign_in.name}
        browser.client.cookies.delete("parley-sign-in")
        browser.client.cookies.set("parley-sign-in", begun.replace(sign_in.name, elsewhere, 1))
        assert (await browser.post(sign_in.back, fields)).status_code == 409
        assert (await browser.get("/home")).forms("/login")


async def test_a_platform_that_does_not_answer_is_told_and_the_other_ways_stay(
    database: Database, world: World, tmp_path: Path
) -> None:
    async with AsyncExitStack() as stack:
        given = {
            "telegram_sign_in_id": CLIENT,
            "telegram_sign_in_secret": SecretStr(SECRET),
            "telegram_sign_in_url": "http://127.0.0.1:9",
        }
        api = await start(database, tmp_path, stack, **given)
        async with a_browser(api) as browser:
            refused = await browser.get("/login/telegram")
            assert refused.status == 409
            assert "/login" in [given.get("href") for tag, given in refused.reader.tags if tag == "a"]


async def test_an_answer_in_pieces_is_read_to_its_end_and_one_without_end_is_refused(sign_in: SignIn) -> None:
    sign_in.platform.provider.in_pieces = True
    sign_in.platform.provider.description = {"padding": "x" * MOST_BYTES}
    async with a_browser(sign_in.api) as browser:
        assert (await browser.get(f"/login/{sign_in.name}")).status == 409
        sign_in.platform.provider.description = {}
        page = await browser.get(await sign_in.there_and_back(browser))
        answer = await browser.post(sign_in.back, page.form("/back").fields)
        assert answer.status_code == 303


async def test_what_a_platform_says_to_everybody_is_asked_once_and_a_new_key_is_found(
    sign_in: SignIn,
) -> None:
    provider = sign_in.platform.provider
    for kid in ("first", "first", "second"):
        provider.kid = kid
        async with a_browser(sign_in.api) as browser:
            page = await browser.get(await sign_in.there_and_back(browser))
            answer = await browser.post(sign_in.back, page.form("/back").fields)
            assert answer.status_code == 303, kid
    asked = Counter(provider.asked)
    assert asked == {"openid-configuration": 1, "token": 3, "jwks.json": 2}


@pytest.mark.parametrize("verb", ["begin", "enter"])
async def test_a_host_that_tries_again_and_again_waits_whatever_cookie_it_brings(
    sign_in: SignIn, verb: str
) -> None:
    found = []
    for attempt in range(OF_HOST.count + 1):
        async with a_browser(sign_in.api) as browser:
            browser.client.cookies.set("parley-sign-in", f"{sign_in.name}.{attempt}.{attempt}.{attempt}.x")
            if verb == "begin":
                found.append((await browser.client.get(f"/login/{sign_in.name}")).status_code)
            else:
                found.append((await browser.post(sign_in.back, {"state": "y", "code": "z"})).status_code)
    assert found == [303 if verb == "begin" else 409] * OF_HOST.count + [429]
    async with a_browser(sign_in.api, host="10.0.0.9") as elsewhere:
        assert (await elsewhere.client.get(f"/login/{sign_in.name}")).status_code == 303


@pytest.mark.parametrize("name", sorted(ACCOUNTS))
async def test_where_nobody_set_it_up_there_is_nothing(api: Api, world: World, name: str) -> None:
    async with a_browser(api) as browser:
        assert f"/login/{name}" not in (await browser.get("/login")).html
        assert (await browser.get(f"/login/{name}")).status == 404
        assert (await browser.get(f"/login/{name}/back?code=x&state=y")).status == 404
        assert (await browser.post(f"/login/{name}/back", {"code": "x"})).status_code == 404


def test_the_real_platforms_are_the_usual_ones() -> None:
    usual = {name: field.default for name, field in ApiSettings.model_fields.items()}
    assert usual["telegram_sign_in_url"] == "https://oauth.telegram.org"
    assert usual["slack_sign_in_url"] == "https://slack.com"
