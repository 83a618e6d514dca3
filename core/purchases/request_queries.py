"""The read models of procurement requests, with what may be done as far as RFQ and order have come.

One rule: a page of any length takes a fixed number of statements.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, any_, bindparam, select
from sqlalchemy.dialects.postgresql import ARRAY

from core.access.actor import Actor
from core.access.guard import requires
from core.access.permissions import Permission
from core.db.base import Id
from core.db.compiled import Prebuilt
from core.db.connection import Row
from core.kernel.errors import first_or_not_found
from core.kernel.ids import RequestId
from core.kernel.pagination import Page
from core.orders.states import TRANSITIONS, OrderState, OrderVerb
from core.orders.tables import purchase_orders
from core.people.tables import cost_centres, people
from core.purchases import request_pages
from core.requests import repo
from core.requests.actions import actions_of
from core.requests.model import Progress, Request, RequestDetails, RequestFilter
from core.requests.tables import procurement_requests
from core.rfqs.policy import has_closed
from core.rfqs.repo import is_undecided
from core.rfqs.states import RfqState
from core.rfqs.tables import rfqs
from core.timelines import repo as timelines
from core.timelines.model import TimelineEntry
from core.uow import Uow

_R = procurement_requests.c
_other = people.alias("enterer")
_ENTERED_BY = (
    select(_other.c.name)
    .where(_other.c.id == _R.entered_by)
    .correlate(procurement_requests)
    .scalar_subquery()
)


def _with_progress(query: Select[Any]) -> Select[Any]:
    """The names of a request's person and cost centre, and the states of RFQ and order, beside its own columns."""
    return (
        query.add_columns(
            people.c.name,
            _ENTERED_BY.label("entered_by_name"),
            cost_centres.c.name.label("centre"),
            rfqs.c.number.label("rfq"),
            is_undecided().label("undecided"),
            rfqs.c.state.label("rfq_state"),
            rfqs.c.quote_by,
            purchase_orders.c.state.label("order_state"),
        )
        .join(people, people.c.id == _R.requested_by)
        .join(cost_centres, cost_centres.c.code == _R.cost_centre)
        .outerjoin(rfqs, rfqs.c.id == _R.rfq_id)
        .outerjoin(purchase_orders, purchase_orders.c.id == _R.order_id)
    )


_SHOW = {all_of_them: Prebuilt(_with_progress(query)) for all_of_them, query in repo.VISIBLE_BY_ID.items()}
_DETAILS = Prebuilt(
    _with_progress(select(_R.id)).where(_R.id == any_(bindparam("requests", type_=ARRAY(Id))))
)


@requires(Permission.requests_read)
async def show(uow: Uow, actor: Actor, request_id: RequestId) -> RequestDetails:
    """One request, if this person may see it."""
    statement = _SHOW[actor.may(Permission.requests_read_all)]
    found = (await uow.connection.execute(statement, {"id": request_id, "person": actor.person_id})).all()
    row = first_or_not_found(found, what="request")
    return _detailed(actor, repo.kept(uow, row), row, uow.now)


@requires(Permission.requests_read)
async def listing(uow: Uow, actor: Actor, filters: RequestFilter) -> Page[RequestDetails]:
    """The requests this person may see, newest first."""
    found = await request_pages.page(uow, actor, filters)
    return found.with_items(await _details(uow, actor, found.items))


@requires(Permission.requests_read)
async def timeline(uow: Uow, actor: Actor, request_id: RequestId) -> tuple[TimelineEntry, ...]:
    """Everything that happened to this purchase, on every channel, oldest first."""
    await repo.visible_to(uow, actor, request_id)
    return await timelines.of_purchase(uow, request_id)


async def _details(uow: Uow, actor: Actor, requests: Sequence[Request]) -> tuple[RequestDetails, ...]:
    """The names of these requests' people and cost centres, and the states of RFQ and order, in one statement."""
    if not requests:
        return ()
    found = await uow.connection.execute(_DETAILS, {"requests": [request.id for request in requests]})
    rows = {row.id: row for row in found}
    return tuple(_detailed(actor, request, rows[request.id], uow.now) for request in requests)


def _detailed(actor: Actor, request: Request, row: Row, now: dt.datetime) -> RequestDetails:
    order = OrderState(row.order_state) if row.order_state is not None else None
    state = RfqState(row.rfq_state) if row.rfq_state is not None else None
    rfq = RfqProgress(row.rfq, state, row.quote_by, bool(row.undecided)) if state is not None else None
    actions = actions_of(actor, request, progress_of(rfq, order, now), now.date())
    return RequestDetails(request, row.name, row.centre, actions, row.entered_by_name)


@dataclass(frozen=True)
class RfqProgress:
    """What the newest RFQ says about its request."""

    number: str
    state: RfqState
    quote_by: dt.datetime
    undecided: bool


def progress_of(rfq: RfqProgress | None, order: OrderState | None, now: dt.datetime) -> Progress:
    """What the newest RFQ and the newest order mean for the request; an acknowledged order is final."""
    final = order not in (None, OrderState.cancelled) and (order, OrderVerb.cancel) not in TRANSITIONS
    closed = rfq is not None and has_closed(rfq.state, rfq.quote_by, now)
    return Progress(
        rfq.number if rfq and rfq.undecided else None,
        rfq.number if rfq and closed else None,
        order.value if order and final else None,
    )
