"""A purchase order as the slice's functions pass it around; never a database row."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from core.db.keyset import ListFilter
from core.kernel.actions import Action
from core.kernel.ids import (
    ApprovalId,
    OrderId,
    OrderLineId,
    PersonId,
    QuoteId,
    RequestId,
    RequestLineId,
    SplitAwardId,
    VendorId,
)
from core.orders.states import OrderState


@dataclass(frozen=True)
class OrderLine:
    id: OrderLineId
    request_line_id: RequestLineId
    position: int
    description: str
    unit: str
    unit_price: Decimal
    quantity: Decimal
    accepted: Decimal
    rejected: Decimal
    lead_time_days: int
    returned: Decimal = Decimal(0)
    """What was accepted and went back later; ``accepted`` no longer counts it."""
    asked_for: str | None = None
    """What was asked for, where an alternative is ordered in its place."""

    @property
    def open(self) -> bool:
        return self.accepted < self.quantity

    @property
    def touched(self) -> bool:
        """Something of it has arrived, whatever became of it."""
        return bool(self.accepted or self.rejected or self.returned)


@dataclass(frozen=True)
class LeftOutLine:
    """A line of the RFQ for which the ordered quote has no price."""

    description: str
    quantity: Decimal
    unit: str


class Side(StrEnum):
    """Who proposes, and so who is to answer: the other one."""

    vendor = "vendor"
    buyer = "buyer"


@dataclass(frozen=True)
class ProposedLine:
    """The terms of one line as they would be."""

    line_id: OrderLineId
    quantity: Decimal
    unit_price: Decimal
    lead_time_days: int


@dataclass(frozen=True)
class Proposal:
    """Other terms for all lines, or, without lines, that the order ends; one at a time waits for the other side."""

    by: Side
    proposed_by: PersonId
    proposed_at: dt.datetime
    reason: str
    lines: tuple[ProposedLine, ...]
    total: Decimal
    due_on: dt.date
    approval_id: ApprovalId | None = None
    """Accepted; the higher total waits for this approval."""

    @property
    def calls_off(self) -> bool:
        """The order is to end."""
        return not self.lines


@dataclass(frozen=True)
class Order:
    """The aggregate: what was approved is what is ordered, line by line."""

    id: OrderId
    number: str
    state: OrderState
    version: int
    request_id: RequestId
    quote_id: QuoteId
    approval_id: ApprovalId
    vendor_id: VendorId
    requested_by: PersonId
    cost_centre: str
    currency: str
    shipping: Decimal
    total: Decimal
    due_on: dt.date
    reason: str | None
    created_at: dt.datetime
    issue_at: dt.datetime
    issued_at: dt.datetime | None
    acknowledged_at: dt.datetime | None
    completed_at: dt.datetime | None
    lines: tuple[OrderLine, ...]
    revision: int = 1
    """Which version of the terms this is; a change that both sides agreed on makes the next."""
    proposal: Proposal | None = None
    split_award_id: SplitAwardId | None = None
    """One of several orders of its request; each has another vendor."""
    left_out: tuple[LeftOutLine, ...] = ()
    """What vendors were asked for and this order does not bring."""

    @property
    def kept(self) -> bool:
        """Something that arrived is still here."""
        return any(line.accepted for line in self.lines)

    @property
    def touched(self) -> bool:
        """Something has arrived."""
        return any(line.touched for line in self.lines)

    @property
    def closed_short(self) -> bool:
        """Ended with a reason before everything had arrived."""
        return self.state is OrderState.completed and self.reason is not None


@dataclass(frozen=True)
class OrderDetails:
    """An order with the names that a card shows, and what its reader may do with it."""

    order: Order
    request_number: str
    vendor_name: str
    requested_by_name: str
    actions: tuple[Action, ...] = ()
    colleague: bool = False
    """The reader belongs to the order's cost centre, and the policy lets colleagues receive."""


@dataclass(frozen=True)
class OrderFilter(ListFilter):
    """What a list of orders is limited to; ``mine``: for the reader's own requests."""

    state: OrderState | None = None
    mine: bool = False
    request_id: UUID | None = None
