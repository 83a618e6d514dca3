"""What an approver looks at beside the approval itself; never database rows."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from core.approvals.model import ApprovalDetails
from core.checks.model import CheckRule
from core.findings.model import FindingId
from core.insights.model import Score
from core.kernel.ids import RequestId, RequestLineId, VendorId
from core.quotes.model import AttachedDocument
from core.requests.states import RequestState
from core.standings.model import BelowBound


@dataclass(frozen=True)
class LastPaid:
    """The newest price that was ordered for the same description."""

    price: Decimal
    currency: str
    vendor_name: str
    order_number: str
    ordered_at: dt.datetime


@dataclass(frozen=True)
class OnTime:
    """How many of a vendor's last orders were complete on the day they were due, or before."""

    punctual: int
    orders: int


@dataclass(frozen=True)
class SimilarRequest:
    """An earlier request for one of the same things."""

    id: RequestId
    number: str
    state: RequestState
    requested_by_name: str
    created_at: dt.datetime


@dataclass(frozen=True)
class SummedRequest:
    """Another request whose amount counted when the tier was chosen, with the amount as it is asked for now."""

    id: RequestId
    number: str
    requested_by_name: str
    amount: Decimal
    currency: str


@dataclass(frozen=True)
class NotedFinding:
    """What looked unusual about the purchase and nobody has called fine."""

    id: FindingId
    rule: CheckRule
    facts: Mapping[str, object]


@dataclass(frozen=True)
class History:
    """What other purchases say about this one, and what the rules say that looked at it."""

    last_paid: dict[RequestLineId, LastPaid]
    on_time: OnTime | None
    """None until the vendor has completed an order."""
    similar: tuple[SimilarRequest, ...]
    summed: tuple[SummedRequest, ...] = ()
    """Of all approvals of the request."""
    findings: tuple[NotedFinding, ...] = ()


NOTHING_KNOWN = History({}, None, ())


@dataclass(frozen=True)
class Rank:
    """The quote's place among those compared; ``gap`` is what it costs above the best, in the request's currency."""

    place: int
    of: int
    gap: Decimal
    percent: Decimal | None
    """None when the best costs nothing."""
    currency: str


@dataclass(frozen=True)
class DecidedLine:
    """One line as it would be ordered, with its newest words; no price where the vendor offers none."""

    description: str
    quantity: Decimal
    unit: str
    unit_price: Decimal | None
    last_paid: LastPaid | None
    vendor_name: str | None = None
    """Of a split award: who gets the line, and in which currency its price is."""
    currency: str | None = None
    asked_for: str | None = None
    """What was asked for, where an alternative would be ordered in its place."""


@dataclass(frozen=True)
class DecidedShare:
    """What one vendor of a split award gets in all; ``converted`` is in the approval's currency."""

    vendor_name: str
    currency: str
    shipping: Decimal
    total: Decimal
    converted: Decimal


@dataclass(frozen=True)
class VendorScores:
    """What is known of a vendor whose quote is decided about."""

    vendor_id: VendorId
    vendor_name: str
    scores: tuple[Score, ...]
    warned: BelowBound | None = None


@dataclass(frozen=True)
class ApprovalFacts:
    """All that is decided: lines, days, rank, files and history."""

    request_number: str
    note: str
    needed_by: dt.date
    delivery_on: dt.date | None
    lines: tuple[DecidedLine, ...]
    rank: Rank | None
    on_time: OnTime | None
    documents: tuple[AttachedDocument, ...]
    similar: tuple[SimilarRequest, ...]
    summed: tuple[SummedRequest, ...] = ()
    shares: tuple[DecidedShare, ...] = ()
    """By vendor, when the lines are split."""
    left_out: tuple[str, ...] = ()
    """The lines that a split award does not order."""
    best_single: Decimal | None = None
    """The lowest total of one vendor for everything, beside a split award."""
    entered_by_name: str | None = None
    """Who wrote the request for whoever asks."""
    resembles: tuple[str, ...] = ()
    """Earlier requests for the same, of which whoever submitted it knew."""

    scores: tuple[VendorScores, ...] = ()
    """Of the vendor, or of each vendor of a split award, for those who may read scores."""
    findings: tuple[NotedFinding, ...] = ()
    """For the same readers, oldest first."""

    @property
    def days_late(self) -> int:
        """How long after the needed day it would arrive; 0 when it arrives in time."""
        return max(0, (self.delivery_on - self.needed_by).days) if self.delivery_on else 0


@dataclass(frozen=True)
class ApprovalWithFacts:
    """An approval as its card shows it."""

    details: ApprovalDetails
    facts: ApprovalFacts
