"""What a vendor's own file says as an answer to an RFQ, on the wire."""

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field

from api.contract.values import InputModel, OutputModel, Shown


class GapKind(StrEnum):
    """Why a file was read in part, or not at all; the sentence of each is ``uploads.<kind>``."""

    unreadable = "unreadable"
    too_slow = "too_slow"
    too_much_memory = "too_much_memory"
    too_many_pages = "too_many_pages"
    too_many_words = "too_many_words"
    too_many_rows = "too_many_rows"
    too_many_columns = "too_many_columns"
    too_large = "too_large"
    archive_inside = "archive_inside"
    entities = "entities"
    no_text = "no_text"
    no_heads = "no_heads"
    no_prices = "no_prices"
    nothing_adds_up = "nothing_adds_up"
    no_sum = "no_sum"
    lines_missing = "lines_missing"
    with_vat = "with_vat"
    whole_discount = "whole_discount"
    currencies = "currencies"
    which_currency = "which_currency"
    other_currency = "other_currency"
    sheets = "sheets"
    sum_differs = "sum_differs"
    row_differs = "row_differs"
    not_placed = "not_placed"
    other_quantity = "other_quantity"
    other_unit = "other_unit"
    several_prices = "several_prices"
    no_price = "no_price"
    not_named = "not_named"
    alternative_whole = "alternative_whole"
    alternative_price = "alternative_price"
    alternative_days = "alternative_days"


OF_ALTERNATIVES = frozenset({GapKind.alternative_whole, GapKind.alternative_price, GapKind.alternative_days})
"""They ask about what is offered beside a line, whatever is said of the line itself."""


class ReadQuoteFileIn(InputModel):
    """A PDF, XLSX or CSV that the caller has uploaded."""

    rfq_id: UUID
    document_id: UUID


class FileGapOut(OutputModel):
    """What was not read; ``line`` counts from 1 where one line of the RFQ is asked for that reason."""

    kind: GapKind
    line: int | None = None
    facts: dict[str, str] = Field(default_factory=dict)


class FileBoxOut(OutputModel):
    """A place on a page: its number from 1, and the edges as parts of the page's width and height, 0 to 1."""

    page: int
    left: float
    top: float
    right: float
    bottom: float


class FileAlternativeOut(OutputModel):
    """Something else for a line; without a description or a price a gap says so."""

    description: str
    unit_price: Shown | None
    lead_time_days: int | None = None
    note: str = ""
    text: str = ""
    """The price as it is written, where it cannot be read or has several readings."""


class FileLineOut(OutputModel):
    """What the file says of one line; without price and ``no_bid`` a gap says why."""

    rfq_line_id: UUID
    unit_price: Shown | None
    lead_time_days: int | None
    no_bid: bool
    text: str
    """The price as it is written, where it cannot be read or has several readings."""
    shown: str
    """The row as it stands in the file."""
    alternative: FileAlternativeOut | None = None
    no_alternative: bool = False
    """The file has columns for one, and they are empty."""
    box: FileBoxOut | None = None
    price_box: FileBoxOut | None = None


Points = Annotated[float, Field(gt=0, le=100_000, allow_inf_nan=False)]


class FilePageOut(OutputModel):
    """Width and height of a page in points."""

    width: Points
    height: Points


class QuoteFileOut(OutputModel):
    """Nothing of it is stored or sent: it fills the fields that the vendor looks at before sending."""

    lines: tuple[FileLineOut, ...]
    currency: str
    shipping: Shown | None
    gaps: tuple[FileGapOut, ...]
    pages: tuple[FilePageOut, ...]
