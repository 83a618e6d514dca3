"""Whether the steps of an approval could all be decided: pure, for a policy that is only tried.

One rule: two steps need two people, as in a real approval, and a step that needs several needs them all.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from core.simulations.model import SimulationProblem


@dataclass(frozen=True)
class Asked:
    """The people of one step, and how many of them have to approve it."""

    candidates: Collection[UUID]
    needs: int = 1


def problem_of(steps: Sequence[Asked], spare: Collection[UUID]) -> SimulationProblem | None:
    """Why these steps could not all be decided; ``spare`` are the people of higher tiers, who step in."""
    if any(not step.candidates for step in steps):
        return SimulationProblem.nobody
    approvals = [frozenset(step.candidates) for step in steps for _ in range(step.needs)]
    if _one_each(approvals):
        return None
    return None if _one_each([people.union(spare) for people in approvals]) else SimulationProblem.too_few


def _one_each(approvals: Sequence[frozenset[UUID]]) -> bool:
    """Whether every approval can have a person of its own; by Kuhn's augmenting paths."""
    decides: dict[UUID, int] = {}

    def place(approval: int, tried: set[UUID]) -> bool:
        for person in approvals[approval] - tried:
            tried.add(person)
            if person not in decides or place(decides[person], tried):
                decides[person] = approval
                return True
        return False

    return all(place(approval, set()) for approval in range(len(approvals)))
