"""The states of a purchase order.

generated → issued → acknowledged → partly_received → received → completed · cancelled
issued | acknowledged | partly_received → change_proposed → back, or on with what was agreed
completed → partly_received (a receipt was corrected, or goods went back)
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
    """What happens to an order; the verbs after ``undo`` say where it goes when its counts or terms have changed."""

    issue = "issue"
    acknowledge = "acknowledge"
    refuse = "refuse"
    propose = "propose"
    receive_part = "receive_part"
    receive_rest = "receive_rest"
    complete = "complete"
    close_short = "close_short"
    call_off = "call_off"
    cancel = "cancel"
    undo = "undo"
    await_vendor = "await_vendor"
    await_delivery = "await_delivery"
    resume = "resume"
    fulfil = "fulfil"


_S, _V = OrderState, OrderVerb

TRANSITIONS = MappingProxyType(
    {
        (_S.generated, _V.issue): _S.issued,
        (_S.generated, _V.cancel): _S.cancelled,
        (_S.generated, _V.undo): _S.cancelled,
        (_S.issued, _V.acknowledge): _S.acknowledged,
        (_S.issued, _V.refuse): _S.cancelled,
        (_S.issued, _V.cancel): _S.cancelled,
        **{
            (state, verb): following
            for state in (_S.issued, _S.acknowledged, _S.partly_received)
            for verb, following in (
                (_V.propose, _S.change_proposed),
                (_V.receive_part, _S.partly_received),
                (_V.receive_rest, _S.received),
            )
        },
        (_S.received, _V.complete): _S.completed,
        **{
            (state, verb): following
            for state in (_S.change_proposed, _S.partly_received, _S.completed)
            for verb, following in (
                (_V.await_vendor, _S.issued),
                (_V.await_delivery, _S.acknowledged),
            )
        },
        **{(state, _V.resume): _S.partly_received for state in (_S.change_proposed, _S.completed)},
        **{(state, _V.fulfil): _S.received for state in (_S.change_proposed, _S.partly_received)},
        **{(state, _V.close_short): _S.completed for state in (_S.change_proposed, _S.partly_received)},
        **{
            (state, _V.call_off): _S.cancelled
            for state in (_S.acknowledged, _S.change_proposed, _S.partly_received)
        },
    }
)
RECEIVABLE = frozenset(state for state, verb in TRANSITIONS if verb is _V.receive_part)
"""Goods may arrive; a vendor that delivers before it has confirmed is no reason to turn them away."""


def after(state: OrderState, verb: OrderVerb) -> OrderState:
    """The next state, or WrongState."""
    return next_state("order", TRANSITIONS, state, verb)
