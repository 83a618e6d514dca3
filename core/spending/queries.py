"""How much was ordered this month and last month, each order at the rate by which its approval was decided.

One rule: a month begins at midnight in the organisation's own zone, and cancelled orders and those without a rate do
not count; which rate an order has is the rule of ``core.analytics.facts.SPENT``.
"""

import datetime as dt
from decimal import Decimal
from zoneinfo import ZoneInfo

from babel.numbers import get_currency_precision
from sqlalchemy import ColumnElement, Date, Integer, and_, bindparam, case, cast, func, literal_column, select

from core.access.actor import Actor
from core.access.guard import requires
from core.access.permissions import Permission
from core.approvals.tables import approvals
from core.db.base import Id, Moment
from core.db.compiled import Prebuilt
from core.kernel.ids import first_id_at
from core.orders.states import OrderState
from core.orders.tables import purchase_orders
from core.people import directory
from core.rates.policy import MAX_RATE_AGE
from core.rates.tables import exchange_rates
from core.spending.model import MonthsSpent
from core.uow import Uow

_O, _A, _E = purchase_orders.c, approvals.c, exchange_rates.c
_MONTH = bindparam("month", type_=Moment)
_IN_MONTH = _O.created_at >= _MONTH
_DECIDED_ON = cast(_A.opened_at, Date)
_OLDEST: ColumnElement[int] = literal_column(str(MAX_RATE_AGE.days), Integer)
_RATE_OF_THE_DAY = (
    select(_E.rate)
    .where(
        _E.currency == _O.currency,
        _E.day <= _DECIDED_ON,
        _E.day >= _DECIDED_ON - _OLDEST,
    )
    .order_by(_E.day.desc())
    .limit(1)
    .scalar_subquery()
)
_OWN = _O.currency == _A.currency
_ORDERED = func.round(
    case(
        (and_(_OWN, _O.total == _A.amount), _A.amount_base),
        (_O.currency == _A.base_currency, _O.total),
        (and_(_OWN, _A.amount > 0), _O.total * (_A.amount_base / _A.amount)),
        else_=_O.total * _RATE_OF_THE_DAY,
    ),
    bindparam("digits", type_=Integer),
)
"""An order of a split award is a share of what was decided, and may be in another currency; null without a rate."""
_SPENT = Prebuilt(
    select(
        func.sum(_ORDERED).filter(_IN_MONTH).label("this_month"),
        func.sum(_ORDERED).filter(~_IN_MONTH).label("last_month"),
        func.count(_ORDERED).filter(_IN_MONTH).label("orders"),
    )
    .select_from(purchase_orders)
    .join(approvals, _A.id == _O.approval_id)
    .where(
        _O.id >= bindparam("first", type_=Id),
        _O.created_at >= bindparam("before", type_=Moment),
        _O.state != literal_column(f"'{OrderState.cancelled.value}'"),
    )
)


@requires(Permission.dashboard_read)
async def months(uow: Uow, actor: Actor) -> MonthsSpent:
    """What this month's and last month's orders come to."""
    organisation = await directory.read_organisation(uow.connection)
    this, before = _month_starts(uow.now, organisation.zone)
    bounds = {"month": this, "before": before, "first": first_id_at(before)}
    digits = get_currency_precision(organisation.base_currency)
    row = (await uow.connection.execute(_SPENT, {**bounds, "digits": digits})).one()
    none = Decimal(0)
    return MonthsSpent(row.this_month or none, row.last_month or none, row.orders, organisation.base_currency)


def _month_starts(now: dt.datetime, zone: str) -> tuple[dt.datetime, dt.datetime]:
    """When this month and the one before began, where the organisation is."""
    there = now.astimezone(ZoneInfo(zone))
    this = there.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    before = (this.replace(tzinfo=None) - dt.timedelta(days=1)).replace(day=1, tzinfo=this.tzinfo)
    return this, before
