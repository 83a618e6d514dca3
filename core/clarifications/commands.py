"""The commands of a vendor who has a question about an RFQ, and of the officer who answers it."""

from dataclasses import dataclass
from uuid import UUID

from core.kernel.ids import RfqId


@dataclass(frozen=True)
class AskRfqQuestion:
    rfq_id: RfqId
    text: str


@dataclass(frozen=True)
class AnswerRfqQuestion:
    """``shown_as``: the question in other words, where its own would say who asks."""

    rfq_id: RfqId
    question_id: UUID
    text: str
    shown_as: str | None
