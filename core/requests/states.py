"""The states of a procurement request.

draft → submitted → sourcing → quoted → awaiting_approval → approved → ordered ⇄ completed
                                     └────────── undone in time ──────┘
submitted → draft (requester takes it back to correct it, before vendors are asked)
rejected (approver or officer, before approval) · withdrawn (requester, before approval)
cancelled (officer or admin, until the order is acknowledged)
"""

from enum import StrEnum
from types import MappingProxyType

from core.kernel.transitions import next_state


class RequestState(StrEnum):
    draft = "draft"
    submitted = "submitted"
    sourcing = "sourcing"
    quoted = "quoted"
    awaiting_approval = "awaiting_approval"
    approved = "approved"
    ordered = "ordered"
    completed = "completed"
    rejected = "rejected"
    withdrawn = "withdrawn"
    cancelled = "cancelled"


class RequestVerb(StrEnum):
    submit = "submit"
    take_back = "take_back"
    ask_vendors = "ask_vendors"
    take_quote = "take_quote"
    lose_quotes = "lose_quotes"
    open_approval = "open_approval"
    return_to_quotes = "return_to_quotes"
    approve = "approve"
    order = "order"
    complete = "complete"
    reopen = "reopen"
    undo = "undo"
    withdraw = "withdraw"
    reject = "reject"
    cancel = "cancel"


_S, _V = RequestState, RequestVerb
_BEFORE_APPROVAL = (_S.submitted, _S.sourcing, _S.quoted, _S.awaiting_approval)

TRANSITIONS = MappingProxyType(
    {
        (_S.draft, _V.submit): _S.submitted,
        (_S.submitted, _V.take_back): _S.draft,
        (_S.submitted, _V.ask_vendors): _S.sourcing,
        (_S.sourcing, _V.ask_vendors): _S.sourcing,
        (_S.quoted, _V.ask_vendors): _S.sourcing,
        (_S.sourcing, _V.take_quote): _S.quoted,
        (_S.quoted, _V.take_quote): _S.quoted,
        (_S.sourcing, _V.lose_quotes): _S.sourcing,
        (_S.quoted, _V.lose_quotes): _S.sourcing,
        (_S.quoted, _V.open_approval): _S.awaiting_approval,
        (_S.awaiting_approval, _V.return_to_quotes): _S.quoted,
        (_S.awaiting_approval, _V.approve): _S.approved,
        (_S.approved, _V.order): _S.ordered,
        (_S.ordered, _V.return_to_quotes): _S.quoted,
        (_S.ordered, _V.complete): _S.completed,
        (_S.completed, _V.reopen): _S.ordered,
        (_S.ordered, _V.undo): _S.awaiting_approval,
        **{(state, _V.withdraw): _S.withdrawn for state in (_S.draft, *_BEFORE_APPROVAL)},
        **{(state, _V.reject): _S.rejected for state in _BEFORE_APPROVAL},
        **{
            (state, _V.cancel): _S.cancelled
            for state in (_S.draft, *_BEFORE_APPROVAL, _S.approved, _S.ordered)
        },
    }
)

DROPPING = frozenset({_S.submitted, _S.sourcing, _S.quoted})
"""A single line can be dropped."""
NOT_BOUGHT = frozenset({_S.draft, _S.rejected, _S.withdrawn, _S.cancelled})
"""What is asked for there does not come, so that asking for it again is no duplicate."""
ENDED = frozenset({_S.completed, _S.rejected, _S.withdrawn, _S.cancelled})


def after(state: RequestState, verb: RequestVerb) -> RequestState:
    """The next state, or WrongState."""
    return next_state("request", TRANSITIONS, state, verb)
