"""Converts questions about RFQs and their answers from read model to wire."""

from api.contract import clarifications as wire
from api.present.actions import actions
from core.clarifications.model import Clarification, RfqQuestion


def question(source: RfqQuestion) -> wire.RfqQuestionOut:
    return wire.RfqQuestionOut(
        id=source.id,
        vendor_id=source.vendor_id,
        vendor_name=source.vendor_name,
        text=source.text,
        asked_at=source.asked_at,
        answered_at=source.answered_at,
        actions=actions(source.actions),
    )


def clarification(source: Clarification) -> wire.ClarificationOut:
    return wire.ClarificationOut(
        id=source.id, question=source.question, answer=source.answer, made_at=source.made_at
    )
