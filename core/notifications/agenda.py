"""What a digest says: what waits for a person, what of theirs moved, what closes soon.

One rule: read with the person's own rights, from the present state. A vendor's contact reads inside the fence
and hears of nothing but their own; no price of a running RFQ and no other vendor ever stands here.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, func, or_, select

from core.access.actor import Actor
from core.access.guard import requires
from core.access.permissions import Permission
from core.access.roles import Role
from core.approvals import repo as approving
from core.approvals.tables import approval_questions, approval_steps, approvals
from core.kernel.errors import NotFound
from core.kernel.ids import ApprovalId, PersonId
from core.notifications import repo
from core.orders.states import OrderState
from core.orders.tables import purchase_orders
from core.requests.states import RequestState
from core.requests.tables import procurement_requests
from core.rfqs.states import InvitationState, RfqState
from core.rfqs.tables import rfq_invitations, rfqs
from core.uow import Uow

SOON = dt.timedelta(hours=48)
LINES = 30
REMINDERS = frozenset({"approval.overdue", "rfq.reminded"})
"""Notices that say again what waits. They are told only while it still does; a digest has its own line for it."""
_A, _S, _Q = approvals.c, approval_steps.c, approval_questions.c
_R, _F, _I, _O = procurement_requests.c, rfqs.c, rfq_invitations.c, purchase_orders.c


class Task(StrEnum):
    """What a person is to do."""

    decide = "decide"
    answer = "answer"
    choose = "choose"
    quote = "quote"
    acknowledge = "acknowledge"
    receive = "receive"
    source = "source"


@dataclass(frozen=True)
class Waiting:
    """One thing that waits for this person; ``subject_id`` is what opens it."""

    task: Task
    subject_id: UUID
    request_id: UUID
    number: str
    since: dt.datetime
    due: dt.datetime | None = None
    due_on: dt.date | None = None
    amount: Decimal | None = None
    currency: str | None = None


@dataclass(frozen=True)
class Moved:
    """One thing of this person's that is in another state than yesterday."""

    family: str
    subject_id: UUID
    number: str
    state: str


@dataclass(frozen=True)
class Closing:
    """An RFQ that this person sent, and that closes soon."""

    rfq_id: UUID
    number: str
    closes: dt.datetime
    answered: int
    invited: int


@dataclass(frozen=True)
class Agenda:
    """Everything that a person may want to know in the morning; ``kept``: what they were not told at night."""

    at: dt.datetime
    waiting: tuple[Waiting, ...]
    moved: tuple[Moved, ...]
    closing: tuple[Closing, ...]
    kept: tuple[str, ...]

    @property
    def empty(self) -> bool:
        return not (self.waiting or self.moved or self.closing or self.kept)


@requires(Permission.me_read)
async def agenda(uow: Uow, actor: Actor) -> Agenda:
    """What waits for me now, what of mine moved since yesterday, what closes soon."""
    if actor.person_id is None:
        raise NotFound(what="person")
    since = uow.now - dt.timedelta(days=1)
    closing: tuple[Closing, ...] = ()
    if actor.is_vendor:
        waiting, moved = await _of_vendor(uow, actor), await _orders_moved(uow, actor, since)
    else:
        waiting = await _of_staff(uow, actor, actor.person_id)
        moved = await _requests_moved(uow, actor, since)
        closing = await _closing(uow, actor)
    kept = await repo.kept_for(uow.connection, actor.person_id, without=REMINDERS)
    return Agenda(uow.now, tuple(sorted(waiting, key=_urgency)), moved, closing, kept)


def _urgency(of: Waiting) -> tuple[bool, dt.datetime]:
    """What is due comes first, the earliest on top; then what waits longest."""
    due = of.due or (dt.datetime.combine(of.due_on, dt.time(), dt.UTC) if of.due_on else None)
    return (due is None, due or of.since)


async def _of_staff(uow: Uow, actor: Actor, me: PersonId) -> list[Waiting]:
    found = [
        *await _waiting(uow, Task.decide, _decisions(me, await approving.as_deputy(uow, me))),
        *await _waiting(uow, Task.answer, _questions(me)),
        *await _waiting(uow, Task.choose, _choices(me)),
        *await _waiting(uow, Task.receive, _receipts(me)),
    ]
    if Role.officer in actor.roles:
        found += await _waiting(uow, Task.source, _to_source())
    return found


async def _of_vendor(uow: Uow, actor: Actor) -> list[Waiting]:
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
    return [*await _waiting(uow, Task.quote, asked), *await _waiting(uow, Task.acknowledge, ordered)]


def _decisions(me: PersonId, for_others: Sequence[ApprovalId]) -> Select[Any]:
    """Asked by name, or one of those who are asked together; or in the place of somebody who is away."""
    asked = or_(_S.asked_first == me, (_S.asked_first.is_(None)) & _S.candidates.contains([me]))
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


def _questions(me: PersonId) -> Select[Any]:
    return (
        select(_A.id, _A.request_id, _R.number, func.min(_Q.asked_at).label("since"))
        .join(approval_questions, _Q.approval_id == _A.id)
        .join(procurement_requests, _R.id == _A.request_id)
        .where(_A.state == "pending", _A.requested_by == me, _Q.answer.is_(None))
        .group_by(_A.id, _A.request_id, _R.number)
        .order_by(_A.id)
    )


def _choices(me: PersonId) -> Select[Any]:
    since = func.coalesce(_F.closed_at, _F.created_at).label("since")
    return (
        select(_F.id, _F.request_id, _F.number, since)
        .where(_F.sent_by == me, _F.state == RfqState.closed.value, _F.selected_quote_id.is_(None))
        .order_by(_F.id)
    )


def _receipts(me: PersonId) -> Select[Any]:
    receivable = [OrderState.acknowledged.value, OrderState.partly_received.value]
    return (
        select(_O.id, _O.request_id, _O.number, _O.acknowledged_at.label("since"), _O.due_on)
        .where(_O.requested_by == me, _O.state.in_(receivable))
        .order_by(_O.due_on)
    )


def _to_source() -> Select[Any]:
    return (
        select(_R.id, _R.id.label("request_id"), _R.number, _R.updated_at.label("since"))
        .where(_R.state == RequestState.submitted.value)
        .order_by(_R.id)
    )


async def _waiting(uow: Uow, task: Task, query: Select[Any]) -> list[Waiting]:
    rows = await uow.connection.execute(query.limit(LINES))
    return [_line(task, row) for row in rows]


def _line(task: Task, row: Row[Any]) -> Waiting:
    more = {
        name: row._mapping[name] for name in ("due", "due_on", "amount", "currency") if name in row._mapping
    }
    return Waiting(task, row.id, row.request_id, row.number, row.since, **more)


async def _requests_moved(uow: Uow, actor: Actor, since: dt.datetime) -> tuple[Moved, ...]:
    rows = await uow.connection.execute(
        select(_R.id, _R.number, _R.state)
        .where(
            _R.requested_by == actor.person_id,
            _R.updated_at > since,
            _R.state.not_in([RequestState.draft.value, RequestState.submitted.value]),
        )
        .order_by(_R.updated_at.desc())
        .limit(LINES)
    )
    return tuple(Moved("request", row.id, row.number, row.state) for row in rows)


async def _orders_moved(uow: Uow, actor: Actor, since: dt.datetime) -> tuple[Moved, ...]:
    rows = await uow.connection.execute(
        select(_O.id, _O.number, _O.state)
        .where(
            _O.vendor_id == actor.vendor_id,
            or_(_O.completed_at > since, _O.acknowledged_at > since),
        )
        .order_by(_O.id.desc())
        .limit(LINES)
    )
    return tuple(Moved("order", row.id, row.number, row.state) for row in rows)


async def _closing(uow: Uow, actor: Actor) -> tuple[Closing, ...]:
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
        .limit(LINES)
    )
    return tuple(Closing(row.id, row.number, row.quote_by, row.answered, row.invited) for row in rows)
