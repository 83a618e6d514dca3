"""What may be done with a purchase order now: acknowledge, receive, cancel.

One rule: nothing is offered that the use cases of orders would refuse.
"""

from collections.abc import Hashable

from core.access.actor import Actor
from core.access.offers import ActionRule, offered, remembered_by
from core.access.permissions import Permission
from core.kernel.actions import Action, ActionVerb, Needs
from core.orders import policy
from core.orders.model import Order


def _deciding(actor: Actor, order: Order) -> Hashable:
    return actor.permissions, actor.is_person(order.requested_by), order.state


@remembered_by(_deciding)
def actions_of(actor: Actor, order: Order) -> tuple[Action, ...]:
    def may_acknowledge() -> object:
        return policy.check_may_acknowledge(order)

    return offered(
        actor,
        ActionRule(Action(ActionVerb.acknowledge), Permission.orders_acknowledge, may_acknowledge),
        ActionRule(Action(ActionVerb.acknowledge_for), Permission.orders_enter, may_acknowledge),
        ActionRule(
            Action(ActionVerb.receive, Needs.lines),
            Permission.orders_receive,
            lambda: policy.check_may_receive(actor, order, ""),
        ),
        ActionRule(
            Action(ActionVerb.cancel, Needs.reason),
            Permission.orders_cancel,
            lambda: policy.check_may_cancel(order.state),
        ),
    )
