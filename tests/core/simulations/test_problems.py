"""Whether the steps of a tried policy could all be decided: two steps need two people."""

from uuid import UUID

import pytest

from core.access.roles import Role
from core.policies.commands import Approver, PolicyStep, SetPolicy, Tier
from core.simulations.model import SimulationProblem
from core.simulations.policy import Asked, problem_of
from core.simulations.queries import SimulatePolicy, simulate
from tests.support.world import ADMINISTRATOR, World

A, B, C = (UUID(int=number) for number in (1, 2, 3))


@pytest.mark.parametrize(
    ("steps", "spare", "problem"),
    [
        ([[A]], [], None),
        ([[]], [A], SimulationProblem.nobody),
        ([[A], []], [B], SimulationProblem.nobody),
        ([[A], [B]], [], None),
        ([[A], [A]], [], SimulationProblem.too_few),
        ([[A], [A]], [A], SimulationProblem.too_few),
        ([[A], [A]], [B], None),
        ([[A, B], [A]], [], None),
        ([[A, B], [A], [B]], [], SimulationProblem.too_few),
        ([[A, B], [A], [B]], [C], None),
        ([[A, B], [A, B], [A, B, C]], [], None),
    ],
)
def test_each_step_needs_a_person_of_its_own(
    steps: list[list[UUID]], spare: list[UUID], problem: SimulationProblem | None
) -> None:
    assert problem_of([Asked(candidates) for candidates in steps], spare) is problem


@pytest.mark.parametrize(
    ("steps", "spare", "problem"),
    [
        ([Asked([A, B], 2)], [], None),
        ([Asked([A], 2)], [], SimulationProblem.too_few),
        ([Asked([A], 2)], [A], SimulationProblem.too_few),
        ([Asked([A], 2)], [B], None),
        ([Asked([A, B], 2), Asked([A])], [], SimulationProblem.too_few),
        ([Asked([A, B], 2), Asked([A])], [C], None),
        ([Asked([A, B], 2), Asked([A, C])], [], None),
        ([Asked([], 2)], [A, B], SimulationProblem.nobody),
    ],
)
def test_a_step_that_needs_several_needs_as_many_people(
    steps: list[Asked], spare: list[UUID], problem: SimulationProblem | None
) -> None:
    assert problem_of(steps, spare) is problem


@pytest.mark.parametrize(("needs", "problem"), [(1, None), (2, SimulationProblem.too_few)])
async def test_a_tried_policy_says_that_one_person_is_too_few_for_two_approvals(
    world: World, needs: int, problem: SimulationProblem | None
) -> None:
    await world.an_open_approval()
    only = await world.a_person(Role.finance)
    step = PolicyStep("two", (Approver(None, only.email, None),), needs=needs)
    tried = SimulatePolicy(SetPolicy("USD", (Tier("all", None, (), (), (step,)),), None), last=1)
    found = await world.act(ADMINISTRATOR, simulate, tried)
    assert [purchase.problem for purchase in found.purchases] == [problem]
