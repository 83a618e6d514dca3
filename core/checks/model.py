"""What can look unusual, what is looked at, and what a rule says of it."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from core.checks.decided_rate import DecidedRate
from core.db.connection import Row


class CheckRule(StrEnum):
    """What can look unusual; each has its own queue and its own precision."""

    price = "price"
    duplicate_request = "duplicate_request"
    duplicate_order = "duplicate_order"
    splits = "splits"
    single_quote = "single_quote"
    late_quote = "late_quote"
    passed_over = "passed_over"
    same_price = "same_price"
    quick_approval = "quick_approval"
    own_vendor = "own_vendor"
    new_vendor = "new_vendor"
    price_changed = "price_changed"


@dataclass(frozen=True)
class RuleSetting:
    """How a rule is used. ``limit_amount``: of money, in the organisation's currency, below which it is silent."""

    rule: CheckRule
    switched_on: bool = True
    weekly_cards: int = 5
    raises_level: bool = False
    in_digest: bool = False
    limit_amount: Decimal = Decimal(0)
    version: int = 0


@dataclass(frozen=True)
class Found:
    """What a rule says about one thing; ``facts`` are what the sentence names, as JSON values."""

    rule: CheckRule
    subject_id: UUID
    facts: Mapping[str, object]
    part: str = ""
    involved: frozenset[UUID] = frozenset()
    """Who else than those of the purchase does not judge it."""


def facts_of(row: Row, *columns: str, **more: object) -> dict[str, object]:
    """What a finding names: columns of the row that it was found in, and what else was counted."""
    return {column: getattr(row, column) for column in columns} | more


@dataclass(frozen=True)
class ChosenOffer:
    """What an approval is, or will be, about; ``amount`` in the policy's currency. ``at``: nothing later counts."""

    request_id: UUID
    subject_id: UUID
    requested_by: UUID
    cost_centre: str
    amount: Decimal
    currency: str
    at: dt.datetime
    decided: DecidedRate
    reason: str | None = None
    """Why an officer proposed it; None when the rule chose it."""


@dataclass(frozen=True, slots=True)
class PastLine:
    """One line that was ordered; prices compare within one item, unit and currency."""

    day: dt.date
    order_id: UUID
    cost_centre: str
    vendor_id: UUID
    item: str
    unit: str
    currency: str
    quantity: Decimal
    unit_price: Decimal
