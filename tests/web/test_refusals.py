"""Whatever is refused, a person gets a page in their language, and a program gets the problem."""

import pytest

from api.contract import endpoints as e
from api.web import front_page
from api.web.room import HEADERS, MAX_FORM_BYTES
from core.access.roles import Role
from core.kernel.errors import RateLimited, Unavailable
from core.people import service as people
from core.people.commands import EditPerson
from tests.support.api import Api
from tests.support.world import World
from tests.web.browser import Visit, a_browser, browser_of

BROWSER = {"Accept": "text/html,*/*;q=0.8"}


def check_page(page: Visit, status: int) -> None:
    assert page.status == status
    assert page.headers["content-type"].startswith("text/html")
    assert page.headers["content-security-policy"] == HEADERS["content-security-policy"]
    assert page.wrong == []
    assert "Traceback" not in page.html


async def test_an_unknown_address_is_a_page_for_people_and_a_problem_for_programs(
    api: Api, world: World
) -> None:
    person = await world.a_person(Role.requester)
    changed = EditPerson(person.id, frozenset({"locale"}), name="", email=None, locale="de", zone="UTC")
    await world.act(await world.an_admin(), people.edit_person, changed)
    async with browser_of(api, world, await world.person(person.id)) as browser, a_browser(api) as stranger:
        for path in ("/nothing", "/nothing/at/all"):
            page = await browser.get(path, **BROWSER)
            check_page(page, 404)
            assert page.reader.tags[0][1]["lang"] == "de"
            assert "Hier ist nichts" in page.words
            assert "There is nothing here" in (await stranger.get(path, **BROWSER)).words
            program = await browser.client.get(path)
            assert program.headers["content-type"] == "application/problem+json"


async def test_a_wrong_method_and_a_wrong_body_are_pages(api: Api) -> None:
    async with a_browser(api) as browser:
        wrong = await browser.client.delete("/home", headers=BROWSER)
        check_page(Visit(wrong), 405)
        assert wrong.headers["allow"]
        large = await browser.client.post("/login", data={"email": "a" * MAX_FORM_BYTES}, headers=BROWSER)
        check_page(Visit(large), 413)
        other = await browser.client.post("/login", json={"email": "a"}, headers=BROWSER)
        check_page(Visit(other), 415)


@pytest.mark.parametrize(
    ("failure", "status", "words"),
    [
        (KeyError("what only the log may say"), 500, "Something went wrong on our side"),
        (Unavailable(), 503, "busy for a moment"),
        (RateLimited(retry_after=7), 429, "Too much at once"),
    ],
)
async def test_what_fails_is_a_page_without_the_reason(
    api: Api, world: World, monkeypatch: pytest.MonkeyPatch, failure: Exception, status: int, words: str
) -> None:
    async def fail(*_: object) -> None:
        raise failure

    monkeypatch.setattr(front_page, "_read", fail)
    async with browser_of(api, world, await world.an_officer()) as browser:
        page = await browser.get("/home", **BROWSER)
    check_page(page, status)
    assert words in page.words
    assert "what only the log may say" not in page.html
    assert "/home" in [given.get("href") for tag, given in page.reader.tags if tag == "a"]
    if status != 500:
        assert int(page.headers["retry-after"]) == (7 if status == 429 else 1)


async def test_what_the_api_refuses_stays_a_problem_whatever_a_client_accepts(api: Api) -> None:
    async with a_browser(api) as browser:
        headers = {**BROWSER, "Authorization": "Bearer x"}
        answer = await browser.client.get(e.me.path, headers=headers)
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
