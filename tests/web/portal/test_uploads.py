"""A vendor's own file in the quote's form: it fills the fields, its pages stand beside them, the vendor sends."""

from decimal import Decimal
from uuid import UUID

import httpx2
import pytest

from api.contract import endpoints as e
from api.contract.file_quotes import ReadQuoteFileIn
from core.requests.commands import RequestLineDraft
from core.rfqs.model import RfqDetails
from core.vendors.model import Vendor
from tests.api.quote_files.pdf_layouts import LAYOUTS, pdf
from tests.api.quote_files.sheet_layouts import rows, workbook
from tests.support.api import Api, ProblemError
from tests.support.world import World
from tests.web.browser import Browser, Visit, browser_of

LINES = (
    RequestLineDraft("Laptop 14 Zoll", Decimal(3), "pcs", Decimal("1200")),
    RequestLineDraft("Dockingstation USB-C", Decimal(2), "pcs", Decimal("100")),
    RequestLineDraft("HDMI-Kabel 2 m", Decimal(100), "pcs", Decimal("4")),
)
GERMAN = pdf(LAYOUTS["German, ruled, with VAT and total"].source)
UNPROVEN = pdf(LAYOUTS["no amounts and no sums"].source)


async def an_rfq(world: World, *vendors: Vendor) -> RfqDetails:
    return await world.an_rfq(await world.a_request(lines=LINES), to=vendors)


async def read(
    browser: Browser, rfq: RfqDetails, name: str, content: bytes, **fields: str
) -> httpx2.Response:
    return await browser.client.post(
        "/portal/file",
        data={"rfq": str(rfq.rfq.id), "do": "read", **fields},
        files={"file": (name, content, "application/octet-stream")},
        headers={"Sec-Fetch-Site": "same-origin"},
    )


def page_pictures(page: Visit) -> list[str]:
    """The addresses of the pages of a file that stand on a page."""
    found = (given.get("src") or "" for tag, given in page.reader.tags if tag == "img")
    return [each for each in found if "/pages/" in each]


def prices(rfq: RfqDetails, fields: dict[str, str]) -> list[str]:
    return [fields.get(f"lines.{line.id}.price", "") for line in rfq.rfq.lines]


async def test_a_pdf_fills_the_fields_and_its_page_stands_beside_them_with_boxes(
    api: Api, world: World
) -> None:
    vendor, contact = await world.a_vendor()
    rfq = await an_rfq(world, vendor)
    async with browser_of(api, world, contact) as browser:
        answer = await read(browser, rfq, "Angebot.pdf", GERMAN)
        page = await browser.get(answer.headers["location"])
        assert page.wrong == []
        form = page.form("/quote").fields
        assert prices(rfq, form) == ["1,180", "99.5", "3.2"]
        assert (form["currency"], form["file.0.name"]) == ("EUR", "Angebot.pdf")
        assert "1 Laptop 14 Zoll, 16 GB RAM 3 Stk 1.180,00 € 3.540,00 €" in page.words
        boxes = [given for tag, given in page.reader.tags if tag == "rect"]
        assert [given["class"] for given in boxes] == ["row", "price"] * 3
        [picture] = page_pictures(page)
        drawn = await browser.client.get(picture)
        assert (drawn.status_code, drawn.headers["content-type"]) == (200, "image/png")
        assert drawn.headers["cache-control"] == "no-store"
        assert (await browser.client.get(f"{picture}7")).status_code == 404
        assert (await browser.client.get(picture.replace("pages/1", "pages/x"))).status_code == 404
    assert (await api.as_(contact).call(e.list_quotes)).items == (), "nothing is sent"


async def test_a_page_is_shown_to_nobody_else(api: Api, world: World) -> None:
    (vendor, contact), (_, other) = await world.a_vendor(), await world.a_vendor()
    rfq = await an_rfq(world, vendor)
    async with browser_of(api, world, contact) as browser, browser_of(api, world, other) as stranger:
        await read(browser, rfq, "Angebot.pdf", GERMAN)
        form = (await browser.get(f"/portal/rfqs/{rfq.rfq.id}")).form("/quote").fields
        picture = f"/portal/files/{form['file.0.id']}/pages/1"
        assert (await browser.client.get(picture)).status_code == 200
        assert (await stranger.client.get(picture)).status_code == 404


async def test_what_was_typed_and_read_survives_saving_and_another_language(api: Api, world: World) -> None:
    vendor, contact = await world.a_vendor()
    rfq = await an_rfq(world, vendor)
    async with browser_of(api, world, contact) as browser:
        answer = await read(browser, rfq, "Angebot.pdf", GERMAN)
        form = (await browser.get(answer.headers["location"])).form("/quote")
        saved = await browser.send(form, do="save", lead_time="10")
        assert "In your file: " in saved.words
        assert [tag for tag, _ in saved.reader.tags].count("rect") == 6
        german = await browser.send(saved.form("/language"), locale="de")
        assert prices(rfq, german.form("/quote").fields) == ["1.180", "99,5", "3,2"]
        assert "In Ihrer Datei: " in german.words


async def test_a_pdf_without_proof_fills_nothing_says_why_and_is_shown(api: Api, world: World) -> None:
    vendor, contact = await world.a_vendor()
    rfq = await an_rfq(world, vendor)
    async with browser_of(api, world, contact) as browser:
        answer = await read(browser, rfq, "offer.pdf", UNPROVEN)
        page = await browser.get(answer.headers["location"])
        assert prices(rfq, page.form("/quote").fields) == ["", "", ""]
        assert "No row of this file shows that quantity × unit price is its amount" in page.words
        assert page_pictures(page)


async def test_what_has_two_readings_stands_in_its_field_and_is_asked(api: Api, world: World) -> None:
    vendor, contact = await world.a_vendor()
    rfq = await an_rfq(world, vendor)
    content = "Bezeichnung;Menge;Einzelpreis\nLaptop 14 Zoll;3;1.234\nHDMI-Kabel 2 m;100;auf Anfrage\n"
    async with browser_of(api, world, contact) as browser:
        answer = await read(browser, rfq, "quote.csv", content.encode("cp1252"))
        page = await browser.get(answer.headers["location"])
        assert prices(rfq, page.form("/quote").fields) == ["1.234", "", "auf Anfrage"]
        assert "Line 1: the price may be 1,234 · 1.234" in page.words
        assert "Line 2: the file has no price for Dockingstation USB-C" in page.words
        assert "Line 3: I can’t read “auf Anfrage” as a price" in page.words
        assert page.html.count('aria-invalid="true"') == 2
        form = page.form("/quote")
        answered = await browser.send(
            form,
            do="save",
            **{f"lines.{rfq.rfq.lines[1].id}.no": "1", f"lines.{rfq.rfq.lines[0].id}.price": "1234"},
        )
        assert "Line 2: the file has no price" not in answered.words


async def test_a_file_in_another_currency_relabels_no_price_that_was_typed(api: Api, world: World) -> None:
    vendor, contact = await world.a_vendor()
    rfq = await an_rfq(world, vendor)
    content = workbook(rows(["Item", "Qty", "Unit price EUR"], ["Laptop 14 Zoll", 3, 1180]))
    typed = {f"lines.{rfq.rfq.lines[1].id}.price": "99", "currency": "USD"}
    async with browser_of(api, world, contact) as browser:
        answer = await read(browser, rfq, "quote.xlsx", content, **typed)
        page = await browser.get(answer.headers["location"])
        assert prices(rfq, page.form("/quote").fields) == ["", "99", ""]
        assert page.form("/quote").fields["currency"] == "USD"
        assert "The file is in EUR, but there are prices in USD that it doesn’t name" in page.words


@pytest.mark.parametrize(
    "reading", ["{", "[]", '{"document_id": "x"}', '{"document_id":"' + "0" * 32 + '","name":"<b>"}']
)
async def test_a_reading_that_was_tampered_with_shows_nothing_and_breaks_nothing(
    api: Api, world: World, reading: str
) -> None:
    vendor, contact = await world.a_vendor()
    rfq = await an_rfq(world, vendor)
    async with browser_of(api, world, contact) as browser:
        form = (await browser.get(f"/portal/rfqs/{rfq.rfq.id}")).form("/quote")
        saved = await browser.send(form, do="save", reading=reading)
        assert saved.status == 200
        assert "<b>" not in saved.html
        assert saved.wrong == []


@pytest.mark.parametrize("width", ["Infinity", "NaN", "0", "-1", "1e300"])
async def test_a_reading_whose_page_has_no_size_shows_nothing(api: Api, world: World, width: str) -> None:
    vendor, contact = await world.a_vendor()
    rfq = await an_rfq(world, vendor)
    reading = f'{{"document_id":"{"0" * 32}","name":"x","pages":[{{"width":{width},"height":9}}]}}'
    async with browser_of(api, world, contact) as browser:
        form = (await browser.get(f"/portal/rfqs/{rfq.rfq.id}")).form("/quote")
        saved = await browser.send(form, do="save", reading=reading)
        assert (saved.status, page_pictures(saved)) == (200, [])


async def test_a_file_is_read_beside_files_with_a_gap_in_their_numbers(api: Api, world: World) -> None:
    vendor, contact = await world.a_vendor()
    rfq = await an_rfq(world, vendor)
    kept = {"file.1.id": "0" * 32, "file.1.name": "kept.pdf"}
    async with browser_of(api, world, contact) as browser:
        answer = await read(browser, rfq, "Angebot.pdf", GERMAN, **kept)
        form = (await browser.get(answer.headers["location"])).form("/quote").fields
        assert prices(rfq, form) == ["1,180", "99.5", "3.2"]
        assert {form["file.0.name"], form["file.1.name"]} == {"Angebot.pdf", "kept.pdf"}


async def test_a_thousand_rows_for_two_hundred_lines_stand_in_the_form(api: Api, world: World) -> None:
    vendor, contact = await world.a_vendor()
    names = [f"Стул офисный чёрный номер {n} с подлокотниками" for n in range(1, 201)]
    lines = [RequestLineDraft(name, Decimal(n), "pcs", Decimal(1)) for n, name in enumerate(names, start=1)]
    rfq = await world.an_rfq(await world.a_request(lines=lines), to=(vendor,))
    cells = [f"{name};{n};{n},50" for n, name in enumerate(names, start=1)]
    cells += [f"Запасная часть {n} {'длинное описание ' * 15};1;5" for n in range(790)]
    content = "\n".join(["Наименование;Кол-во;Цена", *cells]).encode()
    async with browser_of(api, world, contact) as browser:
        answer = await read(browser, rfq, "quote.csv", content)
        assert answer.status_code == 303, answer.text[-2000:]
        page = await browser.get(answer.headers["location"])
        assert prices(rfq, page.form("/quote").fields) == [f"{n}.5" for n in range(1, 201)]
        saved = await browser.send(page.form("/quote"), do="save")
        assert saved.status == 200


async def test_another_vendors_file_is_not_read(api: Api, world: World) -> None:
    (vendor, contact), (other, stranger) = await world.a_vendor(), await world.a_vendor()
    rfq = await an_rfq(world, vendor, other)
    async with browser_of(api, world, contact) as browser:
        await read(browser, rfq, "Angebot.pdf", GERMAN)
        form = (await browser.get(f"/portal/rfqs/{rfq.rfq.id}")).form("/quote").fields
    body = ReadQuoteFileIn(rfq_id=rfq.rfq.id, document_id=UUID(form["file.0.id"]))
    assert len((await api.as_(contact).call(e.read_quote_file, body)).lines) == 3
    with pytest.raises(ProblemError, match="404"):
        await api.as_(stranger).call(e.read_quote_file, body)
