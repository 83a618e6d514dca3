"""Converts questions and clarifications between rows and models.

One rule: only this module knows how the columns are laid out.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from core.clarifications.model import Clarification, Discussion, RfqQuestion
from core.clarifications.tables import rfq_clarifications, rfq_questions
from core.db.connection import Row

_Q, _C = rfq_questions.c, rfq_clarifications.c
QUESTION_COLUMNS = (_Q.id, _Q.rfq_id, _Q.vendor_id, _Q.text, _Q.asked_at, _Q.answered_at)
"""Behind them stands the vendor's name."""
CLARIFICATION_COLUMNS = (_C.id, _C.rfq_id, _C.question, _C.answer, _C.made_at)


def discussion_of(row: Row) -> Discussion:
    """The row of an RFQ, which carries its questions and clarifications."""
    return Discussion(questions_of(row.questions), clarifications_of(row.clarifications))


def questions_of(found: Iterable[Sequence[Any]]) -> tuple[RfqQuestion, ...]:
    return tuple(
        RfqQuestion(each, rfq_id, vendor_id, vendor_name, text, asked_at, answered_at)
        for each, rfq_id, vendor_id, text, asked_at, answered_at, vendor_name in found
    )


def clarifications_of(found: Iterable[Sequence[Any]]) -> tuple[Clarification, ...]:
    return tuple(Clarification(*each) for each in found)
