"""An open page hears that something changed, when it concerns its reader, and never what."""

import asyncio
import contextlib
import datetime as dt
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from decimal import Decimal
from pathlib import Path

import httpx2
import pytest
import uvicorn

from api.web import live
from api.web.change_feed import AGAIN_MS, LATER_MS, LOOK_SECONDS, MOST_OF_PERSON, ChangeFeed, OpenPage
from api.web.change_marks import ChangeMarks
from core.access.roles import Role
from core.amendments import service as amendments
from core.amendments.commands import CancelRfq
from core.comments import service as comments
from core.comments.commands import AddComment
from core.db.connection import Connection
from core.db.engine import make_engine
from core.entries.commands import EnterQuote
from core.entries.service import enter_quote
from core.kernel.clock import SystemClock
from core.kernel.ids import new_id
from core.log.seal import Subscriptions, seal
from core.offers.commands import QuoteLineDraft, SubmitQuote
from core.people import service as people
from core.people.commands import ChangeRoles
from core.people.model import Person
from core.web_sessions import service as web_sessions
from core.web_sessions.commands import MakeTicket
from core.worklist import changes
from core.worklist.changes import Change
from tests.support.api import Api, start
from tests.support.postgres import Database
from tests.support.world import ADMINISTRATOR, World
from tests.web.browser import OURS, browser_of

HTMX = {"HX-Request": "true"}


@pytest.fixture
def feed(api: Api) -> ChangeFeed:
    found: ChangeFeed = api.app.state.changes
    return found


async def sealed(database: Database) -> None:
    """What the relay does: every event gets its position."""
    engine = make_engine(database.sealer_url, size=1, name="sealer")
    async with engine.begin() as connection:
        while (await seal(connection, Subscriptions({}), SystemClock().now())).events:
            pass
    await engine.dispose()


async def opened(feed: ChangeFeed, person: Person, request_id: object = None) -> OpenPage:
    return await feed.open(person.id, person.vendor_id, request_id, None)  # type: ignore[arg-type]


def events(feed: ChangeFeed, page: OpenPage, seconds: float, ping: float = 15) -> AsyncIterator[str]:
    """The stream of a page that is open already."""

    async def open_page() -> OpenPage:
        return page

    return live.events(feed, open_page, seconds, ping)


async def told(pages: dict[str, OpenPage], expected: set[str]) -> set[str]:
    """Which pages were told, once all that are expected have been."""
    async with asyncio.timeout(5):
        await asyncio.gather(*(pages[name].news.wait() for name in expected))
    found = {name for name, page in pages.items() if page.news.is_set()}
    for page in pages.values():
        page.news.clear()
    return found


async def test_a_change_is_told_to_whom_it_concerns(
    api: Api, world: World, database: Database, feed: ChangeFeed
) -> None:
    (vendor, contact), (other, rival) = await world.a_vendor(), await world.a_vendor()
    request, foreign = await world.a_request(), await world.a_request()
    rfq = await world.an_rfq(request, to=[vendor, other])
    await sealed(database)
    pages = {
        "requester": await opened(feed, await world.person(request.request.requested_by)),
        "officer": await opened(feed, await world.an_officer()),
        "stranger": await opened(feed, await world.a_person(Role.requester)),
        "auditor": await opened(feed, await world.an_auditor()),
        "purchase": await opened(feed, await world.an_auditor(), request.request.id),
        "another purchase": await opened(feed, await world.an_auditor(), foreign.request.id),
        "contact": await opened(feed, contact),
        "rival": await opened(feed, rival),
    }
    await sealed(database)
    for page in pages.values():
        page.news.clear()
    await world.a_quote(rfq, contact, "1180")
    await sealed(database)
    concerned = {"requester", "officer", "purchase", "contact"}
    assert await told(pages, concerned) == concerned, "another vendor hears of nothing"
    assert pages["purchase"].position == feed.position


async def test_a_vendor_hears_only_of_what_is_its_own(
    api: Api, world: World, database: Database, feed: ChangeFeed
) -> None:
    (vendor, contact), (other, rival) = await world.a_vendor(), await world.a_vendor()
    request, officer = await world.a_request(), await world.an_officer()
    silent, _ = await world.a_vendor()
    rfq = await world.an_rfq(request, to=[vendor, other, silent])
    await sealed(database)
    pages = {
        "contact": await opened(feed, contact),
        "rival": await opened(feed, rival),
        "officer": await opened(feed, officer, request.request.id),
    }

    async def heard() -> set[str]:
        """Once the officer, who hears of everything of the purchase, was told."""
        await sealed(database)
        return await told(pages, {"officer"}) - {"officer"}

    await world.act(officer, comments.add_comment, AddComment(request.request.id, "Only among ourselves."))
    assert await heard() == set()
    await world.a_quote(rfq, contact, "1180")
    assert await heard() == {"contact"}
    offer = SubmitQuote(
        rfq.rfq.id,
        "USD",
        world.today + dt.timedelta(days=45),
        10,
        Decimal(0),
        "",
        tuple(QuoteLineDraft(line.id, Decimal(9), None, no_bid=False) for line in rfq.rfq.lines),
        (),
    )
    await world.act(officer, enter_quote, EnterQuote(other.id, offer))
    assert await heard() == {"rival"}, "what an officer enters for a vendor is no other vendor's"
    await world.act(officer, amendments.cancel, CancelRfq(rfq.rfq.id, "Not needed.", None))
    assert await heard() == {"contact", "rival"}, "what all were asked ends for all"


def test_a_vendor_is_told_no_position_of_the_log() -> None:
    marks, vendor = ChangeMarks(), new_id()
    assert marks.position(None, marks.of(None, 41)) == 41
    told = {marks.of(vendor, 41) for _ in range(9)}
    assert len(told) == 9
    assert {marks.position(vendor, each) for each in told} == {41}
    assert [marks.position(vendor, each) for each in ("", "41", "ä", "A" * 32)] == [None, 0, 0, 0]
    assert ChangeMarks().position(vendor, marks.of(vendor, 41)) == 0, "another process lets it look again"


async def test_what_could_not_be_read_through_is_read_again(
    api: Api, world: World, database: Database, feed: ChangeFeed, monkeypatch: pytest.MonkeyPatch
) -> None:
    person, officer = await world.a_person(Role.officer), await world.an_officer()
    request = await world.a_request()
    await sealed(database)
    pages = {"officer": await opened(feed, officer), "changed": await opened(feed, person)}
    whole, failed = changes.people_of, asyncio.Event()

    async def broken(*_: object) -> dict[object, object]:
        failed.set()
        raise TimeoutError

    monkeypatch.setattr(changes, "people_of", broken)
    await world.act(ADMINISTRATOR, people.change_roles, ChangeRoles(person.id, (Role.auditor,)))
    await world.an_rfq(request)
    await sealed(database)
    async with asyncio.timeout(5):
        await failed.wait()
        await pages["changed"].news.wait()
    assert pages["changed"].back_ms == AGAIN_MS, "rights end at once"
    assert not pages["officer"].news.is_set()
    monkeypatch.setattr(changes, "people_of", whole)
    assert "officer" in await told(pages, {"officer"}), "nothing is lost"


async def test_a_browser_that_is_gone_before_the_first_line_leaves_nothing_behind(
    api: Api, world: World, feed: ChangeFeed
) -> None:
    officer = await world.an_officer()
    for lines_read in (0, 1):
        stream = live.events(feed, lambda: opened(feed, officer), 60)
        for _ in range(lines_read):
            await anext(stream)
            assert len(feed) == 1
        assert len(feed) == lines_read
        await stream.aclose()  # type: ignore[attr-defined]
        assert len(feed) == 0


async def test_who_missed_something_hears_it_at_once(
    api: Api, world: World, database: Database, feed: ChangeFeed
) -> None:
    officer, request = await world.an_officer(), await world.a_request()
    await sealed(database)
    first = await feed.open(officer.id, None, request.request.id, None)
    assert not first.news.is_set()
    missed = await feed.open(officer.id, None, request.request.id, first.position - 1)
    assert missed.news.is_set()
    lines = events(feed, missed, 60)
    assert await anext(lines) == f"id: {first.position - 1}\nevent: opened\nretry: {AGAIN_MS}\ndata: {{}}\n\n"
    assert await anext(lines) == f"id: {first.position}\nevent: news\ndata: {{}}\n\n"
    await lines.aclose()  # type: ignore[attr-defined]
    assert len(feed) == 1


async def test_nothing_is_looked_at_while_no_page_is_open(
    api: Api, world: World, database: Database, feed: ChangeFeed, monkeypatch: pytest.MonkeyPatch
) -> None:
    await sealed(database)
    feed.close(await opened(feed, await world.an_officer()))
    looks, after = list[int](), changes.after

    async def counted(connection: Connection, position: int) -> Sequence[Change]:
        looks.append(position)
        return await after(connection, position)

    monkeypatch.setattr(changes, "after", counted)
    await world.a_request()
    await sealed(database)
    await asyncio.sleep(4 * LOOK_SECONDS)
    assert len(looks) <= 1, "one may have begun while the page was open"
    newest = await database.hand.fetchval("SELECT max(position) FROM audit_events")
    assert await feed.standing() == newest, "the next page begins where the log is then"


async def test_a_change_while_a_page_is_read_is_told_to_it(
    api: Api, world: World, database: Database, feed: ChangeFeed
) -> None:
    """Whether or not another page is open, the page's mark is of before it was read."""
    officer, request = await world.an_officer(), await world.a_request()
    await sealed(database)
    for others in (0, 1):
        for _ in range(others):
            await opened(feed, await world.an_auditor())
        mark = await feed.standing()
        await world.act(officer, comments.add_comment, AddComment(request.request.id, "While it was read."))
        await sealed(database)
        page = await feed.open(officer.id, None, request.request.id, mark)
        assert await told({"officer": page}, {"officer"}) == {"officer"}
        feed.close(page)
    assert len(feed) == 1


async def test_who_gives_way_is_told_first_what_changed(
    api: Api, world: World, database: Database, feed: ChangeFeed
) -> None:
    """Its browser comes back from where it was told to be, and would otherwise never hear of it."""
    officer, request = await world.an_officer(), await world.a_request()
    await sealed(database)
    page = await feed.open(officer.id, None, request.request.id, None)
    began = page.position
    lines = events(feed, page, 60)
    await anext(lines)
    page.tell(began + 1)
    page.end(LATER_MS)
    found = [line async for line in lines]
    assert found == [
        f"id: {began + 1}\nevent: news\ndata: {{}}\n\n",
        f"id: {began + 1}\nevent: ended\nretry: {LATER_MS}\ndata: {{}}\n\n",
    ]


async def test_a_stream_pings_and_ends_with_its_token(api: Api, world: World, feed: ChangeFeed) -> None:
    page = await opened(feed, await world.an_officer())
    found = [line async for line in events(feed, page, 0.05, ping=0.01)]
    assert found[0].splitlines()[1] == "event: opened"
    assert set(found[1:]) == {": ping\n\n"}
    assert len(feed) == 0


async def test_of_many_tabs_the_oldest_gives_way(api: Api, world: World, feed: ChangeFeed) -> None:
    officer = await world.an_officer()
    pages = [await opened(feed, officer) for _ in range(MOST_OF_PERSON + 1)]
    found = [line async for line in events(feed, pages[0], 60)]
    assert f"retry: {LATER_MS}" in found[-1]
    assert "event: ended" in found[-1]
    assert [each.back_ms for each in pages[1:]] == [None] * MOST_OF_PERSON
    assert len(feed) == MOST_OF_PERSON


async def test_a_change_of_rights_ends_the_streams(
    api: Api, world: World, database: Database, feed: ChangeFeed
) -> None:
    person = await world.a_person(Role.officer)
    await sealed(database)
    page = await opened(feed, person)
    change = ChangeRoles(person.id, (Role.auditor,))
    await world.act(ADMINISTRATOR, people.change_roles, change)
    await sealed(database)
    async with asyncio.timeout(5):
        found = [line async for line in events(feed, page, 60)]
    assert "event: ended" in found[-1]


@contextlib.asynccontextmanager
async def served(api: Api) -> AsyncIterator[str]:
    """The application behind a real server."""
    config = uvicorn.Config(api.app, host="127.0.0.1", port=0, lifespan="off", log_config=None)
    server = uvicorn.Server(config)
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(server.serve())
        while not server.started:
            await asyncio.sleep(0.01)
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
        api.app.state.changes.stop()
        server.should_exit = True
        began = time.monotonic()
        await running
        assert time.monotonic() - began < 5, "open streams do not keep the process alive"


async def test_the_stream_over_http(api: Api, world: World, database: Database) -> None:
    request = await world.a_request()
    requester, stranger = await world.a_requester(), await world.a_person(Role.requester)
    async with served(api) as url, httpx2.AsyncClient(base_url=url) as client:
        path = f"/changes?of={request.request.id}"
        assert (await client.get(path)).status_code == 401
        for person, status in ((stranger, 404), (requester, 200)):
            made = await world.act(person, web_sessions.make_ticket, MakeTicket("/home"))
            await client.post(f"/enter/{made.secret}", headers={"Sec-Fetch-Site": "same-origin"})
            async with client.stream("GET", path) as answer:
                assert answer.status_code == status
                if status == 200:
                    assert answer.headers["content-type"].startswith("text/event-stream")
                    assert answer.headers["x-accel-buffering"] == "no"
                    assert answer.headers["cache-control"] == "no-store"
                    lines = answer.aiter_lines()
                    assert (await anext(lines)).startswith("id: ")
                    await sealed(database)
                    async with asyncio.timeout(5):
                        assert "event: news" in [line async for line in until(lines, "event: news")]


async def until(lines: AsyncIterator[str], last: str) -> AsyncIterator[str]:
    async for line in lines:
        yield line
        if line == last:
            return


async def test_a_script_gets_what_stands_in_the_page_alone(api: Api, world: World) -> None:
    request = await world.a_request()
    async with browser_of(api, world, await world.a_requester()) as browser:
        for path in ("/home", f"/purchases/{request.request.number}"):
            whole, part = await browser.get(path), await browser.get(path, **HTMX)
            assert 'hx-sse:connect="/changes' in whole.html
            assert part.html.strip().startswith('<main id="main"')
            assert "<header" not in part.html
            assert part.wrong == []
            assert part.headers["vary"] == "HX-Request"
            assert len(part.html) < len(whole.html)
        assert "hx-sse" not in (await browser.get("/purchases")).html
        await browser.post("/logout", {})
        gone = await browser.client.get("/home", headers=HTMX)
        assert gone.status_code == 401
        assert gone.headers["hx-redirect"] == "/login?next=%2Fhome"


async def test_pages_name_the_script_as_soon_as_npm_has_brought_them(
    database: Database, world: World, tmp_path: Path
) -> None:
    folder = tmp_path / "dist"
    async with AsyncExitStack() as stack:
        api = await start(database, tmp_path, stack, scripts_dir=folder, public_url=OURS)
        async with browser_of(api, world, await world.an_officer()) as browser:
            before = await browser.get("/home")
            assert [src for src in sources(before.reader.tags) if src.startswith("/scripts/")] == []
            (folder / "ext").mkdir(parents=True)
            (folder / "htmx.min.js").write_text("var htmx = 1;")
            (folder / "ext" / "hx-sse.min.js").write_text("htmx = 2;")
            found = sources((await browser.get("/home")).reader.tags)
            assert [src.rpartition("/")[2] for src in found] == ["htmx.js", "live.js"]
            together = "one script: what listens is there when htmx begins"
            assert (await browser.client.get(found[0])).text == "var htmx = 1;\nhtmx = 2;", together
            for src in found:
                answer = await browser.client.get(src)
                assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
                assert "immutable" in answer.headers["cache-control"]
            (folder / "htmx.min.js").write_text("var htmx = 3; // newer")
            assert (await browser.client.get(found[0])).status_code == 404
            assert (await browser.client.get("/scripts/0/..%2fsecret")).status_code == 404


def sources(tags: list[tuple[str, dict[str, str | None]]]) -> list[str]:
    return [str(given["src"]) for tag, given in tags if tag == "script"]
