"""Events about approvers' decisions and questions."""

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from core.approvals.events import ApprovalEvent


@dataclass(frozen=True, kw_only=True)
class ApprovalStepOpened(ApprovalEvent):
    type: ClassVar[str] = "approval.step_opened"
    step_id: UUID
    step: str
    candidates: tuple[UUID, ...]


@dataclass(frozen=True, kw_only=True)
class ApprovalStepSkipped(ApprovalEvent):
    """The step has the same person as the one before, and the policy asks once."""

    type: ClassVar[str] = "approval.step_skipped"
    step_id: UUID
    step: str
    after: str


@dataclass(frozen=True, kw_only=True)
class ApprovalDecided(ApprovalEvent):
    """One person's verdict on one step."""

    type: ClassVar[str] = "approval.decided"
    step_id: UUID
    step: str
    verb: str
    comment: str
    approval_version: int


@dataclass(frozen=True, kw_only=True)
class ApprovalApproved(ApprovalEvent):
    """``undo_until``: until then the approver can undo it; None when the order is issued at once."""

    type: ClassVar[str] = "approval.approved"
    approved_by: UUID
    undo_until: dt.datetime | None


@dataclass(frozen=True, kw_only=True)
class ApprovalUndone(ApprovalEvent):
    """The approval was undone before the order was issued; the step is open again."""

    type: ClassVar[str] = "approval.undone"
    step_id: UUID
    step: str
    comment: str


@dataclass(frozen=True, kw_only=True)
class ApprovalRejected(ApprovalEvent):
    """``request_too``: not only this quote, but the request as such."""

    type: ClassVar[str] = "approval.rejected"
    rejected_by: UUID
    reason: str
    request_too: bool = False


@dataclass(frozen=True, kw_only=True)
class QuestionAsked(ApprovalEvent):
    type: ClassVar[str] = "approval.question_asked"
    text: str
    asks: UUID


@dataclass(frozen=True, kw_only=True)
class QuestionAnswered(ApprovalEvent):
    type: ClassVar[str] = "approval.question_answered"
    text: str
    asked_by: UUID
