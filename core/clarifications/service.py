"""The use cases of questions about an RFQ: a vendor asks, the officer answers to all.

One rule: the answer goes with its question to every vendor who is asked, and says nobody's name.
"""

from core.access.actor import Actor
from core.access.guard import Changed, person_of, requires
from core.access.permissions import Permission
from core.clarifications import policy, repo
from core.clarifications.commands import AnswerRfqQuestion, AskRfqQuestion
from core.clarifications.events import RfqQuestionAnswered, RfqQuestionAsked
from core.clarifications.model import Clarification, RfqQuestion
from core.kernel.ids import new_id
from core.rfqs import repo as rfqs
from core.rfqs.events import envelope
from core.rfqs.policy import check_may_ask
from core.rfqs.tables import rfqs as rfq_table
from core.uow import Uow


@requires(Permission.rfqs_ask, Changed(rfq_table, "rfq_id"))
async def ask(uow: Uow, actor: Actor, command: AskRfqQuestion) -> RfqQuestion:
    """An invited vendor asks about an open RFQ; the officer is told."""
    await uow.lock_purchase_of(rfq_table, command.rfq_id)
    rfq = await rfqs.visible_to(uow, actor, command.rfq_id)
    invitation = check_may_ask(actor, rfq, uow.now)
    policy.check_asked_so_far(rfq, await repo.asked_by(uow, rfq.id, invitation.vendor_id))
    question = RfqQuestion(
        id=new_id(),
        rfq_id=rfq.id,
        vendor_id=invitation.vendor_id,
        vendor_name=invitation.vendor_name,
        text=command.text,
        asked_at=uow.now,
        answered_at=None,
    )
    await repo.add_question(uow, question, person_of(actor))
    await uow.record(
        RfqQuestionAsked(
            **envelope(rfq), question_id=question.id, vendor_id=question.vendor_id, text=question.text
        )
    )
    return question


@requires(Permission.rfqs_clarify, Changed(rfq_table, "rfq_id"))
async def answer(uow: Uow, actor: Actor, command: AnswerRfqQuestion) -> Clarification:
    """An officer answers a question to all vendors who are asked, while they can still quote."""
    await uow.lock_purchase_of(rfq_table, command.rfq_id)
    rfq = await rfqs.visible_to(uow, actor, command.rfq_id)
    question = await repo.question_of(uow, rfq.id, command.question_id)
    policy.check_may_answer(rfq, question, uow.now)
    shown = command.shown_as if command.shown_as is not None else question.text
    clarification = Clarification(new_id(), rfq.id, shown, command.text, uow.now)
    await repo.answer(uow, question, clarification, person_of(actor))
    await uow.record(
        RfqQuestionAnswered(**envelope(rfq), question_id=question.id, question=shown, answer=command.text)
    )
    return clarification
