"""Pure rules of approvals: which tier applies, who may decide, and what makes a policy valid.

One rule: an amount equal to a limit counts as over it, and excluded people are never candidates.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from uuid import UUID

from core.access.actor import Actor
from core.access.permissions import Permission
from core.access.roles import PEOPLE, ROLE_PERMISSIONS
from core.approvals.commands import Approver, Decide, SetPolicy, Tier
from core.approvals.deadlines import LONGEST_DUE
from core.approvals.errors import (
    AlreadyDecided,
    NotCandidate,
    NotDecider,
    NothingToUndo,
    NotPending,
    OwnRequest,
    UndoLate,
)
from core.approvals.model import Approval, Deputy, Step
from core.approvals.states import ApprovalState, Verdict
from core.delegations.commands import Limit
from core.delegations.model import Delegation
from core.kernel.errors import Stale, invalid
from core.kernel.ids import PersonId

SHORTEST_REASON, LONGEST_REASON = 3, 500
NEED_WORDS = frozenset({Verdict.reject, Verdict.ask})
LONGEST_UNDO = 300
"""Seconds; a vendor does not wait longer than that for an order that is decided."""


def tiers_for(tiers: Sequence[Tier], amount: Decimal, department: str, category: str) -> tuple[Tier, ...]:
    """The tier that applies, then those above it, which stand in when it has nobody left.

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


def without_excluded(people: Iterable[UUID], excluded: frozenset[UUID]) -> tuple[UUID, ...]:
    """Candidates in order, each once, nobody excluded."""
    return tuple(dict.fromkeys(person for person in people if person not in excluded))


def with_deputies(approval: Approval, delegations: Sequence[Delegation]) -> Approval:
    """The approval, with who may decide its open step in a candidate's place.

    A deputy is nobody's who is excluded, and nobody who has a part in this approval already: a candidate of
    any step decides as themselves, and whoever decided one step decides no other for somebody else.
    """
    step = approval.open_step
    if step is None:
        return approval
    taken = {person for each in approval.steps for person in (*each.candidates, each.decided_by) if person}
    found: dict[PersonId, Deputy] = {}
    for giver in without_excluded(step.candidates, approval.excluded):
        for one in delegations:
            free = one.deputy not in taken and one.deputy not in approval.excluded
            if one.giver == giver and free and _covers(one.limit, approval):
                found.setdefault(one.deputy, Deputy(one.deputy, one.giver))
    open_ = replace(step, deputies=tuple(found.values()))
    return replace(approval, steps=tuple(open_ if each is step else each for each in approval.steps))


def _covers(limit: Limit | None, approval: Approval) -> bool:
    """An amount in a currency that the limit does not know is over it."""
    if limit is None:
        return True
    amounts = {approval.currency: approval.amount, approval.base_currency: approval.amount_base}
    return limit.currency in amounts and amounts[limit.currency] <= limit.amount


def check_decision(actor: Actor, approval: Approval, command: Decide, names: dict[UUID, str]) -> Step:
    """The step this person decides now, or the refusal that says why not."""
    if actor.person_id in approval.excluded:
        raise OwnRequest(who=_names(approval.open_step, names))
    step = approval.open_step
    if approval.state is not ApprovalState.pending or step is None:
        raise lost_race(approval, names)
    if actor.person_id not in step.deciders:
        mine = next((done for done in approval.steps if done.decided_by == actor.person_id), None)
        if mine is not None:
            raise lost_race(approval, names)
        raise NotCandidate(candidates=_names(step, names))
    if command.expected_version != approval.version:
        raise Stale(what="approval", expected=command.expected_version, current=approval.version)
    check_comment(command)
    return step


def check_undo(
    actor: Actor, approval: Approval, command: Decide, names: dict[UUID, str], now: dt.datetime
) -> Step:
    """The step that this person decided last and may take back now, or the refusal that says why not."""
    step = approval.last_decided
    if approval.state is not ApprovalState.approved or approval.undo_until is None or step is None:
        raise NothingToUndo(state=approval.state.value)
    if step.decided_by is None or not actor.is_person(step.decided_by):
        raise NotDecider(who=names.get(step.decided_by, "?") if step.decided_by else "?")
    if now >= approval.undo_until:
        raise UndoLate(at=approval.undo_until)
    if command.expected_version != approval.version:
        raise Stale(what="approval", expected=command.expected_version, current=approval.version)
    check_comment(command)
    return step


def check_comment(command: Decide) -> None:
    """Reject and ask need words, approve and undo may have them."""
    length = len(command.comment.strip())
    if command.verb in NEED_WORDS and length < SHORTEST_REASON:
        raise invalid(
            "/comment", "approvals.reason_needed", "say why, in 3 to 500 characters", "too dear this month"
        )
    if length > LONGEST_REASON:
        raise invalid(
            "/comment", "text.too_long", "must not be longer than 500 characters", "too dear this month"
        )


def lost_race(approval: Approval, names: dict[UUID, str]) -> AlreadyDecided | NotPending:
    """What the slower presser is told: who decided what, or how the approval ended."""
    step = approval.last_decided
    if step is None or step.decided_by is None or step.decided_at is None or step.verb is None:
        return NotPending(state=approval.state.value)
    return AlreadyDecided(by=names.get(step.decided_by, "?"), verb=step.verb.value, at=step.decided_at)


def _names(step: Step | None, names: dict[UUID, str]) -> str:
    candidates = step.deciders if step else ()
    return ", ".join(names[person] for person in candidates if person in names) or "nobody yet"


def check_policy(command: SetPolicy) -> None:
    """Refuse a policy that could not be read by a person: limits must rise, approvers must be able to decide."""
    if not 0 <= command.undo_seconds <= LONGEST_UNDO:
        raise invalid("/undo_seconds", "policy.undo", f"must be 0 to {LONGEST_UNDO} seconds", "60")
    for index, tier in enumerate(command.tiers):
        if not 1 <= tier.due_hours <= LONGEST_DUE:
            raise invalid(
                f"/tiers/{index}/due_hours", "policy.due", f"must be 1 to {LONGEST_DUE} hours", "72"
            )
        for number, step in enumerate(tier.steps):
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
    """Among tiers for the same departments and categories the limits must rise."""
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
