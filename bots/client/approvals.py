"""Approvals, for a person."""

from uuid import UUID

from api.contract import endpoints as e
from api.contract.approvals import (
    AnswerIn,
    ApprovalOut,
    CandidateOut,
    DecisionIn,
    ForwardIn,
    ReassignIn,
)
from api.contract.values import Listing
from bots.client.caller import ListableSlice


class ApprovalsApi(ListableSlice[ApprovalOut]):
    list_endpoint = e.list_approvals

    async def show(self, approval_id: UUID) -> ApprovalOut:
        return await self._caller.call(e.show_approval, None, path={"id": approval_id})

    async def decide(self, body: DecisionIn, *, key: str) -> ApprovalOut:
        return await self._caller.call(e.decide, body, key=key)

    async def answer(self, approval_id: UUID, text: str, *, key: str) -> ApprovalOut:
        body = AnswerIn(text=text)
        return await self._caller.call(e.answer_question, body, key=key, path={"id": approval_id})

    async def takers(self, approval_id: UUID) -> Listing[CandidateOut]:
        """Who could take its open step over."""
        return await self._caller.call(e.list_takers, None, path={"id": approval_id})

    async def forward(self, approval_id: UUID, body: ForwardIn, *, key: str) -> ApprovalOut:
        return await self._caller.call(e.forward_step, body, key=key, path={"id": approval_id})

    async def reassign(self, approval_id: UUID, body: ReassignIn, *, key: str) -> ApprovalOut:
        return await self._caller.call(e.reassign_step, body, key=key, path={"id": approval_id})
