"""The states of an approval and of its steps.

approval  pending → approved | rejected | withdrawn | expired      approved → pending (undone in time)
step      waiting → open → done | skipped | escalated               done → open, skipped → waiting (undone in time)
"""

from enum import StrEnum
from types import MappingProxyType

from core.kernel.transitions import next_state


class ApprovalState(StrEnum):
    pending = "pending"
    approved = "approved"
    rejected = "rejected"
    withdrawn = "withdrawn"
    expired = "expired"


class Verdict(StrEnum):
    """What may be pressed: ``ask`` decides nothing, ``undo`` takes back, ``reject_request`` ends the purchase."""

    approve = "approve"
    reject = "reject"
    reject_request = "reject_request"
    ask = "ask"
    undo = "undo"


class ApprovalVerb(StrEnum):
    approve = "approve"
    reject = "reject"
    withdraw = "withdraw"
    expire = "expire"
    undo = "undo"


APPROVAL_TRANSITIONS = MappingProxyType(
    {
        (ApprovalState.pending, ApprovalVerb.approve): ApprovalState.approved,
        (ApprovalState.pending, ApprovalVerb.reject): ApprovalState.rejected,
        (ApprovalState.pending, ApprovalVerb.withdraw): ApprovalState.withdrawn,
        (ApprovalState.pending, ApprovalVerb.expire): ApprovalState.expired,
        (ApprovalState.approved, ApprovalVerb.undo): ApprovalState.pending,
    }
)


class StepState(StrEnum):
    waiting = "waiting"
    open = "open"
    done = "done"
    skipped = "skipped"
    escalated = "escalated"


class StepVerb(StrEnum):
    open = "open"
    decide = "decide"
    skip = "skip"
    escalate = "escalate"
    undo = "undo"


STEP_TRANSITIONS = MappingProxyType(
    {
        (StepState.waiting, StepVerb.open): StepState.open,
        (StepState.open, StepVerb.decide): StepState.done,
        (StepState.waiting, StepVerb.skip): StepState.skipped,
        (StepState.open, StepVerb.skip): StepState.skipped,
        (StepState.open, StepVerb.escalate): StepState.escalated,
        (StepState.done, StepVerb.undo): StepState.open,
        (StepState.skipped, StepVerb.undo): StepState.waiting,
    }
)


def after_approval(state: ApprovalState, verb: ApprovalVerb) -> ApprovalState:
    """The next state of the approval, or WrongState."""
    return next_state("approval", APPROVAL_TRANSITIONS, state, verb)


def after_step(state: StepState, verb: StepVerb) -> StepState:
    """The next state of the step, or WrongState."""
    return next_state("step", STEP_TRANSITIONS, state, verb)
