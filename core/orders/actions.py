"""What may be done with a purchase order now.

One rule: nothing is offered that the use cases of orders would refuse.
"""

from core.access.actor import Actor
from core.access.offers import ActionRule, offered
from core.access.permissions import Permission
from core.kernel.actions import Action, ActionVerb, Needs
from core.orders import policy
from core.orders.model import OrderDetails


def actions_of(actor: Actor, details: OrderDetails) -> tuple[Action, ...]:
    """The actions of this actor."""
    order = details.order
    return offered(
        actor,
        ActionRule(
            Action(ActionVerb.acknowledge),
            Permission.orders_acknowledge,
            lambda: policy.check_may_acknowledge(order),
        ),
        ActionRule(
            Action(ActionVerb.refuse, Needs.reason),
            Permission.orders_refuse,
            lambda: policy.check_may_refuse(order),
        ),
        ActionRule(
            Action(ActionVerb.change, Needs.lines),
            Permission.orders_change,
            lambda: policy.check_may_change(order),
        ),
        ActionRule(
            Action(ActionVerb.accept), Permission.orders_settle, lambda: policy.check_may_accept(actor, order)
        ),
        ActionRule(
            Action(ActionVerb.decline, Needs.reason),
            Permission.orders_settle,
            lambda: policy.check_may_decline(actor, order),
        ),
        ActionRule(
            Action(ActionVerb.withdraw),
            Permission.orders_settle,
            lambda: policy.check_may_take_back(actor, order),
        ),
        ActionRule(
            Action(ActionVerb.receive, Needs.lines),
            Permission.orders_receive,
            lambda: policy.check_may_receive(actor, details),
        ),
        ActionRule(
            Action(ActionVerb.correct, Needs.lines),
            Permission.orders_receive,
            lambda: policy.check_may_correct(actor, details),
        ),
        ActionRule(
            Action(ActionVerb.return_goods, Needs.lines),
            Permission.orders_receive,
            lambda: policy.check_may_return(actor, details),
        ),
        ActionRule(
            Action(ActionVerb.close_short, Needs.reason),
            Permission.orders_close,
            lambda: policy.check_may_close_short(order),
        ),
        ActionRule(
            Action(ActionVerb.call_off, Needs.reason),
            Permission.orders_settle,
            lambda: policy.check_may_call_off(order),
        ),
        ActionRule(
            Action(ActionVerb.cancel, Needs.reason),
            Permission.orders_cancel,
            lambda: policy.check_may_cancel(order.state),
        ),
    )
