"""Every SELECT and UPDATE of purchase orders.

One rule: a person's reads go through ``visible_to`` and ``page`` only; a vendor sees its own orders, once
issued.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import fields, replace
from uuid import UUID

from sqlalchemy import ColumnElement, and_, bindparam, func, select, true, update
from sqlalchemy.dialects.postgresql import ARRAY

from core.access.actor import Actor
from core.access.permissions import Permission
from core.db.base import Amount, Id
from core.db.batches import add_many, add_one, added_many, added_one, nested
from core.db.compiled import Prebuilt
from core.db.connection import Row
from core.db.counters import COUNT_IN_YEAR
from core.db.keyset import NewestFirst, as_number, constant, equal, in_array_of
from core.db.pending import Write
from core.db.swap import swap_row
from core.kernel.errors import first_or_not_found
from core.kernel.ids import OrderId
from core.kernel.pagination import Page, page_of
from core.log.events import as_json
from core.orders import policy, rows
from core.orders.commands import ReceiveGoods
from core.orders.model import Order, OrderDetails, OrderFilter, OrderLine
from core.orders.states import OrderState
from core.orders.tables import purchase_order_lines, purchase_orders, receipts
from core.people.tables import people
from core.requests.tables import procurement_requests
from core.uow import Uow
from core.vendors.tables import vendors

_O = purchase_orders.c
_L = purchase_order_lines.c
_NEWEST = NewestFirst(_O.id, _O.created_at)


_LINES = nested(
    *(_L[field.name] for field in fields(OrderLine)), where=_L.order_id == _O.id, order_by=_L.position
).label("lines")
_WHOLE = select(purchase_orders, _LINES)
_WITH_NAMES = (
    _WHOLE.add_columns(
        procurement_requests.c.number.label("request_number"),
        vendors.c.name.label("vendor_name"),
        people.c.name.label("requested_by_name"),
    )
    .join(procurement_requests, procurement_requests.c.id == _O.request_id)
    .join(vendors, vendors.c.id == _O.vendor_id)
    .outerjoin(people, people.c.id == _O.requested_by)
)
_BY_ID = _O.id == bindparam("id")
_LOAD = Prebuilt(_WHOLE.where(_BY_ID))
_LIVE = Prebuilt(_WHOLE.where(_O.request_id == bindparam("request"), _O.state != OrderState.cancelled.value))
_SHOW = {
    "vendor": Prebuilt(
        _WITH_NAMES.where(_BY_ID, _O.vendor_id == bindparam("who"), _O.issued_at.is_not(None))
    ),
    "all": Prebuilt(_WITH_NAMES.where(_BY_ID)),
    "own": Prebuilt(_WITH_NAMES.where(_BY_ID, _O.requested_by == bindparam("who"))),
}
_COUNT = Prebuilt(COUNT_IN_YEAR)
_ADD = add_one(purchase_orders, *(column.name for column in purchase_orders.columns))
_ADD_LINES = add_many(purchase_order_lines, *(column.name for column in purchase_order_lines.columns))
_arrived = select(
    func.unnest(bindparam("id", type_=ARRAY(Id))).label("id"),
    func.unnest(bindparam("accepted", type_=ARRAY(Amount))).label("accepted"),
    func.unnest(bindparam("rejected", type_=ARRAY(Amount))).label("rejected"),
).subquery("arrived")
_ADD_RECEIPT = add_one(receipts, *(column.name for column in receipts.columns))
_COUNT_ARRIVED = Prebuilt(
    update(purchase_order_lines)
    .where(_L.id == _arrived.c.id)
    .values(accepted=_arrived.c.accepted, rejected=_arrived.c.rejected)
)


def _visible(actor: Actor) -> ColumnElement[bool]:
    if actor.vendor_id is not None:
        return and_(_O.vendor_id == actor.vendor_id, _O.issued_at.is_not(None))
    return true() if actor.may(Permission.requests_read_all) else _O.requested_by == actor.person_id


async def visible_details(uow: Uow, actor: Actor, order_id: OrderId) -> OrderDetails:
    """The order with its names, or NotFound when it is unknown or this person may not see it."""
    rule = "all" if actor.may(Permission.requests_read_all) else "own"
    statement = _SHOW["vendor" if actor.vendor_id is not None else rule]
    facts = {"id": order_id, "who": actor.vendor_id or actor.person_id}
    found = (await uow.connection.execute(statement, facts)).all()
    row = first_or_not_found(found, what="order")
    shown = _details(actor, row)
    uow.keep(row.request_id, shown.order)
    return shown


async def visible_to(uow: Uow, actor: Actor, order_id: OrderId) -> Order:
    """The order, or NotFound when it is unknown or this person may not see it."""
    return (await visible_details(uow, actor, order_id)).order


async def load(uow: Uow, order_id: UUID) -> Order:
    """The order, for Parley itself."""
    seen = uow.seen(Order, order_id)
    if seen is not None:
        return seen
    found = (await uow.connection.execute(_LOAD, {"id": order_id})).all()
    row = first_or_not_found(found, what="order")
    return uow.keep(row.request_id, _whole(row))


async def due_to_issue(uow: Uow, now: dt.datetime) -> Sequence[OrderId]:
    """Orders whose time to undo is over."""
    found = await uow.connection.scalars(
        select(_O.id)
        .where(_O.state == constant(OrderState.generated), _O.issue_at <= now)
        .order_by(_O.issue_at)
        .limit(100)
    )
    return [OrderId(order_id) for order_id in found]


async def live_of_request(uow: Uow, request_id: UUID) -> Order | None:
    """The one order of the request that is not cancelled."""
    row = (await uow.connection.execute(_LIVE, {"request": request_id})).one_or_none()
    return None if row is None else uow.keep(request_id, _whole(row))


async def page(uow: Uow, actor: Actor, filters: OrderFilter) -> Page[OrderDetails]:
    """One page with names, newest first; ``mine``: orders for requests of this person."""
    wanted = {
        _O.number: as_number(filters.number),
        _O.state: filters.state,
        _O.vendor_id: filters.vendor_id,
        _O.cost_centre: filters.cost_centre,
        _O.request_id: filters.request_id,
        _O.requested_by: filters.person,
    }
    matching = equal(wanted)
    if filters.mine and actor.vendor_id is None:
        matching.append(_O.requested_by == actor.person_id)
    bounds = filters.bounds
    ids = _NEWEST.page(select(_O.id).where(_visible(actor), *matching), bounds).correlate(None)
    on_page = _WITH_NAMES.where(in_array_of(_O.id, ids)).order_by(*_NEWEST.order(bounds))
    found = [_details(actor, row) for row in await uow.connection.execute(on_page)]
    return page_of(found, filters.page.limit, lambda each: each.order.id)


async def add(uow: Uow, order: Order) -> str:
    """Insert the order, once per approval and request, with its lines; its number is the next of the year."""
    year = order.created_at.year
    count: int = await uow.connection.scalar(_COUNT, {"kind": "PO", "year": year})
    numbered = replace(order, number=f"PO-{year}-{count:05d}")
    lines = [rows.line_columns(order.id, line) for line in order.lines]
    await uow.connection.later(
        added_one(_ADD, purchase_orders, rows.order_columns(numbered)),
        added_many(_ADD_LINES, purchase_order_lines, lines),
    )
    return uow.keep(order.request_id, numbered).number


async def swap(uow: Uow, before: Order, after: Order, *, steps: int = 1) -> Order:
    """Write the new version over the one that was read, or raise Stale; ``steps``: how many changes at once."""
    written = replace(after, version=before.version + steps)
    await swap_row(uow.connection, purchase_orders, before, rows.order_columns(written), what="order")
    return uow.keep(written.request_id, written)


async def add_receipt(uow: Uow, receipt_id: UUID, actor: Actor, order: Order, command: ReceiveGoods) -> None:
    """Write a receipt and the counts that follow from it."""
    receipt = {
        "id": receipt_id,
        "order_id": order.id,
        "received_by": actor.person_id,
        "received_at": uow.now,
        "note": command.note,
        "lines": as_json(command.lines),
    }
    lines = order.lines
    counts = {name: [getattr(line, name) for line in lines] for name in ("id", "accepted", "rejected")}
    await uow.connection.later(
        added_one(_ADD_RECEIPT, receipts, receipt),
        Write(_COUNT_ARRIVED, counts, purchase_order_lines.name),
    )


def _details(actor: Actor, row: Row) -> OrderDetails:
    """An order from its row with the names of its request, vendor and requester."""
    names = (row.request_number, row.vendor_name, row.requested_by_name or "")
    return policy.details_for(actor, _whole(row), *names)


def _whole(row: Row) -> Order:
    """The aggregate from its row, which carries the lines."""
    return rows.order_of(row, tuple(OrderLine(*line) for line in row.lines))
