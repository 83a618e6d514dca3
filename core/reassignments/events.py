"""What changes who is asked, beside a verdict and the time."""

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from core.approvals.events import ApprovalEvent


@dataclass(frozen=True, kw_only=True)
class ApprovalHandedOver(ApprovalEvent):
    """The base: an open step passed from one person to another."""

    step_id: UUID
    step: str
    from_person: UUID | None
    to_person: UUID
    reason: str
    candidates: tuple[UUID, ...]
    due_at: dt.datetime | None = None


@dataclass(frozen=True, kw_only=True)
class ApprovalForwarded(ApprovalHandedOver):
    """By whoever was asked."""

    type: ClassVar[str] = "approval.forwarded"


@dataclass(frozen=True, kw_only=True)
class ApprovalReassigned(ApprovalHandedOver):
    """By an administrator; from nobody, when too few could decide."""

    type: ClassVar[str] = "approval.reassigned"


@dataclass(frozen=True, kw_only=True)
class ApprovalReplanned(ApprovalEvent):
    """Nobody could decide its open step; it is asked by the policy that has been set now."""

    type: ClassVar[str] = "approval.replanned"
    step_id: UUID
    step: str
    candidates: tuple[UUID, ...]
    earlier_policy: int
    policy_version: int
    title: str


@dataclass(frozen=True, kw_only=True)
class ApprovalCandidateLeft(ApprovalEvent):
    """Somebody who is asked may not decide any more; ``left`` counts who still may."""

    type: ClassVar[str] = "approval.candidate_left"
    step_id: UUID
    step: str
    person: UUID
    left: int
    title: str
