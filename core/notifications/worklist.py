"""The content of a digest: what waits for a person, what of theirs changed, what closes soon.

One rule: it is read with the person's own rights, from the present state.

A vendor's contact reads inside the fence and sees only their own; no price of an open RFQ and no other vendor
is ever included.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, or_, select

from core.access.actor import Actor
from core.access.guard import requires
from core.access.permissions import Permission
from core.access.roles import Role
from core.approvals import repo as approval_repo
from core.approvals.tables import approval_questions, approval_steps, approvals
from core.db.connection import Row
from core.escalations.events import ApprovalOverdue
from core.kernel.errors import NotFound
from core.kernel.ids import ApprovalId, PersonId
from core.notifications import repo
from core.orders.states import OrderState
from core.orders.tables import purchase_orders
from core.requests.states import RequestState
from core.requests.tables import procurement_requests
from core.rfqs.events import RfqReminded
from core.rfqs.states import InvitationState, RfqState
from core.rfqs.tables import rfq_invitations, rfqs
from core.uow import Uow

SOON = dt.timedelta(hours=48)
MAX_ITEMS = 30
REMINDERS = frozenset({ApprovalOverdue.type, RfqReminded.type})
"""Kinds of notices that repeat what waits. They are sent only while it waits; a digest has its own line for it."""
_A, _S, _Q = approvals.c, approval_steps.c, approval_questions.c
_R, _F, _I, _O = procurement_requests.c, rfqs.c, rfq_invitations.c, purchase_orders.c


class WorkKind(StrEnum):
    """What a person has to do."""

    decide = "decide"
    answer = "answer"
    choose = "choose"
    quote = "quote"
    acknowledge = "acknowledge"
    receive = "receive"
    source = "source"


@dataclass(frozen=True)
class WorkItem:
    """One thing that waits for this person; ``subject_id`` is what it opens."""

    kind: WorkKind
    subject_id: UUID
    request_id: UUID
    number: str
    since: dt.datetime
    due: dt.datetime | None = None
    due_on: dt.date | None = None
    amount: Decimal | None = None
    currency: str | None = None


@dataclass(frozen=True)
class StateChange:
    """One thing of this person's whose state changed since yesterday."""

    family: str
    subject_id: UUID
    number: str
    state: str


@dataclass(frozen=True)
class ClosingRfq:
    """An RFQ that this person sent and that closes soon."""

    rfq_id: UUID
    number: str
    closes: dt.datetime
    answered: int
    invited: int


@dataclass(frozen=True)
class Worklist:
    """What a person should know in the morning; ``kept``: notices that were held overnight."""

    at: dt.datetime
    items: tuple[WorkItem, ...]
    changes: tuple[StateChange, ...]
    closing: tuple[ClosingRfq, ...]
    held: tuple[str, ...]
    in_all: int
    """How much waits, also where ``items`` holds the first of each kind only."""

    @property
    def empty(self) -> bool:
        return not (self.items or self.changes or self.closing or self.held)


@requires(Permission.me_read)
async def worklist(uow: Uow, actor: Actor) -> Worklist:
    """What waits for this person now, what of theirs changed since yesterday, and what closes soon."""
    if actor.person_id is None:
        raise NotFound(what="person")
    since = uow.now - dt.timedelta(days=1)
    closing: tuple[ClosingRfq, ...] = ()
    if actor.is_vendor:
        items, changes = await _vendor_items(uow, actor), await _order_changes(uow, actor, since)
    else:
        items = await _staff_items(uow, actor, actor.person_id)
        changes = await _request_changes(uow, actor, since)
        closing = await _closing_rfqs(uow, actor)
    held = await repo.held_texts(uow.connection, actor.person_id, without=REMINDERS)
    return Worklist(uow.now, tuple(sorted(items.listed, key=_urgency)), changes, closing, held, items.in_all)


@dataclass(frozen=True)
class _Found:
    """The first of each kind, and how many there are in all."""

    listed: tuple[WorkItem, ...] = ()
    in_all: int = 0

    def __add__(self, other: "_Found") -> "_Found":
        return _Found((*self.listed, *other.listed), self.in_all + other.in_all)


def _urgency(item: WorkItem) -> tuple[bool, dt.datetime]:
    """What is due comes first, the earliest on top; then what has waited longest."""
    due = item.due or (dt.datetime.combine(item.due_on, dt.time(), dt.UTC) if item.due_on else None)
    return (due is None, due or item.since)


async def _staff_items(uow: Uow, actor: Actor, person_id: PersonId) -> _Found:
    for_others = await approval_repo.decidable_as_deputy(uow, person_id)
    found = await _items(uow, WorkKind.decide, _decisions(person_id, for_others))
    found += await _items(uow, WorkKind.answer, _questions(person_id))
    found += await _items(uow, WorkKind.choose, _choices(person_id))
    found += await _items(uow, WorkKind.receive, _receipts(person_id))
    if Role.officer in actor.roles:
        found += await _items(uow, WorkKind.source, _to_source())
    return found


async def _vendor_items(uow: Uow, actor: Actor) -> _Found:
    asked = (
        select(_F.id, _F.request_id, _F.number, _I.sent_at.label("since"), _F.quote_by.label("due"))
        .join(rfq_invitations, _I.rfq_id == _F.id)
        .where(
            _F.state == RfqState.open.value,
            _I.vendor_id == actor.vendor_id,
            _I.state.in_([InvitationState.sent.value, InvitationState.seen.value]),
        )
        .order_by(_F.quote_by)
    )
    ordered = (
        select(_O.id, _O.request_id, _O.number, _O.issued_at.label("since"))
        .where(_O.vendor_id == actor.vendor_id, _O.state == OrderState.issued.value)
        .order_by(_O.id)
    )
    return await _items(uow, WorkKind.quote, asked) + await _items(uow, WorkKind.acknowledge, ordered)


def _decisions(person_id: PersonId, for_others: Sequence[ApprovalId]) -> Select[Any]:
    """Decisions this person is asked for, alone or with others, or as somebody's deputy."""
    asked = or_(_S.asked_first == person_id, (_S.asked_first.is_(None)) & _S.candidates.contains([person_id]))
    amount = (_A.amount, _A.currency)
    return (
        select(_A.id, _A.request_id, _R.number, _S.opened_at.label("since"), _S.due_at.label("due"), *amount)
        .join(approval_steps, _S.approval_id == _A.id)
        .join(procurement_requests, _R.id == _A.request_id)
        .where(
            _A.state == "pending",
            _S.state == "open",
            _S.routed_at.is_not(None),
            or_(asked, _A.id.in_(for_others)),
        )
        .order_by(_A.id)
    )


def _questions(person_id: PersonId) -> Select[Any]:
    return (
        select(_A.id, _A.request_id, _R.number, func.min(_Q.asked_at).label("since"))
        .join(approval_questions, _Q.approval_id == _A.id)
        .join(procurement_requests, _R.id == _A.request_id)
        .where(_A.state == "pending", _A.requested_by == person_id, _Q.answer.is_(None))
        .group_by(_A.id, _A.request_id, _R.number)
        .order_by(_A.id)
    )


def _choices(person_id: PersonId) -> Select[Any]:
    since = func.coalesce(_F.closed_at, _F.created_at).label("since")
    return (
        select(_F.id, _F.request_id, _F.number, since)
        .where(_F.sent_by == person_id, _F.state == RfqState.closed.value, _F.selected_quote_id.is_(None))
        .order_by(_F.id)
    )


def _receipts(person_id: PersonId) -> Select[Any]:
    receivable = [OrderState.acknowledged.value, OrderState.partly_received.value]
    return (
        select(_O.id, _O.request_id, _O.number, _O.acknowledged_at.label("since"), _O.due_on)
        .where(_O.requested_by == person_id, _O.state.in_(receivable))
        .order_by(_O.due_on)
    )


def _to_source() -> Select[Any]:
    return (
        select(_R.id, _R.id.label("request_id"), _R.number, _R.updated_at.label("since"))
        .where(_R.state == RequestState.submitted.value)
        .order_by(_R.id)
    )


async def _items(uow: Uow, kind: WorkKind, query: Select[Any]) -> _Found:
    counted = query.add_columns(func.count().over().label("in_all")).limit(MAX_ITEMS)
    rows = (await uow.connection.execute(counted)).all()
    return _Found(tuple(_item(kind, row) for row in rows), rows[0].in_all if rows else 0)


def _item(kind: WorkKind, row: Row) -> WorkItem:
    present = set(row.keys())
    more = {name: row[name] for name in ("due", "due_on", "amount", "currency") if name in present}
    return WorkItem(kind, row.id, row.request_id, row.number, row.since, **more)


async def _request_changes(uow: Uow, actor: Actor, since: dt.datetime) -> tuple[StateChange, ...]:
    rows = await uow.connection.execute(
        select(_R.id, _R.number, _R.state)
        .where(
            _R.requested_by == actor.person_id,
            _R.updated_at > since,
            _R.state.not_in([RequestState.draft.value, RequestState.submitted.value]),
        )
        .order_by(_R.updated_at.desc())
        .limit(MAX_ITEMS)
    )
    return tuple(StateChange("request", row.id, row.number, row.state) for row in rows)


async def _order_changes(uow: Uow, actor: Actor, since: dt.datetime) -> tuple[StateChange, ...]:
    rows = await uow.connection.execute(
        select(_O.id, _O.number, _O.state)
        .where(
            _O.vendor_id == actor.vendor_id,
            or_(_O.completed_at > since, _O.acknowledged_at > since),
        )
        .order_by(_O.id.desc())
        .limit(MAX_ITEMS)
    )
    return tuple(StateChange("order", row.id, row.number, row.state) for row in rows)


async def _closing_rfqs(uow: Uow, actor: Actor) -> tuple[ClosingRfq, ...]:
    answers = [InvitationState.quoted.value, InvitationState.declined.value]
    rows = await uow.connection.execute(
        select(
            _F.id,
            _F.number,
            _F.quote_by,
            func.count(_I.id).filter(_I.state.in_(answers)).label("answered"),
            func.count(_I.id).label("invited"),
        )
        .join(rfq_invitations, _I.rfq_id == _F.id)
        .where(
            _F.sent_by == actor.person_id,
            _F.state == RfqState.open.value,
            _F.quote_by <= uow.now + SOON,
        )
        .group_by(_F.id, _F.number, _F.quote_by)
        .order_by(_F.quote_by)
        .limit(MAX_ITEMS)
    )
    return tuple(ClosingRfq(row.id, row.number, row.quote_by, row.answered, row.invited) for row in rows)
