"""The results of the grammars: what was understood, and everything that was not.

One rule: a field is filled only when it has one reading, and nothing is guessed or dropped.

``ambiguous`` holds what has several readings, with all of them; ``unread`` what was not understood, word by
word; ``missing`` what was not given.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field


class ParseIssue(StrEnum):
    """Why a text could not be read."""

    empty = "empty"
    number = "number"
    negative = "negative"
    zero = "zero"
    too_large = "too_large"
    too_precise = "too_precise"
    too_long = "too_long"
    date = "date"
    currency = "currency"


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class Ambiguous(_Frozen):
    """A text with several readings, as plain text: ``1200``, ``2026-12-01``, ``USD``."""

    text: str
    readings: tuple[str, ...]
    field: str = ""
    line: int | None = None
    """The line it belongs to, counted from 1; None for the whole."""


class NotUnderstood(_Frozen):
    """A text without any reading, and why."""

    text: str
    why: ParseIssue


class TextRefusal(_Frozen):
    """A text that is not read at all, and why."""

    why: ParseIssue
    length: int
    limit: int


class Amount(_Frozen):
    """A price, with its currency if one was written."""

    value: Decimal
    currency: str | None = None


class Quantity(_Frozen):
    """How much, and in which unit (a short code, ``pcs`` when none was written)."""

    value: Decimal
    unit: str = "pcs"


class LineReading(_Frozen):
    """One line of a request; a quantity that is missing or ambiguous is None."""

    description: str
    quantity: Decimal | None = None
    unit: str = "pcs"
    unit_price: Decimal | None = None
    read_from: str | None = None
    """What the price was read from, where it was computed: ``@ 4.50 per 100``."""


class RequestReading(_Frozen):
    """A whole request as it was understood."""

    lines: tuple[LineReading, ...] = ()
    currency: str | None = None
    needed_by: date | None = None
    cost_centre: str | None = None
    on_behalf_of: str | None = None
    """For whom somebody else asks, as it was written."""
    vendor: str | None = None
    place: str | None = None
    note: str | None = None
    tags: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    ambiguous: tuple[Ambiguous, ...] = ()
    refused: TextRefusal | None = None


class QuoteAnswer(StrEnum):
    """A vendor's answer to one line."""

    price = "price"
    no_bid = "no_bid"
    skip = "skip"
    same = "same"


class QuoteLineReading(_Frozen):
    """The answer to one line, counted from 1."""

    line: int
    answer: QuoteAnswer = QuoteAnswer.price
    unit_price: Decimal | None = None
    quantity: Decimal | None = None
    lead_time_days: int | None = None
    read_from: str | None = None
    """What the price was read from, where it is not just written there: ``10 × 410 = 4,100``."""


class QuoteReading(_Frozen):
    """A quote, or a part of one, as it was understood."""

    lines: tuple[QuoteLineReading, ...] = ()
    currency: str | None = None
    lead_time_days: int | None = None
    valid_until: date | None = None
    shipping: Decimal | None = None
    note: str | None = None
    """What the vendor noted, and facts that have no field: minimum orders, payment, warranty, delivery dates."""
    read_from: Mapping[str, str] = Field(default_factory=dict)
    """The words that the lead time, the validity and the shipping were read from."""
    unread: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    ambiguous: tuple[Ambiguous, ...] = ()
    refused: TextRefusal | None = None
