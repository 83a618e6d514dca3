"""What arrives of an order: receipts, corrections, returns, and the end of an order of which no more is awaited."""

from collections.abc import Iterable
from decimal import Decimal
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
from core.policies import queries as policy_queries
from core.policies import service as policies
from core.policies.commands import SetReceivingPolicy, Tolerance
from core.receipts import queries, service
from core.receipts.commands import (
    CloseShort,
    CorrectReceipt,
    ReceivedLine,
    ReceiveGoods,
    ReturnedLine,
    ReturnGoods,
)

router = APIRouter()
NONE = Decimal(0)


@serve(router, e.list_receipts, tag="orders")
async def listing(call: CallDep, id: UUID) -> Response:
    """Everything that was recorded about deliveries of an order, oldest first, with its files."""
    return await call.read(queries.listing, OrderId(id), present_receipts.receipts)


@serve(router, e.receive_order, tag="orders")
async def receive(call: CallDep, id: UUID, body: wire.ReceiptIn) -> Response:
    """Goods arrived: accepted and rejected per line, in any number of parts, with photos if there are."""
    command = ReceiveGoods(
        OrderId(id), _lines(body.lines), body.note, body.expected_version, body.document_ids
    )
    return await call.run(service.receive, command, present.order, 201)


@serve(router, e.correct_receipt, tag="orders")
async def correct(call: CallDep, id: UUID, receipt_id: UUID, body: wire.ReceiptCorrectionIn) -> Response:
    """Say what a receipt should have said; the difference becomes an entry of its own."""
    command = CorrectReceipt(OrderId(id), receipt_id, _lines(body.lines), body.reason, body.expected_version)
    return await call.run(service.correct, command, present.order, 201)


@serve(router, e.return_goods, tag="orders")
async def return_goods(call: CallDep, id: UUID, body: wire.ReturnIn) -> Response:
    """Goods that had been accepted go back to the vendor; they are awaited again."""
    lines = tuple(ReturnedLine(OrderLineId(line.line_id), line.quantity) for line in body.lines)
    command = ReturnGoods(OrderId(id), lines, body.reason, body.expected_version, body.document_ids)
    return await call.run(service.return_goods, command, present.order, 201)


@serve(router, e.close_order_short, tag="orders")
async def close_short(call: CallDep, id: UUID, body: wire.OrderReasonIn) -> Response:
    """Procurement awaits no more: what was kept completes the order, nothing kept calls it off."""
    command = CloseShort(OrderId(id), body.reason, body.expected_version)
    return await call.run(service.close_short, command, present.order)


@serve(router, e.show_receiving_policy, tag="orders")
async def show_policy(call: CallDep) -> Response:
    """How goods are received now: by whom, and how much more than ordered."""
    return await call.read_for_caller(policy_queries.show_receiving_policy, present_receipts.receiving_policy)


@serve(router, e.set_receiving_policy, tag="orders")
async def set_policy(call: CallDep, body: wire.ReceivingPolicyIn) -> Response:
    """Set how goods are received from now on."""
    tolerances = tuple(Tolerance(rule.percent, rule.item, rule.category) for rule in body.tolerances)
    command = SetReceivingPolicy(body.colleagues, body.percent, tolerances, body.expected_version)
    return await call.run(policies.set_receiving_policy, command, present_receipts.receiving_policy)


def _lines(lines: Iterable[wire.ReceiptLineIn]) -> tuple[ReceivedLine, ...]:
    return tuple(
        ReceivedLine(OrderLineId(line.line_id), line.accepted, line.rejected or NONE) for line in lines
    )
