"""A number on the page and the same number in the chat: coming in, keeping out, and confirming."""

import datetime as dt
from urllib.parse import urlsplit

import pytest

from api.contract import endpoints as e
from api.contract.people import WebLoginQuestionOut
from api.web.devices import short_name
from core.access.roles import Role
from core.kernel.clock import FixedClock
from core.people import service as people
from core.people.commands import ChangeRoles
from core.people.model import Person
from core.web_sessions import queries, service
from core.web_sessions.commands import AnswerMatch, AskLogin, OpenByMatch
from core.web_sessions.errors import MatchClosed
from tests.support.api import Api, ProblemError
from tests.support.world import ADMINISTRATOR, PASSWORD, World
from tests.web.browser import Browser, Visit, a_browser, browser_of

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"


async def asked(browser: Browser, person: Person, wanted: str = "/purchases?mine=true") -> Visit:
    form = (await browser.get("/login")).form("/login/number")
    browser.client.headers["User-Agent"] = FIREFOX
    return await browser.send(form, email=person.email or "", next=wanted)


def shown(page: Visit) -> int:
    """The number that the page shows."""
    return next(
        int(each) for each in page.reader.words if each.strip().isdecimal() and len(each.strip()) == 2
    )


async def question(api: Api, person: Person) -> WebLoginQuestionOut:
    return await api.as_(person).call(e.my_web_login)


async def press(api: Api, person: Person, found: WebLoginQuestionOut, number: int | None) -> str:
    answered = await api.as_(person).call(e.answer_web_login, {"number": number}, path={"id": found.id})
    return answered.state


async def test_the_right_number_lets_this_browser_in_and_no_other(api: Api, world: World) -> None:
    person = await world.an_officer()
    async with a_browser(api) as browser, a_browser(api) as other:
        page = await asked(browser, person)
        assert page.wrong == []
        assert 'http-equiv="refresh"' in page.html
        found = await question(api, person)
        assert found.device == "Firefox · Linux"
        assert shown(page) in found.offered
        assert len(set(found.offered)) == 3
        assert await press(api, person, found, shown(page)) == "matched"
        for _ in range(10):
            page = await browser.get("/login/number")
            assert 'http-equiv="refresh"' not in page.html
        assert (await browser.client.head("/login/number")).status_code == 200
        assert (await browser.get("/home")).forms("/login"), "still nobody"
        assert (await other.post("/login/continue", {})).status_code == 409
        answer = await browser.post("/login/continue", {})
        assert answer.headers["location"] == "/purchases?mine=true"
        assert person.name in (await browser.get("/home")).words
        assert (await browser.post("/login/continue", {})).status_code == 409


@pytest.mark.parametrize("wrong", [None, 0])
async def test_a_wrong_number_or_not_me_keeps_out_and_silences(
    api: Api, world: World, wrong: int | None
) -> None:
    person = await world.a_person(Role.officer)
    async with a_browser(api) as browser:
        page = await asked(browser, person)
        found = await question(api, person)
        number = next(each for each in found.offered if each != shown(page)) if wrong == 0 else None
        assert await press(api, person, found, number) == "refused"
        with pytest.raises(ProblemError) as second:
            await press(api, person, found, shown(page))
        assert second.value.code == "web_match"
        refused = await browser.get("/login/number")
        assert "Nobody was let in." in refused.words
        assert (await browser.post("/login/continue", {})).status_code == 409
        again = await asked(browser, person)
        assert 'http-equiv="refresh"' in again.html, "it looks as always"
        with pytest.raises(ProblemError):
            await question(api, person)


async def test_unknown_addresses_look_the_same(api: Api, world: World) -> None:
    person = await world.an_officer()
    async with a_browser(api) as browser:
        known = await asked(browser, person)
        form = (await browser.get("/login")).form("/login/number")
        unknown = await browser.send(form, email="nobody@example.com")
        numberless = [page.html.replace(f">{shown(page)}<", "><") for page in (known, unknown)]
        assert numberless[0] == numberless[1]


async def test_only_its_person_answers(api: Api, world: World) -> None:
    person, other = await world.an_officer(), await world.a_manager()
    async with a_browser(api) as browser:
        page = await asked(browser, person)
        found = await question(api, person)
        with pytest.raises(ProblemError) as refused:
            await press(api, other, found, shown(page))
        assert (refused.value.status, refused.value.code) == (409, "web_match")
        assert "number" not in found.model_dump()


@pytest.mark.parametrize("known", [True, False])
async def test_a_second_question_leaves_the_first_page_as_it_is(api: Api, world: World, known: bool) -> None:
    email = (await world.a_person(Role.officer)).email if known else "nobody@example.com"
    async with a_browser(api) as first, a_browser(api) as second:
        for browser in (first, second):
            await browser.send((await browser.get("/login")).form("/login/number"), email=email or "")
        assert 'http-equiv="refresh"' in (await first.get("/login/number")).html


async def _nothing_is_lost(
    api: Api, person: Person, own: Browser, stranger: Browser, inside: Browser
) -> None:
    page = await asked(own, person)
    mine = await question(api, person)
    waits = await inside.send((await inside.get("/confirm")).form("/confirm/number"))
    confirming = await question(api, person)
    await asked(stranger, person)
    assert await press(api, person, await question(api, person), None) == "refused"
    assert await press(api, person, mine, shown(page)) == "matched"
    assert await press(api, person, confirming, shown(waits)) == "matched"
    assert (await inside.post("/confirm/continue", {})).headers["location"] == "/confirm"


async def test_a_strangers_question_changes_nothing_for_its_victim(api: Api, world: World) -> None:
    person = await world.a_person(Role.officer, password=PASSWORD)
    async with a_browser(api) as own, a_browser(api) as stranger, browser_of(api, world, person) as inside:
        await _nothing_is_lost(api, person, own, stranger, inside)
    async with browser_of(api, world, person) as later:
        again = await later.send((await later.get("/confirm")).form("/confirm/number"))
        assert shown(again) in (await question(api, person)).offered, "Not me was about a login"
        sent = {"email": person.email or "", "password": PASSWORD}
        assert (await later.post("/login", sent)).status_code == 303


async def test_a_login_by_number_is_no_confirmation_and_a_confirmation_is_no_lucky_guess(
    api: Api, world: World
) -> None:
    person = await world.a_person(Role.admin)
    async with a_browser(api) as browser:
        page = await asked(browser, person)
        assert await press(api, person, await question(api, person), shown(page)) == "matched"
        assert (await browser.post("/login/continue", {})).status_code == 303
        assert (await browser.get("/lists/people.csv")).status == 403
        waits = await browser.send((await browser.get("/confirm")).form("/confirm/number"))
        found = await question(api, person)
        assert len(set(found.offered)) == service.OFFERED_TO_CONFIRM > 6
        wrong = next(each for each in found.offered if each != shown(waits))
        assert await press(api, person, found, wrong) == "refused"
        await browser.send((await browser.get("/confirm")).form("/confirm/number"))
        with pytest.raises(ProblemError):
            await question(api, person)


async def test_it_lives_three_minutes_and_not_after_a_change_of_rights(world: World) -> None:
    person = await world.a_person(Role.officer)
    world.clock = FixedClock(world.now)
    ask = AskLogin(person.email or "", "Firefox", "/home")
    second = await world.act(ADMINISTRATOR, service.ask_login, ask)
    waiting = queries.my_waiting_match
    match = await world.act(person, waiting, None)
    await world.act(person, service.answer_match, AnswerMatch(match.id, second.number))
    world.clock = FixedClock(world.now + dt.timedelta(minutes=3))
    with pytest.raises(MatchClosed):
        await world.act(ADMINISTRATOR, service.open_by_match, OpenByMatch(second.secret))
    third = await world.act(ADMINISTRATOR, service.ask_login, ask)
    match = await world.act(person, waiting, None)
    await world.act(person, service.answer_match, AnswerMatch(match.id, third.number))
    await world.act(ADMINISTRATOR, people.change_roles, ChangeRoles(person.id, (Role.requester,)))
    with pytest.raises(MatchClosed):
        await world.act(ADMINISTRATOR, service.open_by_match, OpenByMatch(third.secret))


async def test_asking_is_limited_per_address_and_host(api: Api, world: World) -> None:
    async with a_browser(api) as browser:
        form = (await browser.get("/login")).form("/login/number")
        found = [(await browser.send(form, email="Busy@example.com")).status for _ in range(11)]
    assert found == [200] * 10 + [429]
    async with a_browser(api, host="198.51.100.7") as elsewhere:
        form = (await elsewhere.get("/login")).form("/login/number")
        assert (await elsewhere.send(form, email="busy@example.com")).status == 200


async def test_a_session_is_confirmed_by_number_in_its_own_browser(api: Api, world: World) -> None:
    person = await world.a_person(Role.admin)
    async with browser_of(api, world, person) as browser, browser_of(api, world, person) as other:
        page = await browser.get("/confirm")
        assert page.wrong == []
        waits = await browser.send(page.form("/confirm/number"))
        found = await question(api, person)
        assert found.confirms
        assert await press(api, person, found, shown(waits)) == "matched"
        matched = await browser.get("/confirm/number")
        assert (await browser.post("/login/continue", {})).status_code == 409, "it opens no session"
        assert "Confirmed for ten minutes." in (await browser.send(matched.form("/confirm/continue"))).words
        assert (await browser.get("/lists/people.csv")).status == 200
        assert (await other.get("/lists/people.csv")).status == 403


async def test_a_vendors_contact_comes_in_the_same_way(api: Api, world: World) -> None:
    _, contact = await world.a_vendor()
    async with a_browser(api) as browser:
        page = await asked(browser, contact, "/home")
        assert await press(api, contact, await question(api, contact), shown(page)) == "matched"
        assert (await browser.post("/login/continue", {})).status_code == 303
    async with browser_of(api, world, contact) as browser:
        waits = await browser.send((await browser.get("/confirm")).form("/confirm/number"))
        assert await press(api, contact, await question(api, contact), shown(waits)) == "matched"
        confirmed = await browser.send((await browser.get("/confirm/number")).form("/confirm/continue"))
        assert "Confirmed for ten minutes." in confirmed.words


@pytest.mark.parametrize(
    ("header", "name"),
    [
        (FIREFOX, "Firefox · Linux"),
        (
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/130.0 Safari/537.36 Edg/130.0",
            "Edge · Windows",
        ),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18) AppleWebKit/605 Version/18 Safari/604", "Safari · iPhone"),
        ("<b>curl</b>", "?"),
    ],
)
def test_a_browser_is_named_by_products_only(header: str, name: str) -> None:
    assert short_name(header) == name


async def test_an_older_token_and_a_browsers_own_answer_no_number(api: Api, world: World) -> None:
    """Whoever copied an administrator's token would else come in by a ticket and confirm that for themselves."""
    admin = await world.an_admin()
    older = api.as_before(admin)
    made = await older.call(e.web_ticket, {"path": "/home"})
    async with a_browser(api) as browser:
        await browser.post(urlsplit(made.url).path, {})
        waits = await browser.send((await browser.get("/confirm")).form("/confirm/number"))
        found = await older.call(e.my_web_login)
        for caller in (older, api.with_token(browser.client.cookies["parley"])):
            with pytest.raises(ProblemError) as refused:
                await caller.call(e.answer_web_login, {"number": shown(waits)}, path={"id": found.id})
            assert (refused.value.status, refused.value.code) == (403, "auth.recent")
        assert (await browser.post("/confirm/continue", {})).status_code == 409
        assert await press(api, admin, found, shown(waits)) == "matched", "a chat's press does"
