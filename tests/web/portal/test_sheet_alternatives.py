"""Something else offered for a line in the spreadsheet: it goes out with the quote and comes back as if typed."""

import csv
import datetime as dt
import io

import httpx2
import pytest

from api.contract import endpoints as e
from api.contract.quotes import AlternativeOut
from core.people.model import Person
from core.rfqs.model import RfqDetails
from tests.support.api import Api
from tests.support.world import World
from tests.web.browser import Browser, browser_of
from tests.web.portal.test_quote_page import by_line, posted, two_lines

OTHER = "lines.0.alternative"
PRICES = {"en": "990.5", "de": "990,5", "es": "990,5", "ru": "990,5", "ar": "990.5"}


def typed_other(rfq: RfqDetails, price: str) -> dict[str, str]:
    return by_line(
        rfq,
        {
            f"{OTHER}.description": "ThinkPad E14",
            f"{OTHER}.price": price,
            f"{OTHER}.lead_time": "7",
            f"{OTHER}.note": "from stock",
        },
    )


async def fields(browser: Browser, rfq: RfqDetails) -> dict[str, str]:
    return (await browser.get(f"/portal/rfqs/{rfq.rfq.id}")).form("/quote").fields


async def a_sheet(browser: Browser, rfq: RfqDetails, kind: str = "csv") -> httpx2.Response:
    return await browser.client.get(f"/portal/rfqs/{rfq.rfq.id}/quote.{kind}")


def filled_in(sheet: httpx2.Response, *rows: dict[int, str]) -> bytes:
    """The sheet with these cells in its rows, by their column."""
    head, *lines = csv.reader(io.StringIO(sheet.content.decode("utf-8-sig")))
    for line, cells in zip(lines, rows, strict=True):
        for column, text in cells.items():
            line[column] = text
    out = io.StringIO()
    csv.writer(out).writerows([head, *lines])
    return out.getvalue().encode()


@pytest.mark.parametrize("language", PRICES)
async def test_an_alternative_goes_out_and_comes_back(api: Api, world: World, language: str) -> None:
    vendor, contact = await world.a_vendor()
    rfq = await two_lines(world, vendor)
    page, price = f"/portal/rfqs/{rfq.rfq.id}", PRICES[language]
    async with browser_of(api, world, contact) as browser:
        await browser.post("/portal/record/settings", {"locale": language})
        wanted = typed_other(rfq, price) | by_line(rfq, {"lines.0.price": "1180", "lines.1.no": "1"})
        await browser.send((await browser.get(page)).form("/quote"), do="save", **wanted)
        sheets = {kind: (await a_sheet(browser, rfq, kind)).content for kind in ("csv", "xlsx")}
        for kind, content in sheets.items():
            spoiled = typed_other(rfq, "1") | by_line(rfq, {f"{OTHER}.description": "Another"})
            await browser.send((await browser.get(page)).form("/quote"), do="save", **spoiled)
            answer = await posted(browser, rfq, f"quote.{kind}", content)
            assert answer.status_code == 303, answer.text
            found = await fields(browser, rfq)
            assert typed_other(rfq, price).items() <= found.items(), kind


async def sent_alternative(api: Api, person: Person) -> AlternativeOut | None:
    [quote] = (await api.as_(person).call(e.list_quotes)).items
    return quote.lines[0].alternative


async def test_in_the_sheet_and_in_the_form_it_is_the_same_quote(api: Api, world: World) -> None:
    (vendor, contact), (second, other) = await world.a_vendor(), await world.a_vendor()
    rfq = await two_lines(world, vendor, second)
    page, until = f"/portal/rfqs/{rfq.rfq.id}", (world.today + dt.timedelta(days=40)).isoformat()
    rest = {"lead_time": "10", "valid_until": until}
    async with browser_of(api, world, contact) as browser, browser_of(api, world, other) as by_form:
        cells = {6: "ThinkPad E14", 7: "990.50", 8: "1 week", 9: "from stock"}
        content = filled_in(await a_sheet(browser, rfq), cells, {4: "99"})
        assert (await posted(browser, rfq, "quote.csv", content)).status_code == 303
        sent = await browser.send((await browser.get(page)).form("/quote"), do="send", **rest)
        assert "Your quote was sent." in sent.words, sent.words
        typed = typed_other(rfq, "990.50") | by_line(rfq, {"lines.0.no": "1", "lines.1.price": "99"})
        sent = await by_form.send((await by_form.get(page)).form("/quote"), do="send", **typed, **rest)
        assert "Your quote was sent." in sent.words
    by_sheet, same = await sent_alternative(api, contact), await sent_alternative(api, other)
    assert by_sheet is not None
    assert by_sheet == same


async def test_what_cannot_be_read_is_named_by_line_and_column_and_stays_in_its_field(
    api: Api, world: World
) -> None:
    vendor, contact = await world.a_vendor()
    rfq = await two_lines(world, vendor)
    async with browser_of(api, world, contact) as browser:
        sheet = await a_sheet(browser, rfq)
        wrong = ({4: "1180", 6: "ThinkPad E14", 7: "on request", 8: "soon"}, {4: "99", 7: "80"})
        answer = await posted(browser, rfq, "quote.csv", filled_in(sheet, *wrong))
        page = await browser.get(answer.headers["location"])
        for words in (
            "Line 1, column “Alternative: unit price”: I can’t read “on request” as one price. Write it like 990.5.",
            "Line 1, column “Alternative: days to deliver”: “soon” is not a number of days. Write it like 7.",
            "Line 2: an alternative needs both, what it is in the column “Alternative” and a price in",
            "An alternative needs both: what it is, and a price.",
        ):
            assert words in page.words, words
        found = await fields(browser, rfq)
        kept = {f"{OTHER}.price": "on request", "lines.0.price": "1,180", "lines.1.alternative.price": "80"}
        assert by_line(rfq, kept).items() <= found.items()


async def test_an_emptied_alternative_is_offered_no_more_and_another_file_leaves_it(
    api: Api, world: World
) -> None:
    vendor, contact = await world.a_vendor()
    rfq = await two_lines(world, vendor)
    page = f"/portal/rfqs/{rfq.rfq.id}"
    async with browser_of(api, world, contact) as browser:
        await browser.send((await browser.get(page)).form("/quote"), do="save", **typed_other(rfq, "990"))
        await posted(browser, rfq, "own.csv", b"Item,Qty,Unit price\nLaptop 14 inch,3,1180\nDock,2,99\n")
        assert typed_other(rfq, "990").items() <= (await fields(browser, rfq)).items()
        emptied = filled_in(await a_sheet(browser, rfq), {6: "", 7: "", 8: "", 9: ""}, {})
        await posted(browser, rfq, "quote.csv", emptied)
        left = await fields(browser, rfq)
        assert not [name for name, value in left.items() if "alternative" in name and value]
        assert left[by_line(rfq, {"lines.0.price": ""}).popitem()[0]] == "1,180"
