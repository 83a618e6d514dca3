"""Purchase orders."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from api.contract import endpoints as e
from api.contract import orders as wire
from api.present import orders as present
from api.server.deps.call import CallDep
from api.server.routes.serve import narrowed, serve
from core.kernel.ids import OrderId
from core.orders import queries, service
from core.orders.commands import AcknowledgeOrder, CancelOrder, RefuseOrder
from core.orders.model import OrderFilter

router = APIRouter()


@serve(router, e.list_orders, tag="orders")
async def listing(call: CallDep, query: Annotated[wire.OrderQuery, Query()]) -> Response:
    """Purchase orders, newest first."""
    wanted = OrderFilter(state=query.state, mine=query.mine, request_id=query.request_id, **narrowed(query))
    return await call.read(queries.listing, wanted, present.orders)


@serve(router, e.show_order, tag="orders")
async def show(call: CallDep, id: UUID) -> Response:
    """One purchase order."""
    return await call.read(queries.show, OrderId(id), present.order)


@serve(router, e.acknowledge_order, tag="orders")
async def acknowledge(call: CallDep, id: UUID, body: wire.AcknowledgeIn) -> Response:
    """The vendor confirms that it will deliver."""
    command = AcknowledgeOrder(OrderId(id), body.note, body.expected_version)
    return await call.run(service.acknowledge, command, present.order)


@serve(router, e.refuse_order, tag="orders")
async def refuse(call: CallDep, id: UUID, body: wire.OrderReasonIn) -> Response:
    """The vendor will not deliver; the request returns to its quotes."""
    command = RefuseOrder(OrderId(id), body.reason, body.expected_version)
    return await call.run(service.refuse, command, present.order)


@serve(router, e.cancel_order, tag="orders")
async def cancel(call: CallDep, id: UUID, body: wire.CancelOrderIn) -> Response:
    """Procurement cancels an order that the vendor has not acknowledged."""
    command = CancelOrder(OrderId(id), body.reason, body.expected_version)
    return await call.run(service.cancel, command, present.order)
