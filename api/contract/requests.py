"""Procurement requests on the wire."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from api.contract.actions import Actionable
from api.contract.values import (
    MAX_LINES,
    Amount,
    Currency,
    Day,
    Flag,
    InputModel,
    Line,
    Moment,
    Note,
    NumberedQuery,
    OutputModel,
    Quantity,
    Reason,
    SearchText,
    Shown,
    Version,
    Word,
)
from core.requests.states import RequestState


class RequestLineIn(InputModel):
    description: Annotated[Line, Field(examples=["Laptop Dell 5440"])]
    quantity: Quantity
    unit: Annotated[Word, Field(examples=["pcs"])] = "pcs"
    estimated_unit_price: Amount | None = None


Lines = Annotated[tuple[RequestLineIn, ...], Field(min_length=1, max_length=MAX_LINES)]


class RequestIn(InputModel):
    lines: Lines
    currency: Currency
    needed_by: Day
    cost_centre: Annotated[Word, Field(examples=["IT"])]
    note: Note = ""
    submit: Flag = False
    on_behalf_of: UUID | None = None
    """For whom it is: a colleague of the same cost centre; for an officer or administrator, any colleague."""
    accept_duplicate: Flag = False
    """Submit it although it resembles earlier requests."""


class RequestPatch(InputModel):
    lines: Lines | None = None
    currency: Currency | None = None
    needed_by: Day | None = None
    cost_centre: Word | None = None
    note: Note | None = None
    expected_version: Version | None = None
    submit: Flag = False
    """Submit it at once, as it is then."""
    accept_duplicate: Flag = False
    """Submit it although it resembles earlier requests."""


class SubmitIn(InputModel):
    expected_version: Version
    accept_duplicate: Flag = False
    """Submit it although it resembles earlier requests."""


class TakeBackIn(InputModel):
    expected_version: Version


class WithdrawIn(InputModel):
    expected_version: Version
    reason: Reason | None = None


class RejectIn(InputModel):
    expected_version: Version
    reason: Reason


class CancelIn(InputModel):
    expected_version: Version
    reason: Reason


class DropLinesIn(InputModel):
    """Lines of a request that are not wanted any more; one has to stay."""

    line_ids: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=MAX_LINES)]
    reason: Reason | None = None
    expected_version: Version


class CopyIn(InputModel):
    """What is said instead of what the original says."""

    needed_by: Day | None = None
    cost_centre: Annotated[Word, Field(examples=["IT"])] | None = None


class ColleagueOut(OutputModel):
    """Somebody for whom the caller may ask."""

    person_id: UUID
    name: str


class RequestLineOut(OutputModel):
    id: UUID
    description: str
    quantity: Shown
    unit: str
    estimated_unit_price: Shown | None


class RequestOut(Actionable):
    id: UUID
    number: str
    state: RequestState
    version: int
    requested_by: UUID
    requested_by_name: str
    entered_by: UUID | None = None
    """Who wrote it for whoever asks; null when they did it themselves."""
    entered_by_name: str | None = None
    cost_centre: str
    cost_centre_name: str
    currency: str
    needed_by: Day | None
    """null only in the draft of a copy whose day was past."""
    note: str
    lines: tuple[RequestLineOut, ...]
    total_estimate: Shown | None
    rfq_id: UUID | None = None
    approval_id: UUID | None = None
    order_id: UUID | None = None
    created_at: Moment
    updated_at: Moment
    reason: str | None = None
    siblings: tuple[str, ...] = ()
    resembles: tuple[str, ...] = ()
    """Earlier requests for the same, of which whoever submitted it knew."""


class CopiedLineOut(OutputModel):
    description: str
    quantity: Shown
    unit: str
    estimated_unit_price: Shown | None


class CopyOut(OutputModel):
    """What a copy would say; nothing is stored."""

    copied_from: str
    lines: tuple[CopiedLineOut, ...]
    currency: str
    needed_by: Day | None
    cost_centre: str
    note: str


class ColleagueQuery(InputModel):
    """``q``: words of a name, or an address."""

    q: SearchText | None = None


class TimelineItem(OutputModel):
    """One event of a request's history; position is null until it is sealed."""

    position: int | None
    occurred_at: Moment
    action: str
    actor: str
    actor_name: str
    on_behalf_of: UUID | None = None
    on_behalf_of_name: str | None = None
    channel: str
    subject_kind: str
    subject_id: UUID
    subject_version: int
    data: dict[str, object]


class ParseRequestIn(InputModel):
    text: Annotated[str, Field(min_length=1, max_length=4000)]
    locale: Annotated[str, Field(max_length=20)] = ""
    """The locale of the numbers and dates; the caller's own when it is missing."""


class AmbiguousOut(OutputModel):
    """A text with several readings; ``line`` counts from 1 when the text belongs to a line."""

    field: str
    text: str
    readings: tuple[str, ...]
    line: int | None = None


class ParsedOut(OutputModel):
    """What was understood from a free text, and what was not; nothing is stored."""

    understood: dict[str, object]
    unread: tuple[str, ...]
    missing: tuple[str, ...]
    ambiguous: tuple[AmbiguousOut, ...]


class RequestQuery(NumberedQuery):
    """``q`` is looked for in the lines. With it, a page may be short, even empty, and still have a next one."""

    state: RequestState | None = None
    mine: bool = False
