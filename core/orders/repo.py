"""Every SELECT and UPDATE of purchase orders.

One rule: a person's reads go through ``visible_to`` and ``page`` only; a vendor sees its own orders, once
issued.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, bindparam, insert, select, true, update

from core.access.actor import Actor
from core.access.permissions import Permission
from core.db.keyset import NewestFirst, as_number, constant, equal
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


def _visible(actor: Actor) -> ColumnElement[bool]:
    if actor.vendor_id is not None:
        return and_(_O.vendor_id == actor.vendor_id, _O.issued_at.is_not(None))
    return true() if actor.may(Permission.requests_read_all) else _O.requested_by == actor.person_id


async def visible_to(uow: Uow, actor: Actor, order_id: OrderId) -> Order:
    """The order, or NotFound when it is unknown or this person may not see it."""
    found = await _load(uow, and_(_O.id == order_id, _visible(actor)), limit=1)
    return first_or_not_found(found, what="order")


async def load(uow: Uow, order_id: UUID) -> Order:
    """The order, for Parley itself."""
    found = await _load(uow, _O.id == order_id, limit=1)
    return first_or_not_found(found, what="order")


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
    condition = and_(_O.request_id == request_id, _O.state != OrderState.cancelled.value)
    return next(iter(await _load(uow, condition, limit=1)), None)


async def page(uow: Uow, actor: Actor, filters: OrderFilter) -> Page[Order]:
    """One page, newest first; ``mine``: orders for requests of this person."""
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
    statement = select(purchase_orders).where(_visible(actor), *matching)
    return page_of(
        await _with_lines(uow, _NEWEST.page(statement, filters.bounds)),
        filters.page.limit,
        lambda order: order.id,
    )


async def _load(uow: Uow, condition: ColumnElement[bool], *, limit: int) -> list[Order]:
    statement = select(purchase_orders).where(condition).order_by(_O.id.desc()).limit(limit)
    return await _with_lines(uow, statement)


async def _with_lines(uow: Uow, statement: Select[Any]) -> list[Order]:
    found = (await uow.connection.execute(statement)).all()
    if not found:
        return []
    lines: dict[UUID, list[OrderLine]] = {row.id: [] for row in found}
    for row in await uow.connection.execute(
        select(purchase_order_lines).where(_L.order_id.in_(list(lines))).order_by(_L.position)
    ):
        lines[row.order_id].append(rows.line_of(row))
    return [rows.order_of(row, tuple(lines[row.id])) for row in found]


async def add(uow: Uow, order: Order) -> None:
    """Insert the order and its lines; the database refuses a second one for the same approval or request."""
    await uow.connection.execute(insert(purchase_orders).values(**rows.order_columns(order)))
    await uow.connection.execute(
        insert(purchase_order_lines), [rows.line_columns(order.id, line) for line in order.lines]
    )


async def swap(uow: Uow, before: Order, after: Order) -> Order:
    """Write the new version over the one that was read, or raise Stale when another call was faster."""
    written = replace(after, version=before.version + 1)
    await swap_row(uow.connection, purchase_orders, before, rows.order_columns(written), what="order")
    return written


async def add_receipt(uow: Uow, receipt_id: UUID, actor: Actor, order: Order, command: ReceiveGoods) -> None:
    """Write a receipt and the counts that follow from it."""
    await uow.connection.execute(
        update(purchase_order_lines)
        .where(_L.id == bindparam("line"))
        .values(accepted=bindparam("now_accepted"), rejected=bindparam("now_rejected")),
        [
            {"line": line.id, "now_accepted": line.accepted, "now_rejected": line.rejected}
            for line in order.lines
        ],
    )
    await uow.connection.execute(
        insert(receipts).values(
            id=receipt_id,
            order_id=order.id,
            received_by=actor.person_id,
            received_at=uow.now,
            note=command.note,
            lines=as_json(command.lines),
        )
    )


async def details(uow: Uow, orders: Sequence[Order]) -> tuple[OrderDetails, ...]:
    """The names of these orders' requests, vendors and people, in one query."""
    if not orders:
        return ()
    found = await uow.connection.execute(
        select(
            _O.id,
            procurement_requests.c.number,
            vendors.c.name.label("vendor"),
            people.c.name.label("requester"),
        )
        .join(procurement_requests, procurement_requests.c.id == _O.request_id)
        .join(vendors, vendors.c.id == _O.vendor_id)
        .outerjoin(people, people.c.id == _O.requested_by)
        .where(_O.id.in_([order.id for order in orders]))
    )
    names = {row.id: row for row in found}
    return tuple(
        policy.details_for(
            uow.actor,
            order,
            names[order.id].number,
            names[order.id].vendor,
            names[order.id].requester or "",
        )
        for order in orders
    )
