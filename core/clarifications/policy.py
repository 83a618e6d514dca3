"""Pure rules of questions about RFQs: how many a vendor may ask, which one may be answered, and who reads what."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace

from core.access.actor import Actor
from core.clarifications.errors import QuestionAnsweredBefore, TooManyQuestions
from core.clarifications.model import Discussion, RfqQuestion
from core.rfqs.model import Rfq
from core.rfqs.policy import check_open

MOST_QUESTIONS = 20


def check_asked_so_far(rfq: Rfq, asked: int) -> None:
    """A vendor asks so much about one RFQ and no more."""
    if asked >= MOST_QUESTIONS:
        raise TooManyQuestions(number=rfq.number, most=MOST_QUESTIONS)


def check_may_answer(rfq: Rfq, question: RfqQuestion, now: dt.datetime) -> None:
    """Once, while vendors can still make use of it."""
    check_open(rfq, now)
    if question.answered_at is not None:
        raise QuestionAnsweredBefore(number=rfq.number)


def as_read_by(actor: Actor, discussion: Discussion) -> Discussion:
    """A vendor reads its own questions and every answer."""
    if not actor.is_vendor:
        return discussion
    return replace(discussion, questions=tuple(_of_vendor(actor, discussion.questions)))


def _of_vendor(actor: Actor, questions: Iterable[RfqQuestion]) -> Iterable[RfqQuestion]:
    return (each for each in questions if each.vendor_id == actor.vendor_id)
