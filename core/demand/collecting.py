"""What a run collects: new texts, which it gives to items, what was needed by month, and what was bought.

One rule: whatever the pieces are, put together they say the same; ties between equally frequent go to the smaller.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from statistics import median
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic_core import from_json, to_json
from sqlalchemy import ColumnElement, Float, and_, bindparam, case, cast, delete, exists, func, select, tuple_
from sqlalchemy.dialects.postgresql import insert

from core.approvals.tables import approvals
from core.db.base import Id, Moment
from core.db.compiled import Prebuilt
from core.db.connection import Connection, Row
from core.demand import repo
from core.demand.clusters import Clusters, ItemText
from core.demand.model import MonthDemand
from core.demand.repo import MONTH, NEEDED, UNIT, lines_of_items
from core.demand.tables import demand_new_texts, demand_texts
from core.insights.model import InsightRun
from core.insights.pieces import CollectStep, IdRange, RunPiece, by_id, collected, next_range, ranges
from core.orders.states import OrderState
from core.orders.tables import purchase_order_lines, purchase_orders
from core.people import directory
from core.receipts.tables import receipts
from core.requests.tables import request_lines
from core.uow import Uow
from core.vendors.tables import vendors

BOUGHT_FOR = dt.timedelta(days=730)
"""How far back the usual vendor, its lead time and the price are looked for."""
TEXTS_AT_ONCE = 200
DAY_SECONDS = 86_400
_L, _T, _N = request_lines.c, demand_texts.c, demand_new_texts.c
_O, _B, _A, _V = purchase_orders.c, purchase_order_lines.c, approvals.c, vendors.c
_LINES = next_range(request_lines)


def _within(column: ColumnElement[UUID]) -> ColumnElement[bool]:
    return and_(column > bindparam("after", type_=Id), column <= bindparam("up_to", type_=Id))


_FOUND = (
    select(_L.words, UNIT.label("unit"), _L.description, _L.asked_at, _L.id)
    .distinct(_L.words, UNIT)
    .where(
        _within(_L.id),
        _L.asked_at.is_not(None),
        _L.words != "",
        ~exists().where(_T.words == _L.words, _T.unit == UNIT),
    )
    .order_by(_L.words, UNIT, _L.asked_at, _L.id)
)
_NOTE_TEXTS = insert(demand_new_texts).from_select(
    ["words", "unit", "written", "asked_at", "line_id"], _FOUND
)
_EARLIER = tuple_(_NOTE_TEXTS.excluded.asked_at, _NOTE_TEXTS.excluded.line_id) < tuple_(
    _N.asked_at, _N.line_id
)
_NOTE_NEW_TEXTS = Prebuilt(
    _NOTE_TEXTS.on_conflict_do_update(
        index_elements=[_N.words, _N.unit],
        set_={name: _NOTE_TEXTS.excluded[name] for name in ("written", "asked_at", "line_id")},
        where=_EARLIER,
    )
)
_MONTHS = Prebuilt(
    lines_of_items(_T.item_id, MONTH.label("month"), func.sum(_L.quantity).label("quantity"))
    .where(_within(_L.id), NEEDED, _L.asked_at <= bindparam("known_at", type_=Moment))
    .group_by(_T.item_id, MONTH)
)
_NOW, _SINCE = bindparam("now", type_=Moment), bindparam("since", type_=Moment)
_PRICE: ColumnElement[Any] = case(
    (_O.currency == _A.base_currency, _B.unit_price),
    (and_(_O.currency == _A.currency, _A.amount > 0), _B.unit_price * (_A.amount_base / _A.amount)),
)
"""In the organisation's currency, at the rate by which its approval was decided; null without one."""
_BOUGHT = Prebuilt(
    lines_of_items(
        _T.item_id, _V.category, _V.id.label("vendor_id"), _PRICE.label("price"), _O.created_at, _B.id
    )
    .join(purchase_order_lines, _B.request_line_id == _L.id)
    .join(purchase_orders, _O.id == _B.order_id)
    .join(approvals, _A.id == _O.approval_id)
    .join(vendors, _V.id == _O.vendor_id)
    .where(
        _within(_O.id),
        _O.state != OrderState.cancelled.value,
        _O.created_at >= _SINCE,
        _O.created_at <= _NOW,
    )
)
_FIRST_RECEIPT = (
    select(func.min(receipts.c.received_at))
    .where(receipts.c.order_id == _O.id, receipts.c.kind == "receipt", receipts.c.received_at <= _NOW)
    .correlate(purchase_orders)
    .scalar_subquery()
)
_WAITED = (
    select(
        _O.vendor_id,
        cast(func.extract("epoch", _FIRST_RECEIPT - _O.issued_at) / DAY_SECONDS, Float).label("days"),
    )
    .where(_within(_O.id), _O.issued_at >= _SINCE, _O.state != OrderState.cancelled.value)
    .subquery("waited")
)
_LEADS = Prebuilt(select(_WAITED.c.vendor_id, _WAITED.c.days).where(_WAITED.c.days >= 0))


async def _note_texts(connection: Connection, run: InsightRun, ids: IdRange) -> str:
    await connection.execute(_NOTE_NEW_TEXTS, {"after": ids.after, "up_to": ids.up_to})
    return ""


async def _give_to_items(uow: Uow, run: InsightRun, after: UUID) -> RunPiece | None:
    """Some new texts, in the order in which they were first asked for: the same history makes the same items."""
    earliest = select(demand_new_texts).order_by(_N.asked_at, _N.words, _N.unit).limit(TEXTS_AT_ONCE)
    new = (await uow.connection.execute(earliest)).all()
    if not new:
        return None
    known = await repo.items(uow.connection)
    clusters, there = Clusters(known), {each for each, _ in known}
    items, texts = [], []
    for row in new:
        text = {"words": row.words, "unit": row.unit}
        item = clusters.item_of(ItemText(**text))
        if item not in there:
            there.add(item)
            items.append({"id": item, "name": row.written, **text, "founded_at": row.asked_at})
        texts.append({**text, "item_id": item})
    await repo.add_items(uow.connection, items)
    await repo.add_texts(uow.connection, texts)
    last = new[-1]
    upto = tuple_(_N.asked_at, _N.words, _N.unit) <= tuple_(last.asked_at, last.words, last.unit)
    await uow.connection.execute(delete(demand_new_texts).where(upto))
    return RunPiece(after)


async def _read_months(connection: Connection, run: InsightRun, ids: IdRange) -> str:
    found = await _months(connection, ids, await until_of(connection, run), run.trained_to)
    return to_json(found).decode()


async def until_of(connection: Connection, run: InsightRun) -> dt.date:
    """The first day of the month in which a run was begun; the months before it are whole."""
    zone = (await directory.read_organisation(connection)).zone
    return run.trained_to.astimezone(ZoneInfo(zone)).date().replace(day=1)


async def _months(
    connection: Connection, ids: IdRange, until: dt.date, known_at: dt.datetime
) -> list[tuple[str, str, str]]:
    """Item, month and quantity of the lines in a range."""
    asked = {"after": ids.after, "up_to": ids.up_to, "until": until, "known_at": known_at}
    found = await connection.execute(_MONTHS, asked)
    return [(str(row.item_id), row.month.isoformat(), str(row.quantity)) for row in found]


async def _read_bought(connection: Connection, run: InsightRun, ids: IdRange) -> str:
    now = run.trained_to
    asked = {"after": ids.after, "up_to": ids.up_to, "since": now - BOUGHT_FOR, "now": now}
    found = _BoughtItems()
    for row in await connection.execute(_BOUGHT, asked):
        found.items[str(row.item_id)].add(row)
    for row in await connection.execute(_LEADS, asked):
        found.waited[str(row.vendor_id)].append(row.days)
    return to_json(vars(found)).decode()


STEPS = (
    by_id("texts", request_lines, _note_texts),
    CollectStep("items", _give_to_items),
    by_id("months", request_lines, _read_months),
    by_id("bought", purchase_orders, _read_bought),
)


class _Months:
    """What was needed by item and month, put together."""

    def __init__(self) -> None:
        self._sums: dict[tuple[str, str], Decimal] = {}

    def add(self, found: Iterable[Sequence[str]]) -> None:
        for item, month, quantity in found:
            self._sums[item, month] = self._sums.get((item, month), Decimal(0)) + Decimal(quantity)

    def all(self) -> list[MonthDemand]:
        return [
            MonthDemand(item, dt.date.fromisoformat(month), quantity)
            for (item, month), quantity in self._sums.items()
        ]


async def months(connection: Connection, until: dt.date, known_at: dt.datetime) -> list[MonthDemand]:
    """What was needed by item and month before a day, as far as it was known at a moment."""
    found = _Months()
    async for ids in ranges(connection, _LINES):
        found.add(await _months(connection, ids, until, known_at))
    return found.all()


async def kept_months(connection: Connection, run: InsightRun) -> list[MonthDemand]:
    """The same, of what a run has collected."""
    found = _Months()
    async for content in collected(connection, run, "months"):
        found.add(from_json(content))
    return found.all()


@dataclass
class _Bought:
    """How an item was bought: by vendor and by category how often, and the last price with its moment and line."""

    vendors: Counter[str] = field(default_factory=Counter)
    categories: Counter[str] = field(default_factory=Counter)
    last: tuple[str, ...] = ("", "", "")

    def add(self, row: Row) -> None:
        self.vendors[str(row.vendor_id)] += 1
        if row.category is not None:
            self.categories[row.category] += 1
        if row.price is not None:
            self.last = max(self.last, (row.created_at.isoformat(), str(row.id), str(row.price)))

    def add_all(self, vendors: Mapping[str, int], categories: Mapping[str, int], last: Sequence[str]) -> None:
        self.vendors.update(vendors)
        self.categories.update(categories)
        self.last = max(self.last, tuple(last))


@dataclass
class _BoughtItems:
    """The same by item; and by vendor the days until the first receipt of each order."""

    items: dict[str, _Bought] = field(default_factory=lambda: defaultdict(_Bought))
    waited: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def add_piece(self, content: str) -> None:
        piece = from_json(content)
        for item, bought in piece["items"].items():
            self.items[item].add_all(**bought)
        for vendor, days in piece["waited"].items():
            self.waited[vendor].extend(days)


async def note_bought(connection: Connection, run: InsightRun) -> None:
    """Note from whom each item is usually bought, how long that takes, and what one cost last."""
    found = _BoughtItems()
    async for content in collected(connection, run, "bought"):
        found.add_piece(content)
    leads = {vendor: (median(days), len(days)) for vendor, days in found.waited.items()}
    await repo.note_facts(connection, [_noted(item, own, leads) for item, own in sorted(found.items.items())])


def _noted(item: str, own: _Bought, leads: Mapping[str, tuple[float, int]]) -> dict[str, Any]:
    vendor = _most(own.vendors) or ""
    days, orders = leads.get(vendor, (None, 0))
    return {
        "id": UUID(item),
        "category": _most(own.categories),
        "vendor_id": UUID(vendor),
        "lead_days": days,
        "lead_orders": orders,
        "price": Decimal(own.last[2]) if own.last[2] else None,
    }


def _most(counted: Mapping[str, int]) -> str | None:
    """The most frequent."""
    return min(counted, key=lambda each: (-counted[each], each), default=None)
