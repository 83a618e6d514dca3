"""Deliveries as administrators see them: due, running or parked, and how to replay a parked one."""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, TextClause, select, text, true

from core.access.actor import Actor
from core.access.guard import requires
from core.access.permissions import Permission
from core.kernel.errors import NotFound, WrongState
from core.kernel.ids import DeliveryId
from core.kernel.pagination import Page, decode_id_cursor, page_of
from core.log import deliveries as rows
from core.log.deliveries import DeliveryReplayed
from core.log.tables import deliveries
from core.uow import Uow

_D = deliveries.c
_INDEXED = {
    "due": text("state IN ('due', 'running')"),
    "running": text("state IN ('due', 'running')"),
    "parked": text("state IN ('parked', 'skipped')"),
    "skipped": text("state IN ('parked', 'skipped')"),
}
"""Written out, because a bind parameter does not show that an index of these few rows is enough."""


@dataclass(frozen=True)
class DeliveryFilter:
    state: str | None
    cursor: str | None
    limit: int


@dataclass(frozen=True)
class DeliveryRow:
    id: UUID
    event_id: UUID
    event_type: str
    subscriber: str
    subject: str
    state: str
    attempts: int
    due_at: dt.datetime
    last_error: str | None
    updated_at: dt.datetime


@requires(Permission.deliveries_read)
async def list_deliveries(uow: Uow, actor: Actor, filters: DeliveryFilter) -> Page[DeliveryRow]:
    """Deliveries, newest first."""
    after = decode_id_cursor(filters.cursor)
    found = await uow.connection.execute(
        _select_delivery()
        .where(*_in_state(filters.state), _D.id < after if after else true())
        .order_by(_D.id.desc())
        .limit(filters.limit + 1)
    )
    return page_of([DeliveryRow(*row) for row in found], filters.limit, lambda row: row.id)


def _in_state(state: str | None) -> list[ColumnElement[bool] | TextClause]:
    if state is None:
        return []
    return [_D.state == state, *([_INDEXED[state]] if state in _INDEXED else [])]


@requires(Permission.deliveries_replay)
async def replay(uow: Uow, actor: Actor, delivery_id: DeliveryId) -> DeliveryRow:
    """Run a parked delivery again from the start of its schedule."""
    found = (await uow.connection.execute(_select_delivery().where(_D.id == delivery_id))).one_or_none()
    if found is None:
        raise NotFound(what="delivery")
    if not await rows.replay(uow.connection, delivery_id, uow.now):
        raise WrongState(what="delivery", state=found.state, verb="replay")
    await uow.record(
        DeliveryReplayed(
            subject_id=delivery_id,
            subject_version=1,
            subscriber=found.subscriber,
            event_type=found.event_type,
        )
    )
    return DeliveryRow(*(await uow.connection.execute(_select_delivery().where(_D.id == delivery_id))).one())


def _select_delivery() -> Select[Any]:
    return select(
        _D.id,
        _D.event_id,
        _D.event_type,
        _D.subscriber,
        _D.subject,
        _D.state,
        _D.attempts,
        _D.due_at,
        _D.last_error,
        _D.updated_at,
    )
