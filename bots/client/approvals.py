"""Approvals, for a person."""

from uuid import UUID

from api.contract import endpoints as e
from api.contract.approvals import AnswerIn, ApprovalOut, DecisionIn
from api.contract.values import Listing
from bots.client.caller import Caller, asked


class Approvals:
    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def listing(
        self,
        *,
        state: str | None = None,
        mine: bool = False,
        cursor: str | None = None,
        limit: int | None = None,
    ) -> Listing[ApprovalOut]:
        query = asked(state=state, mine=mine, cursor=cursor, limit=limit)
        return await self._caller.call(e.list_approvals, None, query=query)

    async def show(self, approval_id: UUID) -> ApprovalOut:
        return await self._caller.call(e.show_approval, None, path={"id": approval_id})

    async def decide(self, body: DecisionIn, *, key: str) -> ApprovalOut:
        return await self._caller.call(e.decide, body, key=key)

    async def answer(self, approval_id: UUID, text: str, *, key: str) -> ApprovalOut:
        body = AnswerIn(text=text)
        return await self._caller.call(e.answer_question, body, key=key, path={"id": approval_id})
