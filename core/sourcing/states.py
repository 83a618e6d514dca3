"""The states of an RFQ, of each vendor's invitation, and of a quote.

rfq         open → closed → awarded | unsuccessful | cancelled
invitation  sent → seen → quoted | declined | expired
quote       submitted (revision n) → selected → approved | rejected · withdrawn · expired
            approved → selected (its approval was undone in time)
"""

from enum import StrEnum
from types import MappingProxyType

from core.kernel.transitions import next_state


class RfqState(StrEnum):
    open = "open"
    closed = "closed"
    awarded = "awarded"
    unsuccessful = "unsuccessful"
    cancelled = "cancelled"


class RfqVerb(StrEnum):
    close = "close"
    award = "award"
    fail = "fail"
    reopen_choice = "reopen_choice"
    cancel = "cancel"


RFQ_TRANSITIONS = MappingProxyType(
    {
        (RfqState.open, RfqVerb.close): RfqState.closed,
        (RfqState.closed, RfqVerb.award): RfqState.awarded,
        (RfqState.closed, RfqVerb.fail): RfqState.unsuccessful,
        (RfqState.awarded, RfqVerb.reopen_choice): RfqState.closed,
        (RfqState.open, RfqVerb.cancel): RfqState.cancelled,
        (RfqState.closed, RfqVerb.cancel): RfqState.cancelled,
        (RfqState.awarded, RfqVerb.cancel): RfqState.cancelled,
    }
)


class InvitationState(StrEnum):
    sent = "sent"
    seen = "seen"
    quoted = "quoted"
    declined = "declined"
    expired = "expired"


class InvitationVerb(StrEnum):
    see = "see"
    quote = "quote"
    withdraw_quote = "withdraw_quote"
    decline = "decline"
    expire = "expire"


INVITATION_TRANSITIONS = MappingProxyType(
    {
        (InvitationState.sent, InvitationVerb.see): InvitationState.seen,
        (InvitationState.seen, InvitationVerb.see): InvitationState.seen,
        **{
            (state, InvitationVerb.quote): InvitationState.quoted
            for state in (
                InvitationState.sent,
                InvitationState.seen,
                InvitationState.quoted,
                InvitationState.declined,
            )
        },
        **{
            (state, InvitationVerb.decline): InvitationState.declined
            for state in (InvitationState.sent, InvitationState.seen, InvitationState.quoted)
        },
        (InvitationState.quoted, InvitationVerb.withdraw_quote): InvitationState.seen,
        (InvitationState.sent, InvitationVerb.expire): InvitationState.expired,
        (InvitationState.seen, InvitationVerb.expire): InvitationState.expired,
    }
)

ANSWERED = frozenset({InvitationState.quoted, InvitationState.declined, InvitationState.expired})


class QuoteState(StrEnum):
    submitted = "submitted"
    selected = "selected"
    approved = "approved"
    rejected = "rejected"
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


QUOTE_TRANSITIONS = MappingProxyType(
    {
        (QuoteState.submitted, QuoteVerb.revise): QuoteState.submitted,
        (QuoteState.submitted, QuoteVerb.select): QuoteState.selected,
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


def after_rfq(state: RfqState, verb: RfqVerb) -> RfqState:
    """The RFQ's next state, or WrongState."""
    return next_state("rfq", RFQ_TRANSITIONS, state, verb)


def after_invitation(state: InvitationState, verb: InvitationVerb) -> InvitationState:
    """The invitation's next state, or WrongState."""
    return next_state("invitation", INVITATION_TRANSITIONS, state, verb)


def after_quote(state: QuoteState, verb: QuoteVerb) -> QuoteState:
    """The quote's next state, or WrongState."""
    return next_state("quote", QUOTE_TRANSITIONS, state, verb)
