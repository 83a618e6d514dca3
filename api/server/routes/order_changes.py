"""Changes of an order that one side proposes and the other one answers, and the order's earlier versions."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from api.contract import endpoints as e
from api.contract import orders as wire
from api.present import orders as present
from api.present import receipts as present_receipts
from api.server.deps.call import CallDep
from api.server.routes.serve import serve
from core.kernel.ids import OrderId, OrderLineId
from core.order_changes import queries, service
from core.order_changes.commands import (
    AcceptChange,
    AskToCallOff,
    ChangedLine,
    DeclineChange,
    ProposeChange,
    TakeBackChange,
)

router = APIRouter()


@serve(router, e.change_order, tag="orders")
async def propose(call: CallDep, id: UUID, body: wire.ChangeIn) -> Response:
    """The vendor proposes another day, quantity or price; nothing changes before procurement agrees."""
    lines = tuple(
        ChangedLine(OrderLineId(line.line_id), line.quantity, line.unit_price, line.due_on)
        for line in body.lines
    )
    command = ProposeChange(OrderId(id), lines, body.due_on, body.reason, body.expected_version)
    return await call.run(service.propose, command, present.order, 201)


@serve(router, e.call_off_order, tag="orders")
async def call_off(call: CallDep, id: UUID, body: wire.OrderReasonIn) -> Response:
    """One side asks the other to end an order that both are bound by."""
    command = AskToCallOff(OrderId(id), body.reason, body.expected_version)
    return await call.run(service.ask_to_call_off, command, present.order)


@serve(router, e.accept_change, tag="orders")
async def accept(call: CallDep, id: UUID, body: wire.OrderVersionIn) -> Response:
    """Agree to what the other side proposed; a higher total is approved first by those it newly asks."""
    return await call.run(service.accept, AcceptChange(OrderId(id), body.expected_version), present.order)


@serve(router, e.decline_change, tag="orders")
async def decline(call: CallDep, id: UUID, body: wire.OrderReasonIn) -> Response:
    """Refuse what the other side proposed: the order goes on as it was."""
    command = DeclineChange(OrderId(id), body.reason, body.expected_version)
    return await call.run(service.decline, command, present.order)


@serve(router, e.take_back_change, tag="orders")
async def take_back(call: CallDep, id: UUID, body: wire.OrderVersionIn) -> Response:
    """Take back one's own proposal: the order goes on as it was."""
    return await call.run(
        service.take_back, TakeBackChange(OrderId(id), body.expected_version), present.order
    )


@serve(router, e.list_revisions, tag="orders")
async def history(call: CallDep, id: UUID) -> Response:
    """All versions of an order's terms, the present one last."""
    return await call.read(queries.history, OrderId(id), present_receipts.history)
