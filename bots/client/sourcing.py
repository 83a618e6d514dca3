"""RFQs and quotes, for a person."""

from uuid import UUID

from api.contract import endpoints as e
from api.contract.sourcing import CloseIn, DeclineIn, ProposeIn, QuoteIn, QuoteOut, RfqOut, WithdrawQuoteIn
from bots.client.caller import Listed


class Sourcing(Listed[RfqOut]):
    lists = e.list_rfqs

    async def show(self, rfq_id: UUID) -> RfqOut:
        return await self._caller.call(e.show_rfq, None, path={"id": rfq_id})

    async def close(self, rfq_id: UUID, body: CloseIn, *, key: str) -> RfqOut:
        return await self._caller.call(e.close_rfq, body, key=key, path={"id": rfq_id})

    async def propose(self, rfq_id: UUID, body: ProposeIn, *, key: str) -> RfqOut:
        return await self._caller.call(e.propose_quote, body, key=key, path={"id": rfq_id})

    async def decline(self, rfq_id: UUID, body: DeclineIn, *, key: str) -> RfqOut:
        return await self._caller.call(e.decline_rfq, body, key=key, path={"id": rfq_id})

    async def quote(self, body: QuoteIn, *, key: str) -> QuoteOut:
        return await self._caller.call(e.submit_quote, body, key=key)

    async def withdraw(self, quote_id: UUID, body: WithdrawQuoteIn, *, key: str) -> QuoteOut:
        return await self._caller.call(e.withdraw_quote, body, key=key, path={"id": quote_id})
