"""The dashboard's numbers, the deliveries, and the log for those who check it."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from api.contract import endpoints as e
from api.deps.call import CallDep
from api.present import operations as present
from api.routes.serve import LIMIT, Cursor, Limit, serve
from core.automations import deliveries, projection
from core.automations.deliveries import DeliveryFilter
from core.exports import queries as log
from core.exports.queries import EventFilter
from core.kernel.ids import DeliveryId
from core.kernel.page import decode_number

router = APIRouter()
State = Literal["due", "running", "done", "parked", "skipped"]
After = Annotated[int, Query(ge=0, le=10**17, description="Position of the last event that is known")]


@serve(router, e.status, tag="operations")
async def status(call: CallDep) -> Response:
    """Counts by state, what waits for whom, what is parked."""
    return await call.ask(projection.status, present.status)


@serve(router, e.list_deliveries, tag="operations")
async def listing(
    call: CallDep, state: State | None = None, cursor: Cursor = None, limit: Limit = LIMIT
) -> Response:
    """Deliveries of events to their subscribers, newest first."""
    return await call.read(
        deliveries.list_deliveries, DeliveryFilter(state, cursor, limit), present.deliveries
    )


@serve(router, e.replay_delivery, tag="operations")
async def replay(call: CallDep, id: UUID) -> Response:
    """Run a parked delivery again from the start of its schedule."""
    return await call.run(deliveries.replay, DeliveryId(id), present.delivery)


@serve(router, e.list_events, tag="audit")
async def events(
    call: CallDep,
    subject_id: UUID | None = None,
    after: After = 0,
    cursor: Cursor = None,
    limit: Limit = LIMIT,
) -> Response:
    """Sealed events in the log's order; of one subject, or of a whole purchase by its request's id."""
    since = max(after, decode_number(cursor) or 0)
    return await call.read(log.events, EventFilter(subject_id, since, limit), present.events)


@serve(router, e.verify_log, tag="audit")
async def verify(call: CallDep) -> Response:
    """Walk the whole log; the first place where it does not hold."""
    return await call.ask(log.verify, present.verdict)
