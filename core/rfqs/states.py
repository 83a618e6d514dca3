"""The states of an RFQ and of each vendor's invitation.

rfq         open → closed → awarded | unsuccessful | cancelled
invitation  sent → seen → quoted | declined | expired
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


UNANSWERED = (InvitationState.sent, InvitationState.seen)
"""While the vendor has neither quoted nor declined, and the time is not over."""


class InvitationVerb(StrEnum):
    see = "see"
    quote = "quote"
    withdraw_quote = "withdraw_quote"
    ask_again = "ask_again"
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
            for state in (*UNANSWERED, InvitationState.quoted)
        },
        (InvitationState.quoted, InvitationVerb.withdraw_quote): InvitationState.seen,
        (InvitationState.quoted, InvitationVerb.ask_again): InvitationState.seen,
        (InvitationState.sent, InvitationVerb.expire): InvitationState.expired,
        (InvitationState.seen, InvitationVerb.expire): InvitationState.expired,
    }
)
ANSWERED = frozenset({InvitationState.quoted, InvitationState.declined})


def after_rfq(state: RfqState, verb: RfqVerb) -> RfqState:
    """The next state of the RFQ, or WrongState."""
    return next_state("rfq", RFQ_TRANSITIONS, state, verb)


def after_invitation(state: InvitationState, verb: InvitationVerb) -> InvitationState:
    """The next state of the invitation, or WrongState."""
    return next_state("invitation", INVITATION_TRANSITIONS, state, verb)
