"""Every SELECT and UPDATE of purchase orders.

One rule: a person's reads go through ``visible_to`` and ``page`` only; a vendor sees its own orders, once
issued.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import fields, replace
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    bindparam,
    exists,
    false,
    func,
    literal_column,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY

from core.access.actor import Actor
from core.access.permissions import Permission
from core.db.base import Id
from core.db.batches import add_many, add_one, added_many, added_one, nested
from core.db.compiled import Prebuilt
from core.db.connection import Row
from core.db.counters import COUNT_IN_YEAR
from core.db.keyset import NewestFirst, as_number, constant, equal
from core.db.pending import Write
from core.db.searching import SearchedList
from core.db.swap import swap_row
from core.kernel.errors import first_or_not_found
from core.kernel.ids import OrderId
from core.kernel.pagination import Page, read_rows
from core.orders import policy, rows
from core.orders.model import Order, OrderDetails, OrderFilter, OrderLine
from core.orders.states import OrderState
from core.orders.tables import purchase_order_lines, purchase_orders
from core.people.tables import cost_centre_members, people
from core.policies.tables import receiving_policies
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
_NAMES = (
    procurement_requests.c.number.label("request_number"),
    vendors.c.name.label("vendor_name"),
    people.c.name.label("requested_by_name"),
)


def _joined(query: Select[Any]) -> Select[Any]:
    return (
        query.join(procurement_requests, procurement_requests.c.id == _O.request_id)
        .join(vendors, vendors.c.id == _O.vendor_id)
        .outerjoin(people, people.c.id == _O.requested_by)
    )


def colleagues_receive() -> ColumnElement[bool]:
    """Whether the newest policy lets colleagues of a cost centre receive."""
    policies = receiving_policies.c
    newest = select(policies.colleagues).order_by(policies.version.desc()).limit(literal_column("1"))
    return func.coalesce(newest.scalar_subquery(), false())


def _is_colleague(who: ColumnElement[Any]) -> ColumnElement[bool]:
    """The reader belongs to the order's cost centre, and the policy lets colleagues receive."""
    member = cost_centre_members.c
    belongs = exists().where(member.person_id == who, member.cost_centre == _O.cost_centre)
    return and_(belongs, colleagues_receive())


_BY_ID = _O.id == bindparam("id")
_WHO = bindparam("who", type_=Id)
_WITH_NAMES = _joined(_WHOLE.add_columns(*_NAMES, _is_colleague(_WHO).label("colleague")))
_FOR_VENDOR = _joined(_WHOLE.add_columns(*_NAMES, false().label("colleague")))
"""A vendor's login reads no policy and no cost centre's members."""
_LOAD = Prebuilt(_WHOLE.where(_BY_ID))
_LIVE = Prebuilt(
    _WHOLE.where(_O.request_id == bindparam("request"), _O.state != OrderState.cancelled.value).order_by(
        _O.id
    )
)
_SHOW = {
    "vendor": Prebuilt(_FOR_VENDOR.where(_BY_ID, _O.vendor_id == _WHO, _O.issued_at.is_not(None))),
    "all": Prebuilt(_WITH_NAMES.where(_BY_ID)),
    "own": Prebuilt(_WITH_NAMES.where(_BY_ID, or_(_O.requested_by == _WHO, _is_colleague(_WHO)))),
}
_COUNT = Prebuilt(COUNT_IN_YEAR)
_ADD = add_one(purchase_orders, *(column.name for column in purchase_orders.columns))
_ADD_LINES = add_many(purchase_order_lines, *(column.name for column in purchase_order_lines.columns))
_changed = select(
    *(
        func.unnest(bindparam(name, type_=ARRAY(purchase_order_lines.c[name].type))).label(name)
        for name in ("id", "quantity", "unit_price", "lead_time_days", "accepted", "rejected", "returned")
    )
).subquery("changed")
_LINE_FIELDS = tuple(column.name for column in _changed.c)
_UPDATE_LINES = Prebuilt(
    update(purchase_order_lines)
    .where(_L.id == _changed.c.id)
    .values({column.name: column for column in _changed.c if column.name != "id"})
)
"""Writes what may change of an order's lines, all at once."""


def visible(actor: Actor) -> ColumnElement[bool]:
    if actor.vendor_id is not None:
        return and_(_O.vendor_id == actor.vendor_id, _O.issued_at.is_not(None))
    if actor.may(Permission.requests_read_all):
        return true()
    who = bindparam("reader", actor.person_id, type_=Id)
    return or_(_O.requested_by == who, _is_colleague(who))


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


async def live_of_request(uow: Uow, request_id: UUID) -> list[Order]:
    """The orders of the request that are not cancelled: one, or those of a split award."""
    found = await uow.connection.execute(_LIVE, {"request": request_id})
    return [uow.keep(request_id, _whole(row)) for row in found]


async def live_beside(uow: Uow, order: Order) -> list[Order]:
    """The other orders of its split award that are not cancelled; none when it is the only one."""
    if order.split_award_id is None:
        return []
    return [each for each in await live_of_request(uow, order.request_id) if each.id != order.id]


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
    named = _L.description.icontains(filters.text or "", autoescape=True)
    has_text = exists().where(_L.order_id == _O.id, named) if filters.text else None
    shown = _FOR_VENDOR if actor.is_vendor else _WITH_NAMES
    facts = {} if actor.is_vendor else {"who": actor.person_id}
    read = partial(read_rows, read=partial(_details, actor), kind=OrderDetails)
    newest = _NEWEST.of_few(actor.vendor_id or filters.vendor_id)
    found = SearchedList(newest, filters.bounds, shown, read, lambda each: each.order.id, has_text, facts)
    return await found.page(uow.connection, select(_O.id).where(visible(actor), *matching))


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


async def update_lines(uow: Uow, order: Order) -> None:
    """Write the quantities, prices, days and counts of all lines; the caller has swapped the order."""
    values = {name: [getattr(line, name) for line in order.lines] for name in _LINE_FIELDS}
    await uow.connection.later(Write(_UPDATE_LINES, values, purchase_order_lines.name))


def _details(actor: Actor, row: Row) -> OrderDetails:
    """An order from its row with the names of its request, vendor and requester."""
    names = (row.request_number, row.vendor_name, row.requested_by_name or "")
    return policy.details_for(actor, OrderDetails(_whole(row), *names, colleague=row.colleague))


def _whole(row: Row) -> Order:
    """The aggregate from its row, which carries the lines."""
    return rows.order_of(row, tuple(OrderLine(*line) for line in row.lines))
