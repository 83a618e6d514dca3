"""What may be done with an RFQ now: a vendor answers or asks, an officer amends or closes.

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
    until = rfq.quote_by if now < rfq.quote_by else None
    return actor.permissions, answer, rfq.state, rfq.undecided, until


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
        ActionRule(
            Action(ActionVerb.ask_question, Needs.text, rfq.quote_by),
            Permission.rfqs_ask,
            lambda: policy.check_may_ask(actor, rfq, now),
        ),
        *_amendments(rfq, now),
        ActionRule(Action(ActionVerb.close), Permission.rfqs_close, lambda: policy.check_may_close(rfq)),
    )


def _amendments(rfq: Rfq, now: dt.datetime) -> tuple[ActionRule, ...]:
    """What an officer changes while vendors may still answer; calling it off is possible a little longer."""

    def may_amend() -> None:
        policy.check_open(rfq, now)

    return (
        ActionRule(
            Action(ActionVerb.move_deadline, Needs.deadline, rfq.quote_by), Permission.rfqs_amend, may_amend
        ),
        ActionRule(
            Action(ActionVerb.add_vendors, Needs.vendors, rfq.quote_by), Permission.rfqs_amend, may_amend
        ),
        ActionRule(Action(ActionVerb.correct, Needs.lines, rfq.quote_by), Permission.rfqs_amend, may_amend),
        ActionRule(
            Action(ActionVerb.enter_quote, Needs.lines, rfq.quote_by), Permission.rfqs_enter, may_amend
        ),
        ActionRule(
            Action(ActionVerb.cancel, Needs.reason),
            Permission.rfqs_amend,
            lambda: policy.check_may_call_off(rfq),
        ),
    )
