"""What can happen to an approval.

One rule: before the award, no event contains another vendor's price.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from core.kernel.subjects import SubjectKind
from core.log.events import Event


@dataclass(frozen=True, kw_only=True)
class ApprovalEvent(Event):
    subject_kind: ClassVar[str] = SubjectKind.approval
    about_kind: str
    about_id: UUID
    about_version: int


@dataclass(frozen=True, kw_only=True)
class ApprovalOpened(ApprovalEvent):
    type: ClassVar[str] = "approval.opened"
    amount: Decimal
    currency: str
    policy_version: int
    tier: str
    step_id: UUID
    candidates: tuple[UUID, ...]
    title: str


@dataclass(frozen=True, kw_only=True)
class ApprovalRouted(ApprovalEvent):
    """It is settled who is asked first, so the cards can be sent."""

    type: ClassVar[str] = "approval.routed"
    step_id: UUID
    ask_first: UUID | None
    by: str


@dataclass(frozen=True, kw_only=True)
class ApprovalDeputised(ApprovalEvent):
    """The deputies of a candidate have changed, so the cards are updated."""

    type: ClassVar[str] = "approval.deputised"
    step_id: UUID
    deputies: tuple[UUID, ...]


@dataclass(frozen=True, kw_only=True)
class ApprovalWithdrawn(ApprovalEvent):
    type: ClassVar[str] = "approval.withdrawn"
    reason: str


@dataclass(frozen=True, kw_only=True)
class ApprovalStuck(ApprovalEvent):
    """Nobody who may decide is left; the administrators are notified."""

    type: ClassVar[str] = "approval.stuck"
    step_id: UUID
    step: str
    title: str
