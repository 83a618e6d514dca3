"""Every SELECT and write of items, their texts and what they were bought for.

One rule: demand counts in the month in which it was needed, once per line that was asked for and not given up.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Date,
    Integer,
    Interval,
    Select,
    String,
    and_,
    bindparam,
    case,
    cast,
    exists,
    false,
    func,
    literal_column,
    select,
    true,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from core.approvals.tables import approvals
from core.db.base import Id, Moment
from core.db.batches import many_rows, unnested
from core.db.compiled import Prebuilt
from core.db.connection import Connection, Row
from core.demand.clusters import ItemText
from core.demand.model import (
    INPUTS,
    ITEM,
    Ahead,
    BoughtFrom,
    DemandFilter,
    DemandItem,
    NeedRow,
    WantedNeeds,
)
from core.demand.tables import demand_items, demand_texts
from core.insights.model import GIVEN_UP_AFTER
from core.insights.repo import is_running
from core.insights.rows import IN_ORDER
from core.insights.states import Feature
from core.insights.tables import insight_switches, ml_runs, ml_scores
from core.orders.tables import purchase_order_lines, purchase_orders
from core.people.tables import organisation
from core.requests.states import NOT_BOUGHT
from core.requests.tables import procurement_requests, request_lines
from core.vendors.tables import vendors

_R, _L, _T, _I = procurement_requests.c, request_lines.c, demand_texts.c, demand_items.c
_O, _B, _A, _V = purchase_orders.c, purchase_order_lines.c, approvals.c, vendors.c
_S = ml_scores.c
ROWS_AT_ONCE = 5_000
UNIT = func.lower(func.btrim(_L.unit))
NEEDED = and_(
    _R.state.not_in(sorted(NOT_BOUGHT)),
    _L.dropped_at.is_(None),
    _L.asked_at.is_not(None),
    _R.needed_by < bindparam("until", type_=Date),
)
"""Lines that were needed before a day and that nobody gave up."""
MONTH = cast(func.date_trunc("month", _R.needed_by), Date)


def lines_of_items(*columns: Any) -> Select[Any]:
    """Request lines with their request and the text that says which item they are."""
    return (
        select(*columns)
        .select_from(request_lines)
        .join(procurement_requests, _R.id == _L.request_id)
        .join(demand_texts, and_(_T.words == _L.words, _T.unit == UNIT))
    )


_OF_ITEM = (
    _T.item_id == bindparam("item_id", type_=Id),
    _R.needed_by >= bindparam("first", type_=Date),
    NEEDED,
)
_MONTHS_OF = Prebuilt(
    lines_of_items(MONTH.label("month"), func.sum(_L.quantity).label("quantity"))
    .where(*_OF_ITEM)
    .group_by(MONTH)
)
_NEEDS = Prebuilt(
    lines_of_items(_R.id, _R.number, _L.description, _L.quantity, _R.needed_by)
    .where(*_OF_ITEM)
    .order_by(_R.needed_by.desc(), _L.id.desc())
    .limit(bindparam("limit", type_=Integer))
)
_NOTED_COLUMNS = ("category", "vendor_id", "lead_days", "lead_orders", "price")
_NOTED = unnested(demand_items, "id", *_NOTED_COLUMNS)[1].subquery("noted")
_NOTE_FACTS = Prebuilt(
    update(demand_items).values({name: _NOTED.c[name] for name in _NOTED_COLUMNS}).where(_I.id == _NOTED.c.id)
)
_ADD_ITEMS = Prebuilt(
    insert(demand_items)
    .from_select(*unnested(demand_items, "id", "name", "words", "unit", "founded_at"))
    .on_conflict_do_nothing()
)
_ADD_TEXTS = Prebuilt(
    insert(demand_texts)
    .from_select(*unnested(demand_texts, "words", "unit", "item_id"))
    .on_conflict_do_nothing()
)
_ITEMS = Prebuilt(select(_I.id, _I.words, _I.unit).order_by(_I.founded_at, _I.words, _I.unit))
_KNOWN_FACTS = Prebuilt(
    select(_I.id, _I.category, _I.lead_days, _I.lead_orders, _I.price, _V.name.label("vendor_name"))
    .select_from(demand_items)
    .outerjoin(vendors, _V.id == _I.vendor_id)
)
_FINGERPRINTS = Prebuilt(
    select(_S.subject_type, _S.subject_id, _S.reasons).where(
        _S.feature == Feature.demand.value, _S.part == Ahead.quarter.value, _S.superseded_at.is_(None)
    )
)
_NOW = bindparam("now", type_=Moment)
_HERE = func.timezone(organisation.c.zone, _NOW)
_LAST_BEGUN = (
    select(func.max(ml_runs.c.started_at)).where(ml_runs.c.feature == Feature.demand.value).scalar_subquery()
)
_RESTED = func.greatest(
    bindparam("again_after", type_=Interval),
    bindparam("rest", type_=Integer) * (ml_runs.c.finished_at - ml_runs.c.started_at),
)
_NOT_BEFORE = (
    select(ml_runs.c.started_at + _RESTED)
    .where(ml_runs.c.feature == Feature.demand.value)
    .order_by(ml_runs.c.started_at.desc())
    .limit(1)
    .scalar_subquery()
)
_THIS_MONTH = cast(func.date_trunc("month", _HERE), Date)
_NEEDED_BY = func.coalesce(_R.needed_by, literal_column("'infinity'::date"))
"""As the index has it."""
_FIRST_NEED = select(func.min(_NEEDED_BY)).scalar_subquery()
_CHANGED = (
    select(true())
    .select_from(procurement_requests)
    .where(_R.updated_at > _LAST_BEGUN, _NEEDED_BY < _THIS_MONTH)
    .order_by(_R.updated_at.desc())
    .limit(1)
    .scalar_subquery()
)
"""In order and with a limit, so that the newest are read from the index and nothing else."""
_SWITCHED_OFF = exists().where(
    insight_switches.c.feature == Feature.demand.value, ~insight_switches.c.enabled
)
_DUE = Prebuilt(
    select(cast(_HERE, Date).label("day")).where(
        ~_SWITCHED_OFF,
        ~is_running(Feature.demand),
        case(
            (_LAST_BEGUN.is_(None), _FIRST_NEED < _THIS_MONTH),
            (cast(func.timezone(organisation.c.zone, _LAST_BEGUN), Date) < cast(_HERE, Date), true()),
            (_NOW < _NOT_BEFORE, false()),
            else_=func.coalesce(_CHANGED, false()),
        ),
    )
)
"""The day where the organisation is, when a run is due; the clock asks every second, so it is one statement."""


async def items(connection: Connection) -> list[tuple[UUID, ItemText]]:
    """The items with the texts that founded them, the earliest first."""
    return [(row.id, ItemText(row.words, row.unit)) for row in await connection.execute(_ITEMS)]


async def add_items(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        await connection.execute(_ADD_ITEMS, many_rows(demand_items, rows))


async def add_texts(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        await connection.execute(_ADD_TEXTS, many_rows(demand_texts, rows))


async def note_facts(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """From whom each item is usually bought, how long that takes, and what one cost last."""
    for first in range(0, len(rows), ROWS_AT_ONCE):
        some = rows[first : first + ROWS_AT_ONCE]
        await connection.execute(_NOTE_FACTS, many_rows(demand_items, some))


async def facts(connection: Connection) -> dict[str, BoughtFrom]:
    """The same, by item."""
    return {
        str(row.id): BoughtFrom(
            row.category,
            row.vendor_name,
            row.lead_days,
            row.lead_orders,
            float(row.price) if row.price is not None else None,
        )
        for row in await connection.execute(_KNOWN_FACTS)
    }


async def fingerprints(connection: Connection) -> dict[tuple[str, str], str]:
    """From what the score in force of each subject was worked out."""
    return {
        (row.subject_type, row.subject_id): _fingerprint(row.reasons)
        for row in await connection.execute(_FINGERPRINTS)
    }


def _fingerprint(reasons: Mapping[str, Sequence[Mapping[str, Any]]]) -> str:
    return next((str(each["facts"]["of"]) for each in reasons[IN_ORDER] if each["code"] == INPUTS), "")


_QUARTER = (
    _S.feature == Feature.demand.value,
    _S.part == Ahead.quarter.value,
    _S.superseded_at.is_(None),
)
_ITEM_COLUMNS = (_I.id, _I.name, _I.unit, _I.category, _I.price)


async def found_items(connection: Connection, wanted: DemandFilter, limit: int) -> list[DemandItem]:
    """Items with a score in force: those with a range first, then by how many months had demand."""
    query = (
        select(*_ITEM_COLUMNS)
        .join_from(demand_items, ml_scores, _S.subject_id == cast(_I.id, String))
        .where(*_QUARTER, _S.subject_type == ITEM)
        .order_by(_S.value.is_(None), _S.n.desc(), func.lower(_I.name), _I.id)
        .limit(limit)
    )
    if wanted.text:
        query = query.where(_I.name.icontains(wanted.text, autoescape=True))
    if wanted.category:
        query = query.where(_I.category == wanted.category)
    return [_item(row) for row in await connection.execute(query)]


async def item(connection: Connection, item_id: UUID) -> DemandItem | None:
    row = (await connection.execute(select(*_ITEM_COLUMNS).where(_I.id == item_id))).one_or_none()
    return _item(row) if row else None


def _item(row: Row) -> DemandItem:
    return DemandItem(row.id, row.name, row.unit, row.category, row.price)


async def texts(connection: Connection, item_id: UUID, limit: int) -> tuple[str, ...]:
    """How the item was written, the latest of each first."""
    written = (
        lines_of_items(_L.description)
        .where(_T.item_id == item_id)
        .group_by(_L.description)
        .order_by(func.max(_L.asked_at).desc(), _L.description)
        .limit(limit)
    )
    return tuple(row.description for row in await connection.execute(written))


async def months_of(
    connection: Connection, item_id: UUID, first: dt.date, until: dt.date
) -> dict[dt.date, Decimal]:
    """What was needed of an item by month, from one day until before another."""
    found = await connection.execute(_MONTHS_OF, {"item_id": item_id, "first": first, "until": until})
    return {row.month: row.quantity for row in found}


async def needs(connection: Connection, wanted: WantedNeeds, until: dt.date, limit: int) -> list[NeedRow]:
    """The lines of an item that were needed in these months, the latest first."""
    values = {"item_id": wanted.item_id, "first": wanted.first, "until": until, "limit": limit}
    found = await connection.execute(_NEEDS, values)
    return [NeedRow(row.id, row.number, row.description, row.quantity, row.needed_by) for row in found]


async def due(
    connection: Connection, now: dt.datetime, again_after: dt.timedelta, rest: int
) -> dt.date | None:
    """The day for which a run is due; one more when past months changed.

    Not again before ``again_after``, nor before ``rest`` times as long as the last run took.
    """
    asked = {"now": now, "again_after": again_after, "rest": rest, "still": now - GIVEN_UP_AFTER}
    day: dt.date | None = await connection.scalar(_DUE, asked)
    return day
