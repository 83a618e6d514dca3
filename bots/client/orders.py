"""Purchase orders and receipts, for a person."""

from uuid import UUID

from api.contract import endpoints as e
from api.contract.orders import AcknowledgeIn, OrderOut, ReceiptIn
from bots.client.caller import ListableSlice


class OrdersApi(ListableSlice[OrderOut]):
    list_endpoint = e.list_orders

    async def show(self, order_id: UUID) -> OrderOut:
        return await self._caller.call(e.show_order, None, path={"id": order_id})

    async def acknowledge(self, order_id: UUID, body: AcknowledgeIn, *, key: str) -> OrderOut:
        return await self._caller.call(e.acknowledge_order, body, key=key, path={"id": order_id})

    async def receive(self, order_id: UUID, body: ReceiptIn, *, key: str) -> OrderOut:
        return await self._caller.call(e.receive_order, body, key=key, path={"id": order_id})
