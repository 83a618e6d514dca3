"""The dry run of a policy: who would have been asked for the newest purchases, and which could nobody approve.

One rule: it takes the same steps as the routing of a real approval, and writes nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from uuid import UUID

from sqlalchemy import select

from core.access.actor import Actor
from core.access.guard import requires
from core.access.permissions import Permission
from core.approvals import repo as approvals
from core.approvals import routing
from core.approvals.model import Approval, ApprovalFilter
from core.approvals.tables import approvals as approvals_table
from core.db.keyset import in_ids
from core.db.pages import PageQuery
from core.kernel.ids import PersonId
from core.kernel.money import Money
from core.people import directory
from core.people.model import Candidate
from core.policies import approvers
from core.policies import policy as rules
from core.policies.commands import Approver, SetPolicy, Tier
from core.rates import queries as rates
from core.rates.errors import RatesMissing
from core.rates.policy import at_rate
from core.requests.tables import procurement_requests
from core.simulations import policy
from core.simulations.model import SimulatedPurchase, SimulatedStep, Simulation, SimulationProblem
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
    routed = _Routed(uow, wanted.policy)
    planned = [(approval, *await routed.plan(approval)) for approval in newest]
    names = await directory.names(
        uow.connection, {who for *_, steps in planned for _, found in steps for who in found}
    )
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
                tier=tier.name if tier else None,
                steps=tuple(_step(name, people, names) for name, people in steps),
                differs=[set(step.candidates) for step in approval.steps]
                != [set(people) for _, people in steps],
                problem=problem,
            )
            for approval, tier, problem, steps in planned
        )
    )


class _Routed:
    """One policy over many purchases: what is looked up for one is not looked up again for the next."""

    def __init__(self, uow: Uow, policy: SetPolicy) -> None:
        self._uow = uow
        self._policy = policy
        self._people: dict[tuple[tuple[Approver, ...], str], Sequence[UUID]] = {}
        self._departments: dict[str, str] = {}
        self._rates: dict[str, Decimal | None] = {}

    async def plan(
        self, approval: Approval
    ) -> tuple[Tier | None, SimulationProblem | None, list[tuple[str, tuple[PersonId, ...]]]]:
        """The tier, what would be wrong, and each step with its candidates."""
        rate = await self._rate(approval.currency)
        if rate is None:
            return None, SimulationProblem.no_rate, []
        base = at_rate(Money(approval.amount, approval.currency), self._policy.currency, rate).money.amount
        department = await self._department(approval.cost_centre)
        tiers = rules.tiers_for(self._policy.tiers, base, department, approval.category)
        if not tiers:
            return None, SimulationProblem.no_tier, []
        find = partial(self._find, cost_centre=approval.cost_centre)
        steps = [
            (step.name, await routing.candidates_of(find, step, tiers[1:], approval.excluded))
            for step in tiers[0].steps
        ]
        above = [step.approvers for tier in tiers[1:] for step in tier.steps]
        spare = {person for approvers in above for person in await find(approvers)} - approval.excluded
        asked = [
            policy.Asked(candidates, step.needs)
            for step, (_, candidates) in zip(tiers[0].steps, steps, strict=True)
        ]
        return tiers[0], policy.problem_of(asked, spare), steps

    async def _find(self, wanted: Sequence[Approver], cost_centre: str) -> Sequence[UUID]:
        key = (tuple(wanted), cost_centre)
        if key not in self._people:
            self._people[key] = await approvers.people_of(self._uow, wanted, cost_centre)
        return self._people[key]

    async def _department(self, cost_centre: str) -> str:
        if cost_centre not in self._departments:
            found = await directory.department_of(self._uow.connection, cost_centre)
            self._departments[cost_centre] = found
        return self._departments[cost_centre]

    async def _rate(self, currency: str) -> Decimal | None:
        if currency not in self._rates:
            today = self._uow.now.date()
            try:
                found = await rates.rate(self._uow.connection, currency, self._policy.currency, today)
            except RatesMissing:
                self._rates[currency] = None
            else:
                self._rates[currency] = found
        return self._rates[currency]


def _step(name: str, people: Iterable[PersonId], names: dict[UUID, str]) -> SimulatedStep:
    return SimulatedStep(name, tuple(Candidate(person, names[person]) for person in people))


async def _newest(uow: Uow, last: int) -> Sequence[Approval]:
    """The newest approval of each of the newest purchases."""
    table, newer = approvals_table.c, approvals_table.alias("newer").c
    superseded = select(newer.id).where(newer.request_id == table.request_id, newer.id > table.id).exists()
    wanted = ApprovalFilter(page=PageQuery(None, min(last, MAX_PURCHASES)))
    return (await approvals.page_of_listed(uow, ~superseded, wanted)).items


async def _numbers(uow: Uow, request_ids: Sequence[UUID]) -> dict[UUID, str]:
    if not request_ids:
        return {}
    request = procurement_requests.c
    found = select(request.id, request.number).where(in_ids(request.id, request_ids))
    return {row.id: row.number for row in await uow.connection.execute(found)}
