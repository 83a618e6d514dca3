"""Refusals of questions about RFQs."""

from dataclasses import dataclass
from typing import ClassVar

from core.kernel.errors import Conflict


@dataclass(eq=False)
class QuestionAnsweredBefore(Conflict):
    """Every vendor has the answer already."""

    number: str
    code: ClassVar[str] = "rfqs.question_answered"


@dataclass(eq=False)
class TooManyQuestions(Conflict):
    """A vendor has asked as much as one RFQ allows."""

    number: str
    most: int
    code: ClassVar[str] = "rfqs.too_many_questions"
