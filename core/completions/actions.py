"""The quotes that leave lines out, with what their reader may do about them.

One rule: vendors are not given this; they see what is missing in their own quote alone.
"""

import datetime as dt
from collections.abc import Iterable

from core.access.actor import Actor
from core.access.offers import ActionRule, offered
from core.access.permissions import Permission
from core.completions import policy
from core.completions.model import IncompleteQuote
from core.kernel.actions import Action, ActionVerb
from core.quotes.model import Quote
from core.rfqs.model import Rfq


def incomplete_of(
    actor: Actor, rfq: Rfq, answers: Iterable[Quote], now: dt.datetime
) -> tuple[IncompleteQuote, ...]:
    """Those of these quotes, in their order."""
    return tuple(
        IncompleteQuote(
            quote_id=quote.id,
            vendor_id=quote.vendor_id,
            vendor_name=quote.vendor_name,
            lines=missing,
            asked_at=quote.asked_to_complete_at,
            actions=_actions_of(actor, rfq, quote, now),
        )
        for quote in answers
        if (missing := policy.missing_lines(quote, rfq))
    )


def _actions_of(actor: Actor, rfq: Rfq, quote: Quote, now: dt.datetime) -> tuple[Action, ...]:
    return offered(
        actor,
        ActionRule(
            Action(ActionVerb.ask_to_complete, until=rfq.quote_by),
            Permission.rfqs_clarify,
            lambda: policy.check_may_ask(rfq, quote, now),
        ),
    )
