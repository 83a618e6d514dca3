"""Who comes in, and how: passwords, tickets, sessions, and forms that no page of ours has sent."""

import datetime as dt
from typing import Any

import pytest
from starlette.routing import Route

from api.contract import endpoints as e
from api.contract.people import WebTicketOut
from api.server.middleware import UPLOADS
from api.web import all_pages
from api.web.room import FIRST_WORDS, HEADERS, MAX_FORM_BYTES, is_page, posts
from api.web.templating import asset_url
from api.web.visitors import MAX_FIELDS
from core.access.roles import Role
from core.kernel.clock import FixedClock
from core.people import service as people
from core.people.commands import ChangeRoles
from core.web_sessions import service
from core.web_sessions.commands import MakeTicket, OpenByTicket
from core.web_sessions.errors import TicketSpent
from tests.support.api import Api
from tests.support.world import ADMINISTRATOR, PASSWORD, World
from tests.web.browser import OURS, a_browser, browser_of

FOREIGN: tuple[dict[str, str], ...] = (
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site", "Origin": OURS},
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {},
)
POSTS = posts(all_pages.ROUTES)


def filled(path: str) -> str:
    for name in ("number", "kind", "verb", "ticket", "id"):
        path = path.replace(f"{{{name}}}", "x")
    return path


@pytest.mark.parametrize("path", POSTS)
async def test_no_form_is_taken_from_elsewhere(api: Api, world: World, path: str) -> None:
    sent: dict[str, Any] = {"files": {"file": b"a"}} if path in UPLOADS else {"data": {"a": "b"}}
    async with browser_of(api, world, await world.an_officer()) as browser:
        for headers in FOREIGN:
            answer = await browser.client.post(filled(path), **sent, headers=headers)
            assert answer.status_code == 403, headers
        for headers in ({"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}, {"Origin": OURS}):
            answer = await browser.client.post(filled(path), **sent, headers=headers)
            assert "did not come from" not in answer.text, headers
            break  # the first may have ended the session


def test_the_list_of_forms_is_whole() -> None:
    assert len(POSTS) >= 6
    methods = {method for each in all_pages.ROUTES for method in each.methods or ()}
    assert methods == {"GET", "HEAD", "POST"}


def test_pages_and_the_api_share_no_path(api: Api) -> None:
    api_paths = [each.path for each in api.app.routes if isinstance(each, Route) and each.include_in_schema]
    ours = {each.path for each in all_pages.ROUTES}
    assert not [path for path in api_paths if path not in ours and is_page(path)]
    assert {each.path.split("/")[1] for each in all_pages.ROUTES} == FIRST_WORDS
    assert not [path for path in api.app.openapi()["paths"] if is_page(path)]


async def test_a_password_lets_in_and_a_wrong_one_says_nothing(api: Api, world: World) -> None:
    person = await world.a_person(Role.officer, password=PASSWORD)
    assert person.email is not None
    async with a_browser(api) as browser:
        door = await browser.get("/purchases?state=submitted")
        form = door.form("/login")
        assert form.fields["next"] == "/purchases?state=submitted"
        for email in (person.email, "nobody@example.com"):
            wrong = await browser.send(form, email=email, password="wrong")
            assert wrong.status == 401
            assert "Wrong e-mail address or password." in wrong.words
            assert wrong.form("/login").fields["email"] == email
            assert "wrong" not in wrong.form("/login").fields["password"]
        inside = await browser.send(form, email=person.email, password=PASSWORD)
        assert inside.response.url.path == "/purchases"
        out = await browser.send(inside.form("/logout"))
        assert out.forms("/login")
        assert (await browser.get("/home")).forms("/login")


async def test_a_login_is_limited_as_the_apis_is(api: Api, world: World) -> None:
    async with a_browser(api) as browser:
        form = (await browser.get("/login")).form("/login")
        found = [(await browser.send(form, email="a@example.com", password="x")).status for _ in range(11)]
    assert found == [401] * 10 + [429]


@pytest.mark.parametrize(
    "there", ["//evil.example", "https://evil.example", "/\\evil.example", "/people", "x"]
)
async def test_a_login_leads_nowhere_else(api: Api, world: World, there: str) -> None:
    person = await world.a_person(Role.officer, password=PASSWORD)
    async with a_browser(api) as browser:
        sent = {"email": person.email or "", "password": PASSWORD, "next": there}
        assert (await browser.post("/login", sent)).headers["location"] == "/home"


async def test_looking_at_a_ticket_uses_nothing_up(api: Api, world: World) -> None:
    person = await world.a_requester()
    made = await api.as_(person).call(e.web_ticket, {"path": "/purchases?mine=true"})
    assert isinstance(made, WebTicketOut)
    path = made.url[made.url.index("/enter/") :]
    async with a_browser(api) as browser:
        for _ in range(10):
            page = await browser.get(path)
            assert f"You are {person.name}, on this device" in page.words
            assert page.headers["referrer-policy"] == "strict-origin"
            assert "set-cookie" not in page.headers
        assert (await browser.client.head(path)).status_code == 200
        assert (await browser.get("/home")).forms("/login"), "still nobody"
        answer = await browser.post(path, {})
        assert answer.headers["location"] == "/purchases?mine=true"
        assert person.name in (await browser.get("/home")).words
    async with a_browser(api) as second:
        assert (await second.post(path, {})).status_code == 409
        assert (await second.get(path)).status == 409


async def test_a_ticket_lives_two_minutes_and_not_after_a_change_of_rights(world: World) -> None:
    person = await world.a_person(Role.officer)
    world.clock = FixedClock(world.now)
    made = await world.act(person, service.make_ticket, MakeTicket("/home"))
    world.clock = FixedClock(world.now + dt.timedelta(minutes=2))
    with pytest.raises(TicketSpent):
        await world.act(ADMINISTRATOR, service.open_by_ticket, OpenByTicket(made.secret, "x"))
    other = await world.act(person, service.make_ticket, MakeTicket("/home"))
    await world.act(ADMINISTRATOR, people.change_roles, ChangeRoles(person.id, (Role.requester,)))
    with pytest.raises(TicketSpent):
        await world.act(ADMINISTRATOR, service.open_by_ticket, OpenByTicket(other.secret, "x"))


@pytest.mark.parametrize("path", ["//evil.example", "https://evil.example", "/\u202e", "home", "/a b"])
async def test_a_ticket_leads_only_to_a_path(api: Api, world: World, path: str) -> None:
    answer = await api.as_(await world.an_officer()).send("POST", "/auth/web-ticket", {"path": path})
    assert answer.status_code == 422


async def test_cookies_are_for_pages_and_tokens_for_the_api(api: Api, world: World) -> None:
    person = await world.an_officer()
    token = api.tokens.for_person(person)
    async with browser_of(api, world, person) as browser:
        assert (await browser.client.get("/me")).status_code == 401
        assert (await browser.client.get(e.list_requests.path)).status_code == 401
    async with a_browser(api) as browser:
        answer = await browser.client.get("/home", headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/login")


async def test_cookies_are_bound_to_the_host_and_to_https(api: Api, world: World) -> None:
    person = await world.an_officer()
    for base, name, secure in ((OURS, "parley", False), ("https://parley.test", "__Host-parley", True)):
        made = await world.act(person, service.make_ticket, MakeTicket("/home"))
        async with a_browser(api, base) as browser:
            answer = await browser.post(f"/enter/{made.secret}", {})
        cookies = answer.headers.get_list("set-cookie")
        assert sorted(each.partition("=")[0] for each in cookies) == [name, f"{name}-session"]
        for each in cookies:
            words = each.lower()
            assert "httponly" in words
            assert "samesite=lax" in words
            assert "path=/" in words
            assert "domain" not in words
            assert ("secure" in words) == secure


async def test_a_change_of_rights_ends_a_session_at_once(api: Api, world: World) -> None:
    person = await world.a_person(Role.officer, Role.admin)
    async with browser_of(api, world, person) as browser:
        assert (await browser.get("/lists/people")).status == 200
        await world.act(ADMINISTRATOR, people.change_roles, ChangeRoles(person.id, (Role.officer,)))
        assert (await browser.get("/lists/people")).forms("/login")


async def test_an_old_token_is_renewed_by_the_sessions_secret(api: Api, world: World) -> None:
    person = await world.an_officer()
    async with browser_of(api, world, person) as browser:
        browser.client.cookies.delete("parley")
        page = await browser.get("/home")
        assert person.name in page.words
        assert "parley=" in page.headers["set-cookie"]


async def test_a_file_that_everybody_may_keep_comes_without_anybodys_cookie(api: Api, world: World) -> None:
    async with browser_of(api, world, await world.an_officer()) as browser:
        browser.client.cookies.delete("parley")
        answer = await browser.client.get(asset_url("page.css"))
        assert answer.headers["cache-control"].startswith("public")
        assert "set-cookie" not in answer.headers
    shared = {each.path for each in all_pages.ROUTES if isinstance(each, Route) and "{mark}" in each.path}
    for path in shared:
        gone = await api.client.get(path.format(mark="0", name="x"), headers={"Cookie": "parley-session=x"})
        assert (gone.status_code, gone.headers.get("set-cookie")) == (404, None), path


async def test_a_person_ends_their_sessions_and_nobody_elses(api: Api, world: World) -> None:
    person, other = await world.an_officer(), await world.a_manager()
    async with (
        browser_of(api, world, person) as here,
        browser_of(api, world, person) as there,
        browser_of(api, world, other) as foreign,
    ):
        form = (await here.get("/sessions")).forms("/end")[0]
        assert (await foreign.send(form)).status == 404
        await here.send(form)
        there.client.cookies.delete("parley")
        here.client.cookies.delete("parley")
        ended = [bool((await each.get("/home")).forms("/login")) for each in (here, there)]
        assert sorted(ended) == [False, True]


async def test_a_vendors_contact_sees_and_ends_own_sessions(api: Api, world: World) -> None:
    _, contact = await world.a_vendor()
    made = await api.as_(contact).call(e.web_ticket, {"path": "/home"})
    assert made.url
    async with browser_of(api, world, contact) as browser:
        page = await browser.get("/sessions")
        assert len(page.forms("/end")) == 1
        assert (await browser.send(page.forms("/end")[0])).status == 200


async def test_forms_are_small_and_forms(api: Api, world: World) -> None:
    async with browser_of(api, world, await world.an_officer()) as browser:
        large = await browser.post("/theme", {"theme": "x" * (MAX_FORM_BYTES + 1)})
        assert large.status_code == 413
        many = await browser.post("/theme", {f"field.{n}": "x" for n in range(MAX_FIELDS + 1)})
        assert many.status_code == 413, "nothing of it is dropped without a word"
        answer = await browser.client.post("/theme", json={}, headers={"Sec-Fetch-Site": "same-origin"})
        assert answer.status_code == 415
        assert answer.headers["content-security-policy"] == HEADERS["content-security-policy"]


async def test_a_form_that_was_open_for_long_is_still_taken(api: Api, world: World) -> None:
    request = await world.a_request(submit=False)
    async with browser_of(api, world, await world.a_requester()) as browser:
        page = f"/purchases/{request.request.number}"
        form = (await browser.get(page)).form("/request/comment")
        browser.client.cookies.delete("parley")
        assert "Eleven minutes later." in (await browser.send(form, text="Eleven minutes later.")).words


async def test_somebody_else_comes_in_where_a_session_is_open_or_dead(api: Api, world: World) -> None:
    first = await world.a_person(Role.officer)
    second = await world.a_person(Role.manager, password=PASSWORD)
    for dead in (False, True):
        async with browser_of(api, world, first) as browser:
            if dead:
                await world.act(ADMINISTRATOR, people.change_roles, ChangeRoles(first.id, (Role.requester,)))
            made = await world.act(second, service.make_ticket, MakeTicket("/home"))
            assert f"You are {second.name}" in (await browser.get(f"/enter/{made.secret}")).words
            await browser.post(f"/enter/{made.secret}", {})
            assert second.name in (await browser.get("/home")).words
            first = await world.person(first.id)
    async with browser_of(api, world, first) as browser:
        await world.act(ADMINISTRATOR, people.change_roles, ChangeRoles(first.id, (Role.officer,)))
        answer = await browser.post("/login", {"email": second.email or "", "password": PASSWORD})
        assert answer.status_code == 303
        assert second.name in (await browser.get("/home")).words
