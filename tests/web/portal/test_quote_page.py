"""What a vendor types into the quote: read as they write it, kept, refused at its field, and inert."""

import datetime as dt
import io
from collections.abc import Mapping
from decimal import Decimal

import httpx2
import pytest
from python_calamine import CalamineWorkbook

from core.kernel.ids import RequestId
from core.purchases import request_queries
from core.removals import service as removals
from core.removals.commands import DropLines
from core.requests.commands import RequestLineDraft
from core.rfqs.model import RfqDetails
from core.vendors.model import Vendor
from tests.support.api import Api
from tests.support.world import World
from tests.web.browser import Browser, browser_of

INJECTIONS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'; DROP TABLE quote_drafts; --",
    "{{ 7 * 7 }}",
    "{% include '/etc/passwd' %}",
    "javascript:alert(1)",
    "</textarea><script>1</script>",
    '=HYPERLINK("http://evil.example")',
)


async def two_lines(world: World, *vendors: Vendor) -> RfqDetails:
    lines = (
        RequestLineDraft("Laptop 14 inch", Decimal(3), "pcs", Decimal("1200")),
        RequestLineDraft("Dock", Decimal(2), "pcs", Decimal("100")),
    )
    return await world.an_rfq(await world.a_request(lines=lines), to=vendors)


def by_line(rfq: RfqDetails, typed: Mapping[str, str]) -> dict[str, str]:
    """``lines.0.price`` by the name that the form has for it."""
    names = {f"lines.{n}.": f"lines.{line.id}." for n, line in enumerate(rfq.rfq.lines)}
    return {names.get(name[:8], name[:8]) + name[8:]: value for name, value in typed.items()}


async def test_numbers_are_read_as_the_reader_writes_them_and_echoed(api: Api, world: World) -> None:
    vendor, contact = await world.a_vendor()
    rfq = await two_lines(world, vendor)
    page = f"/portal/rfqs/{rfq.rfq.id}"
    async with browser_of(api, world, contact) as browser:
        form = (await browser.get(page)).form("/quote")
        saved = await browser.send(
            form,
            do="save",
            **by_line(rfq, {"lines.0.price": "1,180.50", "lines.1.price": "99"}),
            shipping="20",
            lead_time="10",
        )
        assert "1,180.50 USD × 3 pcs = 3,541.50 USD" in saved.words
        assert "Total: 3,759.50 USD" in saved.words
        again = (await browser.get(page)).form("/quote")
        assert again.fields[f"lines.{rfq.rfq.lines[0].id}.price"] == "1,180.50"
        german = await browser.get(f"{page}?lang=de")
        assert 'lang="de"' in german.html
        assert "Stückpreis in USD" in german.words
        arabic = await browser.get(f"{page}?lang=ar")
        assert 'dir="rtl"' in arabic.html


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("lines.0.price", "1.234", "could mean"),
        ("lines.0.price", "cheap", "couldn’t read the number “cheap”"),
        ("lines.0.price", "9 EUR", "only one currency"),
        ("lead_time", "soon", "couldn’t read the number “soon”"),
        ("valid_until", "sometime", "couldn’t read the date “sometime”"),
        ("lines.1.price", "", "Give a price, or tick “No bid”."),
        ("valid_until", "", "missing"),
        ("currency", "XX", ""),
    ],
)
async def test_what_cannot_be_taken_is_said_at_its_field_and_kept(
    api: Api, world: World, field: str, typed: str, said: str
) -> None:
    vendor, contact = await world.a_vendor()
    rfq = await two_lines(world, vendor)
    until = (world.today + dt.timedelta(days=40)).isoformat()
    right = {
        "lines.0.price": "1180",
        "lines.1.price": "99",
        "lead_time": "10",
        "valid_until": until,
        "currency": "USD",
    }
    async with browser_of(api, world, contact) as browser:
        form = (await browser.get(f"/portal/rfqs/{rfq.rfq.id}")).form("/quote")
        [field], price = by_line(rfq, {field: ""}), f"lines.{rfq.rfq.lines[0].id}.price"
        right = by_line(rfq, right)
        refused = await browser.send(form, do="send", **{**right, field: typed})
        assert refused.status == 422
        assert refused.wrong == []
        assert refused.html.count('aria-invalid="true"') >= 1
        assert refused.form("/quote").fields[field] == typed
        assert refused.form("/quote").fields[price] == (typed if field == price else "1180")
        if said != "missing":
            assert said in refused.words
        sent = await browser.send(refused.form("/quote"), do="send", **right)
        assert "Your quote was sent." in sent.words


async def test_leaving_a_line_out_is_said_and_declining_asks_why(api: Api, world: World) -> None:
    (vendor, contact), (other, _) = await world.a_vendor(), await world.a_vendor()
    rfq = await two_lines(world, vendor, other)
    until = (world.today + dt.timedelta(days=40)).isoformat()
    async with browser_of(api, world, contact) as browser:
        page = f"/portal/rfqs/{rfq.rfq.id}"
        form = (await browser.get(page)).form("/quote")
        part = {"lines.0.price": "1180", "lines.1.no": "1", "lead_time": "10", "valid_until": until}
        sent = await browser.send(form, do="send", **by_line(rfq, part))
        assert "Your quote was sent." in sent.words
        assert "No bid" in sent.words
        asked = await browser.send(sent.form("/ask"), text="Which keyboard?")
        assert "Your question was sent." in asked.words
        assert "Which keyboard?" in asked.words
        withdrawn = await browser.send(asked.form("/withdraw"))
        assert "Your quote is withdrawn." in withdrawn.words
        refused = await browser.send(withdrawn.form("/decline"), **{"decline.reason": ""})
        assert refused.status == 422
        declined = await browser.send(refused.form("/decline"), **{"decline.reason": "Sold out."})
        assert "You declined to quote." in declined.words


async def test_a_file_is_kept_with_the_draft_and_goes_out_with_the_quote(api: Api, world: World) -> None:
    vendor, contact = await world.a_vendor()
    rfq = await two_lines(world, vendor)
    until = (world.today + dt.timedelta(days=40)).isoformat()
    async with browser_of(api, world, contact) as browser:
        answer = await browser.client.post(
            "/portal/file",
            data={"rfq": str(rfq.rfq.id)},
            files={"file": ("quote.csv", b"item,price\nLaptop,1180\n", "text/csv")},
            headers={"Sec-Fetch-Site": "same-origin"},
        )
        assert answer.status_code == 303, answer.text
        page = await browser.get(answer.headers["location"])
        assert "quote.csv" in page.words
        form = page.form("/quote")
        [price] = by_line(rfq, {"lines.0.price": ""})
        both = await browser.client.post(
            "/portal/file",
            data={**form.fields, price: "1,234", "do": "keep"},
            files={"file": ("more.csv", b"a,b\n1,2\n", "text/csv")},
            headers={"Sec-Fetch-Site": "same-origin"},
        )
        kept = (await browser.get(both.headers["location"])).form("/quote").fields
        assert (kept[price], kept["file.1.name"]) == ("1,234", "more.csv"), "typed beside the file"
        full = {f"file.{n}.{name}": "x" for n in range(20) for name in ("id", "name")}
        late = await browser.client.post(
            "/portal/file",
            data={**form.fields, **full, "do": "keep"},
            files={"file": ("late.csv", b"a,b\n1,3\n", "text/csv")},
            headers={"Sec-Fetch-Site": "same-origin"},
        )
        assert late.status_code == 422
        assert "This one was not added." in late.text
        sent = await browser.send(
            page.form("/quote"),
            do="send",
            **by_line(rfq, {"lines.0.price": "1", "lines.1.price": "2"}),
            lead_time="3",
            valid_until=until,
        )
        assert "Your quote was sent." in sent.words
        assert "quote.csv" in sent.words
        foreign = await browser.client.post(
            "/portal/file",
            files={"file": ("a.csv", b"a", "text/csv")},
            headers={"Sec-Fetch-Site": "cross-site"},
        )
        assert foreign.status_code == 403


@pytest.mark.parametrize("words", INJECTIONS)
async def test_what_people_write_stays_words(api: Api, world: World, words: str) -> None:
    vendor, contact = await world.a_vendor()
    rfq = await two_lines(world, vendor)
    async with browser_of(api, world, contact) as browser:
        page = f"/portal/rfqs/{rfq.rfq.id}"
        form = (await browser.get(page)).form("/quote")
        names = {"note": words, "lines.0.price": words, "currency": words, "valid_until": words}
        saved = await browser.send(form, do="save", **by_line(rfq, names))
        asked = await browser.send(saved.form("/ask"), text=words)
        plain = await browser.get(page)
        for each in (saved, asked):
            assert each.wrong == []
            tags = [tag for tag, _ in each.reader.tags if tag in ("script", "img", "iframe")]
            assert tags == [tag for tag, _ in plain.reader.tags if tag in ("script", "img", "iframe")]
            assert not [name for _, given in each.reader.tags for name in given if name.startswith("on")]
        assert plain.form("/quote").fields["note"].strip() == words


async def test_a_draft_is_its_writers_own(api: Api, world: World) -> None:
    (vendor, contact), (second, other) = await world.a_vendor(), await world.a_vendor()
    rfq = await world.an_rfq(to=[vendor, second])
    page = f"/portal/rfqs/{rfq.rfq.id}"
    async with browser_of(api, world, contact) as mine, browser_of(api, world, other) as theirs:
        form = (await mine.get(page)).form("/quote")
        await mine.send(form, do="save", **by_line(rfq, {"lines.0.price": "1234.5"}))
        assert "1,234.5" not in (await theirs.get(page)).html
        assert "1234.5" not in (await theirs.get(page)).html
        assert vendor.name not in (await theirs.get(page)).html


async def posted(browser: Browser, rfq: RfqDetails, name: str, content: bytes) -> httpx2.Response:
    """The file with the wish to fill in the fields."""
    return await browser.client.post(
        "/portal/file",
        data={"rfq": str(rfq.rfq.id), "do": "read"},
        files={"file": (name, content, "application/octet-stream")},
        headers={"Sec-Fetch-Site": "same-origin"},
    )


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("language", ["en", "de"])
async def test_a_spreadsheet_goes_out_and_comes_back_into_the_fields(
    api: Api, world: World, kind: str, language: str
) -> None:
    vendor, contact = await world.a_vendor()
    rfq = await two_lines(world, vendor)
    page = f"/portal/rfqs/{rfq.rfq.id}"
    async with browser_of(api, world, contact) as browser:
        await browser.post("/portal/record/settings", {"locale": language})
        price = {"en": "1,180.5", "de": "1.180,5"}[language]
        await browser.send(
            (await browser.get(page)).form("/quote"),
            do="save",
            **by_line(rfq, {"lines.0.price": price, "lines.0.days": "7", "lines.1.no": "1"}),
        )
        sheet = await browser.client.get(f"{page}/quote.{kind}")
        assert sheet.headers["content-disposition"] == f'attachment; filename="{rfq.rfq.number}.{kind}"'
        form = (await browser.get(page)).form("/quote")
        await browser.send(form, do="save", **by_line(rfq, {"lines.0.price": "1"}))
        answer = await posted(browser, rfq, f"angebot.{kind}", sheet.content)
        assert answer.status_code == 303, answer.text
        filled = (await browser.get(page)).form("/quote").fields
        wanted = by_line(rfq, {"lines.0.price": price, "lines.0.days": "7", "lines.1.no": "1"})
        assert wanted.items() <= filled.items()
        assert filled["file.0.name"] == f"angebot.{kind}", "the file itself goes with the quote"


async def test_a_file_without_our_lines_fills_nothing_and_says_so(api: Api, world: World) -> None:
    vendor, contact = await world.a_vendor()
    rfq = await two_lines(world, vendor)
    async with browser_of(api, world, contact) as browser:
        for name, content, why in (
            ("a.csv", b"price\n99\n", "no columns with an item and a price"),
            ("b.csv", b"Line,Item,Price\n9,Sofa,5\n", "which line this row is for: “9 · Sofa · 5”"),
            ("c.csv", b'1,"unclosed\n', "no columns with an item and a price"),
            ("d.csv", b"Item,Price\n", "no rows with prices"),
        ):
            answer = await posted(browser, rfq, name, content)
            page = await browser.get(answer.headers["location"])
            assert "took no price from it" in page.words, name
            assert why in page.words
            fields = page.form("/quote").fields
            assert not [field for field in fields if field.endswith(".price") and fields[field]]
        damaged = await posted(browser, rfq, "d.xlsx", b"PK\x03\x04 not a workbook")
        assert damaged.status_code == 415
        assert (await browser.get(f"/portal/rfqs/{rfq.rfq.id}/quote.exe")).status == 404


async def test_a_sheet_runs_no_formula_of_the_buyers(api: Api, world: World) -> None:
    vendor, contact = await world.a_vendor()
    lines = (RequestLineDraft('=HYPERLINK("http://evil.example")', Decimal(1), "pcs", Decimal(1)),)
    rfq = await world.an_rfq(await world.a_request(lines=lines), to=[vendor])
    async with browser_of(api, world, contact) as browser:
        text = (await browser.client.get(f"/portal/rfqs/{rfq.rfq.id}/quote.csv")).text
        assert "'=HYPERLINK" in text
        book = CalamineWorkbook.from_filelike(
            io.BytesIO((await browser.client.get(f"/portal/rfqs/{rfq.rfq.id}/quote.xlsx")).content)
        )
        assert book.get_sheet_by_index(0).to_python()[1][1] == '=HYPERLINK("http://evil.example")', "as text"


async def test_prices_stay_at_their_lines_when_the_buyer_corrects_the_rfq(api: Api, world: World) -> None:
    """A page from before the correction sends nothing; what was typed stands at the lines that are left."""
    vendor, contact = await world.a_vendor()
    rfq = await two_lines(world, vendor)
    laptop, dock = rfq.rfq.lines
    until = (world.today + dt.timedelta(days=40)).isoformat()
    page = f"/portal/rfqs/{rfq.rfq.id}"
    async with browser_of(api, world, contact) as browser:
        form = (await browser.get(page)).form("/quote")
        sheet = (await browser.client.get(f"{page}/quote.csv")).text.replace("pcs,,", "pcs,77,5")
        officer = await world.an_officer()
        found = await world.act(officer, request_queries.show, RequestId(rfq.rfq.request_id))
        drop = DropLines(
            found.request.id, (laptop.request_line_id,), "one is in the store", found.request.version
        )
        await world.act(officer, removals.drop_lines, drop)
        typed = by_line(rfq, {"lines.0.price": "1180", "lines.1.price": "99"})
        refused = await browser.send(form, do="send", **typed, lead_time="3", valid_until=until)
        assert refused.status == 409
        assert refused.wrong == []
        assert "The RFQ was corrected in the meantime." in refused.words
        again = refused.form("/quote")
        assert again.fields[f"lines.{dock.id}.price"] == "99"
        assert f"lines.{laptop.id}.price" not in again.fields
        assert (await posted(browser, rfq, "old.csv", sheet.encode())).status_code == 303
        filled = (await browser.get(page)).form("/quote").fields
        assert filled[f"lines.{dock.id}.price"] == "77", (
            "the second row of the old sheet is the first line now"
        )
        sent = await browser.send(again, do="send")
        assert "Your quote was sent." in sent.words
        assert "Dock · 2 pcs · $99.00" in sent.words or "Dock · 2 pcs · 99.00 USD" in sent.words


async def test_what_was_typed_waits_when_the_session_has_ended(api: Api, world: World) -> None:
    vendor, contact = await world.a_vendor()
    rfq = await two_lines(world, vendor)
    typed = by_line(rfq, {"lines.0.price": "1180"})
    async with browser_of(api, world, contact) as browser:
        form = (await browser.get(f"/portal/rfqs/{rfq.rfq.id}")).form("/quote")
        cookies = dict(browser.client.cookies)
        browser.client.cookies.clear()
        ended = await browser.send(form, do="save", **typed)
        assert ended.status == 401
        assert "Your session has ended" in ended.words
        waiting = ended.form("/quote")
        assert typed.items() <= waiting.fields.items()
        browser.client.cookies.update(cookies)
        assert typed.items() <= (await browser.send(waiting)).form("/quote").fields.items()


async def test_an_alternative_is_typed_beside_its_line_and_sent_with_the_quote(
    api: Api, world: World
) -> None:
    (vendor, contact), (other, _) = await world.a_vendor(), await world.a_vendor()
    rfq = await two_lines(world, vendor, other)
    until = (world.today + dt.timedelta(days=40)).isoformat()
    typed = {
        "lines.0.price": "1180",
        "lines.1.no": "1",
        "lines.1.alternative.description": "Hub <b>7</b> ports",
        "lines.1.alternative.price": "45.50",
        "lines.1.alternative.lead_time": "3",
        "lines.1.alternative.note": "Same connector",
    }
    async with browser_of(api, world, contact) as browser:
        form = (await browser.get(f"/portal/rfqs/{rfq.rfq.id}")).form("/quote")
        more = {"lead_time": "10", "valid_until": until}
        sent = await browser.send(form, do="send", **by_line(rfq, typed), **more)
        assert "Your quote was sent." in sent.words, sent.words
        assert "No bid ⇄ Instead Hub <b>7</b> ports · 45.50 USD · 3 days Same connector" in sent.words
        assert sent.wrong == []
        written = typed | {"lines.0.price": "1,180", "lines.1.alternative.price": "45.5"}
        assert by_line(rfq, written).items() <= sent.form("/quote").fields.items(), "to be revised"


@pytest.mark.parametrize(
    ("half", "field"),
    [
        ({"description": "Hub"}, "price"),
        ({"price": "45"}, "description"),
        ({"note": "cheap"}, "price"),
        ({"description": "Hub", "price": "1.234"}, "price"),
        ({"description": "Hub", "price": "45", "lead_time": "soon"}, "lead_time"),
    ],
)
async def test_half_an_alternative_is_not_sent_and_is_said_at_its_field(
    api: Api, world: World, half: dict[str, str], field: str
) -> None:
    vendor, contact = await world.a_vendor()
    rfq = await two_lines(world, vendor)
    until = (world.today + dt.timedelta(days=40)).isoformat()
    whole = {"lines.0.price": "1180", "lines.1.price": "99"}
    typed = by_line(rfq, whole | {f"lines.1.alternative.{name}": value for name, value in half.items()})
    async with browser_of(api, world, contact) as browser:
        form = (await browser.get(f"/portal/rfqs/{rfq.rfq.id}")).form("/quote")
        refused = await browser.send(form, do="send", **typed, lead_time="10", valid_until=until)
        assert refused.status == 422
        [name] = by_line(rfq, {f"lines.1.alternative.{field}": ""})
        flawed = [given["name"] for _, given in refused.reader.tags if given.get("aria-invalid")]
        assert name in flawed
        assert typed.items() <= refused.form("/quote").fields.items()
