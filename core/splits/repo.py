"""Finds the requests that one may have been split from: one SELECT, for one purchase or for many.

One rule: what was rejected, withdrawn or cancelled is not bought, so it is not summed.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import ColumnElement, String, and_, case, column, func, or_, select, table, true
from sqlalchemy.dialects.postgresql import distinct_on

from core.approvals.commands import RoutingFacts, Sibling
from core.approvals.model import Approval
from core.approvals.states import ApprovalState
from core.approvals.tables import approvals
from core.db.base import Id
from core.db.keyset import in_ids
from core.kernel.policy_terms import SplitWhat, SplitWho
from core.kernel.subjects import SubjectKind
from core.policies.commands import SplitRule
from core.uow import Uow

_A, _OWN, _DEARER = approvals.c, approvals.alias("own"), approvals.alias("dearer")
_requests = table("procurement_requests", column("id", Id), column("state", String))
_quotes = table("vendor_quotes", column("id", Id), column("vendor_id", Id))
_vendors = table("vendors", column("id", Id), column("category", String))
_lines = table("split_award_lines", column("split_award_id", Id), column("quote_id", Id))
"""Higher slices: whether a request has ended without goods, and who gets a line of a split award, is read here."""
_mine = (
    (_own_lines := _lines.alias("own_lines"))
    .join(_own_quotes := _quotes.alias("own_quotes"), _own_quotes.c.id == _own_lines.c.quote_id)
    .join(_own_vendors := _vendors.alias("own_vendors"), _own_vendors.c.id == _own_quotes.c.vendor_id)
)
"""The lines of one split award, with who gets each."""
_shares = select(_lines.c.split_award_id).join(_quotes, _quotes.c.id == _lines.c.quote_id)
_BOUGHT = (ApprovalState.pending.value, ApprovalState.approved.value)
_ENDED = ("cancelled", "withdrawn")


class Summed(Protocol):
    """What a rule compares: values of one purchase, or the columns of many."""

    @property
    def requested_by(self) -> Any: ...

    @property
    def cost_centre(self) -> Any: ...

    @property
    def category(self) -> Any: ...

    @property
    def vendor_id(self) -> Any: ...


async def siblings(
    uow: Uow,
    rule: SplitRule,
    currency: str,
    request_id: UUID,
    facts: RoutingFacts,
    at: dt.datetime | None,
    award: UUID | None = None,
) -> tuple[Sibling, ...]:
    """The newest approval of each other request that the rule sums with this one, oldest request first.

    Now, whatever is there counts, also what another call opened a moment later than this one began.
    """
    until = () if at is None else (_A.opened_at <= at,)
    found = await uow.connection.execute(
        select(_A.request_id, _cost(true() if at is None else _DEARER.c.opened_at <= at))
        .ext(distinct_on(_A.request_id))
        .join(_requests, _requests.c.id == _A.request_id)
        .where(
            _A.opened_at >= (at or uow.now) - dt.timedelta(days=rule.days),
            *until,
            _A.request_id != request_id,
            _counts(rule, currency, facts, award),
        )
        .order_by(_A.request_id, _A.id.desc())
    )
    return tuple(Sibling(row.request_id, row.amount_base) for row in found)


async def siblings_of(
    uow: Uow, rule: SplitRule, currency: str, opened: Sequence[Approval]
) -> dict[UUID, tuple[Sibling, ...]]:
    """The same for each of these approvals by its id, as of the time when it was opened."""
    found = await uow.connection.execute(
        select(_OWN.c.id.label("own_id"), _A.request_id, _cost(_DEARER.c.opened_at <= _OWN.c.opened_at))
        .ext(distinct_on(_OWN.c.id, _A.request_id))
        .select_from(_OWN.join(approvals, _A.request_id != _OWN.c.request_id))
        .join(_requests, _requests.c.id == _A.request_id)
        .where(
            in_ids(_OWN.c.id, [each.id for each in opened]),
            _A.opened_at >= _OWN.c.opened_at - dt.timedelta(days=rule.days),
            _A.opened_at <= _OWN.c.opened_at,
            _counts(rule, currency, _OWN.c, _OWN.c.subject_id),
        )
        .order_by(_OWN.c.id, _A.request_id, _A.id.desc())
    )
    summed: dict[UUID, list[Sibling]] = {}
    for row in found:
        summed.setdefault(row.own_id, []).append(Sibling(row.request_id, row.amount_base))
    return {own_id: tuple(others) for own_id, others in summed.items()}


def _counts(rule: SplitRule, currency: str, own: Summed, award: Any) -> ColumnElement[bool]:
    return and_(
        _A.state.in_(_BOUGHT),
        _A.base_currency == currency,
        _requests.c.state.not_in(_ENDED),
        _same_who(rule.who, own),
        _same_what(rule.what, own, award),
    )


def _cost(until: ColumnElement[bool]) -> ColumnElement[Any]:
    """What a request costs: with its other orders, and with what one of a split award got dearer since."""
    dearer = _DEARER.c
    known = _A.amount_base + _A.beside_base
    since = (
        select(func.max(dearer.amount_base + dearer.beside_base))
        .where(
            dearer.request_id == _A.request_id,
            dearer.subject_kind == SubjectKind.order.value,
            dearer.id > _A.id,
            dearer.base_currency == _A.base_currency,
            dearer.state.in_(_BOUGHT),
            until,
        )
        .correlate(approvals, _OWN)
        .scalar_subquery()
    )
    split = _A.subject_kind == SubjectKind.split_award.value
    return case((split, func.greatest(known, since)), else_=known).label("amount_base")


def _same_who(who: SplitWho, own: Summed) -> ColumnElement[bool]:
    person: ColumnElement[bool] = _A.requested_by == own.requested_by
    centre: ColumnElement[bool] = _A.cost_centre == own.cost_centre
    return {SplitWho.person: person, SplitWho.cost_centre: centre, SplitWho.either: or_(person, centre)}[who]


def _same_what(what: SplitWhat, own: Summed, award: Any) -> ColumnElement[bool]:
    """The same vendor, or the same category; of ``award``, any of its vendors."""
    vendors, categories = [_A.vendor_id == own.vendor_id], [_A.category == own.category]
    supply = [_quotes.c.vendor_id == own.vendor_id]
    of_category = [_vendors.c.category == own.category]
    if award is not None:
        of_award = _own_lines.c.split_award_id == award
        mine = select(_own_vendors.c.id).select_from(_mine).where(of_award).correlate(_OWN)
        named = select(_own_vendors.c.category).select_from(_mine).where(of_award).correlate(_OWN)
        vendors.append(_A.vendor_id.in_(mine))
        supply.append(_quotes.c.vendor_id.in_(mine))
        categories.append(_A.category.in_(named))
        of_category.append(_vendors.c.category.in_(named))
    vendor = or_(*vendors, _A.subject_id.in_(_shares.where(or_(*supply))))
    in_category = select(_vendors.c.id).where(or_(*of_category))
    category = or_(*categories, _A.subject_id.in_(_shares.where(_quotes.c.vendor_id.in_(in_category))))
    return {SplitWhat.vendor: vendor, SplitWhat.category: category, SplitWhat.either: or_(vendor, category)}[
        what
    ]


async def categories_of(uow: Uow, awards: Sequence[UUID]) -> dict[UUID, tuple[str, ...]]:
    """The categories of the vendors of each of these split awards."""
    found = await uow.connection.execute(
        select(_own_lines.c.split_award_id, _own_vendors.c.category)
        .select_from(_mine)
        .where(in_ids(_own_lines.c.split_award_id, awards))
        .distinct()
        .order_by(_own_lines.c.split_award_id, _own_vendors.c.category)
    )
    named: dict[UUID, list[str]] = {}
    for row in found:
        named.setdefault(row.split_award_id, []).append(row.category)
    return {award: tuple(categories) for award, categories in named.items()}
