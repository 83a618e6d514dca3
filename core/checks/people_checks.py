"""Rules about who took part in a purchase, and how fast; and about requests that belong together.

One rule: requests for the same, and those that may be one, are found by ``duplicates`` and ``splits``; nothing is found
twice here.
"""

from decimal import Decimal
from uuid import UUID

from sqlalchemy import Interval, bindparam, func, literal_column, or_, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.sql import any_

from core.approvals.commands import RoutingFacts
from core.approvals.model import Approval
from core.approvals.states import Verdict
from core.approvals.tables import approval_steps, approvals
from core.checks import method
from core.checks.chosen import AT, CHOSEN, REQUEST, rows_of
from core.checks.model import CheckRule, ChosenOffer, Found, RuleSetting, facts_of
from core.db.base import Id
from core.db.compiled import Prebuilt
from core.decisions.tables import approval_logs
from core.kernel.policy_terms import SplitWhat, SplitWho
from core.people import directory
from core.people.tables import people
from core.policies import repo as policies
from core.policies.commands import SplitRule
from core.policies.policy import tiers_for_all
from core.requests.tables import procurement_requests, request_lines
from core.splits import repo as splits
from core.splits.service import award_of, categories_of
from core.uow import Uow
from core.vendors.tables import vendors

NEW_VENDOR_DAYS = 7
QUICK_SECONDS = 10
SPLIT_RULE = SplitRule(method.SPLIT_DAYS, SplitWho.person, SplitWhat.vendor)
"""Where the organisation's policy sums nothing by itself."""
_R = procurement_requests.c
_FIRST_ROUND = 1

OWN_VENDOR = Prebuilt(
    select(
        vendors.c.id,
        vendors.c.name.label("vendor"),
        people.c.name.label("person"),
        vendors.c.created_at.label("added"),
        (vendors.c.created_by != _R.requested_by).label("entered"),
    )
    .select_from(vendors)
    .join(procurement_requests, _R.id == REQUEST)
    .join(people, people.c.id == vendors.c.created_by)
    .where(
        vendors.c.id.in_(select(CHOSEN.c.vendor_id)),
        or_(vendors.c.created_by == _R.requested_by, vendors.c.created_by == _R.entered_by),
    )
    .order_by(vendors.c.id)
)


async def own_vendor(uow: Uow, choice: ChosenOffer, setting: RuleSetting) -> list[Found]:
    """Whoever asked for it, or entered it for whoever asks, added the vendor that supplies it."""
    named = ("vendor", "person", "added", "entered")
    return [
        Found(CheckRule.own_vendor, choice.request_id, facts_of(row, *named), part=str(row.id))
        for row in await rows_of(uow, OWN_VENDOR, choice)
    ]


NEW_VENDOR = Prebuilt(
    select(vendors.c.id, vendors.c.name.label("vendor"), vendors.c.created_at.label("added"))
    .where(
        vendors.c.id.in_(select(CHOSEN.c.vendor_id)),
        vendors.c.created_at > AT - literal_column(f"interval '{NEW_VENDOR_DAYS} days'", Interval),
    )
    .order_by(vendors.c.id)
)


async def new_vendor(uow: Uow, choice: ChosenOffer, setting: RuleSetting) -> list[Found]:
    """The vendor was added less than a week before it is ordered from."""
    if choice.amount < setting.limit_amount:
        return []
    more = {"days": NEW_VENDOR_DAYS, "amount": choice.amount, "currency": choice.currency}
    return [
        Found(
            CheckRule.new_vendor,
            choice.request_id,
            facts_of(row, "vendor", "added", **more),
            part=str(row.id),
        )
        for row in await rows_of(uow, NEW_VENDOR, choice)
    ]


_S, _G = approval_steps.c, approval_logs.c
_shown_at = func.greatest(_S.opened_at, func.coalesce(_S.routed_at, _S.opened_at))
QUICK_APPROVAL = Prebuilt(
    select(
        _G.approver,
        people.c.name.label("person"),
        _S.name.label("step"),
        func.extract("epoch", _G.decided_at - _shown_at).label("seconds"),
        approvals.c.amount,
        approvals.c.currency,
        approvals.c.amount_base,
    )
    .join(approval_steps, _S.id == _G.step_id)
    .join(approvals, approvals.c.id == _G.approval_id)
    .join(people, people.c.id == _G.approver)
    .where(
        _G.approval_id == bindparam("approval", type_=Id),
        _G.step_id == bindparam("step", type_=Id),
        _G.verb == Verdict.approve.value,
        _G.round == _FIRST_ROUND,
        _G.decided_at - _shown_at < literal_column(f"interval '{QUICK_SECONDS} seconds'", Interval),
    )
    .order_by(_G.id)
)


async def quick_approval(uow: Uow, approval_id: UUID, step_id: UUID, setting: RuleSetting) -> list[Found]:
    """Approved before anybody could have read it; not what was approved again after it was undone."""
    rows = await uow.connection.execute(QUICK_APPROVAL, {"approval": approval_id, "step": step_id})
    return [
        Found(
            CheckRule.quick_approval,
            step_id,
            facts_of(row, "person", "step", "amount", "currency")
            | {"seconds": max(0, int(row.seconds)), "quick": QUICK_SECONDS},
            part=str(row.approver),
            involved=frozenset({row.approver}),
        )
        for row in rows
        if row.amount_base >= setting.limit_amount
    ]


RESEMBLING = Prebuilt(
    select(_R.number, _R.resembles).where(_R.id == REQUEST, func.cardinality(_R.resembles) > 0)
)


async def duplicate_request(uow: Uow, request_id: UUID) -> list[Found]:
    """It was submitted although the same was asked for lately, as ``duplicates`` showed whoever submitted it."""
    rows = await uow.connection.execute(RESEMBLING, {"request": request_id})
    return [
        Found(
            CheckRule.duplicate_request,
            request_id,
            {"earlier": ", ".join(row.resembles), "n": len(row.resembles)},
        )
        for row in rows
    ]


_mine = request_lines.alias("mine")
SHARING = Prebuilt(
    select(request_lines.c.request_id, func.min(_R.number).label("number"))
    .join(procurement_requests, _R.id == request_lines.c.request_id)
    .join(_mine, (_mine.c.words == request_lines.c.words) & (_mine.c.request_id == REQUEST))
    .where(
        request_lines.c.request_id == any_(bindparam("requests", type_=ARRAY(Id))),
        request_lines.c.dropped_at.is_(None),
        _mine.c.dropped_at.is_(None),
    )
    .group_by(request_lines.c.request_id)
    .order_by(func.min(_R.number))
)


async def split(uow: Uow, approval: Approval) -> list[Found]:
    """Each under the limit of whoever approves it alone, together over it, with an item in common.

    What is summed is what ``splits`` sums for the policy.
    """
    rules = await policies.current_policy(uow)
    if rules is None or rules.currency != approval.base_currency:
        return []
    rule = rules.splits if rules.splits.days else SPLIT_RULE
    categories = (await categories_of(uow, approval))[approval.id]
    department = await directory.department_of(uow.connection, approval.cost_centre)
    amount = approval.amount_base + approval.beside_base
    tiers = tiers_for_all(rules.tiers, amount, department, categories)
    limit = tiers[0].below if tiers else None
    if limit is None:
        return []
    facts = _facts_of(approval)
    found = await splits.siblings(
        uow, rule, rules.currency, approval.request_id, facts, approval.opened_at, award_of(approval)
    )
    asked = {"request": approval.request_id, "requests": [each.request_id for each in found]}
    numbers = {row.request_id: row.number for row in await uow.connection.execute(SHARING, asked)}
    parts = [float(each.amount_base) for each in found if each.request_id in numbers]
    together = method.split_sum(float(amount), float(limit), parts)
    if together is None:
        return []
    facts_shown = {
        "others": ", ".join(numbers.values()),
        "n": together[1],
        "amount": amount,
        "together": Decimal(repr(together[0])).quantize(Decimal("0.01")),
        "limit": limit,
        "currency": rules.currency,
        "days": rule.days,
    }
    return [Found(CheckRule.splits, approval.request_id, facts_shown)]


def _facts_of(approval: Approval) -> RoutingFacts:
    return RoutingFacts(
        amount=approval.amount,
        currency=approval.currency,
        cost_centre=approval.cost_centre,
        category=approval.category,
        vendor_id=approval.vendor_id,
        requested_by=approval.requested_by,
        excluded=approval.excluded,
    )
