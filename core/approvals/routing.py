"""Who decides: turns a policy, a subject's facts and today's people into steps with candidates.

One rule: a step with too few people left after exclusions also gets those of the tiers above; when there are too few
all the same, the approval stays pending and says so.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from typing import Protocol
from uuid import UUID

from core.approvals import policy
from core.approvals.commands import OpenApproval
from core.approvals.model import Approval, Step
from core.approvals.states import ApprovalState, StepState
from core.kernel.errors import NotFound
from core.kernel.ids import ApprovalId, PersonId, StepId, new_id
from core.kernel.money import Money
from core.kernel.policy_terms import AskOnce
from core.people import directory
from core.policies import deadlines, repo
from core.policies import policy as policy_rules
from core.policies.approvers import people_of
from core.policies.commands import Approver, FindPeople, PolicyStep, Tier
from core.policies.model import Policy
from core.rates.policy import at_rate
from core.rates.queries import rate
from core.uow import Uow


class Lookups(Protocol):
    """Where a plan finds people, departments and rates; a dry run remembers what it found."""

    async def people(self, approvers: Sequence[Approver], cost_centre: str) -> Sequence[UUID]: ...

    async def department(self, cost_centre: str) -> str: ...

    async def rate(self, currency: str, to: str) -> Decimal: ...


@dataclass(frozen=True)
class TodaysLookups:
    """The people, departments and rates of this transaction."""

    uow: Uow

    async def people(self, approvers: Sequence[Approver], cost_centre: str) -> Sequence[UUID]:
        return await people_of(self.uow, approvers, cost_centre)

    async def department(self, cost_centre: str) -> str:
        return await directory.department_of(self.uow.connection, cost_centre)

    async def rate(self, currency: str, to: str) -> Decimal:
        return await rate(self.uow.connection, currency, to, self.uow.now.date())


async def plan_approval(uow: Uow, command: OpenApproval) -> tuple[Approval, Tier]:
    """The approval to be opened, and the tier it follows; raises RatesMissing when there is no rate."""
    rules = await repo.current_policy(uow)
    if rules is None:
        raise NotFound(what="policy")
    return await plan_by(rules, uow, command, TodaysLookups(uow))


async def plan_by(rules: Policy, uow: Uow, command: OpenApproval, lookups: Lookups) -> tuple[Approval, Tier]:
    """The same by a policy that may be only tried; writes nothing."""
    facts = command.facts
    own_rate = await lookups.rate(facts.currency, rules.currency)
    base = at_rate(Money(facts.amount, facts.currency), rules.currency, own_rate).money.amount
    routed = base + facts.beside_base + sum(sibling.amount_base for sibling in facts.siblings)
    department = await lookups.department(facts.cost_centre)
    categories = (facts.category, *facts.categories)
    tiers = policy_rules.tiers_for_all(rules.tiers, routed, department, categories)
    if not tiers:
        raise NotFound(what="tier")
    find = partial(lookups.people, cost_centre=facts.cost_centre)
    steps = []
    for position, step in enumerate(command.asks or policy_rules.asked(tiers, raised=facts.raised), start=1):
        asked = await candidates_of(find, step, tiers[1:], facts.excluded)
        steps.append(_step(uow, position, step, asked, command.route_wait, tiers[0]))
    approval = _approval(uow, command, rules, tiers[0], tuple(steps))
    approval = replace(approval, amount_base=base, routed_base=routed, beside_base=facts.beside_base)
    return approval, tiers[0]


async def candidates_of(
    find: FindPeople, step: PolicyStep, higher: Sequence[Tier], excluded: frozenset[UUID]
) -> tuple[PersonId, ...]:
    """This step's people; while they are too few, also those of the tiers above."""
    people: tuple[UUID, ...] = ()
    for approvers in (step.approvers, *(above.approvers for tier in higher for above in tier.steps)):
        if len(people) < step.needs:
            people = policy.without_excluded((*people, *await find(approvers)), excluded)
    return tuple(PersonId(person) for person in people)


def _step(
    uow: Uow, position: int, step: PolicyStep, people: tuple[PersonId, ...], wait: dt.timedelta, tier: Tier
) -> Step:
    """The first step is open; until ``wait`` is over, n8n may name who is asked first."""
    first = position == 1
    due = deadlines.due_at(uow.now, tier.due_hours) if first else None
    at_once = wait <= dt.timedelta(0) or len(people) < 2
    return Step(
        id=StepId(new_id()),
        position=position,
        name=step.name,
        state=StepState.open if first else StepState.waiting,
        candidates=people,
        asked_first=None,
        opened_at=uow.now if first else None,
        route_due_at=uow.now + wait if first else None,
        routed_at=uow.now if first and at_once else None,
        due_at=due,
        remind_at=deadlines.next_reminder_at(uow.now, due, uow.now) if due else None,
        reminders=0,
        decided_by=None,
        decided_at=None,
        verb=None,
        comment=None,
        needs=step.needs,
        ask_once=tier.ask_once is AskOnce.consecutive and not first and step.needs == 1,
    )


def _approval(
    uow: Uow, command: OpenApproval, rules: Policy, tier: Tier, steps: tuple[Step, ...]
) -> Approval:
    facts = command.facts
    return Approval(
        id=ApprovalId(new_id()),
        subject=command.subject,
        request_id=command.request_id,
        requested_by=facts.requested_by,
        state=ApprovalState.pending,
        version=1,
        amount=facts.amount,
        currency=facts.currency,
        amount_base=facts.amount,
        base_currency=rules.currency,
        routed_base=facts.amount,
        title=command.title,
        vendor_name=command.vendor_name,
        cost_centre=facts.cost_centre,
        category=facts.category,
        due_hours=tier.due_hours,
        excluded=facts.excluded,
        policy_version=rules.version,
        reason=command.reason,
        opened_at=uow.now,
        closed_at=None,
        undo_until=None,
        steps=steps,
        questions=(),
        vendor_id=facts.vendor_id,
        siblings=tuple(sibling.request_id for sibling in facts.siblings),
        raised=facts.raised,
    )


async def names(uow: Uow, *approvals: Approval) -> dict[UUID, str]:
    """The names of everybody whom these approvals' cards can show."""
    shown = [policy.people_shown(approval) for approval in approvals]
    return await directory.names(uow.connection, set().union(*shown))
