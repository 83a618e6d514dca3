"""Purchase orders and receipts, for a person."""

from uuid import UUID

from api.contract import endpoints as e
from api.contract.entries import EnterAcknowledgementIn
from api.contract.orders import (
    AcknowledgeIn,
    CancelOrderIn,
    ChangeIn,
    OrderOut,
    OrderReasonIn,
    OrderVersionIn,
    ReceiptCorrectionIn,
    ReceiptIn,
    ReceiptOut,
    ReturnIn,
    RevisionOut,
)
from bots.client.caller import ListableSlice


class OrdersApi(ListableSlice[OrderOut]):
    list_endpoint = e.list_orders

    async def show(self, order_id: UUID) -> OrderOut:
        return await self._caller.call(e.show_order, None, path={"id": order_id})

    async def acknowledge(self, order_id: UUID, body: AcknowledgeIn, *, key: str) -> OrderOut:
        return await self._caller.call(e.acknowledge_order, body, key=key, path={"id": order_id})

    async def acknowledge_for(self, order_id: UUID, body: EnterAcknowledgementIn, *, key: str) -> OrderOut:
        return await self._caller.call(e.enter_acknowledgement, body, key=key, path={"id": order_id})

    async def refuse(self, order_id: UUID, body: OrderReasonIn, *, key: str) -> OrderOut:
        return await self._caller.call(e.refuse_order, body, key=key, path={"id": order_id})

    async def change(self, order_id: UUID, body: ChangeIn, *, key: str) -> OrderOut:
        return await self._caller.call(e.change_order, body, key=key, path={"id": order_id})

    async def accept_change(self, order_id: UUID, body: OrderVersionIn, *, key: str) -> OrderOut:
        return await self._caller.call(e.accept_change, body, key=key, path={"id": order_id})

    async def decline_change(self, order_id: UUID, body: OrderReasonIn, *, key: str) -> OrderOut:
        return await self._caller.call(e.decline_change, body, key=key, path={"id": order_id})

    async def take_back_change(self, order_id: UUID, body: OrderVersionIn, *, key: str) -> OrderOut:
        return await self._caller.call(e.take_back_change, body, key=key, path={"id": order_id})

    async def call_off(self, order_id: UUID, body: OrderReasonIn, *, key: str) -> OrderOut:
        return await self._caller.call(e.call_off_order, body, key=key, path={"id": order_id})

    async def close_short(self, order_id: UUID, body: OrderReasonIn, *, key: str) -> OrderOut:
        return await self._caller.call(e.close_order_short, body, key=key, path={"id": order_id})

    async def cancel(self, order_id: UUID, body: CancelOrderIn, *, key: str) -> OrderOut:
        return await self._caller.call(e.cancel_order, body, key=key, path={"id": order_id})

    async def receipts(self, order_id: UUID) -> tuple[ReceiptOut, ...]:
        return (await self._caller.call(e.list_receipts, None, path={"id": order_id})).items

    async def correct(
        self, order_id: UUID, receipt_id: UUID, body: ReceiptCorrectionIn, *, key: str
    ) -> OrderOut:
        path = {"id": order_id, "receipt_id": receipt_id}
        return await self._caller.call(e.correct_receipt, body, key=key, path=path)

    async def return_goods(self, order_id: UUID, body: ReturnIn, *, key: str) -> OrderOut:
        return await self._caller.call(e.return_goods, body, key=key, path={"id": order_id})

    async def receive(self, order_id: UUID, body: ReceiptIn, *, key: str) -> OrderOut:
        return await self._caller.call(e.receive_order, body, key=key, path={"id": order_id})

    async def revisions(self, order_id: UUID) -> tuple[RevisionOut, ...]:
        """Every version of its terms, the one in force last."""
        return (await self._caller.call(e.list_revisions, None, path={"id": order_id})).items
