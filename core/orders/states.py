"""The states of a purchase order.

generated → issued → acknowledged | change_proposed → partly_received → received → completed · on_hold · cancelled
"""

from enum import StrEnum
from types import MappingProxyType

from core.kernel.transitions import next_state


class OrderState(StrEnum):
    generated = "generated"
    issued = "issued"
    acknowledged = "acknowledged"
    change_proposed = "change_proposed"
    partly_received = "partly_received"
    received = "received"
    completed = "completed"
    on_hold = "on_hold"
    cancelled = "cancelled"


class OrderVerb(StrEnum):
    issue = "issue"
    acknowledge = "acknowledge"
    receive_part = "receive_part"
    receive_rest = "receive_rest"
    complete = "complete"
    cancel = "cancel"
    undo = "undo"


_S, _V = OrderState, OrderVerb

TRANSITIONS = MappingProxyType(
    {
        (_S.generated, _V.issue): _S.issued,
        (_S.issued, _V.acknowledge): _S.acknowledged,
        (_S.acknowledged, _V.receive_part): _S.partly_received,
        (_S.partly_received, _V.receive_part): _S.partly_received,
        (_S.acknowledged, _V.receive_rest): _S.received,
        (_S.partly_received, _V.receive_rest): _S.received,
        (_S.received, _V.complete): _S.completed,
        (_S.generated, _V.cancel): _S.cancelled,
        (_S.generated, _V.undo): _S.cancelled,
        (_S.issued, _V.cancel): _S.cancelled,
    }
)


def after(state: OrderState, verb: OrderVerb) -> OrderState:
    """The next state, or WrongState."""
    return next_state("order", TRANSITIONS, state, verb)
