"""Pure rules of questions about RFQs: how many a vendor may ask, and which one may be answered."""

import datetime as dt

from core.clarifications.errors import QuestionAnsweredBefore, TooManyQuestions
from core.clarifications.model import RfqQuestion
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
