"""Sums requests that may be one that was split, so that the tier is chosen by what they cost together."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from core.approvals.commands import RoutingFacts, Sibling
from core.approvals.model import Approval
from core.kernel.subjects import SubjectKind
from core.policies import repo as policies
from core.policies.model import Policy
from core.splits import repo
from core.uow import Uow


async def with_siblings(
    uow: Uow,
    request_id: UUID,
    facts: RoutingFacts,
    *,
    at: dt.datetime | None = None,
    award: UUID | None = None,
) -> RoutingFacts:
    """The facts with the requests that the present policy sums with this one, as of now or of ``at``.

    ``award``: the split award it is about; all of its vendors, and their categories, count.
    """
    if award is not None:
        found_categories = await repo.categories_of(uow, [award])
        facts = replace(facts, categories=found_categories.get(award, ()))
    rules = await policies.current_policy(uow)
    if rules is None or rules.splits.days == 0:
        return facts
    found = await repo.siblings(uow, rules.splits, rules.currency, request_id, facts, at, award)
    return replace(facts, siblings=found)


def award_of(approval: Approval) -> UUID | None:
    """The split award that an approval is about."""
    return approval.subject.id if approval.subject.kind == SubjectKind.split_award else None


async def categories_of(uow: Uow, *opened: Approval) -> dict[UUID, tuple[str, ...]]:
    """By each approval's id: its category, and those of all vendors where it is about several."""
    awards = [award for award in map(award_of, opened) if award is not None]
    found = await repo.categories_of(uow, awards) if awards else {}
    return {each.id: (each.category, *found.get(each.subject.id, ())) for each in opened}


async def siblings_of(uow: Uow, rules: Policy, opened: Sequence[Approval]) -> dict[UUID, tuple[Sibling, ...]]:
    """What a policy sums with each of these approvals, as of the time when it was opened."""
    if rules.splits.days == 0 or not opened:
        return {}
    return await repo.siblings_of(uow, rules.splits, rules.currency, opened)
