"""RFQs, for a person."""

from uuid import UUID

from api.contract import endpoints as e
from api.contract.rfqs import RfqOut
from bots.client.caller import ListableSlice


class RfqsApi(ListableSlice[RfqOut]):
    list_endpoint = e.list_rfqs

    async def show(self, rfq_id: UUID) -> RfqOut:
        return await self._caller.call(e.show_rfq, None, path={"id": rfq_id})
