"""Reads what other purchases say about these: one SELECT for all of them.

One rule: it is read for Parley itself; what a reader may see of it is decided by ``policy``.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from pydantic_core import from_json
from sqlalchemy import (
    ColumnElement,
    Date,
    Select,
    Text,
    and_,
    any_,
    bindparam,
    cast,
    func,
    literal_column,
    select,
    true,
    tuple_,
)
from sqlalchemy.dialects.postgresql import ARRAY

from core.approval_facts.model import (
    History,
    LastPaid,
    NotedFinding,
    OnTime,
    SimilarRequest,
    SummedRequest,
)
from core.approvals.tables import approvals
from core.checks.model import CheckRule
from core.db.base import Id
from core.db.compiled import Prebuilt
from core.db.connection import Row
from core.findings.model import FindingId
from core.findings.states import FindingState
from core.findings.tables import findings
from core.insights.repo import is_on
from core.insights.states import Feature
from core.kernel.ids import RequestId, RequestLineId
from core.orders.states import OrderState
from core.orders.tables import purchase_order_lines, purchase_orders
from core.people.tables import people
from core.quotes.tables import vendor_quotes
from core.requests.states import RequestState
from core.requests.tables import procurement_requests, request_lines
from core.rfqs.tables import rfqs
from core.uow import Uow
from core.vendors.tables import vendors

LAST_ORDERS = 20
"""How many of a vendor's orders its punctuality is counted in."""
MAX_SIMILAR = 3
_NEVER_ORDERED = (OrderState.generated.value, OrderState.cancelled.value)

_FIRST_ID, _LAST_ID = UUID(int=0), UUID(int=2**128 - 1)

_R = procurement_requests.c
_MINE = request_lines.alias("mine")


async def history_of(uow: Uow, request_ids: Sequence[UUID]) -> dict[UUID, History]:
    """What is known from other purchases, by the request's id."""
    found = await uow.connection.execute(_HISTORY, {"ids": list(request_ids)})
    return {row.id: _history(row) for row in found}


def _same_words(line: Any, before: ColumnElement[UUID]) -> ColumnElement[bool]:
    """Lines of the same description as mine, up to an id; to be ordered by words and id.

    As a range of the index on both: with an equality the planner reads all lines by their ids, the newest first, until
    it meets one of the same words, and something that nobody has bought before costs the whole table.
    """
    words, place = func.lower(_MINE.c.description), tuple_(func.lower(line.description), line.id)
    return and_(place >= tuple_(words, literal_column(f"'{_FIRST_ID}'::uuid")), place < tuple_(words, before))


def _own_lines() -> ColumnElement[bool]:
    return and_(_MINE.c.request_id == _R.id, _MINE.c.dropped_at.is_(None))


def _last_paid() -> ColumnElement[Any]:
    """For each line, the newest order of the same description that was sent to a vendor."""
    line, order = purchase_order_lines.c, purchase_orders.c
    newest = (
        select(line.unit_price, order.currency, vendors.c.name, order.number, order.created_at)
        .join(purchase_orders, order.id == line.order_id)
        .join(vendors, vendors.c.id == order.vendor_id)
        .where(
            _same_words(line, literal_column(f"'{_LAST_ID}'::uuid")),
            order.state.not_in(_NEVER_ORDERED),
            order.request_id != _R.id,
        )
        .order_by(func.lower(line.description).desc(), line.id.desc())
        .limit(1)
        .correlate(_MINE, procurement_requests)
        .lateral("newest")
    )
    found = newest.c
    paid = func.row(_MINE.c.id, found.unit_price, found.currency, found.name, found.number, found.created_at)
    return _array(select(paid).select_from(_MINE.join(newest, true())).where(_own_lines()))


def _on_time() -> ColumnElement[Any]:
    """The punctuality of the vendor whose quote was selected, or ordered, in its last completed orders."""
    order = purchase_orders.c
    chosen = (
        select(vendor_quotes.c.vendor_id)
        .join(rfqs, rfqs.c.selected_quote_id == vendor_quotes.c.id)
        .where(rfqs.c.id == _R.rfq_id)
        .correlate(procurement_requests)
        .scalar_subquery()
    )
    last = (
        select(order.due_on, cast(order.completed_at, Date).label("completed_on"))
        .where(order.vendor_id == chosen, order.completed_at.is_not(None), order.request_id != _R.id)
        .order_by(order.id.desc())
        .limit(LAST_ORDERS)
        .correlate(procurement_requests)
        .subquery("last")
    )
    punctual = func.count().filter(last.c.completed_on <= last.c.due_on)
    return _array(select(func.row(punctual, func.count())).select_from(last))


def _similar() -> ColumnElement[Any]:
    """The newest requests for one of the same things; drafts are nobody else's concern."""
    line, other = request_lines.alias("same_line"), procurement_requests.alias("other")
    newest = (
        select(other.c.id, other.c.number, other.c.state, people.c.name, other.c.created_at)
        .select_from(
            line.join(other, other.c.id == line.c.request_id).join(
                people, people.c.id == other.c.requested_by
            )
        )
        .where(
            _same_words(line.c, _MINE.c.id),
            other.c.state != RequestState.draft.value,
            other.c.id < _R.id,
        )
        .order_by(func.lower(line.c.description).desc(), line.c.id.desc())
        .limit(MAX_SIMILAR)
        .correlate(_MINE, procurement_requests)
        .lateral("similar")
    )
    found = newest.c
    return _array(
        select(func.row(found.id, found.number, found.state, found.name, found.created_at))
        .select_from(_MINE.join(newest, true()))
        .where(_own_lines())
    )


def _summed() -> ColumnElement[Any]:
    """The requests whose amounts were summed with this one's, each with its newest approval."""
    own, other, theirs = (
        approvals.alias("own"),
        procurement_requests.alias("summed"),
        approvals.alias("theirs"),
    )
    newest = (
        select(theirs.c.amount, theirs.c.currency)
        .where(theirs.c.request_id == other.c.id)
        .order_by(theirs.c.id.desc())
        .limit(1)
        .correlate(other)
        .lateral("newest_approval")
    )
    named = other.join(people, people.c.id == other.c.requested_by).join(newest, true())
    return _array(
        select(func.row(other.c.id, other.c.number, people.c.name, newest.c.amount, newest.c.currency))
        .select_from(own.join(named, other.c.id == any_(own.c.siblings)))
        .where(own.c.request_id == _R.id)
    )


def _findings() -> ColumnElement[Any]:
    """What looked unusual about it and nobody has called fine; nothing with the feature off."""
    found = findings.c
    noted = (
        select(func.row(found.id, found.rule, cast(found.facts, Text)))
        .where(
            found.request_id == _R.id,
            found.state != literal_column(f"'{FindingState.fine}'"),
            is_on(Feature.findings),
        )
        .order_by(found.id)
    )
    return _array(noted)


def _array(query: Select[Any]) -> ColumnElement[Any]:
    return func.array(query.correlate(procurement_requests).scalar_subquery())


_IDS = cast(select(bindparam("ids", type_=ARRAY(Id))).scalar_subquery(), ARRAY(Id))
_HISTORY = Prebuilt(
    select(
        _R.id,
        _last_paid().label("last_paid"),
        _on_time().label("on_time"),
        _similar().label("similar"),
        _summed().label("summed"),
        _findings().label("findings"),
    ).where(_R.id == any_(_IDS))
)


def _history(row: Row) -> History:
    [(punctual, orders)] = row.on_time
    similar = {each[0]: each for each in row.similar}
    newest = sorted(similar.values(), key=lambda each: each[0], reverse=True)[:MAX_SIMILAR]
    return History(
        last_paid={RequestLineId(line): LastPaid(*paid) for line, *paid in row.last_paid},
        on_time=OnTime(punctual, orders) if orders else None,
        similar=tuple(
            SimilarRequest(RequestId(id), number, RequestState(state), name, at)
            for id, number, state, name, at in newest
        ),
        summed=tuple(
            SummedRequest(RequestId(id), number, name, amount, currency)
            for id, number, name, amount, currency in {each[0]: each for each in row.summed}.values()
        ),
        findings=tuple(
            NotedFinding(FindingId(id), CheckRule(rule), from_json(facts)) for id, rule, facts in row.findings
        ),
    )
