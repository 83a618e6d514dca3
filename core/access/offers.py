"""Which actions are offered to an actor, from the rights and the checks that the use cases themselves make.

One rule: an offer asks the check that its use case asks, so that a rule and its offer cannot differ.
"""

from collections.abc import Callable
from dataclasses import dataclass

from core.access.actor import Actor
from core.access.permissions import Permission
from core.kernel.actions import Action
from core.kernel.errors import DomainError


@dataclass(frozen=True, slots=True)
class ActionRule:
    """An action, the right it needs, and the check that refuses it."""

    action: Action
    right: Permission
    check: Callable[[], object]


def offered(actor: Actor, *rules: ActionRule) -> tuple[Action, ...]:
    """The actions that this actor may do now."""
    return tuple(rule.action for rule in rules if actor.may(rule.right) and _passes(rule.check))


def _passes(check: Callable[[], object]) -> bool:
    try:
        check()
    except DomainError:
        return False
    return True
