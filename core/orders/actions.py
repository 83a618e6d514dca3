"""What may be done with a purchase order now.

One rule: nothing is offered that the use cases of orders would refuse.
"""

from collections.abc import Hashable

from core.access.actor import Actor
from core.access.offers import ActionRule, offered, remembered_by
from core.access.permissions import Permission
from core.kernel.actions import Action, ActionVerb, Needs
from core.orders import policy
from core.orders.model import Order, OrderDetails


def _deciding(actor: Actor, details: OrderDetails) -> Hashable:
    """Everything that the checks look at."""
    order, proposal = details.order, details.order.proposal
    waits = None if proposal is None else (proposal.by, proposal.approval_id is None)
    mine = actor.is_person(order.requested_by), actor.is_vendor, details.colleague
    return actor.permissions, mine, order.state, order.touched, order.kept, waits


@remembered_by(_deciding)
def actions_of(actor: Actor, details: OrderDetails) -> tuple[Action, ...]:
    """The actions of this actor."""
    order = details.order

    def may_acknowledge() -> object:
        return policy.check_may_acknowledge(order)

    return offered(
        actor,
        ActionRule(Action(ActionVerb.acknowledge), Permission.orders_acknowledge, may_acknowledge),
        ActionRule(Action(ActionVerb.acknowledge_for), Permission.orders_enter, may_acknowledge),
        ActionRule(
            Action(ActionVerb.refuse, Needs.reason),
            Permission.orders_refuse,
            lambda: policy.check_may_refuse(order),
        ),
        *_of_changes(actor, order),
        *_of_deliveries(actor, details),
        ActionRule(
            Action(ActionVerb.cancel, Needs.reason),
            Permission.orders_cancel,
            lambda: policy.check_may_cancel(order.state),
        ),
    )


def _of_changes(actor: Actor, order: Order) -> tuple[ActionRule, ...]:
    settle = Permission.orders_settle
    return (
        ActionRule(
            Action(ActionVerb.change, Needs.lines),
            Permission.orders_change,
            lambda: policy.check_may_change(order),
        ),
        ActionRule(Action(ActionVerb.accept), settle, lambda: policy.check_may_accept(actor, order)),
        ActionRule(
            Action(ActionVerb.decline, Needs.reason), settle, lambda: policy.check_may_decline(actor, order)
        ),
        ActionRule(Action(ActionVerb.withdraw), settle, lambda: policy.check_may_take_back(actor, order)),
        ActionRule(
            Action(ActionVerb.call_off, Needs.reason), settle, lambda: policy.check_may_call_off(order)
        ),
    )


def _of_deliveries(actor: Actor, details: OrderDetails) -> tuple[ActionRule, ...]:
    receive = Permission.orders_receive
    return (
        ActionRule(
            Action(ActionVerb.receive, Needs.lines),
            receive,
            lambda: policy.check_may_receive(actor, details),
        ),
        ActionRule(
            Action(ActionVerb.correct, Needs.lines),
            receive,
            lambda: policy.check_may_correct(actor, details),
        ),
        ActionRule(
            Action(ActionVerb.return_goods, Needs.lines),
            receive,
            lambda: policy.check_may_return(actor, details),
        ),
        ActionRule(
            Action(ActionVerb.close_short, Needs.reason),
            Permission.orders_close,
            lambda: policy.check_may_close_short(details.order),
        ),
    )
