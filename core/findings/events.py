"""What can happen to a finding and to a rule.

One rule: no event says anything about a person; the facts are in the finding.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from core.kernel.subjects import SubjectKind
from core.log.events import Event


@dataclass(frozen=True, kw_only=True)
class FindingEvent(Event):
    subject_kind: ClassVar[str] = SubjectKind.finding
    rule: str


@dataclass(frozen=True, kw_only=True)
class FindingFound(FindingEvent):
    """``carded``: whoever reviews gets a card; else it stands on the page and in the digest."""

    type: ClassVar[str] = "finding.found"
    carded: bool


@dataclass(frozen=True, kw_only=True)
class FindingReviewed(FindingEvent):
    """The base of what a reviewer said."""

    reason: str | None


@dataclass(frozen=True, kw_only=True)
class FindingHeld(FindingReviewed):
    """Somebody looks into it; the purchase goes on."""

    type: ClassVar[str] = "finding.held"


@dataclass(frozen=True, kw_only=True)
class FindingDismissed(FindingReviewed):
    type: ClassVar[str] = "finding.dismissed"


@dataclass(frozen=True, kw_only=True)
class FindingConfirmed(FindingReviewed):
    type: ClassVar[str] = "finding.confirmed"


@dataclass(frozen=True, kw_only=True)
class FindingRuleSet(FindingEvent):
    type: ClassVar[str] = "finding.rule_set"
    switched_on: bool
    weekly_cards: int
    raises_level: bool
    in_digest: bool
    limit_amount: Decimal


@dataclass(frozen=True, kw_only=True)
class FindingRuleDigested(FindingEvent):
    """Too few of its findings were confirmed: from now on they come with the digest, without cards."""

    type: ClassVar[str] = "finding.rule_digested"
    confirmed: int
    reviewed: int


@dataclass(frozen=True, kw_only=True)
class FindingsRunBegun(Event):
    """The day's second look was begun; ``subject_id`` is its run, and a worker carries it out."""

    type: ClassVar[str] = "finding.run_begun"
    subject_kind: ClassVar[str] = SubjectKind.organisation
