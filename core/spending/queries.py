"""How much was ordered this month and last month, at the rates by which the approvals were decided.

One rule: a month begins at midnight in the organisation's own zone, and cancelled orders do not count.
"""

import datetime as dt
from decimal import Decimal
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, func, literal_column, select

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
from core.spending.model import MonthsSpent
from core.uow import Uow

_O, _A = purchase_orders.c, approvals.c
_MONTH = bindparam("month", type_=Moment)
_IN_MONTH = _O.created_at >= _MONTH
_SPENT = Prebuilt(
    select(
        func.sum(_A.amount_base).filter(_IN_MONTH).label("this_month"),
        func.sum(_A.amount_base).filter(~_IN_MONTH).label("last_month"),
        func.count().filter(_IN_MONTH).label("orders"),
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
    row = (
        await uow.connection.execute(_SPENT, {"month": this, "before": before, "first": first_id_at(before)})
    ).one()
    none = Decimal(0)
    return MonthsSpent(row.this_month or none, row.last_month or none, row.orders, organisation.base_currency)


def _month_starts(now: dt.datetime, zone: str) -> tuple[dt.datetime, dt.datetime]:
    """When this month and the one before began, where the organisation is."""
    there = now.astimezone(ZoneInfo(zone))
    this = there.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    before = (this.replace(tzinfo=None) - dt.timedelta(days=1)).replace(day=1, tzinfo=this.tzinfo)
    return this, before
