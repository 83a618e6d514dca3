"""Converts actions from read model to wire."""

from collections.abc import Iterable
from functools import lru_cache

from api.contract.actions import ActionOut
from core.kernel.actions import Action


def actions(source: Iterable[Action]) -> tuple[ActionOut, ...]:
    return tuple(_action(action) for action in source)


@lru_cache(maxsize=1024)
def _action(source: Action) -> ActionOut:
    """The same frozen model for each equal action: lists carry hundreds of them."""
    return ActionOut(verb=source.verb, needs=source.needs, until=source.until)
