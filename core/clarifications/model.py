"""Questions of vendors and their answers, as the slice's functions pass them around."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from core.kernel.actions import Action
from core.kernel.ids import RfqId, VendorId


@dataclass(frozen=True)
class RfqQuestion:
    """What one vendor asked; only staff and that vendor read it."""

    id: UUID
    rfq_id: RfqId
    vendor_id: VendorId
    vendor_name: str
    text: str
    asked_at: dt.datetime
    answered_at: dt.datetime | None
    actions: tuple[Action, ...] = ()


@dataclass(frozen=True)
class Clarification:
    """A question with its answer, for everybody who is asked; it does not say who asked."""

    id: UUID
    rfq_id: RfqId
    question: str
    answer: str
    made_at: dt.datetime


@dataclass(frozen=True)
class Discussion:
    """What was asked and answered about one RFQ, oldest first, as one reader sees it."""

    questions: tuple[RfqQuestion, ...] = ()
    clarifications: tuple[Clarification, ...] = ()

    @property
    def unanswered(self) -> tuple[RfqQuestion, ...]:
        return tuple(each for each in self.questions if each.answered_at is None)


NOTHING_ASKED = Discussion()
