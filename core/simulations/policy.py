"""Whether the steps of an approval could all be decided: pure, for a policy that is only tried.

One rule: two steps need two people, as in a real approval.
"""

from collections.abc import Collection, Sequence
from uuid import UUID

from core.simulations.model import SimulationProblem


def problem_of(steps: Sequence[Collection[UUID]], spare: Collection[UUID]) -> SimulationProblem | None:
    """Why these steps could not all be decided; ``spare`` are the people of higher tiers, who step in."""
    if any(not candidates for candidates in steps):
        return SimulationProblem.nobody
    if _one_each([frozenset(candidates) for candidates in steps]):
        return None
    enough = _one_each([frozenset((*candidates, *spare)) for candidates in steps])
    return None if enough else SimulationProblem.too_few


def _one_each(steps: Sequence[frozenset[UUID]]) -> bool:
    """Whether every step can have a person of its own; by Kuhn's augmenting paths."""
    decides: dict[UUID, int] = {}

    def place(step: int, tried: set[UUID]) -> bool:
        for person in steps[step] - tried:
            tried.add(person)
            if person not in decides or place(decides[person], tried):
                decides[person] = step
                return True
        return False

    return all(place(step, set()) for step in range(len(steps)))
