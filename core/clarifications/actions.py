"""What one reader sees of the questions about an RFQ, and which of them may be answered now.

One rule: a vendor reads its own questions and every answer, and nothing says who asked the others.
"""

import datetime as dt
from dataclasses import replace

from core.access.actor import Actor
from core.access.offers import ActionRule, offered
from core.access.permissions import Permission
from core.clarifications import policy
from core.clarifications.model import Discussion, RfqQuestion
from core.kernel.actions import Action, ActionVerb, Needs
from core.rfqs.model import Rfq


def as_read_by(actor: Actor, rfq: Rfq, discussion: Discussion, now: dt.datetime) -> Discussion:
    """The discussion as this actor reads it, with what they may do."""
    shown = (
        each for each in discussion.questions if not actor.is_vendor or each.vendor_id == actor.vendor_id
    )
    questions = tuple(replace(each, actions=_actions_of(actor, rfq, each, now)) for each in shown)
    return replace(discussion, questions=questions)


def _actions_of(actor: Actor, rfq: Rfq, question: RfqQuestion, now: dt.datetime) -> tuple[Action, ...]:
    return offered(
        actor,
        ActionRule(
            Action(ActionVerb.answer_question, Needs.text, rfq.quote_by),
            Permission.rfqs_clarify,
            lambda: policy.check_may_answer(rfq, question, now),
        ),
    )
