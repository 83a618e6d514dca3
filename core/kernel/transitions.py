"""State tables: what a state machine is, defined once for every slice.

One rule: a state changes only through ``after(state, verb)``; diagrams and tests are made from the same
table.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from core.kernel.errors import WrongState

State = TypeVar("State", bound=StrEnum)
Verb = TypeVar("Verb", bound=StrEnum)


def next_state(what: str, table: Mapping[tuple[State, Verb], State], state: State, verb: Verb) -> State:
    """The next state, or WrongState naming state and verb."""
    following = table.get((state, verb))
    if following is None:
        raise WrongState(what=what, state=state.value, verb=verb.value)
    return following
