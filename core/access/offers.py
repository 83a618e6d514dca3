"""Which actions are offered to an actor, from the rights and the checks that the use cases themselves make.

One rule: an offer asks the check that its use case asks, so that a rule and its offer cannot differ.

Lists offer something for each of their rows, and the same again for most of them: answers are remembered by everything
that the checks look at.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import wraps
from typing import ParamSpec

from core.access.actor import Actor
from core.access.permissions import Permission
from core.kernel.actions import Action
from core.kernel.errors import DomainError

P = ParamSpec("P")
MOST_REMEMBERED = 10_000


@dataclass(frozen=True, slots=True)
class ActionRule:
    """An action, the right it needs, and the check that refuses it."""

    action: Action
    right: Permission
    check: Callable[[], object]


def offered(actor: Actor, *rules: ActionRule) -> tuple[Action, ...]:
    """The actions that this actor may do now; a check that several rules share is asked once."""
    passed: dict[Callable[[], object], bool] = {}
    found = []
    for rule in rules:
        if not actor.may(rule.right):
            continue
        passes = passed.get(rule.check)
        if passes is None:
            passes = passed[rule.check] = _passes(rule.check)
        if passes:
            found.append(rule.action)
    return tuple(found)


def remembered_by(
    deciding: Callable[P, Hashable],
) -> Callable[[Callable[P, tuple[Action, ...]]], Callable[P, tuple[Action, ...]]]:
    """Ask a function only once about the same; ``deciding`` names all that its checks and actions depend on."""

    def decorate(offers: Callable[P, tuple[Action, ...]]) -> Callable[P, tuple[Action, ...]]:
        answers: dict[Hashable, tuple[Action, ...]] = {}

        @wraps(offers)
        def answer(*args: P.args, **kwargs: P.kwargs) -> tuple[Action, ...]:
            key = deciding(*args, **kwargs)
            found = answers.get(key)
            if found is None:
                if len(answers) >= MOST_REMEMBERED:
                    answers.clear()
                found = answers[key] = offers(*args, **kwargs)
            return found

        return answer

    return decorate


def _passes(check: Callable[[], object]) -> bool:
    try:
        check()
    except DomainError:
        return False
    return True
