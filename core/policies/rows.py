"""Converts policies between row and model.

One rule: only this module knows the shape of the stored tiers and tolerances.
"""

from decimal import Decimal
from typing import Any

from core.db.connection import Row
from core.kernel.policy_terms import AskOnce, SplitWhat, SplitWho
from core.log.events import as_json
from core.policies.commands import NO_SPLITS, Approver, PolicyStep, SplitRule, Tier, Tolerance
from core.policies.deadlines import DUE_HOURS
from core.policies.model import Policy, ReceivingPolicy


def tier_json(tier: Tier) -> object:
    """A tier as stored in the policy and in each approval's snapshot."""
    return as_json(tier)


def policy_of(row: Row) -> Policy:
    """A policy from its row."""
    tiers = tuple(_tier(tier) for tier in row.tiers)
    return Policy(
        row.version, row.currency, tiers, row.undo_seconds, row.set_by, row.set_at, _splits(row.splits)
    )


def _splits(value: dict[str, Any]) -> SplitRule:
    """Versions from before there were such rules have none."""
    if not value:
        return NO_SPLITS
    return SplitRule(value["days"], SplitWho(value["who"]), SplitWhat(value["what"]))


def _tier(value: dict[str, Any]) -> Tier:
    below = value["below"]
    return Tier(
        name=value["name"],
        below=None if below is None else Decimal(below),
        departments=tuple(value["departments"]),
        categories=tuple(value["categories"]),
        due_hours=value.get("due_hours", DUE_HOURS),
        ask_once=AskOnce(value.get("ask_once", AskOnce.never)),
        steps=tuple(
            PolicyStep(
                step["name"],
                tuple(Approver(who["role"], who["person"], who["head_of"]) for who in step["approvers"]),
                step.get("needs", 1),
            )
            for step in value["steps"]
        ),
    )


def receiving_policy_of(row: Row) -> ReceivingPolicy:
    """How goods are received, from its row."""
    return ReceivingPolicy(
        row.version, row.colleagues, row.percent, tolerances_of(row.tolerances), row.set_by, row.set_at
    )


def tolerances_of(stored: list[dict[str, Any]]) -> tuple[Tolerance, ...]:
    return tuple(Tolerance(Decimal(rule["percent"]), rule["item"], rule["category"]) for rule in stored)
