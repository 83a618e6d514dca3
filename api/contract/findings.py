"""Findings on the wire: what looked unusual, the facts behind it, and how each rule is used."""

import datetime as dt
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from api.contract.values import (
    Amount,
    Flag,
    InputModel,
    Line,
    ListQuery,
    Moment,
    OutputModel,
    Quantity,
    Reason,
    Shown,
    Version,
    WholeNumber,
    Word,
)

RuleName = Literal[
    "price",
    "duplicate_request",
    "duplicate_order",
    "splits",
    "single_quote",
    "late_quote",
    "passed_over",
    "same_price",
    "quick_approval",
    "own_vendor",
    "new_vendor",
    "price_changed",
]
FactsOut = dict[str, str | int | bool]
FindingStateName = Literal["open", "held", "fine", "confirmed"]
ReviewVerb = Literal["hold", "dismiss", "confirm"]


class FindingOut(OutputModel):
    """``facts`` are what the rule counted, by name: amounts and days as texts, ``n`` what it is counted from.

    ``verbs``: what the reader may say to it now. It stops nothing.
    """

    id: UUID
    rule: RuleName
    state: FindingStateName
    version: int
    request_id: UUID
    request_number: str
    facts: FactsOut
    found_at: Moment
    carded: bool
    reviewed_by: str | None
    reviewed_at: Moment | None
    reason: str | None
    verbs: tuple[ReviewVerb, ...]


class FindingQuery(ListQuery):
    """Newest first; ``state`` ``waiting`` is open and held together."""

    state: FindingStateName | Literal["waiting"] | None = None
    rule: RuleName | None = None
    request_id: UUID | None = None


class DismissFindingIn(InputModel):
    """Why it is fine; whoever looks at the purchase later reads it."""

    reason: Reason
    version: Version | None = None


class ReviewFindingIn(InputModel):
    """A remark may be added."""

    reason: Reason | None = None
    version: Version | None = None


class PrecisionOut(OutputModel):
    """Of the newest reviews, how many were confirmed; ``since`` is the oldest of them."""

    confirmed: int
    reviewed: int
    since: Moment | None


class FindingRuleOut(OutputModel):
    """``limit_amount`` in the organisation's currency; ``may_raise``: it can ask for one more level of approval."""

    rule: RuleName
    switched_on: bool
    weekly_cards: int
    raises_level: bool
    may_raise: bool
    in_digest: bool
    limit_amount: Shown
    version: int
    precision: PrecisionOut
    waiting: int
    cards_this_week: int


class FindingRuleIn(InputModel):
    """How the rule is used from now on; ``weekly_cards``: for each reviewer at most, 0 for none."""

    switched_on: Flag
    weekly_cards: Annotated[WholeNumber, Field(ge=0, le=100, examples=[5])]
    raises_level: Flag
    in_digest: Flag
    limit_amount: Amount
    version: Annotated[WholeNumber, Field(ge=0, le=2_000_000_000)] | None = None


class QuantityQuery(InputModel):
    """What somebody is about to ask for."""

    description: Line
    unit: Word
    quantity: Quantity


class UsualQuantityOut(OutputModel):
    """``usual``: the median of the ``n`` newest ordered lines of it, the oldest of them of the day ``since``.

    Both are null when the quantity asked for is not far above it.
    """

    usual: Shown | None
    n: int
    since: dt.date | None
