"""Purchase orders and receipts, for a person."""

from uuid import UUID

from api.contract import endpoints as e
from api.contract.orders import AcknowledgeIn, OrderOut, ReceiptIn
from api.contract.values import Listing
from bots.client.caller import Caller, asked


class Orders:
    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def listing(
        self,
        *,
        state: str | None = None,
        mine: bool = False,
        cursor: str | None = None,
        limit: int | None = None,
    ) -> Listing[OrderOut]:
        query = asked(state=state, mine=mine, cursor=cursor, limit=limit)
        return await self._caller.call(e.list_orders, None, query=query)

    async def show(self, order_id: UUID) -> OrderOut:
        return await self._caller.call(e.show_order, None, path={"id": order_id})

    async def acknowledge(self, order_id: UUID, body: AcknowledgeIn, *, key: str) -> OrderOut:
        return await self._caller.call(e.acknowledge_order, body, key=key, path={"id": order_id})

    async def receive(self, order_id: UUID, body: ReceiptIn, *, key: str) -> OrderOut:
        return await self._caller.call(e.receive_order, body, key=key, path={"id": order_id})
