"""Runs the rules at their moments: a request is submitted, an approval opened or given, an order made or changed.

One rule: it reads and writes nothing; whoever calls keeps what was found.
"""

import datetime as dt
from collections.abc import Awaitable, Callable, Mapping, Sequence
from types import MappingProxyType
from uuid import UUID

from core.approvals.model import Approval
from core.checks import people_checks, price_checks, quote_checks
from core.checks.decided_rate import DecidedRate
from core.checks.model import CheckRule, ChosenOffer, Found, RuleSetting
from core.kernel.subjects import AWARDS
from core.uow import Uow

Settings = Mapping[CheckRule, RuleSetting]
ChoiceCheck = Callable[[Uow, ChosenOffer, RuleSetting], Awaitable[list[Found]]]

OF_CHOICE: Mapping[CheckRule, ChoiceCheck] = MappingProxyType(
    {
        CheckRule.price: price_checks.price,
        CheckRule.single_quote: quote_checks.single_quote,
        CheckRule.late_quote: quote_checks.late_quote,
        CheckRule.passed_over: quote_checks.passed_over,
        CheckRule.same_price: quote_checks.same_price,
        CheckRule.own_vendor: people_checks.own_vendor,
        CheckRule.new_vendor: people_checks.new_vendor,
    }
)
"""The rules about what is to be approved; only these can ask for one more level of approval.

What may be one request that was split is summed by the policy itself, and the rest happens after an approval.
"""


def choice_of(approval: Approval) -> ChosenOffer:
    """What an approval is about, as of when it was opened."""
    return ChosenOffer(
        request_id=approval.request_id,
        subject_id=approval.subject.id,
        requested_by=approval.requested_by,
        cost_centre=approval.cost_centre,
        amount=approval.amount_base,
        currency=approval.base_currency,
        at=approval.opened_at,
        decided=DecidedRate(
            approval.amount,
            approval.currency,
            approval.amount_base,
            approval.base_currency,
            approval.opened_at.date(),
        ),
        reason=approval.reason,
    )


async def of_choice(uow: Uow, choice: ChosenOffer, settings: Settings) -> list[Found]:
    """What the rules that are on say about a choice."""
    found: list[Found] = []
    for rule, check in OF_CHOICE.items():
        if settings[rule].switched_on:
            found += await check(uow, choice, settings[rule])
    return found


async def of_approval(uow: Uow, approval: Approval, settings: Settings) -> list[Found]:
    """The same, and whether it may be a part of something larger; of a changed order, nothing."""
    if approval.subject.kind not in AWARDS:
        return []
    found = await of_choice(uow, choice_of(approval), settings)
    if settings[CheckRule.splits].switched_on:
        found += await people_checks.split(uow, approval)
    return found


async def of_request(uow: Uow, request_id: UUID, settings: Settings) -> Sequence[Found]:
    """What the rules say about a request that was submitted."""
    if not settings[CheckRule.duplicate_request].switched_on:
        return ()
    return await people_checks.duplicate_request(uow, request_id)


async def of_verdict(uow: Uow, approval_id: UUID, step_id: UUID, settings: Settings) -> Sequence[Found]:
    """What the rules say about a step that was approved."""
    setting = settings[CheckRule.quick_approval]
    if not setting.switched_on:
        return ()
    return await people_checks.quick_approval(uow, approval_id, step_id, setting)


async def of_order(uow: Uow, order_id: UUID, at: dt.datetime, settings: Settings) -> Sequence[Found]:
    """What the rules say about an order that was made."""
    if not settings[CheckRule.duplicate_order].switched_on:
        return ()
    return await price_checks.duplicate_order(uow, order_id, at)


async def of_revision(uow: Uow, order_id: UUID, settings: Settings) -> Sequence[Found]:
    """What the rules say about an order whose terms were changed."""
    setting = settings[CheckRule.price_changed]
    if not setting.switched_on:
        return ()
    return await price_checks.price_changed(uow, order_id, setting)
