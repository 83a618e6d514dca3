"""Whether the steps of a tried policy could all be decided: two steps need two people."""

from uuid import UUID

import pytest

from core.simulations.model import SimulationProblem
from core.simulations.policy import problem_of

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
    assert problem_of(steps, spare) is problem
