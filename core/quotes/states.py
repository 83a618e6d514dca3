"""The states of a quote.

quote       submitted (revision n) → selected → approved | rejected · lost · withdrawn · expired
            approved → selected (its approval was undone in time)
"""

from enum import StrEnum
from types import MappingProxyType

from core.kernel.transitions import next_state


class QuoteState(StrEnum):
    submitted = "submitted"
    selected = "selected"
    approved = "approved"
    rejected = "rejected"
    lost = "lost"
    withdrawn = "withdrawn"
    expired = "expired"


class QuoteVerb(StrEnum):
    revise = "revise"
    select = "select"
    unselect = "unselect"
    approve = "approve"
    reject = "reject"
    withdraw = "withdraw"
    expire = "expire"
    undo = "undo"
    lose = "lose"


QUOTE_TRANSITIONS = MappingProxyType(
    {
        (QuoteState.submitted, QuoteVerb.revise): QuoteState.submitted,
        (QuoteState.submitted, QuoteVerb.select): QuoteState.selected,
        (QuoteState.submitted, QuoteVerb.lose): QuoteState.lost,
        (QuoteState.selected, QuoteVerb.lose): QuoteState.lost,
        (QuoteState.lost, QuoteVerb.select): QuoteState.selected,
        (QuoteState.selected, QuoteVerb.unselect): QuoteState.submitted,
        (QuoteState.selected, QuoteVerb.approve): QuoteState.approved,
        (QuoteState.selected, QuoteVerb.reject): QuoteState.rejected,
        (QuoteState.approved, QuoteVerb.reject): QuoteState.rejected,
        (QuoteState.approved, QuoteVerb.undo): QuoteState.selected,
        (QuoteState.submitted, QuoteVerb.withdraw): QuoteState.withdrawn,
        (QuoteState.selected, QuoteVerb.withdraw): QuoteState.withdrawn,
        (QuoteState.submitted, QuoteVerb.expire): QuoteState.expired,
        (QuoteState.selected, QuoteVerb.expire): QuoteState.expired,
    }
)
LIVE_QUOTE = frozenset({QuoteState.submitted, QuoteState.selected, QuoteState.approved})
SHOWN = LIVE_QUOTE | {QuoteState.rejected, QuoteState.lost}
"""What a vendor sees as its own quote: also how it ended."""
ELIGIBLE = frozenset({QuoteState.submitted, QuoteState.lost})
"""What may be chosen: also a quote that lost, when the winner drops out."""


def after_quote(state: QuoteState, verb: QuoteVerb) -> QuoteState:
    """The quote's next state, or WrongState."""
    return next_state("quote", QUOTE_TRANSITIONS, state, verb)
