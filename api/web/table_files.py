"""A list as a file: exactly the rows that the filters leave, in their order, with the columns that are shown.

One rule: a file holds exact values and never a formula, whatever somebody has written.
"""

import csv
import datetime as dt
import io
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

import xlsxwriter

from api.contract.values import Listing
from api.web.phrasing import Phrasing
from api.web.table_specs import TableColumn

MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
    "remove_timezone": True,
    "default_date_format": "yyyy-mm-dd",
}
_FORMULA = re.compile(r"^[=+\-@\t\r]|[;\t\n\r]\s*[=+\-@]")
"""At the beginning, and behind what ends a cell in some countries."""
_MOST_DIGITS = 15
"""What a spreadsheet's number holds exactly; a longer one is text."""
WIDTH = 18


def as_csv(p: Phrasing, columns: Sequence[TableColumn], listing: Listing[Any]) -> bytes:
    """With a mark by which spreadsheets know the encoding."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([p.say(f"web.column.{each.key}") for each in columns])
    writer.writerows([safe_cell(each.raw(row)) for each in columns] for row in listing.items)
    writer.writerows(_last_lines(p, listing))
    return ("\ufeff" + out.getvalue()).encode()


def _last_lines(p: Phrasing, listing: Listing[Any]) -> Iterator[list[str]]:
    """What the file does not hold: rows that cannot be shown, and more than a file takes."""
    if listing.unshown:
        yield [
            p.say("web.unshown", n=len(listing.unshown)),
            *(each.number or str(each.id) for each in listing.unshown),
        ]
    if listing.next_cursor is not None:
        yield [p.say("web.file.more", n=len(listing.items))]


def safe_cell(value: object) -> str:
    """What a spreadsheet would run as a formula is marked as text, also where it would begin another cell."""
    text = "" if value is None else str(value)
    return text if isinstance(value, int | Decimal) or not _FORMULA.search(text) else f"'{text}"


def as_xlsx(p: Phrasing, columns: Sequence[TableColumn], listing: Listing[Any]) -> bytes:
    """Numbers are numbers and days are days; takes seconds for many rows, so never in the event loop."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, _OPTIONS)
    sheet = book.add_worksheet()
    if p.direction == "rtl":
        sheet.right_to_left()
    head, moment = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    sheet.freeze_panes(1, 1)
    sheet.set_column(0, max(0, len(columns) - 1), WIDTH)
    for place, column in enumerate(columns):
        sheet.write_string(0, place, p.say(f"web.column.{column.key}"), head)
    for line, row in enumerate(listing.items, start=1):
        for place, column in enumerate(columns):
            _write(sheet, line, place, column.raw(row), moment)
    for line, told in enumerate(_last_lines(p, listing), start=len(listing.items) + 1):
        for place, text in enumerate(told):
            sheet.write_string(line, place, text)
    book.close()
    return out.getvalue()


def _write(sheet: Any, line: int, place: int, value: object, moment: Any) -> None:
    match value:
        case None:
            return
        case bool():
            sheet.write_boolean(line, place, value)
        case int() | Decimal() if len(str(value).strip("-").replace(".", "")) <= _MOST_DIGITS:
            sheet.write_number(line, place, value)
        case dt.datetime():
            sheet.write_datetime(line, place, value.astimezone(dt.UTC), moment)
        case dt.date():
            sheet.write_datetime(line, place, value)
        case _:
            sheet.write_string(line, place, str(value)[:32_000])
