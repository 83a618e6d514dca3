"""Reads a purchase: the request with everything that followed from it, in one statement.

One rule: it is read for Parley itself, so what one person may see of it is decided by ``views``, never here.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Date,
    FromClause,
    Select,
    String,
    Table,
    any_,
    bindparam,
    cast,
    func,
    literal_column,
    select,
    true,
    tuple_,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY, array, distinct_on

from core.approvals.tables import approval_questions, approval_steps, approvals
from core.clarifications.tables import rfq_clarifications, rfq_questions
from core.db.base import Id, Moment
from core.db.compiled import Prebuilt
from core.delegations import repo as delegations_repo
from core.delegations.tables import delegations
from core.documents.tables import documents
from core.insights.model import VENDOR, VENDOR_PLACE
from core.insights.repo import IN_FORCE
from core.insights.states import Feature
from core.insights.tables import ml_scores
from core.log.tables import audit_events
from core.offers.tables import quote_lines
from core.orders.repo import colleagues_receive
from core.orders.tables import purchase_order_lines, purchase_orders
from core.people.tables import cost_centre_members, cost_centres, organisation, people
from core.purchases import rows
from core.purchases.model import Purchase
from core.purchases.rows import DEPUTY, GIVER, Columns
from core.quotes.tables import vendor_quotes
from core.rates.policy import MAX_RATE_AGE
from core.rates.tables import exchange_rates
from core.receipts.tables import receipts
from core.requests.events import RequestSubmitted
from core.requests.tables import procurement_requests, request_lines
from core.rfqs.tables import rfq_invitations, rfq_lines, rfqs
from core.split_awards import repo as split_awards_repo
from core.split_awards.tables import split_awards
from core.standings.repo import WARNED
from core.standings.tables import vendor_standings
from core.uow import Uow
from core.vendors.tables import vendors

_R = procurement_requests.c
_NOW = bindparam("now", type_=Moment)
_IDS = cast(select(bindparam("ids", type_=ARRAY(Id))).scalar_subquery(), ARRAY(Id))
"""In a subquery, so that the planner does not count them: else it would plan this large statement anew each time."""
_ONE: ColumnElement[int] = literal_column("1")
"""A constant, so that a prepared plan knows that one row is wanted."""


async def load(uow: Uow, request_id: UUID) -> Purchase | None:
    """The purchase of a request as it is now; None when there is no such request."""
    return (await load_many(uow, [request_id])).get(request_id)


async def load_many(uow: Uow, request_ids: Sequence[UUID]) -> dict[UUID, Purchase]:
    """The purchases of these requests by the request's id."""
    found = await uow.connection.execute(_PURCHASES, {"ids": list(request_ids), "now": uow.now})
    return {row.id: rows.purchase_of(row, uow.now) for row in found}


def _of_request(source: FromClause, column: ColumnElement[Any], *columns: Any) -> Select[Any]:
    """Columns of the rows that belong to the request of the enclosing statement."""
    return select(*columns).select_from(source).where(column == _R.id).correlate(procurement_requests)


def _array(query: Select[Any], *order: ColumnElement[Any]) -> ColumnElement[Any]:
    return func.array(query.order_by(*order).scalar_subquery())


def _rows(
    columns: Columns, source: FromClause, request_id: ColumnElement[Any], *order: ColumnElement[Any]
) -> ColumnElement[Any]:
    """The rows of one table that belong to the request, as an array."""
    return _array(_of_request(source, request_id, columns.record), *order)


def _lines(columns: Columns, source: FromClause, request_id: ColumnElement[Any], lines: Table) -> Any:
    """The lines that were not dropped."""
    found = _of_request(source, request_id, columns.record).where(lines.c.dropped_at.is_(None))
    return _array(found, lines.c.position)


def _ids(query: Any) -> ColumnElement[Any]:
    return func.array(query.scalar_subquery(), type_=ARRAY(Id))


def _pair(one: ColumnElement[Any], other: ColumnElement[Any]) -> ColumnElement[Any]:
    return array([one, other], type_=Id)


_invited = rfq_invitations.join(rfqs, rfqs.c.id == rfq_invitations.c.rfq_id)
_asked_lines = rfq_lines.join(rfqs, rfqs.c.id == rfq_lines.c.rfq_id)
_quoted = vendor_quotes.join(vendors, vendors.c.id == vendor_quotes.c.vendor_id)
_priced = quote_lines.join(vendor_quotes, vendor_quotes.c.id == quote_lines.c.quote_id)
_asked = rfq_questions.join(rfqs, rfqs.c.id == rfq_questions.c.rfq_id)
_clarified = rfq_clarifications.join(rfqs, rfqs.c.id == rfq_clarifications.c.rfq_id)
_decided = approval_steps.join(approvals, approvals.c.id == approval_steps.c.approval_id)
_questioned = approval_questions.join(approvals, approvals.c.id == approval_questions.c.approval_id)
_ordered = purchase_order_lines.join(purchase_orders, purchase_orders.c.id == purchase_order_lines.c.order_id)
_received = receipts.join(purchase_orders, purchase_orders.c.id == receipts.c.order_id)


def _delegations() -> ColumnElement[Any]:
    """Who decides in place of a candidate of the open step."""
    asked = _of_request(_decided, approvals.c.request_id, func.unnest(approval_steps.c.candidates)).where(
        approval_steps.c.state == literal_column("'open'")
    )
    query = (
        select(rows.DELEGATIONS.record)
        .select_from(delegations)
        .join(GIVER, GIVER.c.id == delegations.c.giver)
        .join(DEPUTY, DEPUTY.c.id == delegations.c.deputy)
        .where(delegations.c.giver == any_(_ids(asked)), delegations_repo.in_force(_NOW))
    )
    return _array(query, delegations.c.id.desc())


def _documents() -> ColumnElement[Any]:
    """The files of the request, of the quotes and of the RFQs."""
    owners = union_all(
        select(_R.id).correlate(procurement_requests),
        _of_request(vendor_quotes, vendor_quotes.c.request_id, vendor_quotes.c.id),
        _of_request(rfqs, rfqs.c.request_id, rfqs.c.id),
    )
    query = select(rows.DOCUMENTS.record).where(documents.c.attached_id == any_(_ids(owners)))
    return _array(query, documents.c.id)


def _people() -> ColumnElement[Any]:
    """Everybody whom the purchase names, but for deputies, whose names come with the delegations."""
    step = approval_steps.c
    named = union_all(
        select(func.unnest(_pair(_R.requested_by, _R.entered_by))).correlate(procurement_requests),
        _of_request(rfqs, rfqs.c.request_id, func.unnest(_pair(rfqs.c.sent_by, rfqs.c.proposed_by))),
        _of_request(
            vendor_quotes,
            vendor_quotes.c.request_id,
            func.unnest(_pair(vendor_quotes.c.submitted_by, vendor_quotes.c.entered_by)),
        ),
        _of_request(
            _decided,
            approvals.c.request_id,
            func.unnest(
                step.candidates.concat(step.approved_by)
                .concat(step.approved_for)
                .concat(_pair(step.decided_by, step.decided_for))
            ),
        ),
        _of_request(split_awards, split_awards.c.request_id, split_awards.c.proposed_by),
        _of_request(_questioned, approvals.c.request_id, approval_questions.c.asked_by),
        _of_request(_received, purchase_orders.c.request_id, receipts.c.received_by),
    )
    return _array(select(rows.PEOPLE.record).where(people.c.id == any_(_ids(named))))


def _split_awards() -> ColumnElement[Any]:
    """One row per line, with its award."""
    award = split_awards.c
    order = award.id.desc(), rfq_lines.c.position
    return _rows(rows.SPLIT_AWARDS, split_awards_repo.JOINED, award.request_id, *order)


def _rates() -> ColumnElement[Any]:
    """The newest rates on or before the day the newest RFQ closed, of the currencies of quotes and request."""
    rate = exchange_rates.c
    day = (
        _of_request(rfqs, rfqs.c.request_id, cast(func.coalesce(rfqs.c.closed_at, _NOW), Date))
        .order_by(rfqs.c.id.desc())
        .limit(_ONE)
        .scalar_subquery()
    )
    quoted = _of_request(vendor_quotes, vendor_quotes.c.request_id, vendor_quotes.c.currency)
    currencies = func.array_append(func.array(quoted.scalar_subquery()), _R.currency)
    query = (
        select(rows.RATES.record)
        .ext(distinct_on(rate.currency))
        .where(
            rate.currency == any_(currencies),
            rate.day <= day,
            rate.day >= day - literal_column(str(MAX_RATE_AGE.days)),
        )
        .correlate(procurement_requests)
    )
    return _array(query, rate.currency, rate.day.desc())


def _colleagues() -> ColumnElement[Any]:
    """The people of the cost centre, where the policy lets them receive."""
    member = cost_centre_members.c
    query = (
        select(member.person_id)
        .where(member.cost_centre == _R.cost_centre, colleagues_receive())
        .correlate(procurement_requests)
    )
    return _ids(query)


def _about_vendors() -> tuple[ColumnElement[Any], ...]:
    """What is worked out about the vendors that quoted."""
    return _scores().label("scores"), _warned().label("warned")


def _scores() -> ColumnElement[Any]:
    """What is known of the vendors that quoted, in all and at the cost centre."""
    score, vendor = ml_scores.c, cast(vendor_quotes.c.vendor_id, String(200))
    subjects = union_all(
        _of_request(vendor_quotes, vendor_quotes.c.request_id, literal_column(f"'{VENDOR}'"), vendor),
        _of_request(
            vendor_quotes,
            vendor_quotes.c.request_id,
            literal_column(f"'{VENDOR_PLACE}'"),
            vendor.concat(literal_column("'/'")).concat(_R.cost_centre),
        ),
    )
    query = select(rows.SCORES.record).where(
        score.feature == literal_column(f"'{Feature.vendor_score}'"),
        tuple_(score.subject_type, score.subject_id).in_(subjects),
        IN_FORCE,
    )
    return _array(query.correlate(procurement_requests), score.subject_type, score.subject_id, score.part)


def _warned() -> ColumnElement[Any]:
    """Those of the vendors that quoted of whom is warned."""
    quoted = _of_request(vendor_quotes, vendor_quotes.c.request_id, vendor_quotes.c.vendor_id)
    query = select(rows.WARNED.record).where(WARNED, vendor_standings.c.vendor_id.in_(quoted))
    return _array(query.correlate(procurement_requests), vendor_standings.c.vendor_id)


def _submitted_channel() -> ColumnElement[Any]:
    event = audit_events.c
    return (
        _of_request(audit_events, event.subject_id, event.channel)
        .where(event.type == literal_column(f"'{RequestSubmitted.type}'"))
        .order_by(event.seq.desc())
        .limit(_ONE)
        .scalar_subquery()
    )


def _purchases() -> Select[Any]:
    quote, approval, order = vendor_quotes.c, approvals.c, purchase_orders.c
    return (
        select(
            procurement_requests,
            cost_centres.c.name.label("centre_name"),
            cost_centres.c.department,
            cost_centres.c.head_id,
            organisation.c.name.label("organisation_name"),
            organisation.c.base_currency,
            organisation.c.locale,
            organisation.c.zone,
            _submitted_channel().label("submitted_channel"),
            _lines(rows.REQUEST_LINES, request_lines, request_lines.c.request_id, request_lines).label(
                "request_lines"
            ),
            _rows(rows.RFQS, rfqs, rfqs.c.request_id, rfqs.c.id.desc()).label("rfqs"),
            _lines(rows.RFQ_LINES, _asked_lines, rfqs.c.request_id, rfq_lines).label("rfq_lines"),
            _rows(
                rows.INVITATIONS,
                _invited.join(vendors, vendors.c.id == rfq_invitations.c.vendor_id),
                rfqs.c.request_id,
                rfq_invitations.c.id,
            ).label("invitations"),
            _rows(rows.QUOTES, _quoted, quote.request_id, quote.id.desc()).label("quotes"),
            _rows(rows.QUOTE_LINES, _priced, quote.request_id, quote_lines.c.id).label("quote_lines"),
            _documents().label("documents"),
            _rows(
                rows.RFQ_QUESTIONS,
                _asked.join(vendors, vendors.c.id == rfq_questions.c.vendor_id),
                rfqs.c.request_id,
                rfq_questions.c.id,
            ).label("rfq_questions"),
            _rows(rows.CLARIFICATIONS, _clarified, rfqs.c.request_id, rfq_clarifications.c.id).label(
                "clarifications"
            ),
            _rows(rows.APPROVALS, approvals, approval.request_id, approval.id.desc()).label("approvals"),
            _rows(rows.STEPS, _decided, approval.request_id, approval_steps.c.position).label("steps"),
            _rows(rows.QUESTIONS, _questioned, approval.request_id, approval_questions.c.asked_at).label(
                "questions"
            ),
            _split_awards().label("split_awards"),
            _delegations().label("delegations"),
            _rows(rows.ORDERS, purchase_orders, order.request_id, order.id.desc()).label("orders"),
            _rows(rows.ORDER_LINES, _ordered, order.request_id, purchase_order_lines.c.position).label(
                "order_lines"
            ),
            _rows(rows.RECEIPTS, _received, order.request_id, receipts.c.received_at, receipts.c.id).label(
                "receipts"
            ),
            _people().label("people"),
            _rates().label("rates"),
            _colleagues().label("colleagues"),
            *_about_vendors(),
        )
        .select_from(procurement_requests)
        .join(cost_centres, cost_centres.c.code == _R.cost_centre)
        .outerjoin(organisation, true())
        .where(_R.id == any_(_IDS))
    )


_PURCHASES = Prebuilt(_purchases())
