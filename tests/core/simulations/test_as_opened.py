"""The dry run of a policy gives what opening gives: the same tier and steps, for any policy."""

from dataclasses import replace
from decimal import Decimal
from random import Random
from uuid import UUID

import pytest

from core.approvals.model import Approval
from core.approvals.routing import plan_approval
from core.kernel.ids import ApprovalId
from core.kernel.policy_terms import AskOnce, SplitWhat, SplitWho
from core.policies import service as policies
from core.policies.commands import Approver, PolicyStep, SetPolicy, SplitRule, Tier
from core.reassignments.policy import as_opened
from core.simulations.model import SimulatedPurchase, SimulationProblem
from core.simulations.policy import Asked, problem_of
from core.simulations.queries import SimulatePolicy, simulate
from core.splits.service import with_siblings
from tests.core.decisions.test_separation import named
from tests.support.uow import begin
from tests.support.world import ADMINISTRATOR, World

LIMITS = (Decimal(3000), Decimal(5000), Decimal(9000), None)
APPROVERS = (
    (Approver("manager", None, None),),
    (Approver("finance", None, None),),
    (Approver(None, None, "cost_centre"),),
    (Approver("manager", None, None), Approver("finance", None, None)),
)
A, B, C = (UUID(int=number) for number in (1, 2, 3))


def drawn(random: Random) -> SetPolicy:
    """Any policy of four tiers, with steps that need one or two, ask once or not, and with or without splits."""
    return SetPolicy(
        "USD",
        tuple(
            Tier(
                f"tier {place}",
                limit,
                (),
                (),
                tuple(
                    PolicyStep(f"step {number}", random.choice(APPROVERS), random.choice((1, 1, 2)))
                    for number in range(random.randint(1, 3))
                ),
                ask_once=random.choice(list(AskOnce)),
            )
            for place, limit in enumerate(LIMITS)
        ),
        None,
        0,
        SplitRule(random.choice((0, 14)), random.choice(list(SplitWho)), random.choice(list(SplitWhat))),
    )


async def tried(world: World, command: SetPolicy) -> dict[ApprovalId, SimulatedPurchase]:
    found = await world.act(await world.an_admin(), simulate, SimulatePolicy(command))
    return {each.approval_id: each for each in found.purchases}


async def opened_by(world: World, approval: Approval) -> tuple[Approval, Tier]:
    """What opening this approval would give under the policy in force, as of when it was opened."""
    async with begin(world.engine, ADMINISTRATOR, world.clock) as uow:
        wanted = as_opened(approval, approval.excluded)
        facts = await with_siblings(uow, approval.request_id, wanted.facts, at=approval.opened_at)
        return await plan_approval(uow, replace(wanted, facts=facts))


async def test_a_tried_policy_gives_what_opening_gives(world: World) -> None:
    approvals = [
        (await world.an_open_approval(price=price)).approval for price in ("900", "1180", "1180", "2500")
    ]
    summed = 0
    for seed in range(12):
        command = drawn(Random(seed))
        found = await tried(world, command)
        await world.act(ADMINISTRATOR, policies.set_policy, command)
        for approval in approvals:
            planned, tier = await opened_by(world, approval)
            shown = found[approval.id]
            assert shown.tier == tier.name, seed
            assert [
                ([one.person_id for one in step.candidates], step.needs, step.ask_once)
                for step in shown.steps
            ] == [(list(step.candidates), step.needs, step.ask_once) for step in planned.steps], seed
            summed += planned.routed_base > planned.amount_base
    assert summed, "no drawn policy summed anything"


@pytest.mark.parametrize(
    ("steps", "spare", "problem"),
    [
        ([Asked([A]), Asked([A], 1, True)], [], None),
        ([Asked([A]), Asked([A], 1, False)], [], SimulationProblem.too_few),
        ([Asked([A]), Asked([B], 1, True)], [], None),
        ([Asked([A]), Asked([A], 1, True), Asked([A], 1, True)], [], None),
        ([Asked([A]), Asked([B]), Asked([A], 1, True)], [], SimulationProblem.too_few),
        ([Asked([A]), Asked([B]), Asked([A], 1, True)], [C], None),
        ([Asked([A, B], 2), Asked([B], 1, True)], [], None),
        ([Asked([A]), Asked([A], 2, True)], [], SimulationProblem.too_few),
        ([Asked([A]), Asked([], 1, True)], [A], SimulationProblem.nobody),
    ],
)
def test_a_step_that_asks_once_needs_nobody_else_when_its_person_approved_the_one_before(
    steps: list[Asked], spare: list[UUID], problem: SimulationProblem | None
) -> None:
    assert problem_of(steps, spare) is problem


async def test_a_policy_that_asks_once_is_not_called_stuck(world: World) -> None:
    only = await world.a_manager()
    await world.an_open_approval()
    steps = (named("one", only), named("two", only))
    for once, problem in ((AskOnce.never, SimulationProblem.too_few), (AskOnce.consecutive, None)):
        tier = Tier("all", None, (), (), steps, ask_once=once)
        [purchase] = (await tried(world, SetPolicy("USD", (tier,), None))).values()
        assert purchase.problem is problem
