"""Finds the requests that one may have been split from: one SELECT.

One rule: what was rejected, withdrawn or cancelled is not bought, so it is not summed.
"""

import datetime as dt
from uuid import UUID

from sqlalchemy import ColumnElement, column, or_, select, table
from sqlalchemy.dialects.postgresql import distinct_on

from core.approvals.commands import RoutingFacts, Sibling
from core.approvals.states import ApprovalState
from core.approvals.tables import approvals
from core.db.base import Id
from core.kernel.policy_terms import SplitWhat, SplitWho
from core.policies.commands import SplitRule
from core.quotes.tables import vendor_quotes
from core.requests.states import RequestState
from core.requests.tables import procurement_requests
from core.uow import Uow
from core.vendors.tables import vendors

_A, _R = approvals.c, procurement_requests.c
_lines = table("split_award_lines", column("split_award_id", Id), column("quote_id", Id))
"""Split awards are a higher slice; only who gets a line is read here."""
_shares = select(_lines.c.split_award_id).join(vendor_quotes, vendor_quotes.c.id == _lines.c.quote_id)
_BOUGHT = (ApprovalState.pending.value, ApprovalState.approved.value)
_ENDED = (RequestState.cancelled.value, RequestState.withdrawn.value)


async def siblings(
    uow: Uow, rule: SplitRule, currency: str, request_id: UUID, facts: RoutingFacts
) -> tuple[Sibling, ...]:
    """The newest approval of each other request that the rule sums with this one, oldest request first."""
    found = await uow.connection.execute(
        select(_A.request_id, _A.amount_base)
        .ext(distinct_on(_A.request_id))
        .join(procurement_requests, _R.id == _A.request_id)
        .where(
            _A.opened_at >= uow.now - dt.timedelta(days=rule.days),
            _A.state.in_(_BOUGHT),
            _A.base_currency == currency,
            _A.request_id != request_id,
            _R.state.not_in(_ENDED),
            _same_who(rule.who, facts),
            _same_what(rule.what, facts),
        )
        .order_by(_A.request_id, _A.id.desc())
    )
    return tuple(Sibling(row.request_id, row.amount_base) for row in found)


def _same_who(who: SplitWho, facts: RoutingFacts) -> ColumnElement[bool]:
    person, centre = _A.requested_by == facts.requested_by, _A.cost_centre == facts.cost_centre
    return {SplitWho.person: person, SplitWho.cost_centre: centre, SplitWho.either: or_(person, centre)}[who]


def _same_what(what: SplitWhat, facts: RoutingFacts) -> ColumnElement[bool]:
    vendor = or_(
        _A.vendor_id == facts.vendor_id,
        _A.subject_id.in_(_shares.where(vendor_quotes.c.vendor_id == facts.vendor_id)),
    )
    of_category = select(vendors.c.id).where(vendors.c.category == facts.category)
    category = or_(
        _A.category == facts.category,
        _A.subject_id.in_(_shares.where(vendor_quotes.c.vendor_id.in_(of_category))),
    )
    return {SplitWhat.vendor: vendor, SplitWhat.category: category, SplitWhat.either: or_(vendor, category)}[
        what
    ]
