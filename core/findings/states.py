"""The states of a finding.

finding     open → held → fine | confirmed
            open → fine | confirmed
            fine ↔ confirmed (somebody has changed their mind)
"""

from enum import StrEnum
from types import MappingProxyType

from core.kernel.transitions import next_state


class FindingState(StrEnum):
    open = "open"
    held = "held"
    fine = "fine"
    confirmed = "confirmed"


class FindingVerb(StrEnum):
    hold = "hold"
    dismiss = "dismiss"
    confirm = "confirm"


FINDING_TRANSITIONS = MappingProxyType(
    {
        (FindingState.open, FindingVerb.hold): FindingState.held,
        (FindingState.open, FindingVerb.dismiss): FindingState.fine,
        (FindingState.open, FindingVerb.confirm): FindingState.confirmed,
        (FindingState.held, FindingVerb.dismiss): FindingState.fine,
        (FindingState.held, FindingVerb.confirm): FindingState.confirmed,
        (FindingState.fine, FindingVerb.confirm): FindingState.confirmed,
        (FindingState.confirmed, FindingVerb.dismiss): FindingState.fine,
    }
)
WAITING = frozenset({FindingState.open, FindingState.held})
REVIEWED = frozenset({FindingState.fine, FindingState.confirmed})


def after_finding(state: FindingState, verb: FindingVerb) -> FindingState:
    """The finding's next state, or WrongState."""
    return next_state("finding", FINDING_TRANSITIONS, state, verb)
