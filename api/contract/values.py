"""The value types of the contract: exact decimals as strings, texts with limits, times with a zone.

One rule: an unacceptable value is refused here, with a code and an example that the answer repeats.

JSON numbers are refused for amounts, because a float has already lost precision.
"""

import datetime as dt
import unicodedata
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, Generic, TypeVar
from uuid import UUID

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    Strict,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from core.kernel.limits import MAX_FILE_BYTES as MAX_FILE_BYTES
from core.kernel.limits import MAX_FILE_SIZE as MAX_FILE_SIZE
from core.kernel.limits import MAX_LINES as MAX_LINES
from core.kernel.limits import MAX_REASON_LENGTH as MAX_REASON_LENGTH
from core.kernel.limits import MIN_REASON_LENGTH as MIN_REASON_LENGTH
from core.kernel.money import MAX_AMOUNT, currencies_in_use
from core.kernel.money import total_of as total_of
from core.kernel.pagination import DEFAULT_LIMIT, MAX_LIMIT
from core.kernel.pagination import cursor_beside as cursor_beside
from core.kernel.territories import known_countries
from core.kernel.whole_units import divides as divides
from core.kernel.whole_units import whole_example as whole_example

T = TypeVar("T")


class InputModel(BaseModel):
    """An input body: unknown fields are refused, so that a typing error does not get lost."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class OutputModel(BaseModel):
    """An output body."""

    model_config = ConfigDict(frozen=True)


class UnshownRow(OutputModel):
    """A row that is there and cannot be shown; the administrators are told, and the log has the reason, by its id."""

    id: UUID
    kind: str
    number: str


class Listing(OutputModel, Generic[T]):
    """One page, newest first; ``next_cursor`` is null at the end.

    With ``counted``: ``first`` is the number of the page's first item in the list, ``total`` the list's length.
    ``unshown`` are rows of this page that cannot be shown.
    """

    items: tuple[T, ...]
    next_cursor: str | None = None
    first: int | None = None
    total: int | None = None
    unshown: tuple[UnshownRow, ...] = ()


def value_error(code: str, message: str, example: str, **limits: object) -> PydanticCustomError:
    """A refusal of one value; pydantic's type wants a literal code, and ours are stable strings."""
    return PydanticCustomError(code, "{reason}", {"reason": message, "example": example, **limits})


def _decimal(example: str, longest: int = 40) -> Callable[[Any], Decimal]:
    def read(value: Any) -> Decimal:
        if isinstance(value, Decimal):
            return value
        if not isinstance(value, str):
            raise value_error("decimal.type", "write the number as a string, so that it stays exact", example)
        if len(value) > longest:
            raise value_error("decimal.range", "this number has too many digits", example)
        try:
            number = Decimal(value)
        except InvalidOperation as error:
            raise value_error("decimal.unreadable", "this is not a decimal number", example) from error
        if "_" in value or not number.is_finite():
            raise value_error("decimal.unreadable", "this is not a decimal number", example)
        return number

    return read


def _bounded(lowest: Decimal, example: str, *, above: bool) -> Callable[[Decimal], Decimal]:
    def check(number: Decimal) -> Decimal:
        if number < lowest or (above and number == lowest):
            word = "more than" if above else "at least"
            limits = {"above" if above else "least": str(lowest)}
            raise value_error("decimal.range", f"must be {word} {lowest}", example, **limits)
        if number > MAX_AMOUNT:
            most = f"{MAX_AMOUNT:f}"
            raise value_error("decimal.range", f"must not be more than {most}", example, most=most)
        exponent = number.as_tuple().exponent
        if isinstance(exponent, int) and exponent < -6:
            raise value_error("decimal.precision", "has more than 6 decimal places", example, limit=6)
        return _written_out(number)

    return check


def _written_out(number: Decimal) -> Decimal:
    """The same number without an exponent or a sign, as it is stored and logged: ``1E3`` is 1000."""
    exponent = number.as_tuple().exponent
    written = number.quantize(Decimal(1)) if isinstance(exponent, int) and exponent > 0 else number
    return written.copy_abs()


def _plain(number: Decimal) -> str:
    return format(number, "f")


_DECIMAL_SCHEMA = {"type": "string", "pattern": r"^\d{1,12}(\.\d{1,6})?$"}

Amount = Annotated[
    Decimal,
    BeforeValidator(_decimal("1180.00")),
    AfterValidator(_bounded(Decimal(0), "1180.00", above=False)),
    PlainSerializer(_plain, return_type=str),
    WithJsonSchema({**_DECIMAL_SCHEMA, "examples": ["1180.00"]}),
]
"""A price or a total: a decimal string, not negative."""

Quantity = Annotated[
    Decimal,
    BeforeValidator(_decimal("3")),
    AfterValidator(_bounded(Decimal(0), "3", above=True)),
    PlainSerializer(_plain, return_type=str),
    WithJsonSchema({**_DECIMAL_SCHEMA, "examples": ["3"]}),
]
"""A quantity that is wanted: a decimal string above zero."""

Count = Annotated[
    Decimal,
    BeforeValidator(_decimal("3")),
    AfterValidator(_bounded(Decimal(0), "3", above=False)),
    PlainSerializer(_plain, return_type=str),
    WithJsonSchema({**_DECIMAL_SCHEMA, "examples": ["3"]}),
]
"""A quantity that arrived: a decimal string, zero allowed."""

Shown = Annotated[
    Decimal,
    BeforeValidator(_decimal("1180.00", 120)),
    PlainSerializer(_plain, return_type=str),
    WithJsonSchema({"type": "string", "examples": ["1180.00"]}),
]
"""An amount or a quantity in an answer: what is stored or computed is shown, for only what comes in is bounded."""

Number = Annotated[
    Decimal,
    BeforeValidator(_decimal("0.5", 120)),
    PlainSerializer(_plain, return_type=str),
    WithJsonSchema({"type": "string", "examples": ["-12.5"]}),
]
"""Any decimal in an answer (differences may be negative)."""


def _currency(value: str) -> str:
    code = value.upper()
    if code not in currencies_in_use():
        raise value_error("currency.unknown", f"{value[:8]} is not a currency in use (ISO 4217)", "USD")
    return code


Currency = Annotated[
    str,
    Field(min_length=3, max_length=3, examples=["USD"]),
    AfterValidator(_currency),
]


def _country(value: str) -> str:
    code = value.upper()
    if code not in known_countries():
        raise value_error("country.unknown", f"{value[:8]} is not an ISO 3166 country", "DE")
    return code


Country = Annotated[str, Field(min_length=2, max_length=2, examples=["DE"]), AfterValidator(_country)]

_BIDI = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def _clean(*, lines: bool) -> Callable[[str], str]:
    allowed = frozenset("\n\t") if lines else frozenset()

    def check(text: str) -> str:
        stripped = text.strip()
        for sign in stripped:
            if sign in _BIDI or (unicodedata.category(sign) in ("Cc", "Cs") and sign not in allowed):
                raise value_error("text.control", "has a control character in it", "Laptop Dell 5440")
        return stripped

    return check


def _not_blank(text: str) -> str:
    if not text:
        raise value_error("text.empty", "must not be empty", "Laptop Dell 5440")
    return text


Line = Annotated[str, Field(max_length=300), AfterValidator(_clean(lines=False)), AfterValidator(_not_blank)]
"""A name or a description: one line, not empty, 300 characters at most."""

Word = Annotated[str, Field(max_length=40), AfterValidator(_clean(lines=False)), AfterValidator(_not_blank)]
"""A code or a unit: 40 characters at most."""

Note = Annotated[str, Field(max_length=2000), AfterValidator(_clean(lines=True))]
"""A text of several lines; may be empty."""

Comment = Annotated[
    str,
    Field(max_length=2000, examples=["The old ones can go to the workshop."]),
    AfterValidator(_clean(lines=True)),
    AfterValidator(_not_blank),
]
"""A comment: several lines, not empty, 2,000 characters at most."""

SearchText = Annotated[str, Field(max_length=100), AfterValidator(_clean(lines=False))]
"""A search text; may be empty."""

Reason = Annotated[
    str, Field(min_length=MIN_REASON_LENGTH, max_length=MAX_REASON_LENGTH), AfterValidator(_clean(lines=True))
]
"""A reason, in words."""

Moment = AwareDatetime
Day = dt.date
Version = Annotated[int, Strict(), Field(ge=1, le=2_000_000_000)]
Flag = Annotated[bool, Strict()]
"""true or false of a body; neither "yes" nor 1."""
WholeNumber = Annotated[int, Strict()]
"""A whole number of a body; neither "10" nor 10.5."""


class ListQuery(InputModel):
    """The query of a list: where its page begins, and how many rows it has."""

    cursor: Annotated[str, Field(max_length=1200, description="next_cursor of the page before")] | None = None
    limit: Annotated[int, Field(ge=1, le=MAX_LIMIT, description="Rows on a page")] = DEFAULT_LIMIT
    counted: Annotated[bool, Field(description="Also say where the page stands and how long the list is")] = (
        False
    )


class NumberedQuery(ListQuery):
    """Of a list of things that have a number and a day; both days are shown whole, in UTC."""

    number: Annotated[str, Field(max_length=40, description="Exactly this one")] | None = None
    q: Annotated[SearchText, Field(description="In the lines; of approvals in title and vendor")] | None = (
        None
    )
    vendor_id: Annotated[UUID, Field(description="Who was asked, answered or got it")] | None = None
    cost_centre: Word | None = None
    requested_by: Annotated[UUID, Field(description="Who asked for it")] | None = None
    from_: dt.date | None = Field(None, alias="from", description="The first day, 2026-11-01")
    until: Annotated[dt.date, Field(description="The last day, 2026-11-30")] | None = None
