"""Sums requests that may be one that was split, so that the tier is chosen by what they cost together."""

from dataclasses import replace
from uuid import UUID

from core.approvals.commands import RoutingFacts
from core.policies import repo as policies
from core.splits import repo
from core.uow import Uow


async def with_siblings(uow: Uow, request_id: UUID, facts: RoutingFacts) -> RoutingFacts:
    """The facts with the requests that the present policy sums with this one."""
    rules = await policies.current_policy(uow)
    if rules is None or rules.splits.days == 0:
        return facts
    return replace(facts, siblings=await repo.siblings(uow, rules.splits, rules.currency, request_id, facts))
