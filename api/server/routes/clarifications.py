"""Vendors' questions about an RFQ, and the answers to all."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from api.contract import clarifications as wire
from api.contract import endpoints as e
from api.present import clarifications as present
from api.server.deps.call import CallDep
from api.server.routes.serve import serve
from core.clarifications import service
from core.clarifications.commands import AnswerRfqQuestion, AskRfqQuestion
from core.kernel.ids import RfqId

router = APIRouter()


@serve(router, e.ask_rfq_question, tag="sourcing")
async def ask(call: CallDep, id: UUID, body: wire.RfqQuestionIn) -> Response:
    """An invited vendor asks about an open RFQ."""
    return await call.run(service.ask, AskRfqQuestion(RfqId(id), body.text), present.question, 201)


@serve(router, e.answer_rfq_question, tag="sourcing")
async def answer(call: CallDep, id: UUID, question_id: UUID, body: wire.RfqAnswerIn) -> Response:
    """An officer answers a vendor's question to all vendors who are asked, without names."""
    command = AnswerRfqQuestion(RfqId(id), question_id, body.text, body.shown_as)
    return await call.run(service.answer, command, present.clarification, 201)
