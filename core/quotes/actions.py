"""What may be done with a quote now: its vendor revises or withdraws it, an officer proposes it.

One rule: nothing is offered that the use cases of quotes and awards would refuse.
"""

import datetime as dt
from collections.abc import Hashable

from core.access.actor import Actor
from core.access.offers import ActionRule, offered, remembered_by
from core.access.permissions import Permission
from core.kernel.actions import Action, ActionVerb, Needs, day_end
from core.quotes import policy
from core.quotes.model import Quote
from core.rfqs.actions import deciding as deciding_of_rfq
from core.rfqs.model import Rfq
from core.rfqs.states import RfqState


def _deciding(actor: Actor, quote: Quote, rfq: Rfq, *, decided: bool, now: dt.datetime) -> Hashable:
    of_rfq = deciding_of_rfq(actor, rfq, now)
    fit = quote.vendor_on_hold, quote.rfq_revision == rfq.revision, quote.priced
    return of_rfq, quote.state, fit, quote.valid_until, decided, now.date()


@remembered_by(_deciding)
def actions_of(
    actor: Actor, quote: Quote, rfq: Rfq, *, decided: bool, now: dt.datetime
) -> tuple[Action, ...]:
    """The actions of this actor; ``decided``: a quote of this RFQ is approved.

    Between closing and award a withdrawal is accepted but not offered, because its absence would tell
    the vendor that the quote was approved.
    """
    found = offered(
        actor,
        ActionRule(
            Action(ActionVerb.revise, Needs.lines, rfq.quote_by),
            Permission.rfqs_answer,
            lambda: policy.check_may_revise(actor, quote, rfq, now),
        ),
        ActionRule(
            Action(ActionVerb.confirm, until=rfq.quote_by),
            Permission.rfqs_answer,
            lambda: policy.check_may_confirm(actor, quote, rfq, now),
        ),
        ActionRule(
            Action(ActionVerb.withdraw),
            Permission.rfqs_answer,
            lambda: policy.check_may_withdraw(quote, rfq),
        ),
        ActionRule(
            Action(ActionVerb.propose, Needs.reason, day_end(quote.valid_until)),
            Permission.rfqs_propose,
            lambda: policy.check_may_propose(quote, rfq, decided=decided, today=now.date()),
        ),
    )
    if rfq.state is RfqState.closed:
        return tuple(action for action in found if action.verb is not ActionVerb.withdraw)
    return found
