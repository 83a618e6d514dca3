"""Turns the row of a purchase, whose columns are arrays of other tables' rows, into models.

One rule: what one table's row becomes is known to that table's slice; this module only takes the arrays apart.
"""

import datetime as dt
from collections import namedtuple
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Text, cast, func, select

from core.access.actor import Channel
from core.approvals import policy as approvals_policy
from core.approvals import rows as approval_rows
from core.approvals.model import Approval
from core.approvals.tables import approval_questions, approval_steps, approvals
from core.clarifications import rows as clarification_rows
from core.clarifications.model import Discussion
from core.db.connection import Row
from core.delegations import rows as delegation_rows
from core.delegations.model import Delegation
from core.delegations.tables import delegations
from core.documents.policy import INSIDE, READABLE
from core.documents.tables import document_readers, documents
from core.insights import rows as insight_rows
from core.insights.policy import by_vendor
from core.insights.tables import ml_scores
from core.offers.tables import quote_lines
from core.orders import rows as order_rows
from core.orders.model import Order
from core.orders.tables import purchase_order_lines, purchase_orders
from core.people.errors import OrganisationMissing
from core.people.model import CostCentre, Organisation
from core.people.tables import people
from core.purchases.model import Purchase, PurchaseDocument
from core.quotes import rows as quote_rows
from core.quotes.model import AttachedDocument
from core.quotes.tables import vendor_quotes
from core.rates.tables import exchange_rates
from core.receipts import rows as receipt_rows
from core.receipts.tables import receipts
from core.requests import rows as request_rows
from core.requests.model import Request
from core.requests.tables import request_lines
from core.rfqs import rows as rfq_rows
from core.rfqs.repo import has_chat
from core.rfqs.tables import rfq_invitations, rfq_lines, rfqs
from core.split_awards import rows as split_rows
from core.split_awards.repo import COLUMNS
from core.standings.repo import below_bound
from core.standings.tables import vendor_standings
from core.vendors.repo import state_for_orders
from core.vendors.tables import vendors

GIVER, DEPUTY = people.alias("giver"), people.alias("deputy")


class Columns:
    """Columns of one table, whose rows travel in an array: without names, but in this order."""

    def __init__(self, name: str, columns: Iterable[ColumnElement[Any]]) -> None:
        listed = list(columns)
        self.record = func.row(*listed)
        self._named: Any = namedtuple(name, [str(column.key) for column in listed])  # type: ignore[misc]

    def named(self, found: Sequence[Sequence[Any]]) -> list[Any]:
        """The array's rows with the columns as attributes, like rows of the table itself."""
        return [self._named._make(each) for each in found]


_VENDOR_NAME = vendors.c.name.label("vendor_name")
REQUEST_LINES = Columns("RequestLineRow", request_lines.c)
RFQS = Columns("RfqRow", rfqs.c)
RFQ_LINES = Columns("RfqLineRow", rfq_lines.c)
INVITATIONS = Columns(
    "InvitationRow",
    [*rfq_invitations.c, _VENDOR_NAME, has_chat(rfq_invitations.c.vendor_id).label("has_chat")],
)
QUOTES = Columns("QuoteRow", [*vendor_quotes.c, _VENDOR_NAME, state_for_orders().label("vendor_state")])
QUOTE_LINES = Columns("QuoteLineRow", quote_lines.c)
_READERS = func.array(
    select(document_readers.c.vendor_id)
    .where(document_readers.c.document_id == documents.c.id)
    .scalar_subquery()
)
DOCUMENTS = Columns("DocumentRow", [*documents.c, cast(_READERS, Text).label("readers")])
RFQ_QUESTIONS = Columns("RfqQuestionRow", [*clarification_rows.QUESTION_COLUMNS, _VENDOR_NAME])
CLARIFICATIONS = Columns("ClarificationRow", clarification_rows.CLARIFICATION_COLUMNS)
APPROVALS = Columns("ApprovalRow", [column for column in approvals.c if column.key != "policy_tier"])
STEPS = Columns("StepRow", approval_steps.c)
QUESTIONS = Columns("QuestionRow", approval_questions.c)
DELEGATIONS = Columns(
    "DelegationRow", [*delegations.c, GIVER.c.name.label("giver_name"), DEPUTY.c.name.label("deputy_name")]
)
ORDERS = Columns(
    "OrderRow",
    [
        cast(column, Text).label(column.key) if column.key in ("proposal", "left_out") else column
        for column in purchase_orders.c
    ],
)
ORDER_LINES = Columns("OrderLineRow", purchase_order_lines.c)
SPLIT_AWARDS = Columns("SplitAwardRow", COLUMNS)
_R = receipts.c
RECEIPTS = Columns(
    "ReceiptRow",
    [cast(column, Text).label("lines") if column.key == "lines" else column for column in _R],
)
PEOPLE = Columns("PersonRow", [people.c.id, people.c.name])
SCORES = Columns(
    "ScoreRow",
    [cast(column, Text).label("reasons") if column.key == "reasons" else column for column in ml_scores.c],
)
WARNED = Columns("WarnedRow", vendor_standings.c)
RATES = Columns("RateRow", [exchange_rates.c.currency, exchange_rates.c.rate])


def purchase_of(row: Row, now: dt.datetime) -> Purchase:
    """The whole purchase from its one row."""
    if row.organisation_name is None:
        raise OrganisationMissing()
    absent = [delegation_rows.delegation_of(each) for each in DELEGATIONS.named(row.delegations)]
    return Purchase(
        request=_request(row),
        rfqs=tuple(
            rfq_rows.rfqs_of(
                RFQS.named(row.rfqs), RFQ_LINES.named(row.rfq_lines), INVITATIONS.named(row.invitations)
            )
        ),
        quotes=tuple(quote_rows.quotes_of(QUOTES.named(row.quotes), QUOTE_LINES.named(row.quote_lines))),
        documents=tuple(_document(each) for each in DOCUMENTS.named(row.documents)),
        discussions=_discussions(row),
        approvals=_approvals(row, absent),
        orders=_orders(row),
        splits=tuple(split_rows.awards_of(SPLIT_AWARDS.named(row.split_awards))),
        receipts=tuple(receipt_rows.receipt_of(each) for each in RECEIPTS.named(row.receipts)),
        names=dict(row.people) | {each.deputy: each.deputy_name for each in absent},
        cost_centre=CostCentre(row.cost_centre, row.centre_name, row.department, row.head_id),
        organisation=Organisation(row.organisation_name, row.base_currency, row.locale, row.zone),
        submitted_channel=Channel(row.submitted_channel) if row.submitted_channel else None,
        rates=dict(row.rates),
        colleagues=frozenset(row.colleagues),
        scores=by_vendor(insight_rows.score_of(each, now) for each in SCORES.named(row.scores)),
        warned={each.vendor_id: below_bound(each) for each in WARNED.named(row.warned)},
    )


def _request(row: Row) -> Request:
    lines = tuple(request_rows.line_of(each) for each in REQUEST_LINES.named(row.request_lines))
    return request_rows.request_of(row, lines)


def _approvals(row: Row, absent: Sequence[Delegation]) -> tuple[Approval, ...]:
    found = approval_rows.approvals_of(
        APPROVALS.named(row.approvals), STEPS.named(row.steps), QUESTIONS.named(row.questions)
    )
    return tuple(approvals_policy.with_deputies(each, absent) if absent else each for each in found)


def _orders(row: Row) -> tuple[Order, ...]:
    lines = ORDER_LINES.named(row.order_lines)
    return tuple(
        order_rows.order_of(
            each, tuple(order_rows.line_of(line) for line in lines if line.order_id == each.id)
        )
        for each in ORDERS.named(row.orders)
    )


def _discussions(row: Row) -> dict[UUID, Discussion]:
    """What was asked and answered, by the RFQ."""
    questions = clarification_rows.questions_of(row.rfq_questions)
    answers = clarification_rows.clarifications_of(row.clarifications)
    return {
        rfq_id: Discussion(
            tuple(each for each in questions if each.rfq_id == rfq_id),
            tuple(each for each in answers if each.rfq_id == rfq_id),
        )
        for rfq_id in {each.rfq_id for each in questions} | {each.rfq_id for each in answers}
    }


def _document(row: Row) -> PurchaseDocument:
    return PurchaseDocument(
        AttachedDocument(row.id, row.name, row.media_type, row.size, row.sha256),
        attached_id=row.attached_id,
        owner_id=row.owner_id,
        vendor_id=row.vendor_id,
        released=row.attached_kind in READABLE,
        readers=frozenset(UUID(each) for each in row.readers.strip("{}").split(",") if each),
        inside=row.attached_kind == INSIDE,
    )
