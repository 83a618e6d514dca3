"""A vendor's spreadsheet or CSV: any order of columns, any encoding, and no price that is not written there."""

import time
from dataclasses import replace
from decimal import Decimal

import pytest

from api.contract.file_quotes import GapKind
from api.quote_files.one_file import read
from api.quote_files.placing import place
from tests.api.quote_files.pdf_layouts import ENGLISH, asked
from tests.api.quote_files.sheet_layouts import HEADS_AND_ROWS, rows, workbook

OF_LINES = {GapKind.not_named}


@pytest.mark.parametrize("name", HEADS_AND_ROWS)
def test_a_spreadsheet_is_read_in_full_or_its_gaps_are_named(name: str) -> None:
    layout = HEADS_AND_ROWS[name]
    found = place(read("xlsx", layout.content), layout.asked, layout.currency)
    numbers = {line.id: n for n, line in enumerate(layout.asked, start=1)}
    prices = {numbers[line.line_id]: line.unit_price for line in found.lines if not line.no_bid}
    assert prices == {n: Decimal(price) if price else None for n, price in layout.prices.items()}, found.gaps
    assert tuple(gap.kind for gap in found.gaps if gap.kind not in OF_LINES) == layout.gaps
    assert found.currency == layout.currency
    assert tuple(numbers[line.line_id] for line in found.lines if line.no_bid) == layout.no_bid
    days = {numbers[line.line_id]: line.days for line in found.lines if line.days is not None}
    assert days == (layout.days or {})


LANGUAGES = {
    "ar": ("الصنف", "الكمية", "سعر الوحدة", "كرسي مكتب"),
    "de": ("Bezeichnung", "Menge", "Einzelpreis", "Bürostuhl groß"),
    "en": ("Description", "Qty", "Unit price", "Office chair – café"),
    "es": ("Descripción", "Cantidad", "Precio unitario", "Silla giratoria español"),
    "fr": ("Désignation", "Qté", "Prix unitaire HT", "Chaise élégante"),
    "it": ("Descrizione", "Quantità", "Prezzo unitario", "Sedia qualità"),
    "pl": ("Nazwa towaru", "Ilość", "Cena jedn. netto", "Krzesło biurowe"),
    "pt": ("Descrição", "Qtd.", "Preço unitário", "Cadeira de escritório"),
    "ru": ("Наименование", "Кол-во", "Цена за ед.", "Стул офисный"),
    "tr": ("Ürün Adı", "Miktar", "Birim Fiyat", "Ofis sandalyesi şık"),
    "uk": ("Найменування", "Кількість", "Ціна за од.", "Крісло офісне"),
}
ENCODINGS = {
    "ar": ("cp1256", "iso8859_6"),
    "de": ("cp1252", "iso8859_1"),
    "en": ("cp1252",),
    "es": ("cp1252", "cp850"),
    "fr": ("cp1252", "iso8859_15"),
    "it": ("cp1252",),
    "pl": ("cp1250", "iso8859_2"),
    "pt": ("cp1252",),
    "ru": ("cp1251", "cp866", "koi8_r"),
    "tr": ("cp1254", "iso8859_9"),
    "uk": ("cp1251",),
}
ALWAYS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be")
CSVS = [
    (language, encoding, separator)
    for language in LANGUAGES
    for encoding in (*ALWAYS, *ENCODINGS[language])
    for separator in (";", "\t")
]


@pytest.mark.parametrize(("language", "encoding", "separator"), CSVS)
def test_a_csv_is_read_in_the_encodings_of_its_language(language: str, encoding: str, separator: str) -> None:
    item, quantity, price, chair = LANGUAGES[language]
    text = "\r\n".join(
        separator.join(cells)
        for cells in (["Offer 17"], [price, item, quantity], ["1.180,50", chair, "3"], ["", "", ""])
    )
    found = place(read("csv", text.encode(encoding)), asked((chair, "3")), "EUR")
    assert [line.unit_price for line in found.lines] == [Decimal("1180.5")], found.gaps
    assert chair in found.lines[0].shown


@pytest.mark.parametrize(
    ("cells", "price", "kind"),
    [
        ("1.234", None, GapKind.several_prices),
        ("1,234", None, GapKind.several_prices),
        ("on request", None, GapKind.no_price),
        ("450 incl. VAT", None, GapKind.no_price),
        ("", None, GapKind.not_named),
        ("1234", "1234", None),
        ("1 234,50", "1234.5", None),
        ("EUR 1'234.50", "1234.5", None),
        ("1234,-", "1234", None),
        ("$12", None, GapKind.which_currency),
    ],
)
def test_a_cell_that_does_not_say_one_price_is_asked_about(
    cells: str, price: str | None, kind: GapKind | None
) -> None:
    content = f"Item;Qty;Unit price\nLaptop 14 inch;3;{cells}\n".encode()
    found = place(read("csv", content), asked(("Laptop 14 inch", "3")), "EUR")
    assert [line.unit_price for line in found.lines if line.unit_price is not None] == [
        Decimal(each) for each in (price,) if each
    ]
    assert [gap.kind for gap in found.gaps] == [each for each in (kind,) if each]


def test_a_number_with_two_readings_is_decided_by_the_others_of_its_file() -> None:
    content = b"Item;Qty;Unit price\nLaptop 14 inch;3;1.234\nDocking station USB-C;2;99,50\n"
    found = place(read("csv", content), ENGLISH, "EUR")
    assert [line.unit_price for line in found.lines] == [Decimal(1234), Decimal("99.5")]


@pytest.mark.parametrize(
    ("said", "placed"),
    [
        ([("Docking station USB-C", 2), ("Laptop 14 inch", 3)], {2: 10, 1: 11}),
        ([("Notebook", 3), ("Replicator", 2)], {1: 10, 2: 11}),
        ([("Notebook", 7), ("Replicator", 7)], {}),
        ([("Laptop 14 inch", 3), ("Laptop 14 inch", 3)], {}),
        ([("Laptop 14 inch black", 3), ("Cable", 100)], {1: 10, 3: 11}),
    ],
)
def test_a_row_is_placed_by_words_else_by_number_and_quantity_and_never_by_chance(
    said: list[tuple[str, int]], placed: dict[int, int]
) -> None:
    lines = [f"{n};{item};{many};{10 + n - 1}" for n, (item, many) in enumerate(said, start=1)]
    content = "\n".join(["Pos;Item;Qty;Unit price", *lines]).encode()
    found = place(read("csv", content), ENGLISH, "EUR")
    numbers = {line.id: n for n, line in enumerate(ENGLISH, start=1)}
    assert {
        numbers[line.line_id]: line.unit_price for line in found.lines if line.unit_price is not None
    } == placed


def test_prices_with_vat_and_two_currencies_are_not_taken() -> None:
    gross = b"Artikel;Menge;Bruttopreis\nLaptop 14 inch;3;1404,20\n"
    mixed = b"Item;Qty;Unit price\nLaptop 14 inch;3;1180 EUR\nDocking station USB-C;2;99 USD\n"
    two = workbook(rows(["Item", "Price"], ["Laptop", 1]), more=[rows(["Item", "Price"], ["Laptop", 2])])
    for kind, content, gap in (
        ("csv", gross, GapKind.with_vat),
        ("csv", mixed, GapKind.currencies),
        ("xlsx", two, GapKind.sheets),
    ):
        found = place(read(kind, content), ENGLISH, "EUR")
        assert (found.lines, [each.kind for each in found.gaps]) == ((), [gap])


def test_a_thousand_rows_are_placed_at_two_hundred_lines_in_no_time() -> None:
    """While this was cubic, 100 rows held the whole server for minutes."""
    names = [f"Office chair ergonomic black model {n} with arms and wheels" for n in range(200)]
    wanted = asked(*((name, str(n + 1)) for n, name in enumerate(names)))
    lines = [f"{name};{n + 1};{n + 10}" for n, name in enumerate(names)]
    others = [f"Spare part number {n} of a chair;1;5" for n in range(790)]
    reading = read("csv", "\n".join(["Item;Qty;Unit price", *lines, *others]).encode())
    begun = time.process_time()
    found = place(reading, wanted, "EUR")
    assert time.process_time() - begun < 10
    assert [line.unit_price for line in found.lines] == [n + 10 for n in range(200)]
    assert len(found.gaps) == len(others)


@pytest.mark.parametrize(
    ("head", "cell", "days"),
    [
        ("Lead time", "14", 14),
        ("Lead time", "14 days", 14),
        ("Lieferzeit", "2 Wochen", 14),
        ("Lieferzeit (Wochen)", "2", 14),
        ("Срок (нед.)", "2", 14),
        ("Délai de livraison", "4 semaines", 28),
        ("Lead time", "2-3 weeks", None),
        ("Lieferzeit", "10 Werktage", None),
        ("Lieferzeit (Arbeitstage)", "10", None),
        ("Delivery", "2026-12-24", None),
    ],
)
def test_a_lead_time_is_in_days_or_left_open(head: str, cell: str, days: int | None) -> None:
    content = f"Item;Qty;Unit price;{head}\nLaptop 14 inch;3;1180,00;{cell}\n".encode()
    found = place(read("csv", content), asked(("Laptop 14 inch", "3")), "EUR")
    assert [(line.unit_price, line.days) for line in found.lines] == [(Decimal(1180), days)]


@pytest.mark.parametrize(
    "sheet",
    [
        "Item;Qty;Unit price;Currency\nLaptop 14 inch;3;1180;USD",
        "All prices in USD\nItem;Qty;Unit price\nLaptop 14 inch;3;1180",
        "Currency;USD;\nItem;Qty;Unit price\nLaptop 14 inch;3;1180",
        "Item;Qty;Unit price\nLaptop 14 inch;3;1180\nTotal USD;;3540",
        "Item;Qty;Unit price\nLaptop 14 inch;3;1180\nPrices in USD, ex works;;",
    ],
)
def test_the_currency_is_the_one_that_the_sheet_names_wherever_that_stands(sheet: str) -> None:
    found = place(read("csv", sheet.encode()), asked(("Laptop 14 inch", "3")), "EUR")
    assert ([line.unit_price for line in found.lines], found.currency) == ([Decimal(1180)], "USD")


def test_words_in_capitals_are_no_currencies() -> None:
    sheet = b"TOP QUALITY FOR ALL\nITEM;QTY;UNIT PRICE\nBALLPOINT PEN;3;1180\nTRY OUR CHAIRS;;"
    found = place(read("csv", sheet), asked(("Ballpoint pen", "3")), "EUR")
    assert ([line.unit_price for line in found.lines], found.currency) == ([Decimal(1180)], "EUR")


@pytest.mark.parametrize(
    ("heads", "cells", "price", "kind"),
    [
        ("Unit;Unit price", "box;1180", None, GapKind.other_unit),
        ("Unit;Unit price", "100 pcs;1180", None, GapKind.other_unit),
        ("Unit;Price per dozen", ";1180", None, GapKind.other_unit),
        ("Einheit;Einzelpreis", "Stk;1180", 1180, None),
        ("Unit;Unit price", "thing;1180", 1180, None),
        ("Unit;Price per 100 pcs", "pcs;1180", Decimal("11.8"), None),
        ("Unit price;Discount", "1180;5%", 1121, None),
        ("Unit price;Discount %", "1180;5", 1121, None),
        ("Unit price;Discount", "1180;5,00", None, GapKind.several_prices),
        ("Unit price;Discount %", "1180;0,05", None, GapKind.several_prices),
        ("Price;Price incl. VAT", ";1428", None, GapKind.not_named),
    ],
)
def test_a_price_of_another_unit_with_vat_or_an_unclear_discount_is_asked(
    heads: str, cells: str, price: Decimal | None, kind: GapKind | None
) -> None:
    content = f"Item;Qty;{heads}\nLaptop 14 inch;3;{cells}\n".encode()
    wanted = [replace(line, unit="pcs") for line in asked(("Laptop 14 inch", "3"))]
    found = place(read("csv", content), wanted, "EUR")
    assert [line.unit_price for line in found.lines] == [price]
    assert [gap.kind for gap in found.gaps] == [each for each in (kind,) if each]


@pytest.mark.parametrize(
    ("cells", "price", "gaps"),
    [
        ("Dock HDMI;990,5;7;", Decimal("990.5"), []),
        ("Dock HDMI;1.234;;", None, [GapKind.alternative_price]),
        ("Dock HDMI;-5;;", None, [GapKind.alternative_price]),
        ("Dock HDMI;;;", None, [GapKind.alternative_whole]),
        (";990,5;;", Decimal("990.5"), [GapKind.alternative_whole]),
        ("Dock HDMI;990,5;2-3 weeks;", Decimal("990.5"), [GapKind.alternative_days]),
        (";;;", None, []),
    ],
)
def test_an_alternative_beside_a_line_is_whole_or_asked_about(
    cells: str, price: Decimal | None, gaps: list[GapKind]
) -> None:
    head = "Item;Qty;Unit price;Alternative;Alternative: unit price;Alternative: days;Alternative: note"
    content = f"{head}\nLaptop 14 inch;3;99;{cells}".encode()
    found = place(read("csv", content), asked(("Laptop 14 inch", "3")), "EUR")
    [line] = found.lines
    assert line.unit_price == Decimal(99)
    assert line.nothing_instead is (cells == ";;;")
    assert [gap.kind for gap in found.gaps] == gaps
    assert (line.instead.unit_price if line.instead is not None else None) == price
