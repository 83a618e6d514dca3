"""What can happen to a step that waits too long."""

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from core.approvals.events import ApprovalEvent


@dataclass(frozen=True, kw_only=True)
class ApprovalOverdue(ApprovalEvent):
    """``kind``: ``waiting`` after a day, ``day_before`` it is due, ``due``."""

    type: ClassVar[str] = "approval.overdue"
    step_id: UUID
    reminder: int
    kind: str = "waiting"
    due_at: dt.datetime
    candidates: tuple[UUID, ...]
    title: str


@dataclass(frozen=True, kw_only=True)
class ApprovalEscalated(ApprovalEvent):
    """``asked`` may decide too from now on. ``why``: ``overdue``, or ``nobody`` when nobody else could."""

    type: ClassVar[str] = "approval.escalated"
    step_id: UUID
    step: str
    why: str
    asked: tuple[UUID, ...]
    candidates: tuple[UUID, ...]
