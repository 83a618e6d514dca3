"""Quotes, for a person."""

from uuid import UUID

from api.contract import endpoints as e
from api.contract.entries import EnterQuoteIn
from api.contract.file_quotes import QuoteFileOut, ReadQuoteFileIn
from api.contract.quotes import DeclineIn, QuoteIn, QuoteOut, WithdrawQuoteIn
from api.contract.rfqs import RfqOut
from bots.client.caller import ApiSlice


class QuotesApi(ApiSlice):
    async def quote(self, body: QuoteIn, *, key: str) -> QuoteOut:
        return await self._caller.call(e.submit_quote, body, key=key)

    async def enter(self, body: EnterQuoteIn, *, key: str) -> QuoteOut:
        return await self._caller.call(e.enter_quote, body, key=key)

    async def check_entry(self, rfq_id: UUID, vendor_id: UUID) -> None:
        """A refusal if nobody may enter this vendor's quote now."""
        await self._caller.call(e.check_entry, None, path={"id": rfq_id, "vendor_id": vendor_id})

    async def read_file(self, rfq_id: UUID, document_id: UUID) -> QuoteFileOut:
        """What an uploaded file says as an answer to the RFQ; nothing is stored."""
        body = ReadQuoteFileIn(rfq_id=rfq_id, document_id=document_id)
        return await self._caller.call(e.read_quote_file, body)

    async def decline(self, rfq_id: UUID, body: DeclineIn, *, key: str) -> RfqOut:
        return await self._caller.call(e.decline_rfq, body, key=key, path={"id": rfq_id})

    async def withdraw(self, quote_id: UUID, body: WithdrawQuoteIn, *, key: str) -> QuoteOut:
        return await self._caller.call(e.withdraw_quote, body, key=key, path={"id": quote_id})
