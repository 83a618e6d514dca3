"""A vendor's file in the quote's form: what it fills in, and what of it is shown beside the fields.

One rule: the fields are filled by what was read, the file stands beside them, and only the vendor sends.

What is shown is kept as a field of the form, so that saving, another language and a session that ended lose nothing.
"""

from collections.abc import Mapping
from uuid import UUID

from pydantic import BaseModel, ConfigDict, ValidationError

from api.contract.file_quotes import (
    OF_ALTERNATIVES,
    FileAlternativeOut,
    FileBoxOut,
    FileGapOut,
    FileLineOut,
    FilePageOut,
    GapKind,
    QuoteFileOut,
)
from api.contract.rfqs import RfqOut
from api.text.file_gaps import file_gap
from api.web.phrasing import Phrasing
from api.web.portal.quote_entry import READING, field_of

MARGIN = 2.0
"""Points between a box and the words that it is drawn around."""


class FilledRow(BaseModel):
    """A row of the file beside the field that it filled."""

    line_id: UUID
    shown: str
    box: FileBoxOut | None = None
    price_box: FileBoxOut | None = None


class ShownFile(BaseModel):
    """What of a file is shown: its rows, its pages, and what was not taken from it."""

    model_config = ConfigDict(frozen=True)

    document_id: UUID
    name: str
    rows: tuple[FilledRow, ...] = ()
    gaps: tuple[FileGapOut, ...] = ()
    pages: tuple[FilePageOut, ...] = ()

    def row(self, line_id: UUID) -> FilledRow | None:
        return next((each for each in self.rows if each.line_id == line_id), None)

    def boxes(self, page: int) -> list[tuple[int, "Edges", "Edges | None"]]:
        """Of this page, each with its number among all: around the row, and around its price."""
        size = self.pages[page - 1]
        return [
            (n, Edges.of(row.box, size), Edges.of(row.price_box, size) if row.price_box is not None else None)
            for n, row in enumerate(self.rows, start=1)
            if row.box is not None and row.box.page == page
        ]

    def number(self, line_id: UUID) -> int | None:
        """The number of the line's box; None for a row without one."""
        places = enumerate(self.rows, start=1)
        return next((n for n, row in places if row.line_id == line_id and row.box is not None), None)

    def open_gaps(self, typed: Mapping[str, str], rfq: RfqOut, p: Phrasing) -> list[str]:
        """The sentences of what was not taken, without those of lines that have been answered since."""
        answered = [
            n
            for n, line in enumerate(rfq.lines, start=1)
            if typed.get(f"{field_of(line)}.no")
            or (typed.get(f"{field_of(line)}.price") and not self._asks_about(n))
        ]
        return [
            file_gap(gap.kind.value, gap.facts, p.locale)
            for gap in self.gaps
            if gap.line not in answered or gap.kind in OF_ALTERNATIVES
        ]

    def _asks_about(self, line: int) -> bool:
        """Whether the field of this line was filled with what has several readings."""
        kinds = (GapKind.several_prices, GapKind.no_price, GapKind.row_differs, GapKind.other_unit)
        return any(gap.line == line and gap.kind in kinds for gap in self.gaps)


class Edges(BaseModel):
    """A box in points."""

    x: float
    y: float
    width: float
    height: float

    @classmethod
    def of(cls, box: FileBoxOut, page: FilePageOut) -> "Edges":
        return cls(
            x=round(box.left * page.width - MARGIN, 1),
            y=round(box.top * page.height - MARGIN, 1),
            width=round((box.right - box.left) * page.width + 2 * MARGIN, 1),
            height=round((box.bottom - box.top) * page.height + 2 * MARGIN, 1),
        )


def shown_file(typed: Mapping[str, str]) -> ShownFile | None:
    """The file that stands beside the fields; None when there is none, or the form was tampered with."""
    try:
        return ShownFile.model_validate_json(typed.get(READING, ""))
    except ValidationError:
        return None


def with_file(
    typed: Mapping[str, str], read: QuoteFileOut, file: tuple[UUID, str], rfq: RfqOut, p: Phrasing
) -> dict[str, str]:
    """The fields with everything that was read from a file, which is named by its id and its name.

    A file in another currency fills nothing while prices that it does not name stand there: they would become its own.
    """
    read = _in_one_currency(typed, read, rfq)
    found = dict(typed)
    for line in rfq.lines:
        said = next((each for each in read.lines if each.rfq_line_id == line.id), None)
        if said is not None:
            name = field_of(line)
            says = said.alternative is not None or said.no_alternative
            replaced = ("price", "days", "no", *(("alternative",) if says else ()))
            found = {key: value for key, value in found.items() if not _is_one_of(key, name, replaced)}
            found |= {f"{name}.{part}": value for part, value in _fields(said, p).items() if value}
    if read.lines:
        found["currency"] = read.currency
        if read.shipping is not None:
            found["shipping"] = p.number(read.shipping)
    rows = (
        FilledRow(line_id=e.rfq_line_id, shown=e.shown, box=e.box, price_box=e.price_box) for e in read.lines
    )
    shown = ShownFile(document_id=file[0], name=file[1], rows=tuple(rows), gaps=read.gaps, pages=read.pages)
    return found | {READING: shown.model_dump_json(exclude_none=True)}


def _is_one_of(key: str, name: str, parts: tuple[str, ...]) -> bool:
    return any(key == f"{name}.{part}" or key.startswith(f"{name}.{part}.") for part in parts)


def _fields(said: FileLineOut, p: Phrasing) -> dict[str, str]:
    price = p.number(said.unit_price) if said.unit_price is not None else said.text
    found = {"price": price, "days": "" if said.lead_time_days is None else str(said.lead_time_days)}
    if said.no_bid:
        found = {"no": "1"}
    if said.alternative is not None:
        found |= {f"alternative.{name}": value for name, value in _other(said.alternative, p).items()}
    return found


def _other(other: FileAlternativeOut, p: Phrasing) -> dict[str, str]:
    return {
        "description": other.description,
        "price": p.number(other.unit_price) if other.unit_price is not None else other.text,
        "lead_time": "" if other.lead_time_days is None else str(other.lead_time_days),
        "note": other.note,
    }


def _in_one_currency(typed: Mapping[str, str], read: QuoteFileOut, rfq: RfqOut) -> QuoteFileOut:
    kept = typed.get("currency", rfq.currency).upper()
    named = {each.rfq_line_id for each in read.lines}
    others = any(typed.get(f"{field_of(line)}.price") for line in rfq.lines if line.id not in named)
    if read.currency == kept or not others or not named:
        return read
    gap = FileGapOut(kind=GapKind.other_currency, facts={"currency": read.currency, "kept": kept})
    return read.model_copy(update={"lines": (), "shipping": None, "gaps": (*read.gaps, gap)})
