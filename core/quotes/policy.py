"""Pure rules of quotes: who may see one, and who may do what with it when."""

import datetime as dt
from dataclasses import replace

from core.access.actor import Actor
from core.access.permissions import Permission
from core.kernel.actions import Action
from core.kernel.errors import Stale
from core.quotes.errors import (
    NothingToConfirm,
    OrderExists,
    QuoteLapsed,
    QuoteNotEligible,
    QuoteVendorOnHold,
)
from core.quotes.model import AttachedDocument, Quote, QuoteDetails
from core.quotes.states import ELIGIBLE, QuoteState, QuoteVerb, after_quote
from core.rfqs.errors import RfqNotOpen
from core.rfqs.model import Rfq
from core.rfqs.policy import check_may_quote
from core.rfqs.states import RfqState


def may_see(actor: Actor, quote: Quote, rfq: Rfq) -> bool:
    """The same as the condition of ``repo``: a vendor its own, oversight those that are no longer sealed."""
    if actor.is_vendor:
        return quote.vendor_id == actor.vendor_id
    return actor.may(Permission.requests_read_all) and not rfq.sealed


def version_for(actor: Actor, quote: Quote) -> int:
    """A vendor's version counts what it did itself: each choice of a quote raises the other one, each loss does not."""
    return quote.revision + quote.rfq_revision - 1 if actor.is_vendor else quote.version


def check_version(actor: Actor, quote: Quote, expected: int | None) -> None:
    """Stale when the quote is not what this person has seen."""
    current = version_for(actor, quote)
    if expected is not None and expected != current:
        raise Stale(what="quote", expected=expected, current=current)


def details_for(
    actor: Actor,
    quote: Quote,
    rfq: Rfq,
    documents: tuple[AttachedDocument, ...],
    actions: tuple[Action, ...],
) -> QuoteDetails:
    """A quote with its RFQ's lines and its documents.

    A vendor does not see that its quote leads before the award, and of a rejected one only that it lost.
    """
    undisclosed = quote.state is QuoteState.selected or (
        quote.state is QuoteState.approved and rfq.state is not RfqState.awarded
    )
    if actor.is_vendor and undisclosed:
        quote = replace(quote, state=QuoteState.submitted)
    if actor.is_vendor and quote.state is QuoteState.rejected:
        quote = replace(quote, state=QuoteState.lost)
    quote = replace(quote, version=version_for(actor, quote))
    return QuoteDetails(quote, rfq.number, rfq.lines, documents, rfq.revision, actions)


def check_may_revise(actor: Actor, quote: Quote, rfq: Rfq, now: dt.datetime) -> QuoteState:
    """Its vendor, until the RFQ closes; the state that follows."""
    check_may_quote(actor, rfq, now)
    return after_quote(quote.state, QuoteVerb.revise)


def check_may_confirm(actor: Actor, quote: Quote, rfq: Rfq, now: dt.datetime) -> QuoteState:
    """Its vendor, once the RFQ was corrected, until it closes; the state that follows."""
    state = check_may_revise(actor, quote, rfq, now)
    if quote.rfq_revision == rfq.revision:
        raise NothingToConfirm(number=quote.number)
    return state


def check_may_withdraw(quote: Quote, rfq: Rfq) -> QuoteState:
    """Its vendor, until the quote is approved; the state that follows."""
    if quote.state is QuoteState.approved and rfq.state is RfqState.closed:
        # Vendors do not learn of an approval before the order is issued, not even from a refusal.
        raise RfqNotOpen(number=rfq.number, state=rfq.state.value, closed_at=rfq.closed_at or rfq.quote_by)
    return after_quote(quote.state, QuoteVerb.withdraw)


def check_may_propose(quote: Quote, rfq: Rfq, *, decided: bool, today: dt.date) -> None:
    """A live quote, also the selected one, after the RFQ has closed; ``decided``: one of its quotes is approved."""
    if decided or rfq.state is RfqState.awarded:
        raise OrderExists(number=rfq.number)
    if rfq.state is not RfqState.closed:
        raise QuoteNotEligible(number=rfq.number, why=f"rfq {rfq.state.value}")
    if quote.state is not QuoteState.selected and quote.state not in ELIGIBLE:
        raise QuoteNotEligible(number=quote.number, why=quote.state.value)
    if quote.rfq_revision != rfq.revision:
        raise QuoteNotEligible(number=quote.number, why="outdated")
    if quote.valid_until < today:
        raise QuoteNotEligible(number=quote.number, why="expired")
    if quote.vendor_on_hold:
        raise QuoteNotEligible(number=quote.number, why="vendor_on_hold")
    if not quote.priced:
        raise QuoteNotEligible(number=quote.number, why="only_alternatives")


def check_may_be_approved(quote: Quote, today: dt.date) -> None:
    """At the moment of each approval: the prices are still binding, and the vendor may be ordered from."""
    if quote.valid_until < today:
        raise QuoteLapsed(number=quote.number, vendor=quote.vendor_name, day=quote.valid_until)
    if quote.vendor_on_hold:
        raise QuoteVendorOnHold(number=quote.number, vendor=quote.vendor_name)
