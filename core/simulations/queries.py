"""The dry run of a policy: who would have been asked for the newest purchases, and which could nobody approve.

One rule: it takes the same steps as the routing of a real approval, and writes nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from uuid import UUID

from sqlalchemy import and_, select

from core.access.actor import Actor
from core.access.guard import requires
from core.access.permissions import Permission
from core.approvals import repo as approvals
from core.approvals import routing
from core.approvals.commands import Sibling
from core.approvals.model import Approval, ApprovalFilter, Step
from core.approvals.tables import approvals as approvals_table
from core.db.keyset import in_ids
from core.db.pages import PageQuery
from core.kernel.errors import NotFound
from core.kernel.subjects import SubjectKind
from core.people import directory
from core.people.model import Candidate
from core.policies import approvers
from core.policies import policy as rules
from core.policies.commands import Approver, SetPolicy, Tier
from core.policies.model import Policy
from core.rates.errors import RatesMissing
from core.reassignments.policy import as_opened
from core.requests.tables import procurement_requests
from core.simulations import policy
from core.simulations.model import SimulatedPurchase, SimulatedStep, Simulation, SimulationProblem
from core.splits.service import categories_of, siblings_of
from core.uow import Uow

MAX_PURCHASES = 200


@dataclass(frozen=True)
class SimulatePolicy:
    """``last``: how many purchases, the newest first."""

    policy: SetPolicy
    last: int = MAX_PURCHASES


@requires(Permission.policies_simulate)
async def simulate(uow: Uow, actor: Actor, wanted: SimulatePolicy) -> Simulation:
    """Route the newest purchases by this policy, with today's people and rates."""
    rules.check_policy(wanted.policy)
    await approvers.check_names(uow, wanted.policy)
    newest = await _newest(uow, wanted.last)
    tried = _tried(uow, wanted.policy)
    summed = await siblings_of(uow, tried, newest)
    lookups = _Remembered(routing.TodaysLookups(uow))
    named = await categories_of(uow, *newest)
    planned = [
        await _plan(uow, tried, each, summed.get(each.id, ()), named[each.id], lookups) for each in newest
    ]
    asked = {person for plan in planned for step in plan.steps for person in step.candidates}
    names = await directory.names(uow.connection, asked)
    numbers = await _numbers(uow, [approval.request_id for approval in newest])
    return Simulation(
        tuple(
            SimulatedPurchase(
                approval_id=approval.id,
                request_number=numbers[approval.request_id],
                title=approval.title,
                vendor_name=approval.vendor_name,
                cost_centre=approval.cost_centre,
                amount=approval.amount,
                currency=approval.currency,
                tier=plan.tier.name if plan.tier else None,
                steps=tuple(_step(step, names) for step in plan.steps),
                differs=[_asks(step) for step in approval.steps] != [_asks(step) for step in plan.steps],
                problem=plan.problem,
            )
            for approval, plan in zip(newest, planned, strict=True)
        )
    )


@dataclass(frozen=True)
class _Plan:
    """What opening one purchase's approval under the tried policy would give."""

    tier: Tier | None
    problem: SimulationProblem | None
    steps: tuple[Step, ...] = ()


async def _plan(
    uow: Uow,
    tried: Policy,
    approval: Approval,
    summed: Sequence[Sibling],
    categories: tuple[str, ...],
    lookups: routing.Lookups,
) -> _Plan:
    command = as_opened(approval, approval.excluded)
    command = replace(command, facts=replace(command.facts, siblings=tuple(summed), categories=categories))
    try:
        planned, tier = await routing.plan_by(tried, uow, command, lookups)
    except RatesMissing:
        return _Plan(None, SimulationProblem.no_rate)
    except NotFound:
        return _Plan(None, SimulationProblem.no_tier)
    department = await lookups.department(approval.cost_centre)
    tiers = rules.tiers_for_all(tried.tiers, planned.routed_base, department, categories)
    above = [step.approvers for higher in tiers[1:] for step in higher.steps]
    spare = {person for each in above for person in await lookups.people(each, approval.cost_centre)}
    asked = [policy.Asked(step.candidates, step.needs, step.ask_once) for step in planned.steps]
    return _Plan(tier, policy.problem_of(asked, spare - approval.excluded), planned.steps)


def _tried(uow: Uow, command: SetPolicy) -> Policy:
    """The policy as if it were set now."""
    terms = (command.currency, command.tiers, command.undo_seconds)
    return Policy(0, *terms, set_by="", set_at=uow.now, splits=command.splits)


class _Remembered:
    """What is looked up for one purchase is not looked up again for the next."""

    def __init__(self, found: routing.Lookups) -> None:
        self._found = found
        self._people: dict[tuple[tuple[Approver, ...], str], Sequence[UUID]] = {}
        self._departments: dict[str, str] = {}
        self._rates: dict[tuple[str, str], Decimal] = {}
        self._missing: dict[tuple[str, str], RatesMissing] = {}

    async def people(self, approvers: Sequence[Approver], cost_centre: str) -> Sequence[UUID]:
        key = (tuple(approvers), cost_centre)
        if key not in self._people:
            self._people[key] = await self._found.people(approvers, cost_centre)
        return self._people[key]

    async def department(self, cost_centre: str) -> str:
        if cost_centre not in self._departments:
            self._departments[cost_centre] = await self._found.department(cost_centre)
        return self._departments[cost_centre]

    async def rate(self, currency: str, to: str) -> Decimal:
        key = (currency, to)
        if key in self._missing:
            raise self._missing[key]
        if key not in self._rates:
            try:
                self._rates[key] = await self._found.rate(currency, to)
            except RatesMissing as missing:
                self._missing[key] = missing
                raise
        return self._rates[key]


def _asks(step: Step) -> tuple[set[UUID], int, bool]:
    """What one step asks of whom."""
    return set(step.candidates), step.needs, step.ask_once


def _step(step: Step, names: dict[UUID, str]) -> SimulatedStep:
    people = tuple(Candidate(person, names[person]) for person in step.candidates)
    return SimulatedStep(step.name, people, step.needs, step.ask_once)


async def _newest(uow: Uow, last: int) -> Sequence[Approval]:
    """The newest approval of an award in each of the newest purchases: a changed order asks only who is newly met."""
    table, newer = approvals_table.c, approvals_table.alias("newer").c
    awards = (SubjectKind.quote.value, SubjectKind.split_award.value)
    superseded = (
        select(newer.id)
        .where(newer.request_id == table.request_id, newer.subject_kind.in_(awards), newer.id > table.id)
        .exists()
    )
    wanted = ApprovalFilter(page=PageQuery(None, min(last, MAX_PURCHASES)))
    listed = and_(table.subject_kind.in_(awards), ~superseded)
    return (await approvals.page_of_listed(uow, listed, wanted)).items


async def _numbers(uow: Uow, request_ids: Sequence[UUID]) -> dict[UUID, str]:
    if not request_ids:
        return {}
    request = procurement_requests.c
    found = select(request.id, request.number).where(in_ids(request.id, request_ids))
    return {row.id: row.number for row in await uow.connection.execute(found)}
