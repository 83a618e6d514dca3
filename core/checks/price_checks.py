"""Rules that compare a line with what was ordered of the same item before.

One rule: prices are compared in one currency and one unit, and a purchase's own orders are never its past.
"""

import datetime as dt
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Date,
    FromClause,
    Interval,
    Select,
    String,
    and_,
    any_,
    bindparam,
    case,
    cast,
    func,
    literal_column,
    not_,
    select,
    true,
    tuple_,
)

from core.approvals.tables import approvals
from core.checks import method
from core.checks.chosen import AT, CHOSEN, REQUEST, rows_of
from core.checks.decided_rate import DecidedRate, worth_of
from core.checks.model import CheckRule, ChosenOffer, Found, PastLine, RuleSetting, facts_of
from core.db.base import Id
from core.db.compiled import Prebuilt
from core.db.connection import Connection, Row
from core.kernel.ids import first_id_at
from core.offers.tables import quote_lines
from core.orders.states import OrderState
from core.orders.tables import purchase_order_lines, purchase_orders
from core.requests.tables import procurement_requests
from core.rfqs.tables import rfq_lines
from core.split_awards.tables import split_award_lines
from core.uow import Uow
from core.vendors.tables import vendors

_DUPLICATE_TIME = literal_column(f"interval '{method.DUPLICATE_DAYS} days'", Interval)
_NEVER_BOUGHT = OrderState.cancelled.value
_FIRST = literal_column(f"'{UUID(int=0)}'::uuid", Id)
_LAST = literal_column(f"'{UUID(int=2**128 - 1)}'::uuid", Id)
_L, _O = purchase_order_lines.c, purchase_orders.c
_ORDER = bindparam("order", type_=Id)


def _same_item(description: ColumnElement[str], first: ColumnElement[UUID]) -> ColumnElement[bool]:
    """Ordered lines of this description, as a range of the index on words and id; else the planner reads by id."""
    words, place = func.lower(description), tuple_(func.lower(_L.description), _L.id)
    return and_(place >= tuple_(words, first), place <= tuple_(words, _LAST))


def _newest(
    description: ColumnElement[str], *correlated: FromClause, first: ColumnElement[UUID] = _FIRST
) -> Select[Any]:
    """The newest ordered lines of an item, from an id on, in any unit; older ones are not even read."""
    return (
        select(_L.id, _L.order_id, _L.unit_price, _L.quantity, func.lower(_L.unit).label("unit"))
        .where(_same_item(description, first))
        .order_by(func.lower(_L.description).desc(), _L.id.desc())
        .limit(method.LOOKED_BACK)
        .correlate(*correlated)
    )


def _price_statement() -> Select[Any]:
    """Each chosen line with the newest prices of the same item, as rows, oldest first."""
    mine = CHOSEN.c
    newest = _newest(mine.description, CHOSEN).subquery("newest")
    paid = (
        select(func.row(newest.c.unit_price, _O.vendor_id == mine.vendor_id, _O.created_at))
        .select_from(newest.join(purchase_orders, _O.id == newest.c.order_id))
        .where(
            newest.c.unit == func.lower(mine.unit),
            _O.currency == mine.currency,
            _O.state != _NEVER_BOUGHT,
            _O.request_id != REQUEST,
            _O.created_at < AT,
        )
        .order_by(newest.c.id)
        .correlate(CHOSEN)
    )
    return (
        select(CHOSEN, func.array(paid.scalar_subquery()).label("past"), vendors.c.name.label("vendor"))
        .select_from(CHOSEN.join(vendors, vendors.c.id == mine.vendor_id))
        .where(mine.unit_price > 0)
    )


PRICE = Prebuilt(_price_statement())


async def newest_lines(connection: Connection, most: int) -> list[PastLine]:
    """The newest lines that were ordered, oldest first: what an evaluation on one's own history runs the rules on."""
    newest = (
        select(
            cast(_O.created_at, Date),
            _O.id,
            _O.cost_centre,
            _O.vendor_id,
            func.lower(_L.description),
            func.lower(_L.unit),
            _O.currency,
            _L.quantity,
            _L.unit_price,
        )
        .join_from(purchase_order_lines, purchase_orders, _O.id == _L.order_id)
        .where(_O.state != _NEVER_BOUGHT)
        .order_by(_L.id.desc())
        .limit(most)
    )
    found = [PastLine(*row) for row in await connection.execute(newest)]
    return sorted(found, key=lambda each: each.day)


async def price(uow: Uow, choice: ChosenOffer, setting: RuleSetting) -> list[Found]:
    """A price far above what the item cost so far."""
    found = []
    for row in await rows_of(uow, PRICE, choice):
        past = [method.PastPrice(float(paid), same, at.date()) for paid, same, at in row.past]
        least = setting.limit_amount / await worth_of(uow, choice.decided, row.currency)
        unusual = method.price_finding(
            float(row.unit_price), float(row.quantity), past, least_extra=float(least)
        )
        if unusual is not None:
            facts = facts_of(row, "unit", "vendor", "currency") | {
                "item": row.description,
                "price": row.unit_price,
                "usual": _money(unusual.usual),
                "low": _money(unusual.low),
                "high": _money(unusual.high),
                "extra": _money(unusual.extra),
                "n": unusual.n,
                "since": unusual.since,
                "same_vendor": unusual.same_vendor,
            }
            found.append(Found(CheckRule.price, row.id, facts))
    return found


def _money(value: float) -> Decimal:
    return Decimal(repr(value)).quantize(Decimal("0.01"))


def _usual_statement() -> Select[Any]:
    newest = _newest(bindparam("description", type_=String)).subquery("newest")
    return (
        select(newest.c.quantity, _O.created_at)
        .join(purchase_orders, _O.id == newest.c.order_id)
        .where(newest.c.unit == func.lower(bindparam("unit", type_=String)), _O.state != _NEVER_BOUGHT)
    )


USUAL_QUANTITY = Prebuilt(_usual_statement())


async def usual_quantity(
    uow: Uow, *, description: str, unit: str, quantity: Decimal
) -> method.UsualQuantity | None:
    """What is usual of it, when somebody is about to ask for several times as much."""
    rows = await uow.connection.execute(USUAL_QUANTITY, {"description": description, "unit": unit})
    past = [method.PastQuantity(float(row.quantity), row.created_at.date()) for row in rows]
    return method.unusual_quantity(float(quantity), past)


def _duplicate_statement() -> Select[Any]:
    own, order = purchase_order_lines.alias("own"), purchase_orders.alias("own_order")
    request, earlier = procurement_requests.c, procurement_requests.alias("earlier_request")
    first = bindparam("first", type_=Id)
    newest = _newest(own.c.description, own, first=first).lateral("newest_lines")
    return (
        select(
            own.c.id,
            own.c.description.label("item"),
            own.c.quantity,
            own.c.unit,
            func.max(_O.number).label("earlier"),
            func.max(_O.created_at).label("ordered"),
            vendors.c.name.label("vendor"),
        )
        .select_from(own)
        .join(order, order.c.id == own.c.order_id)
        .join(procurement_requests, request.id == order.c.request_id)
        .join(vendors, vendors.c.id == order.c.vendor_id)
        .join(newest, true())
        .join(purchase_orders, _O.id == newest.c.order_id)
        .join(earlier, earlier.c.id == _O.request_id)
        .where(
            own.c.order_id == _ORDER,
            newest.c.unit == func.lower(own.c.unit),
            newest.c.quantity == own.c.quantity,
            newest.c.unit_price == own.c.unit_price,
            _O.vendor_id == order.c.vendor_id,
            _O.currency == order.c.currency,
            _O.cost_centre == order.c.cost_centre,
            _O.request_id != order.c.request_id,
            _O.state != _NEVER_BOUGHT,
            _O.created_at < AT,
            _O.created_at >= AT - _DUPLICATE_TIME,
            not_(earlier.c.number == any_(request.resembles)),
        )
        .group_by(own.c.id, own.c.description, own.c.quantity, own.c.unit, vendors.c.name)
        .order_by(own.c.id)
    )


DUPLICATE_ORDER = Prebuilt(_duplicate_statement())


async def duplicate_order(uow: Uow, order_id: UUID, at: dt.datetime) -> list[Found]:
    """The same was ordered from the same vendor for the same cost centre some days ago, by another request.

    Not where whoever submitted the request was shown that one: that is a finding about the request.
    """
    first = first_id_at(at - dt.timedelta(days=method.DUPLICATE_DAYS))
    rows = await uow.connection.execute(DUPLICATE_ORDER, {"order": order_id, "at": at, "first": first})
    named = ("item", "quantity", "unit", "vendor", "earlier", "ordered")
    return [
        Found(CheckRule.duplicate_order, row.id, facts_of(row, *named, days=method.DUPLICATE_DAYS))
        for row in rows
    ]


_quoted = case(
    (split_award_lines.c.alternative, quote_lines.c.alternative_price), else_=quote_lines.c.unit_price
)
PRICE_CHANGED = Prebuilt(
    select(
        _L.id,
        _L.description.label("item"),
        _L.unit_price.label("price"),
        _quoted.label("quoted"),
        ((_L.unit_price - _quoted) * _L.quantity).label("extra"),
        _O.currency,
        approvals.c.amount,
        approvals.c.currency.label("decided_in"),
        approvals.c.amount_base,
        approvals.c.base_currency,
        approvals.c.opened_at,
        _O.number.label("order"),
        _O.revision,
        vendors.c.name.label("vendor"),
    )
    .join(purchase_orders, _O.id == _L.order_id)
    .join(approvals, approvals.c.id == _O.approval_id)
    .join(vendors, vendors.c.id == _O.vendor_id)
    .join(quote_lines, quote_lines.c.quote_id == _O.quote_id)
    .join(
        rfq_lines,
        and_(rfq_lines.c.id == quote_lines.c.rfq_line_id, rfq_lines.c.request_line_id == _L.request_line_id),
    )
    .outerjoin(
        split_award_lines,
        and_(
            split_award_lines.c.split_award_id == _O.split_award_id,
            split_award_lines.c.rfq_line_id == rfq_lines.c.id,
        ),
    )
    .where(_L.order_id == _ORDER, _L.unit_price > _quoted)
    .order_by(_L.position)
)


def _decided(row: Row) -> DecidedRate:
    return DecidedRate(row.amount, row.decided_in, row.amount_base, row.base_currency, row.opened_at.date())


async def price_changed(uow: Uow, order_id: UUID, setting: RuleSetting) -> list[Found]:
    """A line of the order costs more than its vendor quoted."""
    rows = await uow.connection.execute(PRICE_CHANGED, {"order": order_id})
    named = ("order", "item", "vendor", "quoted", "price", "extra", "currency")
    return [
        Found(CheckRule.price_changed, row.id, facts_of(row, *named), part=str(row.revision))
        for row in rows
        if row.extra * await worth_of(uow, _decided(row), row.currency) >= setting.limit_amount
    ]
