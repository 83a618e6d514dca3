"""Who decides: turns a policy, a subject's facts and today's people into steps with candidates.

One rule: when a step has nobody left after exclusions, it gets the people of the next tier.
When nobody at all is left, the approval stays pending and says so.
"""

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from core.approvals import policy
from core.approvals.commands import OpenApproval, RoutingFacts
from core.approvals.model import Approval, Step
from core.approvals.states import ApprovalState, StepState
from core.kernel.errors import NotFound
from core.kernel.ids import ApprovalId, PersonId, StepId, new_id
from core.kernel.money import Money
from core.people import directory
from core.policies import deadlines, repo
from core.policies import policy as policy_rules
from core.policies.commands import Approver, PolicyStep, Tier
from core.policies.model import Policy
from core.rates.queries import convert
from core.uow import Uow


async def plan_approval(uow: Uow, command: OpenApproval) -> tuple[Approval, Tier]:
    """The approval to be opened, and the tier it follows; raises RatesMissing when there is no rate."""
    rules = await repo.current_policy(uow)
    if rules is None:
        raise NotFound(what="policy")
    facts = command.facts
    base = await convert(uow.connection, Money(facts.amount, facts.currency), rules.currency, uow.now.date())
    centre = await directory.cost_centre(uow.connection, facts.cost_centre)
    department = centre.department if centre else ""
    tiers = policy_rules.tiers_for(rules.tiers, base.money.amount, department, facts.category)
    if not tiers:
        raise NotFound(what="tier")
    wait, hours = command.route_wait, tiers[0].due_hours
    steps = [
        _step(uow, position, step.name, await _candidates(uow, step, tiers[1:], facts), wait, hours)
        for position, step in enumerate(command.asks or tiers[0].steps, start=1)
    ]
    money = Money(base.money.amount, rules.currency)
    return _approval(uow, command, rules, money, tiers[0], tuple(steps)), tiers[0]


async def _candidates(
    uow: Uow, step: PolicyStep, higher: Sequence[Tier], facts: RoutingFacts
) -> tuple[PersonId, ...]:
    """This step's people; if nobody is left, those of the next tier that has somebody."""
    for approvers in (step.approvers, *(above.approvers for tier in higher for above in tier.steps)):
        people = policy.without_excluded(await people_of(uow, approvers, facts.cost_centre), facts.excluded)
        if people:
            return tuple(PersonId(person) for person in people)
    return ()


async def people_of(uow: Uow, approvers: Sequence[Approver], cost_centre: str) -> list[UUID]:
    """Active people with the right to decide, in the policy's order."""
    people: list[UUID] = []
    for approver in approvers:
        people.extend(await _people_for(uow, approver, cost_centre))
    return people


async def _people_for(uow: Uow, approver: Approver, cost_centre: str) -> list[UUID]:
    connection = uow.connection
    if approver.role is not None:
        return [
            candidate.person_id for candidate in await directory.deciders_with_role(connection, approver.role)
        ]
    if approver.person is not None:
        candidate = await directory.decider_by_email(connection, approver.person)
    elif approver.head_of == "department":
        candidate = await directory.head_of_department(connection, cost_centre)
    else:
        candidate = await directory.head_of_cost_centre(connection, cost_centre)
    return [candidate.person_id] if candidate else []


def _step(
    uow: Uow, position: int, name: str, candidates: tuple[PersonId, ...], route_wait: dt.timedelta, hours: int
) -> Step:
    """The first step is open; until ``route_wait`` is over, n8n may name who is asked first."""
    first = position == 1
    due = deadlines.due_at(uow.now, hours) if first else None
    at_once = route_wait <= dt.timedelta(0) or len(candidates) < 2
    return Step(
        id=StepId(new_id()),
        position=position,
        name=name,
        state=StepState.open if first else StepState.waiting,
        candidates=candidates,
        asked_first=None,
        opened_at=uow.now if first else None,
        route_due_at=uow.now + route_wait if first else None,
        routed_at=uow.now if first and at_once else None,
        due_at=due,
        remind_at=deadlines.next_reminder_at(uow.now, due, uow.now) if due else None,
        reminders=0,
        decided_by=None,
        decided_at=None,
        verb=None,
        comment=None,
    )


def _approval(
    uow: Uow, command: OpenApproval, rules: Policy, base: Money, tier: Tier, steps: tuple[Step, ...]
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
        amount_base=base.amount,
        base_currency=base.currency,
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
    )


async def names(uow: Uow, *approvals: Approval) -> dict[UUID, str]:
    """The names of everybody whom these approvals' cards can show."""
    shown = [policy.people_shown(approval) for approval in approvals]
    return await directory.names(uow.connection, set().union(*shown))
