"""Purchase orders and receipts on the wire."""

from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, PlainSerializer, model_validator

from api.contract.actions import Actionable
from api.contract.values import (
    MAX_LINES,
    Amount,
    Count,
    Day,
    Flag,
    InputModel,
    Moment,
    Note,
    NumberedQuery,
    OutputModel,
    Quantity,
    Reason,
    Shown,
    Version,
    WholeNumber,
    Word,
    value_error,
)
from core.orders.states import OrderState

Documents = Annotated[tuple[UUID, ...], Field(max_length=20)]
"""Uploaded files, such as photos of what arrived."""


class AcknowledgeIn(InputModel):
    note: Note = ""
    expected_version: Version | None = None


class ReceiptLineIn(InputModel):
    line_id: UUID
    accepted: Count
    rejected: Count | None = None


class ReceiptIn(InputModel):
    lines: Annotated[tuple[ReceiptLineIn, ...], Field(min_length=1, max_length=MAX_LINES)]
    note: Note = ""
    document_ids: Documents = ()
    expected_version: Version | None = None


class ReceiptCorrectionIn(InputModel):
    """What the receipt should have said of these lines."""

    lines: Annotated[tuple[ReceiptLineIn, ...], Field(min_length=1, max_length=MAX_LINES)]
    reason: Reason
    expected_version: Version | None = None


class ReturnLineIn(InputModel):
    line_id: UUID
    quantity: Quantity


class ReturnIn(InputModel):
    lines: Annotated[tuple[ReturnLineIn, ...], Field(min_length=1, max_length=MAX_LINES)]
    reason: Reason
    document_ids: Documents = ()
    expected_version: Version | None = None


class CancelOrderIn(InputModel):
    reason: Reason
    expected_version: Version | None = None


class OrderReasonIn(InputModel):
    """Why the order is refused, declined, called off or closed short; the other side reads it."""

    reason: Reason
    expected_version: Version | None = None


class OrderVersionIn(InputModel):
    expected_version: Version | None = None


class ChangedLineIn(InputModel):
    """What is to be different about one line; a quantity of 0 leaves it out."""

    line_id: UUID
    quantity: Count | None = None
    unit_price: Amount | None = None
    due_on: Day | None = None


class ChangeIn(InputModel):
    """``due_on`` is for every line that names no day of its own."""

    lines: Annotated[tuple[ChangedLineIn, ...], Field(max_length=MAX_LINES)] = ()
    due_on: Day | None = None
    reason: Reason
    expected_version: Version | None = None


class OrderLineOut(OutputModel):
    id: UUID
    request_line_id: UUID
    description: str
    unit: str
    unit_price: Shown
    quantity: Shown
    accepted: Shown
    rejected: Shown
    returned: Shown = Decimal(0)
    lead_time_days: int
    due_on: Day | None = None
    asked_for: str | None = None
    """What was asked for, where an alternative is ordered in its place."""


class ProposedLineOut(OutputModel):
    line_id: UUID
    quantity: Shown
    unit_price: Shown
    due_on: Day


class ProposalOut(OutputModel):
    """What one side proposes and the other one answers; without lines: that the order ends."""

    by: Literal["vendor", "buyer"]
    proposed_at: Moment
    reason: str
    lines: tuple[ProposedLineOut, ...]
    total: Shown
    due_on: Day
    approval_id: UUID | None = None


class LeftOutLineOut(OutputModel):
    description: str
    quantity: Shown
    unit: str


class OrderOut(Actionable):
    id: UUID
    number: str
    state: OrderState
    version: int
    request_id: UUID
    request_number: str
    quote_id: UUID
    approval_id: UUID
    vendor_id: UUID
    vendor_name: str
    requested_by: UUID
    requested_by_name: str
    cost_centre: str
    currency: str
    shipping: Shown
    total: Shown
    lines: tuple[OrderLineOut, ...]
    due_on: Day
    created_at: Moment
    issued_at: Moment | None
    acknowledged_at: Moment | None
    completed_at: Moment | None
    reason: str | None = None
    revision: int = 1
    proposal: ProposalOut | None = None
    left_out: tuple[LeftOutLineOut, ...] = ()
    """What vendors were asked for and this order does not bring."""


class RevisionLineOut(OutputModel):
    line_id: UUID
    description: str
    unit: str
    quantity: Shown
    unit_price: Shown
    lead_time_days: int


class RevisionOut(OutputModel):
    """The terms of one version of an order; ``until``: when the next one replaced it."""

    revision: int
    total: Shown
    currency: str
    due_on: Day
    lines: tuple[RevisionLineOut, ...]
    until: Moment | None = None


class SignedLineOut(OutputModel):
    """Counts of a receipt; negative where they take something back."""

    line_id: UUID
    accepted: Annotated[Decimal, PlainSerializer(lambda value: f"{value:f}", return_type=str)]
    rejected: Annotated[Decimal, PlainSerializer(lambda value: f"{value:f}", return_type=str)]


class ReceiptFileOut(OutputModel):
    id: UUID
    name: str
    media_type: str
    size: int


class ReceiptOut(OutputModel):
    """One entry; a correction and a return are entries of their own."""

    id: UUID
    kind: Literal["receipt", "correction", "return"]
    corrects: UUID | None
    received_by: UUID
    received_by_name: str
    received_at: Moment
    note: str
    lines: tuple[SignedLineOut, ...]
    documents: tuple[ReceiptFileOut, ...] = ()


Percent = Annotated[Count, Field(le=100)]


class ToleranceIn(InputModel):
    """How much more may arrive, in percent; for exactly one of item (words of a line) and category."""

    percent: Percent
    item: Word | None = None
    category: Word | None = None

    @model_validator(mode="after")
    def one_of_two(self) -> "ToleranceIn":
        if (self.item is None) == (self.category is None):
            raise value_error(
                "policy.tolerance", "name exactly one of item, category", '{"item": "paper", "percent": "10"}'
            )
        return self


class ReceivingPolicyIn(InputModel):
    """``colleagues``: people of the same cost centre may receive; ``percent`` holds where no tolerance does."""

    colleagues: Flag = False
    percent: Percent = Decimal(0)
    tolerances: Annotated[tuple[ToleranceIn, ...], Field(max_length=100)] = ()
    expected_version: Annotated[WholeNumber, Field(ge=0, le=2_000_000_000)] | None = None


class ReceivingPolicyOut(OutputModel):
    version: int
    colleagues: bool
    percent: Shown
    tolerances: tuple[ToleranceIn, ...]
    set_by: str
    set_at: Moment | None


class OrderQuery(NumberedQuery):
    """``mine``: for the caller's own requests."""

    state: OrderState | None = None
    mine: bool = False
    request_id: UUID | None = None
