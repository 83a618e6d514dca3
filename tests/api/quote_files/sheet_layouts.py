"""Quotes as vendors keep them in spreadsheets, made by xlsxwriter when a test asks for one."""

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import xlsxwriter

from api.contract.file_quotes import GapKind
from api.quote_files.placing import WantedLine
from tests.api.quote_files.pdf_layouts import ARABIC, ENGLISH, FRENCH, GERMAN, RUSSIAN, asked

Draw = Callable[[Any, Any], None]


def workbook(draw: Draw, *, more: Sequence[Draw] = ()) -> bytes:
    """A workbook whose sheets are drawn one after the other, each by (book, sheet)."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        for each in (draw, *more):
            each(book, book.add_worksheet())
    return out.getvalue()


def rows(*lines: Sequence[object], at: tuple[int, int] = (0, 0)) -> Draw:
    def draw(_: Any, sheet: Any) -> None:
        for n, line in enumerate(lines):
            sheet.write_row(at[0] + n, at[1], line)

    return draw


def _merged(book: Any, sheet: Any) -> None:
    """A letterhead and descriptions merged over columns, the table further down and to the right."""
    bold = book.add_format({"bold": True})
    sheet.merge_range("B2:F2", "Müller Bürotechnik KG – Angebot 2026/118", bold)
    sheet.write_row("B5", ["Pos.", "Bezeichnung", "", "Menge", "Einzelpreis", "Gesamtpreis"])
    for at, (number, what, many, price, total) in enumerate(
        [(1, "Laptop 14 Zoll", 3, 1180, 3540), (2, "Dockingstation USB-C", 2, 99.5, 199)], start=5
    ):
        sheet.write(at, 1, number)
        sheet.merge_range(at, 2, at, 3, what)
        sheet.write_row(at, 4, [many, price, total])
    sheet.write(7, 1, 3)
    sheet.merge_range(7, 2, 8, 3, "HDMI-Kabel 2 m")
    sheet.write_row(7, 4, [100, 3.2, 320])
    sheet.write_row(10, 5, ["Summe netto", 4059])
    sheet.write_row(11, 5, ["MwSt. 19 %", 771.21])
    sheet.write_row(12, 5, ["Gesamtbetrag", 4830.21])


@dataclass(frozen=True)
class SheetLayout:
    content: bytes
    asked: tuple[WantedLine, ...]
    currency: str
    prices: Mapping[int, str]
    gaps: tuple[GapKind, ...] = ()
    days: Mapping[int, int] | None = None
    no_bid: tuple[int, ...] = ()


HEADS_AND_ROWS: Mapping[str, SheetLayout] = {
    "German, merged cells, table not in the corner": SheetLayout(
        workbook(_merged), GERMAN, "EUR", {1: "1180", 2: "99.5", 3: "3.2"}
    ),
    "shuffled columns and rows, days, one line not offered": SheetLayout(
        workbook(
            rows(
                ["Lead time (days)", "Unit price (USD)", "Item", "Qty"],
                [5, 3.2, "HDMI cable 2 m", 100],
                ["", "not available", "Docking station USB-C", 2],
                [14, 1180, "Laptop 14 inch", 3],
            )
        ),
        ENGLISH,
        "USD",
        {1: "1180", 3: "3.2"},
        days={1: 14, 3: 5},
        no_bid=(2,),
    ),
    "French, prices as text with currency in the cells": SheetLayout(
        workbook(
            rows(
                ["Devis 114"],
                [],
                ["Réf.", "Désignation", "Qté", "Prix unitaire HT", "Total HT"],
                ["B1", "Bureau assis-debout 160 cm", "12", "1 204,00 €", "14 448,00 €"],
                ["C3", "Chaise de bureau", "34", "776,50 €", "26 401,00 €"],
                ["", "", "", "Total HT", "40 849,00 €"],
            )
        ),
        FRENCH,
        "EUR",
        {1: "1204", 2: "776.5"},
    ),
    "Russian, a unit in its own column, a remark below an item": SheetLayout(
        workbook(
            rows(
                ["№ п/п", "Наименование товара", "Ед. изм.", "Кол-во", "Цена за ед., руб.", "Сумма, руб."],
                [1, "Стул офисный", "шт", 10, 4150, 41500],
                ["", "цвет: чёрный", "", "", "", ""],
                [2, "Стол письменный", "шт", 4, 12900, 51600],
                ["", "Итого без НДС", "", "", "", 93100],
            )
        ),
        RUSSIAN,
        "RUB",
        {1: "4150", 2: "12900"},
    ),
    "Arabic, written from right to left": SheetLayout(
        workbook(
            rows(
                ["م", "الصنف", "الكمية", "سعر الوحدة (ريال)", "المبلغ"],
                [1, "كرسي مكتب", 10, 410.5, 4105],
                [2, "طاولة اجتماعات", 2, 1250, 2500],
                ["", "الإجمالي", "", "", 6605],
            )
        ),
        ARABIC,
        "SAR",
        {1: "410.5", 2: "1250"},
    ),
    "a price for all that is asked, as the total proves": SheetLayout(
        workbook(
            rows(
                ["Product", "Quantity", "Price EUR"],
                ["Laptop 14 inch", 3, 3540],
                ["Docking station USB-C", 2, 199],
                ["HDMI cable 2 m", 100, 320],
                ["Total", "", 4059],
            )
        ),
        ENGLISH,
        "EUR",
        {1: "1180", 2: "99.5", 3: "3.2"},
    ),
    "a wrong amount, another quantity and a row of something else": SheetLayout(
        workbook(
            rows(
                ["Pos", "Artikel", "Menge", "Preis", "Betrag"],
                [1, "Laptop 14 Zoll", 3, 1180, 3450],
                [2, "Dockingstation USB-C", 5, 99.5, 497.5],
                [3, "HDMI-Kabel 2 m", 100, 3.2, 320],
                [4, "Rucksack", 3, 49, 147],
            )
        ),
        GERMAN,
        "EUR",
        {1: "", 2: "", 3: "3.2"},
        gaps=(GapKind.row_differs, GapKind.other_quantity, GapKind.not_placed),
    ),
    "a cover sheet, discounts, and prices per hundred": SheetLayout(
        workbook(
            rows(["Angebot für Musterstadt"], ["Gültig bis 31.12.2026"]),
            more=[
                rows(
                    [
                        "Artikelnummer",
                        "Artikelbezeichnung",
                        "Menge",
                        "Preis/100 Stk",
                        "Rabatt %",
                        "Gesamt EUR",
                    ],
                    ["S-620", "Schraube M6x20 verzinkt", 2500, 4.85, 10, 109.13],
                    ["M-6", "Mutter M6", 2500, 1.9, 0, 47.5],
                    ["", "Gesamt", "", "", "", 156.63],
                )
            ],
        ),
        asked(("Schraube M6x20 verzinkt", "2500"), ("Mutter M6", "2500")),
        "EUR",
        {1: "0.04365", 2: "0.019"},
    ),
}
