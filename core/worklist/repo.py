"""What waits for whom: one SELECT per kind, narrowed down to one purchase or to one person.

One rule: whoever wants to know who has something to do reads these SELECTs, so that cards, digest and lists agree.

Staff and vendors have statements of their own, because a vendor's contact reads inside the fence.
"""

from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Select,
    Subquery,
    Text,
    and_,
    any_,
    bindparam,
    cast,
    func,
    literal_column,
    null,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import TIMESTAMP, Date

from core.access.roles import Role
from core.approvals.tables import approval_questions, approvals
from core.clarifications.tables import rfq_questions
from core.db.base import Amount, Id, Moment
from core.db.compiled import Prebuilt
from core.db.connection import Row
from core.db.keyset import in_ids
from core.orders.model import Side
from core.orders.states import OrderState
from core.orders.tables import purchase_orders
from core.people.tables import people, person_roles
from core.quotes.states import QuoteState
from core.quotes.tables import vendor_quotes
from core.requests.states import RequestState
from core.requests.tables import procurement_requests
from core.rfqs.repo import is_without_choice
from core.rfqs.states import UNANSWERED, RfqState
from core.rfqs.tables import rfq_invitations, rfqs
from core.worklist.asked import asked_candidates, asked_deputies
from core.worklist.model import WorkItem, WorkKind

_A, _Q, _V = approvals.c, approval_questions.c, rfq_questions.c
_R, _F, _I, _O, _P = procurement_requests.c, rfqs.c, rfq_invitations.c, purchase_orders.c, people.c


class Scope(StrEnum):
    """By what a SELECT is narrowed down; also the name of its parameter."""

    purchase = "request_id"
    purchases = "request_ids"
    person = "person_id"


def _is(column: ColumnElement[str], *states: StrEnum) -> ColumnElement[bool]:
    """The state as a constant: with a parameter the planner could not use a partial index."""
    constants: list[ColumnElement[str]] = [literal_column(f"'{state.value}'") for state in states]
    return column == constants[0] if len(constants) == 1 else column.in_(constants)


def _item(
    kind: WorkKind,
    person: ColumnElement[Any],
    subject: ColumnElement[Any],
    request: ColumnElement[Any],
    number: ColumnElement[Any],
    since: ColumnElement[Any],
    **more: ColumnElement[Any],
) -> Select[Any]:
    """The columns that every kind has; ``more``: due, due_on, amount and currency where the kind has them."""
    return select(
        literal_column(f"'{kind.value}'", Text).label("kind"),
        person.label("person_id"),
        subject.label("subject_id"),
        request.label("request_id"),
        number.label("number"),
        since.label("since"),
        cast(more.get("due", null()), Moment).label("due"),
        cast(more.get("due_on", null()), Date).label("due_on"),
        cast(more.get("amount", null()), Amount).label("amount"),
        cast(more.get("currency", null()), Text).label("currency"),
    )


def _narrowed(
    query: Select[Any], scope: Scope, person: ColumnElement[Any], request: ColumnElement[Any]
) -> Select[Any]:
    return query.where(_one_of(request, scope) if scope is not Scope.person else _one_of(person, scope))


def _one_of(column: ColumnElement[Any], scope: Scope) -> ColumnElement[bool]:
    if scope is Scope.purchases:
        return column == any_(bindparam(scope.value, type_=ARRAY(Id)))
    return column == bindparam(scope.value, type_=Id)


def _decide(scope: Scope) -> Select[Any]:
    """Those who are asked: candidates, and deputies of those who are away."""
    person = bindparam(scope.value, type_=Id) if scope is Scope.person else None
    candidates, deputies = asked_candidates(person), asked_deputies(person)
    if scope is not Scope.person:
        request = _one_of(_A.request_id, scope)
        candidates, deputies = candidates.where(request), deputies.where(request)
    asked = union_all(candidates, deputies).subquery("asked")
    one = asked.c
    return _item(
        WorkKind.decide,
        one.person_id,
        one.id,
        one.request_id,
        _R.number,
        one.opened_at,
        due=one.due_at,
        amount=one.amount,
        currency=one.currency,
    ).join_from(asked, procurement_requests, _R.id == one.request_id)


def _answer(scope: Scope) -> Select[Any]:
    """The requester, for each approval in which a question has no answer."""
    since = func.min(_Q.asked_at)
    query = (
        _item(WorkKind.answer, _A.requested_by, _A.id, _A.request_id, _R.number, since)
        .select_from(approval_questions)
        .join(approvals, _A.id == _Q.approval_id)
        .join(procurement_requests, _R.id == _A.request_id)
        .join(people, and_(_P.id == _A.requested_by, _P.active))
        .where(_Q.answer.is_(None), _A.state == literal_column("'pending'"))
        .group_by(_A.id, _A.requested_by, _A.request_id, _R.number)
    )
    return _narrowed(query, scope, _A.requested_by, _A.request_id)


def _choose(scope: Scope) -> Select[Any]:
    """The officer who sent the RFQ, when it is closed and nothing is proposed."""
    since = func.coalesce(_F.closed_at, _F.created_at)
    query = (
        _item(WorkKind.choose, _F.sent_by, _F.id, _F.request_id, _F.number, since)
        .join_from(rfqs, people, and_(_P.id == _F.sent_by, _P.active))
        .where(is_without_choice())
    )
    return _narrowed(query, scope, _F.sent_by, _F.request_id)


def _clarify(scope: Scope) -> Select[Any]:
    """The officer who sent the RFQ, while a vendor waits for an answer and can still make use of it."""
    since, asked = func.min(_V.asked_at), rfq_questions.join(rfqs, _F.id == _V.rfq_id)
    query = (
        _item(WorkKind.clarify, _F.sent_by, _F.id, _F.request_id, _F.number, since, due=_F.quote_by)
        .select_from(asked.join(people, and_(_P.id == _F.sent_by, _P.active)))
        .where(_is(_F.state, RfqState.open), _V.answered_at.is_(None))
        .group_by(_F.id, _F.sent_by, _F.request_id, _F.number, _F.quote_by)
    )
    return _narrowed(query, scope, _F.sent_by, _F.request_id)


def _source(scope: Scope) -> Select[Any]:
    """All officers, until one of them has asked vendors."""
    role = person_roles.c
    query = (
        _item(WorkKind.source, _P.id, _R.id, _R.id, _R.number, _R.updated_at)
        .select_from(procurement_requests)
        .join(person_roles, role.role == literal_column(f"'{Role.officer.value}'"))
        .join(people, and_(_P.id == role.person_id, _P.active))
        .where(_is(_R.state, RequestState.submitted))
    )
    return _narrowed(query, scope, role.person_id, _R.id)


def _source_again(scope: Scope) -> Select[Any]:
    """The officer whose RFQ brought nothing to order, or was called off."""
    since = func.coalesce(_F.closed_at, _F.created_at)
    query = (
        _item(WorkKind.source, _F.sent_by, _R.id, _R.id, _R.number, since)
        .join_from(procurement_requests, rfqs, _F.id == _R.rfq_id)
        .join(people, and_(_P.id == _F.sent_by, _P.active))
        .where(_is(_R.state, RequestState.sourcing), _is(_F.state, RfqState.unsuccessful, RfqState.cancelled))
    )
    return _narrowed(query, scope, _F.sent_by, _R.id)


def _quote(scope: Scope) -> Select[Any]:
    """The contacts of the vendors who have not answered an open RFQ."""
    query = (
        _item(WorkKind.quote, _P.id, _F.id, _F.request_id, _F.number, _I.sent_at, due=_F.quote_by)
        .join_from(rfqs, rfq_invitations, _I.rfq_id == _F.id)
        .join(people, and_(_P.vendor_id == _I.vendor_id, _P.active))
        .where(_is(_F.state, RfqState.open), _is(_I.state, *UNANSWERED))
    )
    return _narrowed(query, scope, _P.id, _F.request_id)


def _complete(scope: Scope) -> Select[Any]:
    """The contacts of the vendors whose quote leaves lines out, once the officer has asked for them."""
    asked = vendor_quotes.c
    query = (
        _item(
            WorkKind.quote,
            _P.id,
            _F.id,
            _F.request_id,
            _F.number,
            asked.asked_to_complete_at,
            due=_F.quote_by,
        )
        .join_from(vendor_quotes, rfqs, _F.id == asked.rfq_id)
        .join(people, and_(_P.vendor_id == asked.vendor_id, _P.active))
        .where(
            asked.asked_to_complete_at.is_not(None),
            _is(asked.state, QuoteState.submitted),
            _is(_F.state, RfqState.open),
            asked.rfq_revision == _F.revision,
        )
    )
    return _narrowed(query, scope, _P.id, _F.request_id)


def _acknowledge(scope: Scope) -> Select[Any]:
    """The contacts of the vendor of an issued order."""
    query = (
        _item(WorkKind.acknowledge, _P.id, _O.id, _O.request_id, _O.number, _O.issued_at)
        .join_from(purchase_orders, people, and_(_P.vendor_id == _O.vendor_id, _P.active))
        .where(_is(_O.state, OrderState.issued))
    )
    return _narrowed(query, scope, _P.id, _O.request_id)


def _receive(scope: Scope) -> Select[Any]:
    """Whoever asked, for each order that is on its way."""
    states = (OrderState.acknowledged, OrderState.partly_received)
    query = (
        _item(
            WorkKind.receive,
            _O.requested_by,
            _O.id,
            _O.request_id,
            _O.number,
            _O.acknowledged_at,
            due_on=_O.due_on,
        )
        .join_from(purchase_orders, people, and_(_P.id == _O.requested_by, _P.active))
        .where(_is(_O.state, *states))
    )
    return _narrowed(query, scope, _O.requested_by, _O.request_id)


def _settle(scope: Scope) -> Select[Any]:
    """The officer who asked the vendors, about what the order's vendor proposes."""
    query = (
        _item(WorkKind.settle, _F.sent_by, _O.id, _O.request_id, _O.number, _proposed("proposed_at", Moment))
        .join_from(purchase_orders, procurement_requests, _R.id == _O.request_id)
        .join(rfqs, _F.id == _R.rfq_id)
        .join(people, and_(_P.id == _F.sent_by, _P.active))
        .where(_is_open_proposal_of(Side.vendor))
    )
    return _narrowed(query, scope, _F.sent_by, _O.request_id)


def _agree(scope: Scope) -> Select[Any]:
    """The contacts of the order's vendor, about what the buyer asks."""
    query = (
        _item(WorkKind.agree, _P.id, _O.id, _O.request_id, _O.number, _proposed("proposed_at", Moment))
        .join_from(purchase_orders, people, and_(_P.vendor_id == _O.vendor_id, _P.active))
        .where(_is_open_proposal_of(Side.buyer))
    )
    return _narrowed(query, scope, _P.id, _O.request_id)


def _proposed(key: str, kind: Any = Text) -> ColumnElement[Any]:
    return cast(_O.proposal.op("->>")(literal_column(f"'{key}'")), kind)


def _is_open_proposal_of(side: Side) -> ColumnElement[bool]:
    """This side proposed something, and nobody has accepted it yet."""
    return and_(
        _is(_O.state, OrderState.change_proposed),
        _proposed("by") == literal_column(f"'{side.value}'"),
        _proposed("approval_id").is_(None),
    )


_asked_person = bindparam(Scope.person.value, type_=Id)
_ASKED = union_all(asked_candidates(_asked_person), asked_deputies(_asked_person)).subquery("asked")
TO_DECIDE = Prebuilt(select(_ASKED.c.id).distinct())
"""The ids of the approvals that a person is asked to decide."""


def is_one_of(approval_ids: Sequence[UUID]) -> ColumnElement[bool]:
    """What was found before, as the condition of a list of approvals."""
    return in_ids(_A.id, approval_ids)


STAFF = (_decide, _answer, _choose, _clarify, _source, _source_again, _receive, _settle)
VENDORS = (_quote, _complete, _acknowledge, _agree)
_Kind = Callable[[Scope], Select[Any]]


def _by_urgency(kinds: tuple[_Kind, ...]) -> Prebuilt:
    """What is due comes first, the earliest on top; then what has waited longest."""
    found = union_all(*(kind(Scope.person) for kind in kinds)).subquery("work")
    midnight = func.timezone(literal_column("'UTC'"), cast(found.c.due_on, TIMESTAMP))
    due = func.coalesce(found.c.due, midnight)
    return Prebuilt(
        select(found, func.count().over().label("in_all"))
        .order_by(due.nulls_last(), found.c.since, found.c.subject_id)
        .limit(bindparam("limit"))
        .offset(bindparam("offset"))
    )


def _counts(kinds: tuple[_Kind, ...]) -> Prebuilt:
    found = union_all(*(kind(Scope.person) for kind in kinds)).subquery("work")
    return Prebuilt(select(found.c.kind, func.count()).group_by(found.c.kind))


OF_PURCHASE = Prebuilt(union_all(*(kind(Scope.purchase) for kind in (*STAFF, *VENDORS))))


def _with_names() -> Prebuilt:
    """What waits in several purchases, with the names of those who belong to the organisation."""
    found = everybodys_work()
    own = and_(_P.id == found.c.person_id, _P.vendor_id.is_(None))
    due = func.coalesce(found.c.due, func.timezone(literal_column("'UTC'"), cast(found.c.due_on, TIMESTAMP)))
    return Prebuilt(
        select(found, _P.name).outerjoin(people, own).order_by(due.nulls_last(), found.c.since, _P.name)
    )


def everybodys_work() -> Subquery:
    """What waits in several purchases, for whomever."""
    return union_all(*(kind(Scope.purchases) for kind in (*STAFF, *VENDORS))).subquery("work")


OF_PURCHASES = _with_names()
OF_STAFF, OF_VENDOR = _by_urgency(STAFF), _by_urgency(VENDORS)
COUNTS_OF_STAFF, COUNTS_OF_VENDOR = _counts(STAFF), _counts(VENDORS)


def item_of(row: Row) -> WorkItem:
    return WorkItem(
        WorkKind(row.kind),
        row.person_id,
        row.subject_id,
        row.request_id,
        row.number,
        row.since,
        row.due,
        row.due_on,
        row.amount,
        row.currency,
    )
