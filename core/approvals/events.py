"""What can have happened to an approval; no event before the award carries another vendor's price."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from core.log.events import Event


@dataclass(frozen=True, kw_only=True)
class ApprovalEvent(Event):
    """The base: which approval, about which subject."""

    subject_kind: ClassVar[str] = "approval"
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
    """Who is asked first is settled; the cards may go out."""

    type: ClassVar[str] = "approval.routed"
    step_id: UUID
    ask_first: UUID | None
    by: str


@dataclass(frozen=True, kw_only=True)
class ApprovalStepOpened(ApprovalEvent):
    type: ClassVar[str] = "approval.step_opened"
    step_id: UUID
    step: str
    candidates: tuple[UUID, ...]


@dataclass(frozen=True, kw_only=True)
class ApprovalDeputised(ApprovalEvent):
    """Who may decide in a candidate's place is different now; the cards follow."""

    type: ClassVar[str] = "approval.deputised"
    step_id: UUID
    deputies: tuple[UUID, ...]


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
    """``undo_until``: whoever approved may take it back before; None when the order goes out at once."""

    type: ClassVar[str] = "approval.approved"
    approved_by: UUID
    undo_until: dt.datetime | None


@dataclass(frozen=True, kw_only=True)
class ApprovalUndone(ApprovalEvent):
    """Taken back before the order was issued; the step is open again."""

    type: ClassVar[str] = "approval.undone"
    step_id: UUID
    step: str
    comment: str


@dataclass(frozen=True, kw_only=True)
class ApprovalRejected(ApprovalEvent):
    type: ClassVar[str] = "approval.rejected"
    rejected_by: UUID
    reason: str


@dataclass(frozen=True, kw_only=True)
class ApprovalWithdrawn(ApprovalEvent):
    type: ClassVar[str] = "approval.withdrawn"
    reason: str


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


@dataclass(frozen=True, kw_only=True)
class ApprovalOverdue(ApprovalEvent):
    """``kind``: ``waiting`` after a day, ``day_before`` it is due, ``due``."""

    type: ClassVar[str] = "approval.overdue"
    step_id: UUID
    reminder: int
    kind: str
    due_at: dt.datetime
    candidates: tuple[UUID, ...]
    title: str


@dataclass(frozen=True, kw_only=True)
class ApprovalEscalated(ApprovalEvent):
    """``asked`` may decide now too. ``why``: ``overdue``, or ``nobody`` was left who could."""

    type: ClassVar[str] = "approval.escalated"
    step_id: UUID
    step: str
    why: str
    asked: tuple[UUID, ...]
    candidates: tuple[UUID, ...]


@dataclass(frozen=True, kw_only=True)
class ApprovalStuck(ApprovalEvent):
    """Nobody is left who may decide; the administrators are told."""

    type: ClassVar[str] = "approval.stuck"
    step_id: UUID
    step: str
    title: str


@dataclass(frozen=True, kw_only=True)
class PolicySet(Event):
    type: ClassVar[str] = "policy.set"
    subject_kind: ClassVar[str] = "policy"
    currency: str
    tiers: tuple[object, ...]
    undo_seconds: int
