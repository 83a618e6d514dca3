"""Pure rules of purchase orders: who sees one, who may do what when, and where it goes when its counts change."""

from core.access.actor import Actor
from core.access.permissions import Permission
from core.kernel.errors import WrongState
from core.orders.errors import NotYourDelivery
from core.orders.model import Order, OrderDetails, Proposal, Side
from core.orders.states import OrderState, OrderVerb, after

CORRECTABLE = frozenset({OrderState.partly_received, OrderState.completed})
"""What arrived may still turn out otherwise, also after the last receipt."""


def may_see(actor: Actor, order: Order, *, colleague: bool = False) -> bool:
    """The same as the condition of ``repo``: a vendor its own once issued, else the requester and oversight.

    ``colleague``: of the same cost centre, where the policy lets colleagues receive.
    """
    if actor.is_vendor:
        return order.vendor_id == actor.vendor_id and order.issued_at is not None
    return colleague or actor.may(Permission.requests_read_all) or actor.is_person(order.requested_by)


def details_for(actor: Actor, details: OrderDetails) -> OrderDetails:
    """An order with names; a vendor is not told who asked for the goods."""
    return OrderDetails(
        details.order,
        details.request_number,
        details.vendor_name,
        "" if actor.is_vendor else details.requested_by_name,
        colleague=details.colleague,
    )


def check_receiver(actor: Actor, details: OrderDetails) -> None:
    """The requester, procurement, and colleagues where the policy says so."""
    order = details.order
    if actor.is_person(order.requested_by) or actor.may(Permission.orders_cancel) or details.colleague:
        return
    raise NotYourDelivery(number=order.number, who=details.requested_by_name)


def check_may_receive(actor: Actor, details: OrderDetails) -> None:
    """Whoever receives, from the day the order was sent, confirmed or not."""
    check_receiver(actor, details)
    after(details.order.state, OrderVerb.receive_part)


def check_may_acknowledge(order: Order) -> OrderState:
    """Once it has been sent; the state that follows."""
    return after(order.state, OrderVerb.acknowledge)


def check_may_refuse(order: Order) -> OrderState:
    """Until the vendor has acknowledged or something has arrived; the state that follows."""
    return after(order.state, OrderVerb.refuse)


def check_may_cancel(state: OrderState) -> OrderState:
    """Until the vendor has acknowledged; the state that follows."""
    return after(state, OrderVerb.cancel)


def check_may_change(order: Order) -> OrderState:
    """Its vendor, while something is still to come; the state that follows."""
    return after(order.state, OrderVerb.propose)


def check_may_call_off(order: Order) -> OrderState:
    """Either side asks, once both are bound; before that a vendor refuses and the buyer cancels."""
    if order.state is OrderState.issued:
        raise _not_now(order, "call_off")
    return after(order.state, OrderVerb.propose)


def side_of(actor: Actor) -> Side:
    return Side.vendor if actor.is_vendor else Side.buyer


def check_may_accept(actor: Actor, order: Order) -> Proposal:
    """The side that was asked, once; the proposal that it is about."""
    proposal = check_may_decline(actor, order)
    if proposal.approval_id is not None:
        raise _not_now(order, "accept_change")
    return proposal


def check_may_decline(actor: Actor, order: Order) -> Proposal:
    """The side that was asked, also while a higher total waits for its approval."""
    if order.proposal is None or order.proposal.by is side_of(actor):
        raise _not_now(order, "decline_change")
    return order.proposal


def check_may_take_back(actor: Actor, order: Order) -> Proposal:
    """The side that proposed, until the change is made."""
    if order.proposal is None or order.proposal.by is not side_of(actor):
        raise _not_now(order, "take_back_change")
    return order.proposal


def check_may_close_short(order: Order) -> OrderState:
    """Once the vendor is bound or something has arrived; the state that follows."""
    if order.state is OrderState.change_proposed:
        raise _not_now(order, "close_short")
    return after(order.state, verb_to_end(order))


def check_may_correct(actor: Actor, details: OrderDetails) -> None:
    """Whoever receives, as long as the order is not in somebody else's hands."""
    check_receiver(actor, details)
    if details.order.state not in CORRECTABLE or not details.order.touched:
        raise _not_now(details.order, "correct")


def check_may_return(actor: Actor, details: OrderDetails) -> None:
    """Whoever receives, while something that was accepted is still here."""
    check_receiver(actor, details)
    if details.order.state not in CORRECTABLE or not details.order.kept:
        raise _not_now(details.order, "return_goods")


def _not_now(order: Order, verb: str) -> WrongState:
    return WrongState(what="order", state=order.state.value, verb=verb)


def verb_after_counts(order: Order) -> OrderVerb:
    """Where an order goes whose counts or quantities have changed otherwise than by a delivery."""
    if not any(line.open for line in order.lines):
        return OrderVerb.fulfil
    if order.touched:
        return OrderVerb.resume
    return OrderVerb.await_delivery if order.acknowledged_at is not None else OrderVerb.await_vendor


def verb_to_end(order: Order) -> OrderVerb:
    """How an order ends that will not be delivered any more: with what was kept, or with nothing."""
    return OrderVerb.close_short if order.kept else OrderVerb.call_off
