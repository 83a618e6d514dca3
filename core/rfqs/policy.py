"""Pure rules of RFQs: until when vendors may be asked, and who may answer or close until when."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from core.access.actor import Actor
from core.access.permissions import Permission
from core.kernel.actions import Action
from core.kernel.errors import NotFound, WrongState, invalid
from core.rfqs.errors import RfqNotOpen
from core.rfqs.model import Invitation, Rfq, RfqDetails
from core.rfqs.states import InvitationVerb, RfqState, RfqVerb, after_invitation, after_rfq

LONGEST_RFQ = dt.timedelta(days=366)
REMIND_BEFORE = (dt.timedelta(hours=48), dt.timedelta(hours=4))


def check_deadline(quote_by: dt.datetime, now: dt.datetime) -> None:
    """Vendors need some time to answer, and a purchase does not wait for years."""
    example = (now + dt.timedelta(days=5)).replace(microsecond=0).isoformat()
    if quote_by <= now:
        raise invalid("/quote_by", "quote_by.past", "must lie in the future", example)
    if quote_by > now + LONGEST_RFQ:
        raise invalid("/quote_by", "quote_by.far", "is more than a year away", example)


def check_before_needed(quote_by: dt.datetime, needed_by: dt.date, now: dt.datetime) -> None:
    """Quotes that come after the day on which the goods are needed are of no use; a day that is over binds nobody."""
    if now.date() <= needed_by < quote_by.astimezone(dt.UTC).date():
        example = dt.datetime.combine(needed_by, dt.time(), dt.UTC).isoformat()
        raise invalid("/quote_by", "quote_by.late", f"is after {needed_by}, when it is needed", example)


def check_vendors_once(vendor_ids: Sequence[UUID]) -> None:
    for index, vendor_id in enumerate(vendor_ids):
        if vendor_id in vendor_ids[:index]:
            raise invalid(
                f"/vendor_ids/{index}", "vendor.twice", "this vendor is named twice", "GET /vendors"
            )


def check_open(rfq: Rfq, now: dt.datetime) -> None:
    """A closed RFQ accepts nothing; after its deadline it counts as closed, even if the scheduler is late."""
    if rfq.state is not RfqState.open or now >= rfq.quote_by:
        raise RfqNotOpen(number=rfq.number, state=rfq.state.value, closed_at=rfq.closed_at or rfq.quote_by)


def has_closed(state: RfqState, quote_by: dt.datetime, now: dt.datetime) -> bool:
    """It takes no answers any more, and its quotes can be chosen or are; one that failed has none to choose from."""
    over = state is RfqState.open and now >= quote_by
    return over or state in (RfqState.closed, RfqState.awarded)


def may_see(actor: Actor, rfq: Rfq) -> bool:
    """The same as the condition of ``repo``: a vendor where it is invited, oversight all."""
    if actor.is_vendor:
        return rfq.invitation_of(actor.vendor_id) is not None
    return actor.may(Permission.requests_read_all)


def as_seen_by(actor: Actor, rfq: Rfq) -> Rfq:
    """A vendor sees only its own invitation."""
    if not actor.is_vendor:
        return rfq
    own = tuple(each for each in rfq.invitations if each.vendor_id == actor.vendor_id)
    return replace(rfq, invitations=own)


def details_for(
    actor: Actor, rfq: Rfq, request_number: str, cost_centre: str, buyer: str, actions: tuple[Action, ...]
) -> RfqDetails:
    """An RFQ with names; a vendor learns neither how many others have answered nor why one was chosen."""
    answered = sum(1 for invitation in rfq.invitations if invitation.answered)
    if actor.is_vendor:
        return RfqDetails(replace(rfq, reason=None), request_number, cost_centre, buyer, None, actions)
    return RfqDetails(rfq, request_number, cost_centre, buyer, answered, actions)


def own_invitation(actor: Actor, rfq: Rfq) -> Invitation:
    """The invitation of the vendor for whom this person acts, or NotFound."""
    invitation = rfq.invitation_of(actor.vendor_id)
    if invitation is None:
        raise NotFound(what="rfq")
    return invitation


def check_may_quote(actor: Actor, rfq: Rfq, now: dt.datetime) -> Invitation:
    """An invited vendor, until the deadline, also after it has declined."""
    return _check_may_answer(actor, rfq, InvitationVerb.quote, now)


def check_may_decline(actor: Actor, rfq: Rfq, now: dt.datetime) -> Invitation:
    """An invited vendor, until the deadline; a live quote is withdrawn with it."""
    return _check_may_answer(actor, rfq, InvitationVerb.decline, now)


def check_may_ask(actor: Actor, rfq: Rfq, now: dt.datetime) -> Invitation:
    """An invited vendor, until the deadline, whatever it has answered."""
    check_open(rfq, now)
    return own_invitation(actor, rfq)


def _check_may_answer(actor: Actor, rfq: Rfq, verb: InvitationVerb, now: dt.datetime) -> Invitation:
    check_open(rfq, now)
    invitation = own_invitation(actor, rfq)
    after_invitation(invitation.state, verb)
    return invitation


def check_may_close(rfq: Rfq) -> RfqState:
    """While it is open; the state that follows."""
    return after_rfq(rfq.state, RfqVerb.close)


def check_may_call_off(rfq: Rfq) -> RfqState:
    """An officer cancels an RFQ by itself while nothing is proposed or ordered; the state that follows."""
    if rfq.state is RfqState.awarded or (rfq.state is RfqState.closed and rfq.undecided):
        raise WrongState(what="rfq", state=rfq.state.value, verb="cancel")
    return after_rfq(rfq.state, RfqVerb.cancel)


def next_reminder(quote_by: dt.datetime, after: dt.datetime) -> dt.datetime | None:
    """The time of the next reminder; None when there is none before the RFQ closes."""
    return min((quote_by - before for before in REMIND_BEFORE if quote_by - before > after), default=None)
