"""The cells of a workbook. Only the child process imports this.

One rule: the archive is looked through before it is opened: no archive inside, no entities, nothing over the limits.
"""

import datetime as dt
import io
import re
import zipfile
from collections.abc import Mapping
from decimal import Decimal

from python_calamine import CalamineWorkbook, SheetVisibleEnum

from api.contract.file_quotes import GapKind
from api.quote_files import reader_limits as limits
from api.quote_files.model import FileReading, refused
from api.quote_files.quote_table import Cell

_ARCHIVE = b"PK\x03\x04"
_ENTITIES = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)
_TOO_WIDE = limits.MOST_COLUMNS * 4
"""Empty columns to the right of a quote do no harm; a sheet of thousands is none."""


def refusal_of(content: bytes) -> FileReading | None:
    """Why a workbook is not opened; None when it may be."""
    left = limits.MOST_UNPACKED_MB * 2**20
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for entry in archive.infolist():
            with archive.open(entry) as stream:
                part = stream.read(left + 1)
            left -= len(part)
            if left < 0:
                return refused(GapKind.too_large, limit=f"{limits.MOST_UNPACKED_MB} MB")
            if part.startswith(_ARCHIVE):
                return refused(GapKind.archive_inside)
            if _ENTITIES.search(part) or _ENTITIES.search(part.replace(b"\0", b"")):
                return refused(GapKind.entities)
    return None


def cells_of(content: bytes) -> Mapping[str, list[list[Cell]]] | FileReading:
    """The cells of each visible sheet by its name; a refusal names the limit that one of them is over."""
    refusal = refusal_of(content)
    if refusal is not None:
        return refusal
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    visible = [each.name for each in book.sheets_metadata if each.visible is SheetVisibleEnum.Visible]
    found: dict[str, list[list[Cell]]] = {}
    for name in visible[: limits.MOST_SHEETS]:
        sheet = book.get_sheet_by_name(name)
        if sheet.height > limits.MOST_ROWS:
            return refused(GapKind.too_many_rows, limit=str(limits.MOST_ROWS))
        if sheet.width > _TOO_WIDE:
            return refused(GapKind.too_many_columns, limit=str(_TOO_WIDE))
        found[name] = [[_cell(each) for each in row] for row in sheet.to_python()]
    return found


def _cell(value: object) -> Cell:
    """A number with what a workbook's binary fractions add cut off; a day as it is written everywhere."""
    match value:
        case bool():
            return ""
        case int() | float():
            return round(Decimal(repr(value)), 6).normalize()
        case dt.datetime():
            return value.date().isoformat()
        case dt.date() | dt.time():
            return value.isoformat()
        case str():
            return value
    return ""
