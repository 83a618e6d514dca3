"""Pure rules of a policy: which tier applies, and what makes a policy valid.

One rule: an amount equal to a limit counts as over it.
"""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from core.access.permissions import Permission
from core.access.roles import PEOPLE, ROLE_PERMISSIONS
from core.kernel.errors import invalid
from core.policies.commands import Approver, PolicyStep, SetPolicy, SetReceivingPolicy, Tier
from core.policies.deadlines import MAX_DUE_HOURS

MAX_TOLERANCE_PERCENT = 100
MAX_UNDO_SECONDS = 300
"""In seconds. A vendor does not wait longer than that for an order that is decided."""


MAX_SPLIT_DAYS = 365
MAX_NEEDED = 10
"""How many people a step may need."""


def tiers_for(tiers: Sequence[Tier], amount: Decimal, department: str, category: str) -> tuple[Tier, ...]:
    """The tier that applies, then those above it, which replace it when it has nobody left.

    An amount over every limit falls to the last tier that fits.
    """
    fitting = [
        tier
        for tier in tiers
        if (not tier.departments or department in tier.departments)
        and (not tier.categories or category in tier.categories)
    ]
    for index, tier in enumerate(fitting):
        if tier.below is None or amount < tier.below:
            return tuple(fitting[index:])
    return tuple(fitting[-1:])


def tiers_for_all(
    tiers: Sequence[Tier], amount: Decimal, department: str, categories: Sequence[str]
) -> tuple[Tier, ...]:
    """The same for goods of several categories: one tier with the steps that any of them asks; then all above."""
    each = (tiers_for(tiers, amount, department, category) for category in dict.fromkeys(categories))
    found = sorted(filter(None, each), key=lambda fitting: -sum(step.needs for step in fitting[0].steps))
    if not found:
        return ()
    steps = found[0][0].steps
    for other in found[1:]:
        steps += newly_met(other[0].steps, steps)
    above = [tier for tier in tiers if any(tier in fitting[1:] for fitting in found)]
    return (replace(found[0][0], steps=steps), *above)


def asked(tiers: Sequence[Tier], *, raised: bool) -> tuple[PolicyStep, ...]:
    """The steps of the tier that applies; of a raised approval also those that the next tier asks of others."""
    own = tiers[0].steps
    return (*own, *newly_met(tiers[1].steps, own)) if raised and len(tiers) > 1 else own


def check_policy(command: SetPolicy) -> None:
    """Refuse a policy that people could not understand: limits must rise, approvers must be able to decide."""
    if not 0 <= command.undo_seconds <= MAX_UNDO_SECONDS:
        why = f"must be 0 to {MAX_UNDO_SECONDS} seconds"
        raise invalid("/undo_seconds", "policy.undo", why, "60", limit=MAX_UNDO_SECONDS)
    if not 0 <= command.splits.days <= MAX_SPLIT_DAYS:
        why = f"must be 0 to {MAX_SPLIT_DAYS} days"
        raise invalid("/splits/days", "policy.splits", why, "14", limit=MAX_SPLIT_DAYS)
    for index, tier in enumerate(command.tiers):
        if not 1 <= tier.due_hours <= MAX_DUE_HOURS:
            field, why = f"/tiers/{index}/due_hours", f"must be 1 to {MAX_DUE_HOURS} hours"
            raise invalid(field, "policy.due", why, "72", limit=MAX_DUE_HOURS)
        for number, step in enumerate(tier.steps):
            if not 1 <= step.needs <= MAX_NEEDED:
                field, why = f"/tiers/{index}/steps/{number}/needs", f"must be 1 to {MAX_NEEDED}"
                raise invalid(field, "policy.needs", why, "2", limit=MAX_NEEDED)
            for place, approver in enumerate(step.approvers):
                _check_approver(f"/tiers/{index}/steps/{number}/approvers/{place}", approver)
    _check_limits(command.tiers)


def _check_approver(field: str, approver: Approver) -> None:
    deciding = [role.value for role in PEOPLE if Permission.approvals_decide in ROLE_PERMISSIONS[role]]
    if approver.role is not None and approver.role not in deciding:
        raise invalid(
            f"{field}/role", "policy.role", "this role cannot decide approvals", ", ".join(deciding)
        )


def _check_limits(tiers: Sequence[Tier]) -> None:
    """Limits must rise among tiers for the same departments and categories."""
    last: dict[tuple[frozenset[str], frozenset[str]], Decimal | None] = {}
    for index, tier in enumerate(tiers):
        key = (frozenset(tier.departments), frozenset(tier.categories))
        before = last.get(key, Decimal(-1))
        if before is None or (tier.below is not None and tier.below <= before):
            raise invalid(
                f"/tiers/{index}/below",
                "policy.order",
                "limits must rise from tier to tier",
                "500, 5000, null",
            )
        last[key] = tier.below


def newly_met(steps: Sequence[PolicyStep], earlier: Sequence[PolicyStep]) -> tuple[PolicyStep, ...]:
    """What the earlier tier did not ask of the same approvers, in any order and under any name.

    A step that needs more of them than before needs only the people whom it needs more.
    """
    asked: dict[frozenset[Approver], int] = {}
    for step in earlier:
        approvers = frozenset(step.approvers)
        asked[approvers] = max(step.needs, asked.get(approvers, 0))
    missing = ((step, step.needs - asked.get(frozenset(step.approvers), 0)) for step in steps)
    return tuple(replace(step, needs=needs) for step, needs in missing if needs > 0)


def check_receiving_policy(command: SetReceivingPolicy) -> None:
    """Percentages from 0 to 100; each exception names an item or a category, and no two the same."""
    percents = [("/percent", command.percent)]
    percents += [(f"/tolerances/{n}/percent", rule.percent) for n, rule in enumerate(command.tolerances)]
    for field, percent in percents:
        if not 0 <= percent <= MAX_TOLERANCE_PERCENT:
            raise invalid(field, "policy.percent", f"must be 0 to {MAX_TOLERANCE_PERCENT} percent", "10")
    seen: set[tuple[str, str]] = set()
    for index, rule in enumerate(command.tolerances):
        key = (rule.item or "").casefold(), (rule.category or "").casefold()
        if key in seen:
            raise invalid(f"/tolerances/{index}", "policy.tolerance_twice", "this is named twice", None)
        seen.add(key)
