"""A quote as a spreadsheet, with the lines that are asked for; filled in it comes back as any other file does.

One rule: what people wrote stays words: no cell is ever run as a formula.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal

import xlsxwriter

from api.contract.rfqs import RfqLineOut, RfqOut
from api.web.phrasing import Phrasing
from api.web.portal.quote_entry import QuoteEntry, field_of

COLUMNS = (
    *("line", "item", "quantity", "unit", "price", "days"),
    *("other", "other_price", "other_days", "other_note", "id"),
)
KINDS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def sheet(kind: str, rfq: RfqOut, entry: QuoteEntry, p: Phrasing) -> bytes:
    """The lines with what was typed so far."""
    head = [p.say(f"portal.sheet.{name}") for name in COLUMNS]
    rows = [
        [
            n + 1,
            line.description,
            line.quantity,
            line.unit,
            _price(line, entry, p),
            entry.read.get(f"{field_of(line)}.days"),
            *_alternative(f"{field_of(line)}.alternative", entry),
            str(line.id),
        ]
        for n, line in enumerate(rfq.lines)
    ]
    return _csv(head, rows, p) if kind == "csv" else _xlsx(rfq.number, head, rows)


def _price(line: RfqLineOut, entry: QuoteEntry, p: Phrasing) -> object:
    name = field_of(line)
    return p.say("portal.no_bid") if f"{name}.no" in entry.typed else entry.read.get(f"{name}.price")


def _alternative(name: str, entry: QuoteEntry) -> tuple[object, ...]:
    """What it is, its price, its days and a note."""
    return (
        entry.typed.get(f"{name}.description"),
        entry.read.get(f"{name}.price"),
        entry.read.get(f"{name}.lead_time"),
        entry.typed.get(f"{name}.note"),
    )


def _csv(head: Sequence[str], rows: Iterable[Sequence[object]], p: Phrasing) -> bytes:
    """With numbers as the reader writes them, because that is how they are read again.

    Where these have a decimal comma, columns are separated by semicolons, as spreadsheets there expect them.
    """
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";" if "," in p.number(Decimal("0.5")) else ",")
    writer.writerow(head)
    for row in rows:
        writer.writerow([p.number(each) if isinstance(each, Decimal) else _inert(each) for each in row])
    return ("\ufeff" + out.getvalue()).encode()


def _inert(value: object) -> str:
    """What a spreadsheet would run as a formula is marked as text."""
    told = "" if value is None else str(value)
    return f"'{told}" if told.startswith(_FORMULA) else told


def _xlsx(title: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        page, bold = book.add_worksheet(title[:31]), book.add_format({"bold": True})
        page.freeze_panes(1, 0)
        page.set_column(1, 1, 48)
        page.write_row(0, 0, head, bold)
        for at, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                if isinstance(value, Decimal | int):
                    page.write_number(at, column, float(value))
                elif value is not None:
                    page.write_string(at, column, str(value))
    return out.getvalue()
