"""What may be done with an approval now: decide, undo, answer a question.

One rule: nothing is offered that the use cases of decisions would refuse.
"""

import datetime as dt
from collections.abc import Mapping
from types import MappingProxyType
from uuid import UUID

from core.access.actor import Actor
from core.access.offers import ActionRule, offered
from core.access.permissions import Permission
from core.approvals.model import Approval
from core.decisions import policy
from core.kernel.actions import Action, ActionVerb, Needs

_NO_NAMES: Mapping[UUID, str] = MappingProxyType({})


def actions_of(actor: Actor, approval: Approval, now: dt.datetime) -> tuple[Action, ...]:
    """The actions of this actor; an undo's end with the time for it."""

    def may_decide() -> object:
        return policy.check_may_decide(actor, approval, _NO_NAMES)

    return offered(
        actor,
        ActionRule(Action(ActionVerb.approve), Permission.approvals_decide, may_decide),
        ActionRule(Action(ActionVerb.reject, Needs.reason), Permission.approvals_decide, may_decide),
        ActionRule(
            Action(ActionVerb.reject_request, Needs.reason),
            Permission.approvals_decide,
            lambda: policy.check_may_reject_request(actor, approval, _NO_NAMES),
        ),
        ActionRule(Action(ActionVerb.ask, Needs.reason), Permission.approvals_decide, may_decide),
        ActionRule(Action(ActionVerb.forward, Needs.person), Permission.approvals_decide, may_decide),
        ActionRule(
            Action(ActionVerb.reassign, Needs.person),
            Permission.approvals_reassign,
            lambda: policy.check_may_reassign(actor, approval, _NO_NAMES),
        ),
        ActionRule(
            Action(ActionVerb.undo, until=approval.undo_until),
            Permission.approvals_decide,
            lambda: policy.check_may_undo(actor, approval, _NO_NAMES, now),
        ),
        ActionRule(
            Action(ActionVerb.answer, Needs.reason),
            Permission.approvals_answer,
            lambda: policy.check_may_answer(actor, approval, _NO_NAMES),
        ),
    )
