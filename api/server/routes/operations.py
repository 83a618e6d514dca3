"""The log, the deliveries and the dashboard's numbers."""

import datetime as dt
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from api.contract import endpoints as e
from api.contract import operations as wire
from api.present import operations as present
from api.server.bundle_stream import stream_bundle
from api.server.deps.call import CallDep
from api.server.rate_limits import LOGIN
from api.server.routes.serve import LIMIT, Cursor, PageLimit, serve
from core.audit import delivery_list, log_proofs, queries
from core.audit.delivery_list import DeliveryFilter
from core.audit.log_proofs import Sizes
from core.audit.queries import EventFilter, EventSearch, VerifyLog
from core.automations import projection
from core.kernel.ids import DeliveryId
from core.kernel.pagination import decode_number_cursor
from core.log.witnesses import START, LogHead

router = APIRouter()
DeliveryState = Literal["due", "running", "done", "parked", "skipped"]
After = Annotated[int, Query(ge=0, le=10**15, description="Positions above this one")]
Head = Annotated[
    str,
    Query(
        pattern="^[1-9][0-9]{0,17}:[0-9a-f]{64}$",
        description="`events:head` of an earlier answer that was ok",
    ),
]

Size = Annotated[int, Query(ge=1, le=10**15, description="The size of a published checkpoint")]
KeptNote = Annotated[str, Query(max_length=1000, description="A checkpoint's note that the caller kept")]


@serve(router, e.status, tag="operations")
async def status(call: CallDep) -> Response:
    """Counts by state, how much waits for whom, and what is parked."""
    return await call.read_for_caller(projection.dashboard_status, present.status)


@serve(router, e.list_deliveries, tag="operations")
async def list_deliveries(
    call: CallDep, state: DeliveryState | None = None, cursor: Cursor = None, limit: PageLimit = LIMIT
) -> Response:
    """What subscribers still have to handle, and what was parked."""
    wanted = DeliveryFilter(state, cursor, limit)
    return await call.read(delivery_list.list_deliveries, wanted, present.deliveries)


@serve(router, e.replay_delivery, tag="operations")
async def replay(call: CallDep, id: UUID) -> Response:
    """Run a parked delivery again from the start of its schedule."""
    return await call.run(delivery_list.replay, DeliveryId(id), present.delivery)


@serve(router, e.list_events, tag="audit")
async def events(
    call: CallDep,
    subject_id: UUID | None = None,
    after: After = 0,
    cursor: Cursor = None,
    limit: PageLimit = LIMIT,
) -> Response:
    """The log in order; of one object, or of a whole purchase by its request."""
    start = max(after, decode_number_cursor(cursor) or 0)
    return await call.read(queries.list_events, EventFilter(subject_id, start, limit), present.page_of_events)


@serve(router, e.search_events, tag="audit")
async def search(call: CallDep, query: Annotated[wire.EventQuery, Query()]) -> Response:
    """The log by person, action, subject and days, newest first; each answer looks through a part of the log."""
    return await call.read(queries.search_events, searched(query), present.found_events)


def searched(query: wire.EventQuery) -> EventSearch:
    """The search as the log is asked; the last day counts whole."""
    since = _midnight(query.from_) if query.from_ is not None else None
    until = _midnight(query.until) + dt.timedelta(days=1) if query.until not in (None, dt.date.max) else None
    told = (query.person or "", query.action or "", query.subject or "")
    return EventSearch(*told, since, until, query.before, query.limit)


def _midnight(day: dt.date | None) -> dt.datetime:
    return dt.datetime.combine(day or dt.date.min, dt.time(), dt.UTC)


@serve(router, e.list_checkpoints, tag="audit")
async def checkpoints(call: CallDep) -> Response:
    """The newest signed checkpoints; whoever keeps one can show later that nothing before it was changed."""
    return await call.read_for_caller(queries.list_checkpoints, present.checkpoints)


@serve(router, e.event_bundle, tag="audit")
async def bundle(call: CallDep, id: UUID) -> Response:
    """Your events of one thing or a whole purchase, with the proofs that they stand in the published log."""
    call.limit("bundle", LOGIN)
    return await stream_bundle(call, log_proofs.bundle, id)


@serve(router, e.prove_event, tag="audit")
async def prove_event(call: CallDep, id: UUID) -> Response:
    """One event with the proof that it stands in the published log, as a bundle."""
    call.limit("bundle", LOGIN)
    return await stream_bundle(call, log_proofs.prove_event, id)


@serve(router, e.prove_consistency, tag="audit")
async def consistency(call: CallDep, first: Size, second: Size | None = None) -> Response:
    """The proof that the log of the second checkpoint (without one, the newest) begins with that of the first."""
    call.limit("bundle", LOGIN)
    return await call.read(log_proofs.prove_consistency, Sizes(first, second), present.consistency)


@serve(router, e.verify_log, tag="audit")
async def verify(call: CallDep, after: Head | None = None, checkpoint: KeptNote | None = None) -> Response:
    """Check the whole log, also against what is kept outside the database; names the first position that is broken.

    With `after`, the `events` and `head` of an answer that the caller kept, events up to there are checked for their
    hashes only and not compared with their texts again. `checkpoint` is the note of one that the caller kept.
    """
    watch = call.services.log_watch
    kept = (watch.kept_by_caller(checkpoint),) if checkpoint is not None else ()
    witnesses = (*await watch.witnesses(), *kept)
    wanted = VerifyLog(call.services.verify_helpers, _head(after) if after else START, witnesses)
    return await call.read(queries.verify, wanted, lambda found: present.verdict(watch.remember(found)))


def _head(after: str) -> LogHead:
    position, _, chain = after.partition(":")
    return LogHead(int(position), bytes.fromhex(chain))
