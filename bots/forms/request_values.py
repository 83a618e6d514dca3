"""What a request form holds, and how a read line becomes part of it."""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType
from uuid import UUID

from pydantic import BaseModel, Field

from api.contract.recommendations import BoughtBeforeOut
from api.contract.requests import RequestIn, RequestPatch
from api.contract.values import divides, total_of
from api.language import Ambiguous, LineReading, RequestReading, has_name
from bots.forms.ambiguity import Ambiguity
from bots.forms.colleague import Colleague
from bots.forms.form import Values
from bots.forms.quote_values import AttachedFile

MAX_DESCRIPTION = 300
"""Of one line, in characters, as the API takes it."""


class LineValues(BaseModel):
    description: str
    quantity: Decimal | None = None
    unit: str = "pcs"
    price: Decimal | None = None

    @property
    def is_too_long(self) -> bool:
        return len(self.description) > MAX_DESCRIPTION

    @property
    def is_part(self) -> bool:
        """Whether it asks for a part of what comes whole: 3.4 pieces."""
        return self.quantity is not None and divides(self.quantity, self.unit)


class Resembled(BaseModel):
    """An earlier request for one of the same things, as the API names it."""

    number: str
    state: str
    requested_by_name: str
    created_at: dt.datetime


class UnusualQuantity(BaseModel):
    """A line that asks for several times what is usual of it: ``usual`` is the median of ``n`` ordered lines."""

    quantity: Decimal
    unit: str
    usual: Decimal
    n: int
    since: dt.date


class RequestValues(Values):
    lines: list[LineValues] = Field(default_factory=list)
    currency: str = "USD"
    needed_by: dt.date | None = None
    past_day: dt.date | None = None
    """The day that was typed and is over: why it is asked again."""
    cost_centre: str | None = None
    note: str = ""
    unread: list[str] = Field(default_factory=list)
    doubts: list[Ambiguity] = Field(default_factory=list)
    on_behalf_of: UUID | None = None
    behalf_text: str = ""
    """For whom it is, as it was written, until it is known who that is."""
    colleagues: list[Colleague] = Field(default_factory=list)
    """Those who were found for what was written."""
    resembled: list[Resembled] = Field(default_factory=list)
    """What the person was warned of; once they have read it, submitting means that they accept it."""
    unusual: list[UnusualQuantity] = Field(default_factory=list)
    """What the person was asked about; submitting means that it is right."""
    questioned: bool = False
    """The quantities were compared with what is usual."""
    looked_up: list[str] = Field(default_factory=list)
    bought: list[BoughtBeforeOut] = Field(default_factory=list)
    """What was ordered like the lines that were looked up."""
    guided: bool = False
    passed: list[str] = Field(default_factory=list)
    filled_page: tuple[int, int] | None = None
    """The first line of the page that was filled in last, and how many lines that page left."""
    files: list[AttachedFile] = Field(default_factory=list)
    """They are attached when the request is submitted."""
    request_id: UUID | None = None
    """The draft that is corrected; None: a new request."""
    number: str = ""
    version: int = 1
    asked: str = ""
    """A step that the person chose; nothing when the next missing one is asked."""

    @property
    def file_taken(self) -> str:
        return "forms.file_taken"

    @property
    def warned(self) -> bool:
        """Submitting means that what the person read is right all the same."""
        return bool(self.resembled or self.unusual)

    @property
    def behalf_name(self) -> str:
        return next((each.name for each in self.colleagues if each.id == self.on_behalf_of), "")

    @property
    def called(self) -> list[Colleague]:
        """Those who may be meant by what was written."""
        return [each for each in self.colleagues if has_name(each.name, self.behalf_text)]

    @property
    def total(self) -> Decimal | None:
        """What is confirmed: the estimate that the API will store; None when a line has no price."""
        priced = [
            (line.quantity, line.price)
            for line in self.lines
            if line.quantity is not None and line.price is not None
        ]
        return total_of(priced, self.currency) if len(priced) == len(self.lines) else None

    def bought_like(self, line: LineValues) -> BoughtBeforeOut | None:
        return next((each for each in self.bought if each.item == line.description), None)

    def body(self) -> RequestIn:
        """What is posted; a ValidationError names the value that the API would refuse."""
        return RequestIn.model_validate({**self._content(), "on_behalf_of": self.on_behalf_of})

    def correction(self) -> RequestPatch:
        """The draft as it should be, submitted at once."""
        return RequestPatch.model_validate({**self._content(), "expected_version": self.version})

    def _content(self) -> dict[str, object]:
        return {
            "lines": [
                {
                    "description": line.description,
                    "quantity": line.quantity,
                    "unit": line.unit,
                    "estimated_unit_price": line.price,
                }
                for line in self.lines
            ],
            "currency": self.currency,
            "needed_by": self.needed_by,
            "cost_centre": self.cost_centre,
            "note": self.note,
            "submit": True,
            "accept_duplicate": bool(self.resembled),
        }


UNWARNED: Mapping[str, object] = MappingProxyType({"resembled": [], "unusual": [], "questioned": False})
"""Of other contents nothing is known yet."""


def with_reading(values: RequestValues, reading: RequestReading) -> RequestValues:
    """The values and what a typed line adds to them; what was typed wins over what was there."""
    before = len(values.lines)
    for_whom, doubts, unread = reading.on_behalf_of or "", [*reading.ambiguous], [*reading.unread]
    if values.request_id is not None:  # for whom it is stays as it was: what was written about it is quoted
        unread += [each for each in (for_whom, *_doubted_names(reading)) if each]
        for_whom, doubts = "", [each for each in doubts if each.field != "on_behalf_of"]
    priced = any(line.price is not None for line in values.lines)
    if priced and reading.currency not in (None, values.currency):
        doubts.append(_which_currency(values.currency, str(reading.currency)))
        reading = reading.model_copy(update={"currency": None})
    notes = [text for text in (values.note, reading.note, _unplaced_note(reading)) if text]
    return values.model_copy(
        update={
            "lines": [*values.lines, *(_line(line) for line in reading.lines)],
            "currency": reading.currency or values.currency,
            "needed_by": reading.needed_by or values.needed_by,
            "cost_centre": reading.cost_centre or values.cost_centre,
            "note": "\n".join(notes),
            "behalf_text": for_whom or values.behalf_text,
            **UNWARNED,
            "unread": [*values.unread, *unread],
            "doubts": [*values.doubts, *(Ambiguity.of(each, before) for each in doubts)],
            "asked": "",
        }
    )


def with_line(values: RequestValues, number: int, **update: object) -> RequestValues:
    """The values with one line changed, and nothing else asked for."""
    lines = list(values.lines)
    lines[number - 1] = LineValues.model_validate(lines[number - 1].model_dump() | update)
    return values.model_copy(update={"lines": lines, "asked": ""})


def with_lines(values: RequestValues, lines: Sequence[LineReading]) -> RequestValues:
    """The values and more lines."""
    return values.model_copy(update={"lines": [*values.lines, *map(_line, lines)]})


def _which_currency(before: str, named: str) -> Ambiguous:
    """The lines so far were priced in another one: which holds is asked, and none is relabelled."""
    return Ambiguous(text=named, readings=(before, named), field="currency")


def _doubted_names(reading: RequestReading) -> list[str]:
    doubted = (each for each in reading.ambiguous if each.field == "on_behalf_of")
    return [name for each in doubted for name in each.readings]


def _line(line: LineReading) -> LineValues:
    return LineValues(
        description=line.description, quantity=line.quantity, unit=line.unit, price=line.unit_price
    )


def _unplaced_note(reading: RequestReading) -> str:
    """Vendor, place and tags have no field of their own in a request: they travel in the note."""
    parts = [
        f"{name}: {value}" for name, value in (("vendor", reading.vendor), ("place", reading.place)) if value
    ]
    return " · ".join([*parts, *(f"#{tag}" for tag in reading.tags)])
