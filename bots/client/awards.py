"""Closing RFQs and proposing quotes, for a person."""

from uuid import UUID

from api.contract import endpoints as e
from api.contract.awards import AskToCompleteIn, CloseIn, ProposeIn, SplitIn
from api.contract.rfqs import RfqOut
from bots.client.caller import ApiSlice


class AwardsApi(ApiSlice):
    async def close(self, rfq_id: UUID, body: CloseIn, *, key: str) -> RfqOut:
        return await self._caller.call(e.close_rfq, body, key=key, path={"id": rfq_id})

    async def ask_to_complete(
        self, rfq_id: UUID, quote_id: UUID, body: AskToCompleteIn, *, key: str
    ) -> RfqOut:
        path = {"id": rfq_id, "quote_id": quote_id}
        return await self._caller.call(e.ask_to_complete, body, key=key, path=path)

    async def propose(self, rfq_id: UUID, body: ProposeIn, *, key: str) -> RfqOut:
        return await self._caller.call(e.propose_quote, body, key=key, path={"id": rfq_id})

    async def split(self, rfq_id: UUID, body: SplitIn, *, key: str) -> RfqOut:
        return await self._caller.call(e.split_award, body, key=key, path={"id": rfq_id})
