"""What can happen to the policy."""

from dataclasses import dataclass
from typing import ClassVar

from core.log.events import Event


@dataclass(frozen=True, kw_only=True)
class PolicySet(Event):
    type: ClassVar[str] = "policy.set"
    subject_kind: ClassVar[str] = "policy"
    currency: str
    tiers: tuple[object, ...]
    undo_seconds: int
