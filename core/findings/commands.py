"""The commands of findings: what a reviewer says to one, and how a rule is used."""

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from core.checks.model import CheckRule
from core.findings.states import FindingVerb


@dataclass(frozen=True)
class ReviewFinding:
    """``reason`` is needed to say that it is fine, and shown to whoever looks at it later."""

    finding_id: UUID
    verb: FindingVerb
    reason: str | None = None
    expected_version: int | None = None


@dataclass(frozen=True)
class SetRule:
    """``weekly_cards``: how many cards each reviewer gets in a week at most; 0: all of them only stand on the page."""

    rule: CheckRule
    switched_on: bool
    weekly_cards: int
    raises_level: bool
    in_digest: bool
    limit_amount: Decimal
    expected_version: int | None = None
