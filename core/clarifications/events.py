"""What can happen to a vendor's question about an RFQ."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from core.rfqs.events import RfqEvent


@dataclass(frozen=True, kw_only=True)
class RfqQuestionAsked(RfqEvent):
    type: ClassVar[str] = "rfq.question_asked"
    question_id: UUID
    vendor_id: UUID
    text: str


@dataclass(frozen=True, kw_only=True)
class RfqQuestionAnswered(RfqEvent):
    """Every vendor who is asked reads question and answer; nobody reads who asked."""

    type: ClassVar[str] = "rfq.question_answered"
    question_id: UUID
    question: str
    answer: str
