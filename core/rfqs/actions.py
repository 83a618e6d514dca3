"""What may be done with an RFQ now: a vendor answers, an officer closes.

One rule: nothing is offered that the use cases of quotes and awards would refuse.
"""

import datetime as dt
from collections.abc import Hashable

from core.access.actor import Actor
from core.access.offers import ActionRule, offered, remembered_by
from core.access.permissions import Permission
from core.kernel.actions import Action, ActionVerb, Needs
from core.rfqs import policy
from core.rfqs.model import Rfq


def deciding(actor: Actor, rfq: Rfq, now: dt.datetime) -> Hashable:
    """All that decides what may be done with an RFQ; a deadline that is past is like any other."""
    invitation = rfq.invitation_of(actor.vendor_id)
    answer = invitation.state if invitation is not None else None
    return actor.permissions, answer, rfq.state, rfq.quote_by if now < rfq.quote_by else None


@remembered_by(deciding)
def actions_of(actor: Actor, rfq: Rfq, now: dt.datetime) -> tuple[Action, ...]:
    """The actions of this actor; a vendor's end with the deadline."""
    return offered(
        actor,
        ActionRule(
            Action(ActionVerb.quote, Needs.lines, rfq.quote_by),
            Permission.rfqs_answer,
            lambda: policy.check_may_quote(actor, rfq, now),
        ),
        ActionRule(
            Action(ActionVerb.decline, Needs.reason, rfq.quote_by),
            Permission.rfqs_answer,
            lambda: policy.check_may_decline(actor, rfq, now),
        ),
        ActionRule(Action(ActionVerb.close), Permission.rfqs_close, lambda: policy.check_may_close(rfq)),
    )
