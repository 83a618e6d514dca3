"""The lists: every order that an index leads to, columns and views that are remembered, files of what is shown."""

import datetime as dt
import io
import zipfile
from dataclasses import replace
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import pytest

from api.web import table_pages, table_specs
from api.web.table_files import safe_cell
from api.web.table_specs import SPECS
from core.access.actor import Actor
from core.access.roles import Role
from core.db import searching
from core.kernel.pagination import Page
from core.requests.commands import RequestLineDraft
from core.requests.model import RequestFilter
from core.table_views import service
from core.uow import Uow
from tests.support.api import Api
from tests.support.postgres import Database
from tests.support.world import World
from tests.web.browser import Browser, Visit, browser_of

LIST = "/lists/purchases"
EARLIEST = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)


def rows_of(page: Visit) -> list[str]:
    """The first cell of each row."""
    inside = page.html.partition("<tbody>")[2].partition("</tbody>")[0]
    return [each.partition("<bdi>")[2].partition("</bdi>")[0] for each in inside.split("<tr>")[1:]]


def links(page: Visit, ending: str) -> list[str]:
    return [
        str(given.get("href"))
        for tag, given in page.reader.tags
        if tag == "a" and ending in str(given.get("href"))
    ]


async def several(world: World) -> list[str]:
    """Numbers of requests with a sum of 10, 30, none, 20."""
    made = []
    for price in ("10", "30", None, "20"):
        line = RequestLineDraft("Chair", Decimal(1), "pcs", Decimal(price) if price else None)
        made.append((await world.a_request(lines=[line])).request.number)
    return made


async def test_a_column_sorts_up_and_down_and_says_so(api: Api, world: World) -> None:
    ten, thirty, none, twenty = await several(world)
    async with browser_of(api, world, await world.an_officer()) as browser:
        rising = await browser.get("/purchases?sort=amount")
        assert rows_of(rising) == [none, ten, twenty, thirty]
        assert [given["aria-sort"] for _, given in rising.reader.tags if "aria-sort" in given] == [
            "ascending"
        ]
        falling = await browser.get(links(rising, "sort=-amount")[0])
        assert rows_of(falling) == [thirty, twenty, ten, none]
        assert [given["aria-sort"] for _, given in falling.reader.tags if "aria-sort" in given] == [
            "descending"
        ]
        assert "ordered by: Amount" in falling.words
        filtered = await browser.get("/purchases?sort=-amount&state=submitted")
        assert rows_of(filtered) == rows_of(falling)
        assert rows_of(await browser.get("/purchases?sort=nothing")) == [twenty, none, thirty, ten]


async def every_page(browser: Browser, path: str) -> list[str]:
    found, page = [], await browser.get(path)
    for _ in range(20):
        found += rows_of(page)
        following = links(page, "cursor=")
        if not following:
            return found
        page = await browser.get(following[-1])
    raise AssertionError("the list has no end")


@pytest.mark.parametrize("name", sorted(SPECS))
async def test_every_order_is_turned_page_by_page_without_loss(
    api: Api, world: World, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    for _ in range(3):
        order = await world.an_order(acknowledged=True)
    await world.a_request(submit=False)
    monkeypatch.setattr(service, "ROWS", (2,))
    spec, person = SPECS[name], await world.a_person(Role.officer, Role.admin)
    async with browser_of(api, world, person) as browser:
        whole = await every_page(browser, spec.path)
        assert whole
        assert (await browser.post(f"/lists/{name}/settings", {"query": "", "rows": "2"})).status_code == 303
        for key in spec.sorts:
            rising = await every_page(browser, f"{spec.path}?sort={key}")
            falling = await every_page(browser, f"{spec.path}?sort=-{key}")
            assert sorted(rising) == sorted(falling) == sorted(whole), key
            assert rising == falling[::-1], key
    assert order.order.number


async def test_columns_density_and_page_size_are_remembered(api: Api, world: World) -> None:
    await several(world)
    officer, other = await world.an_officer(), await world.a_person(Role.officer)
    async with browser_of(api, world, officer) as browser, browser_of(api, world, other) as colleague:
        page = await browser.get("/purchases?state=submitted&sort=-amount")
        form = page.form("/settings")
        fields = {name: value for name, value in form.fields.items() if not name.startswith("column.")}
        chosen = {"column.number": "1", "column.amount": "1", "dense": "1", "rows": "25"}
        answer = await browser.post(form.action, {**fields, **chosen})
        assert parse_qs(urlsplit(answer.headers["location"]).query) == {
            "state": ["submitted"],
            "sort": ["-amount"],
        }
        again = await browser.get("/purchases")
        heads = [given for tag, given in again.reader.tags if tag == "th" and given.get("scope") == "col"]
        assert len(heads) == 2
        assert 'class="dense"' in again.html
        assert (await browser.client.get(f"{LIST}.csv")).text.splitlines()[
            0
        ] == "\ufeffNumber,Amount,Currency"
        assert again.form("/settings").fields["rows"] == "25"
        assert "selected" in again.html.partition('<option value="25"')[2][:12]
        theirs = await colleague.get("/purchases")
        assert "Requested by" in theirs.html.partition("<thead>")[2].partition("</thead>")[0]
        refused = await browser.post(form.action, {**fields, "rows": "1000000"})
        assert refused.status_code == 422
    assert "table.arranged" in await world.events_of(officer.id)


async def test_a_view_is_saved_shared_counted_and_removed(api: Api, world: World) -> None:
    await several(world)
    await world.a_request(submit=False)
    officer, other = await world.an_officer(), await world.a_person(Role.officer)
    async with browser_of(api, world, officer) as browser, browser_of(api, world, other) as colleague:
        page = await browser.get("/purchases?state=submitted&sort=amount")
        form = page.form("/views")
        saved = await browser.send(form, name="Small <b>first</b>")
        assert "Small <b>first</b>" in saved.words
        assert links(saved, "state=submitted&sort=amount")
        assert "Small" not in (await colleague.get("/purchases")).words
        await browser.send(form, name="Small <b>first</b>", shared="1")
        assert "Small <b>first</b>" in (await colleague.get("/purchases")).words
        counted = await colleague.get(f"{LIST}/views")
        assert "Small <b>first</b> " + officer.name + " 4" in counted.words
        assert counted.reader.forms == [], "what others saved is not mine to remove"
        mine = await browser.get(f"{LIST}/views")
        stolen = await colleague.post(mine.forms("/remove")[0].action, {})
        assert stolen.status_code == 404
        assert "Small" in (await browser.get("/purchases")).words
        gone = await browser.send(mine.forms("/remove")[0])
        assert "Small" not in gone.words
        wrong = await browser.send(form, name=" ")
        assert wrong.status == 422
        assert wrong.form("/views").fields["query"] == "state=submitted&sort=amount"
        assert 'aria-describedby="view-why"' in wrong.html
    assert {"view.saved", "view.removed"} <= set(await world.events_of(officer.id))


async def test_the_spreadsheet_has_what_is_shown_and_no_formula(api: Api, world: World) -> None:
    evil = RequestLineDraft('=HYPERLINK("http://evil")', Decimal(2), "pcs", Decimal("9.5"))
    await world.a_request(lines=[evil])
    plain = await world.a_request()
    async with browser_of(api, world, await world.an_officer()) as browser:
        answer = await browser.client.get(f"{LIST}.xlsx?sort=-amount")
    assert answer.headers["content-type"].endswith("spreadsheetml.sheet")
    book = zipfile.ZipFile(io.BytesIO(answer.content))
    sheet = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
    spread = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    rows = [["".join(cell.itertext()) for cell in row] for row in sheet.iter(f"{spread}row")]
    assert rows[0][:5] == ["Number", "What", "State", "Amount", "Currency"]
    assert rows[1][0] == plain.request.number
    assert rows[2][1].startswith("=HYPERLINK")
    assert Decimal(rows[2][3]) == 19
    assert list(sheet.iter(f"{spread}f")) == []
    assert [name for name in book.namelist() if "_rels/sheet" in name] == [], "no links"


def test_no_cell_of_a_file_runs_as_a_formula_wherever_it_is_split() -> None:
    for text in ("=1+1", "+1", "-1", "@x", "\t=1", "x;=HYPERLINK(1)", "x; =1", "x\n-1", "x\t@y", "x;\r\n+1"):
        assert safe_cell(text) == f"'{text}", text
    for value in (Decimal("-3.50"), -3, "x;y", "a-b", "1 = 1", "", None):
        assert safe_cell(value) == ("" if value is None else str(value))


async def test_a_view_that_is_too_long_is_refused_and_never_wider(api: Api, world: World) -> None:
    officer, long = await world.an_officer(), "椅" * 100
    async with browser_of(api, world, officer) as browser:
        form = (await browser.get(f"/purchases?q={long}&cost_centre={long[:20]}")).form("/views")
        refused = await browser.send(form, name="Chairs")
        assert refused.status == 422
        assert 'aria-describedby="f-q-why"' in refused.html
        assert refused.form("/views").fields["name"] == "Chairs"
    assert "view.saved" not in await world.events_of(officer.id)


async def test_a_person_is_found_by_typing(api: Api, world: World) -> None:
    wanted, other = await world.a_request(), await world.a_request(await world.a_person(Role.requester))
    name = (await world.person(wanted.request.requested_by)).name
    async with browser_of(api, world, await world.an_officer()) as browser:
        proposals = await browser.get("/lists/names?person=" + name[:6])
        assert name in [given.get("value") for tag, given in proposals.reader.tags if tag == "option"]
        page = await browser.get(f"/purchases?person={name}")
        assert rows_of(page) == [wanted.request.number]
        assert other.request.number not in page.words
        wrong = await browser.get("/purchases?person=Nobody+Atall")
        assert wrong.status == 422
        assert 'value="Nobody Atall"' in wrong.html
        assert "does not exist" in wrong.words


async def test_no_order_tells_what_is_sealed(api: Api, world: World) -> None:
    (first, contact), (second, _) = await world.a_vendor(), await world.a_vendor()
    rfq = await world.an_rfq(to=[first, second])
    await world.a_quote(rfq, contact, "1180")
    async with browser_of(api, world, await world.an_officer()) as browser:
        for path in ("/lists/quotes?sort=amount", "/lists/quotes?sort=lead_time"):
            assert rows_of(await browser.get(path)) == []


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
async def test_a_row_that_moves_while_a_file_is_read_is_in_it_once(
    api: Api, world: World, database: Database, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """It moves to the end after the first page was read, and one that was at the end comes before all."""
    made = [(await world.a_request()).request for _ in range(5)]
    spec = table_specs.SPECS["purchases"]
    pages: list[int] = []

    async def moving(uow: Uow, actor: Actor, filters: RequestFilter) -> Page[Any]:
        page = await spec.read(uow, actor, filters)
        if not pages:
            for request, moment in ((made[-1], EARLIEST), (made[0], EARLIEST.replace(year=2100))):
                moved = "UPDATE procurement_requests SET updated_at = $2 WHERE id = $1"
                await database.hand.execute(moved, request.id, moment)
        pages.append(len(page.items))
        return page

    monkeypatch.setattr(table_pages, "PAGE_OF_FILE", 2)
    monkeypatch.setitem(table_specs.SPECS, "purchases", replace(spec, read=moving))
    async with browser_of(api, world, await world.an_officer()) as browser:
        answer = await browser.client.get(f"{LIST}.{kind}?sort=-updated")
    assert len(pages) == 3
    if kind == "csv":
        numbers = [line.split(",")[0] for line in answer.text.splitlines()[1:]]
    else:
        book = zipfile.ZipFile(io.BytesIO(answer.content))
        sheet = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
        spread = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
        cells = [next(iter(row), None) for row in sheet.iter(f"{spread}row")][1:]
        numbers = ["".join(each.itertext()) for each in cells if each is not None]
    assert numbers == [each.number for each in reversed(made)]


NAMED = """
UPDATE request_lines SET description = 'Zeppelin' WHERE request_id = ANY($1);
UPDATE rfq_lines SET description = 'Zeppelin' WHERE rfq_id IN (SELECT id FROM rfqs WHERE request_id = ANY($1));
UPDATE purchase_order_lines SET description = 'Zeppelin'
WHERE order_id IN (SELECT id FROM purchase_orders WHERE request_id = ANY($1))
"""
NUMBERED = {
    "purchases": ("/purchases", "SELECT number FROM procurement_requests WHERE id = ANY($1)"),
    "rfqs": ("/lists/rfqs", "SELECT number FROM rfqs WHERE request_id = ANY($1)"),
    "quotes": ("/lists/quotes", "SELECT number FROM vendor_quotes WHERE request_id = ANY($1)"),
    "orders": ("/lists/orders", "SELECT number FROM purchase_orders WHERE request_id = ANY($1)"),
}


async def test_a_search_goes_on_through_a_list_until_it_has_found_all(
    api: Api, world: World, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page looks at a few rows, may be short or empty, and leads on; in any order, nothing is left out or twice."""
    monkeypatch.setattr(searching, "SEARCHED", 2)
    made = [(await world.an_order()).order.request_id for _ in range(6)]
    wanted = [made[0], made[3]]
    for statement in NAMED.split(";"):
        await database.hand.execute(statement, wanted)
    async with browser_of(api, world, await world.an_officer()) as browser:
        for address, query in NUMBERED.values():
            expected = sorted(row["number"] for row in await database.hand.fetch(query, wanted))
            for sort in ("", "&sort=state", "&sort=-number"):
                found: list[str] = []
                path, turned = f"{address}?q=zeppelin{sort}", 0
                while path and turned < 12:
                    page = await browser.get(path)
                    found += rows_of(page)
                    more = links(page, "cursor=")
                    path, turned = more[0] if more else "", turned + 1
                assert (sorted(found), turned) == (expected, 3), (address, sort)
