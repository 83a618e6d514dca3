"""Rules about how a quote was come by and chosen.

One rule: they state counted facts about an RFQ, and nothing about why.
"""

from typing import Any

from sqlalchemy import Select, and_, cast, func, select, union_all

from core.amendments.events import DeadlineMoved
from core.checks.chosen import AT, QUOTES, SUBJECT, rows_of
from core.checks.decided_rate import worth_of
from core.checks.model import CheckRule, ChosenOffer, Found, RuleSetting, facts_of
from core.db.base import Moment
from core.db.compiled import Prebuilt
from core.log.tables import audit_events
from core.quotes.states import QuoteState
from core.quotes.tables import vendor_quotes
from core.rfqs.tables import rfq_invitations, rfqs
from core.split_awards.tables import split_awards
from core.uow import Uow
from core.vendors.tables import vendors

QUOTES_WANTED = 3
REASON_WORDS = 3
"""A reason of fewer words says nothing."""
_COUNTED = (
    QuoteState.submitted,
    QuoteState.selected,
    QuoteState.approved,
    QuoteState.lost,
    QuoteState.rejected,
)
_Q = vendor_quotes.c

_asked = (
    select(func.count())
    .select_from(rfq_invitations)
    .where(rfq_invitations.c.rfq_id == rfqs.c.id)
    .correlate(rfqs)
    .scalar_subquery()
)
_OF_CHOSEN = rfqs.c.id.in_(select(_Q.rfq_id).where(_Q.id.in_(QUOTES)))
_counted_quotes = and_(
    _Q.rfq_id == rfqs.c.id, _Q.state.in_([state.value for state in _COUNTED]), _Q.submitted_at <= AT
)
SINGLE_QUOTE = Prebuilt(
    select(
        rfqs.c.id,
        rfqs.c.number.label("rfq"),
        _asked.label("asked"),
        select(func.count())
        .select_from(vendor_quotes)
        .where(_counted_quotes)
        .correlate(rfqs)
        .scalar_subquery()
        .label("quotes"),
    ).where(_OF_CHOSEN)
)


async def single_quote(uow: Uow, choice: ChosenOffer, setting: RuleSetting) -> list[Found]:
    """One quote where three are required, because of the amount."""
    if choice.amount < setting.limit_amount:
        return []
    more = {
        "wanted": QUOTES_WANTED,
        "amount": choice.amount,
        "limit": setting.limit_amount,
        "currency": choice.currency,
    }
    return [
        Found(CheckRule.single_quote, row.id, facts_of(row, "rfq", "asked", **more))
        for row in await rows_of(uow, SINGLE_QUOTE, choice)
        if row.quotes == 1
    ]


_moved = audit_events.c
_first_deadline = (
    select(func.min(cast(_moved.data["was"].astext, Moment)))
    .where(
        _moved.subject_id == rfqs.c.id,
        _moved.type == DeadlineMoved.type,
        _moved.occurred_at <= AT,
    )
    .correlate(rfqs)
    .scalar_subquery()
)
_deadline = func.coalesce(func.least(_first_deadline, rfqs.c.quote_by), rfqs.c.quote_by)
LATE_QUOTE = Prebuilt(
    select(
        _Q.id,
        rfqs.c.number.label("rfq"),
        vendors.c.name.label("vendor"),
        _deadline.label("deadline"),
        _Q.submitted_at.label("submitted"),
    )
    .join(rfqs, rfqs.c.id == _Q.rfq_id)
    .join(vendors, vendors.c.id == _Q.vendor_id)
    .where(_Q.id.in_(QUOTES), _Q.submitted_at > _deadline)
)


async def late_quote(uow: Uow, choice: ChosenOffer, setting: RuleSetting) -> list[Found]:
    """The chosen quote came after the deadline that vendors were given first."""
    return [
        Found(CheckRule.late_quote, row.id, facts_of(row, "rfq", "vendor", "deadline", "submitted"))
        for row in await rows_of(uow, LATE_QUOTE, choice)
    ]


def _passed_over_statement() -> Select[Any]:
    award, other = split_awards.c, vendor_quotes.alias("other")
    whole = select(_Q.rfq_id, _Q.total, _Q.currency).where(_Q.id == SUBJECT)
    split = select(award.rfq_id, award.total, award.currency).where(award.id == SUBJECT)
    proposed = union_all(whole, split).subquery("proposed")
    return (
        select(
            rfqs.c.number.label("rfq"),
            proposed.c.total,
            proposed.c.currency,
            other.c.total.label("cheapest"),
            (proposed.c.total - other.c.total).label("extra"),
            vendors.c.name.label("vendor"),
            func.count().over().label("n"),
        )
        .select_from(proposed)
        .join(rfqs, rfqs.c.id == proposed.c.rfq_id)
        .join(other, other.c.rfq_id == proposed.c.rfq_id)
        .join(vendors, vendors.c.id == other.c.vendor_id)
        .where(
            other.c.id != SUBJECT,
            other.c.complete,
            other.c.currency == proposed.c.currency,
            other.c.total < proposed.c.total,
            other.c.rfq_revision == rfqs.c.revision,
            other.c.valid_until >= func.date(AT),
            other.c.submitted_at <= AT,
            other.c.state.in_([state.value for state in _COUNTED]),
        )
        .order_by(other.c.total, other.c.id)
        .limit(1)
    )


PASSED_OVER = Prebuilt(_passed_over_statement())


async def passed_over(uow: Uow, choice: ChosenOffer, setting: RuleSetting) -> list[Found]:
    """An officer proposed a dearer quote, and the reason is a word or two; the rule's own choice has none."""
    if choice.reason is None or len(choice.reason.split()) >= REASON_WORDS:
        return []
    named = ("rfq", "vendor", "cheapest", "total", "extra", "currency", "n")
    return [
        Found(CheckRule.passed_over, choice.subject_id, facts_of(row, *named, reason=choice.reason))
        for row in await rows_of(uow, PASSED_OVER, choice)
        if row.extra * await worth_of(uow, choice.decided, row.currency) >= setting.limit_amount
    ]


SAME_PRICE = Prebuilt(
    select(
        rfqs.c.id,
        rfqs.c.number.label("rfq"),
        _Q.total,
        _Q.currency,
        func.count().label("n"),
        func.string_agg(vendors.c.name, ", ").label("vendors"),
        _asked.label("asked"),
    )
    .join(vendor_quotes, _counted_quotes)
    .join(vendors, vendors.c.id == _Q.vendor_id)
    .where(_OF_CHOSEN, _Q.total > 0)
    .group_by(rfqs.c.id, rfqs.c.number, _Q.total, _Q.currency)
    .having(func.count() > 1)
    .order_by(_Q.total)
    .limit(1)
)


async def same_price(uow: Uow, choice: ChosenOffer, setting: RuleSetting) -> list[Found]:
    """Two vendors or more quoted the same total, to the cent."""
    named = ("rfq", "n", "asked", "vendors", "total", "currency")
    return [
        Found(CheckRule.same_price, row.id, facts_of(row, *named))
        for row in await rows_of(uow, SAME_PRICE, choice)
    ]
