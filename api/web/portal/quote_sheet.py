"""A quote as a spreadsheet: out with the lines that are asked for, and in again with prices and days.

One rule: what comes in only fills the fields of the page; nothing is sent before its vendor presses the button.
"""

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from decimal import Decimal, InvalidOperation
from itertools import islice

import xlsxwriter
from python_calamine import CalamineError, CalamineWorkbook

from api.contract.rfqs import RfqLineOut, RfqOut
from api.web.phrasing import Phrasing
from api.web.portal.quote_entry import QuoteEntry, field_of
from core.kernel.errors import FieldError, Invalid

MOST_BYTES = 1_000_000
MOST_ROWS = 1_000
MOST_UNPACKED = 20_000_000
"""A workbook is a ZIP, and a small one can hold very much."""
COLUMNS = ("line", "item", "quantity", "unit", "price", "days", "id")
PRICE, DAYS, ID = (COLUMNS.index(name) for name in ("price", "days", "id"))
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
            str(line.id),
        ]
        for n, line in enumerate(rfq.lines)
    ]
    return _csv(head, rows, p) if kind == "csv" else _xlsx(rfq.number, head, rows)


def _price(line: RfqLineOut, entry: QuoteEntry, p: Phrasing) -> object:
    name = field_of(line)
    return p.say("portal.no_bid") if f"{name}.no" in entry.typed else entry.read.get(f"{name}.price")


def _csv(head: Sequence[str], rows: Iterable[Sequence[object]], p: Phrasing) -> bytes:
    """With numbers as the reader writes them, because that is how they are read again."""
    out = io.StringIO()
    writer = csv.writer(out)
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


def filled(name: str, content: bytes, rfq: RfqOut, p: Phrasing) -> dict[str, str]:
    """The fields of the lines that the sheet names by their id; Invalid when it names none."""
    found: dict[str, str] = {}
    known = {str(line.id): field_of(line) for line in rfq.lines}
    for row in _rows(name, content, p):
        price, days, line_id = (row[at].strip() if at < len(row) else "" for at in (PRICE, DAYS, ID))
        field = known.get(line_id.lower())
        if field is None:
            continue
        if price.casefold() == p.say("portal.no_bid").casefold():
            found[f"{field}.no"] = "1"
        elif price:
            found[f"{field}.price"] = price
        if days:
            found[f"{field}.days"] = days
    if not found:
        raise Invalid((FieldError("/file", "sheet.nothing", "no line of this file has a price", None),))
    return found


def _rows(name: str, content: bytes, p: Phrasing) -> list[list[str]]:
    if len(content) > MOST_BYTES:
        return []
    try:
        if name.lower().endswith(".csv"):
            text = content.decode("utf-8-sig", "replace")
            separator = max(",;\t", key=text.partition("\n")[0].count)
            return list(islice(csv.reader(io.StringIO(text), delimiter=separator), MOST_ROWS))
        if not _is_small_unpacked(content):
            return []
        cells = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
        return [[_cell(each, p) for each in row] for row in cells.to_python(nrows=MOST_ROWS)]
    except (CalamineError, csv.Error, zipfile.BadZipFile):
        return []


def _is_small_unpacked(content: bytes) -> bool:
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return sum(each.file_size for each in book.infolist()) <= MOST_UNPACKED


def _cell(value: object, p: Phrasing) -> str:
    """A number of a workbook as its reader would type it: it has one meaning already."""
    if isinstance(value, float | int) and not isinstance(value, bool):
        try:
            return p.number(Decimal(repr(value)))
        except InvalidOperation:
            return ""
    return str(value)
