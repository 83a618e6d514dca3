"""Whether the steps of an approval could all be decided: pure, for a policy that is only tried.

One rule: two steps need two people, as in a real approval, and a step that needs several needs them all; only one
that asks once is done by whoever approved the step before.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from uuid import UUID

from core.simulations.model import SimulationProblem


@dataclass(frozen=True)
class Asked:
    """The people of one step, how many of them have to approve it, and whether it is passed over after one of them."""

    candidates: Collection[UUID]
    needs: int = 1
    ask_once: bool = False


def problem_of(steps: Sequence[Asked], spare: Collection[UUID]) -> SimulationProblem | None:
    """Why these steps could not all be decided; ``spare`` are the people of higher tiers, who step in."""
    if any(not step.candidates for step in steps):
        return SimulationProblem.nobody
    ways = [_needed(steps, passed) for passed in _ways_to_pass_over(steps)]
    if any(_one_each(needed) for needed in ways):
        return None
    filled = ([people.union(spare) for people in needed] for needed in ways)
    return None if any(_one_each(needed) for needed in filled) else SimulationProblem.too_few


def _ways_to_pass_over(steps: Sequence[Asked]) -> Iterator[frozenset[int]]:
    """Which of the steps that ask once could be passed over: none of them first, then every choice."""
    places = [place for place, step in enumerate(steps) if place and step.ask_once and step.needs == 1]
    for count in range(len(places) + 1):
        for chosen in combinations(places, count):
            yield frozenset(chosen)


def _needed(steps: Sequence[Asked], passed: frozenset[int]) -> list[frozenset[UUID]]:
    """For each approval those who could give it: a step that is passed over narrows the last of the step before."""
    needed: list[frozenset[UUID]] = []
    for place, step in enumerate(steps):
        if place in passed:
            needed[-1] &= frozenset(step.candidates)
        else:
            needed += [frozenset(step.candidates)] * step.needs
    return needed


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
