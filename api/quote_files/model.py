"""What was read from a vendor's file, as the child process tells it.

One rule: a price is offered with everything that it may be; a single one was proven, or written so.
"""

import unicodedata
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from api.contract.file_quotes import GapKind, Points


class Task(StrEnum):
    """What a child process is asked to do with its file."""

    read = "read"
    picture = "picture"
    archive = "archive"


REFUSALS = frozenset(
    {
        GapKind.unreadable,
        GapKind.too_slow,
        GapKind.too_much_memory,
        GapKind.too_many_pages,
        GapKind.too_many_words,
        GapKind.too_many_rows,
        GapKind.too_many_columns,
        GapKind.too_large,
        GapKind.archive_inside,
        GapKind.entities,
        GapKind.no_text,
        GapKind.no_heads,
        GapKind.no_prices,
        GapKind.nothing_adds_up,
        GapKind.no_sum,
        GapKind.lines_missing,
        GapKind.with_vat,
        GapKind.currencies,
        GapKind.sheets,
    }
)
"""After these no field is filled."""


LONGEST = 300


def _readable(text: str) -> str:
    """What can be stored and shown of what anybody may have written: the beginning, without control characters."""
    return "".join(sign for sign in text[:LONGEST] if unicodedata.category(sign) not in ("Cc", "Cs"))


Said = Annotated[str, AfterValidator(_readable)]


class _Told(BaseModel):
    model_config = ConfigDict(frozen=True)


class Gap(_Told):
    """``facts``: what the sentence names."""

    kind: GapKind
    facts: dict[str, Said] = Field(default_factory=dict)


class Box(_Told):
    """A place on a page: its number from 1, and the edges as parts of the page's width and height, 0 to 1."""

    page: int
    left: float
    top: float
    right: float
    bottom: float


def _plain(value: Decimal) -> Decimal:
    """Without zeros that say nothing, and without an exponent: ``1180.00`` is 1180."""
    whole = value.to_integral_value()
    return whole if value == whole else value.normalize()


class Price(_Told):
    """A unit price, and the quantity for which it stands in the file, if the file names one."""

    unit_price: Annotated[Decimal, AfterValidator(_plain)]
    quantity: Annotated[Decimal, AfterValidator(_plain)] | None = None


class OtherOffer(_Told):
    """What the columns of an alternative say of a row."""

    item: Said = ""
    prices: tuple[Annotated[Decimal, AfterValidator(_plain)], ...] = ()
    """Everything that its unit price may be."""
    text: Said = ""
    """The price as it is written."""
    days: Said = ""
    note: Said = ""

    @property
    def empty(self) -> bool:
        return not (self.item or self.text or self.days or self.note)


class FileRow(_Told):
    """A row of the file. Without a price it is one that could not be read, or ``no_bid``."""

    item: Said
    line: Said = ""
    key: Said = ""
    """The line's id, in a spreadsheet that came from here."""
    prices: tuple[Price, ...] = ()
    text: Said = ""
    """The price as it is written."""
    days: Said = ""
    unit: Said = ""
    """Of what the price is for one, as it is written; empty when the file does not say."""
    no_bid: bool = False
    alternative: bool = False
    """The row itself is one, to the row above it."""
    other: OtherOffer | None = None
    """Beside what was asked for; None: the file has no columns for that."""
    shown: Said = ""
    """The row as it is printed."""
    box: Box | None = None
    price_box: Box | None = None
    gap: Gap | None = None
    """Why there is no price."""


class PageSize(_Told):
    """In points."""

    width: Points
    height: Points


class FileReading(_Told):
    """``currency``: a code, a sign that several currencies have, or empty."""

    rows: tuple[FileRow, ...] = ()
    currency: str = ""
    shipping: Decimal | None = None
    gaps: tuple[Gap, ...] = ()
    pages: tuple[PageSize, ...] = ()

    @property
    def refused(self) -> bool:
        """Whether nothing of it may be offered."""
        return any(each.kind in REFUSALS for each in self.gaps)


def refused(kind: GapKind, **facts: str) -> FileReading:
    """A file of which nothing is offered, and why."""
    return FileReading(gaps=(Gap(kind=kind, facts=facts),))
