"""What can happen to the policies."""

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from core.kernel.subjects import SubjectKind
from core.log.events import Event
from core.policies.commands import NO_SPLITS, SplitRule, Tier, Tolerance


@dataclass(frozen=True, kw_only=True)
class PolicySet(Event):
    type: ClassVar[str] = "policy.set"
    subject_kind: ClassVar[str] = SubjectKind.policy
    currency: str
    tiers: tuple[Tier, ...]
    undo_seconds: int
    splits: SplitRule = NO_SPLITS


@dataclass(frozen=True, kw_only=True)
class ReceivingPolicySet(Event):
    type: ClassVar[str] = "policy.receiving_set"
    subject_kind: ClassVar[str] = SubjectKind.policy
    colleagues: bool
    percent: Decimal
    tolerances: tuple[Tolerance, ...]
