"""Vendors' questions about an RFQ and the answers to all, on the wire."""

from uuid import UUID

from api.contract.actions import Actionable
from api.contract.values import Comment, InputModel, Moment, OutputModel


class RfqQuestionIn(InputModel):
    text: Comment


class RfqAnswerIn(InputModel):
    """``shown_as``: the question in other words, where its own would say who asks."""

    text: Comment
    shown_as: Comment | None = None


class RfqQuestionOut(Actionable):
    """Read by staff and by the vendor who asked."""

    id: UUID
    vendor_id: UUID
    vendor_name: str
    text: str
    asked_at: Moment
    answered_at: Moment | None


class ClarificationOut(OutputModel):
    """Read by everybody who is asked; it does not say who asked."""

    id: UUID
    question: str
    answer: str
    made_at: Moment
