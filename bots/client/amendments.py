"""Changing an RFQ after it was sent, and questions about it, for a person."""

from uuid import UUID

from api.contract import endpoints as e
from api.contract.amendments import AddVendorsIn, CancelRfqIn, ConfirmIn, CorrectionIn, DeadlineIn
from api.contract.clarifications import ClarificationOut, RfqAnswerIn, RfqQuestionIn, RfqQuestionOut
from api.contract.quotes import QuoteOut
from api.contract.rfqs import RfqOut
from bots.client.caller import ApiSlice


class AmendmentsApi(ApiSlice):
    async def move_deadline(self, rfq_id: UUID, body: DeadlineIn, *, key: str) -> RfqOut:
        return await self._caller.call(e.move_deadline, body, key=key, path={"id": rfq_id})

    async def add_vendors(self, rfq_id: UUID, body: AddVendorsIn, *, key: str) -> RfqOut:
        return await self._caller.call(e.add_vendors, body, key=key, path={"id": rfq_id})

    async def correct(self, rfq_id: UUID, body: CorrectionIn, *, key: str) -> RfqOut:
        return await self._caller.call(e.correct_rfq, body, key=key, path={"id": rfq_id})

    async def cancel(self, rfq_id: UUID, body: CancelRfqIn, *, key: str) -> RfqOut:
        return await self._caller.call(e.cancel_rfq, body, key=key, path={"id": rfq_id})

    async def confirm(self, quote_id: UUID, body: ConfirmIn, *, key: str) -> QuoteOut:
        return await self._caller.call(e.confirm_quote, body, key=key, path={"id": quote_id})

    async def ask(self, rfq_id: UUID, text: str, *, key: str) -> RfqQuestionOut:
        body = RfqQuestionIn(text=text)
        return await self._caller.call(e.ask_rfq_question, body, key=key, path={"id": rfq_id})

    async def answer(self, rfq_id: UUID, question_id: UUID, text: str, *, key: str) -> ClarificationOut:
        path = {"id": rfq_id, "question_id": question_id}
        return await self._caller.call(e.answer_rfq_question, RfqAnswerIn(text=text), key=key, path=path)
