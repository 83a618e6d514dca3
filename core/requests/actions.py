"""What may be done with a request now.

One rule: nothing is offered that the request's use cases would refuse.
"""

import datetime as dt
from collections.abc import Hashable

from core.access.actor import Actor
from core.access.offers import ActionRule, offered, remembered_by
from core.access.permissions import Permission
from core.kernel.actions import Action, ActionVerb, Needs, day_end
from core.kernel.needed_days import ZONE_TOLERANCE
from core.requests import policy
from core.requests.model import Progress, Request


def _deciding(actor: Actor, request: Request, progress: Progress, today: dt.date) -> Hashable:
    own = actor.is_person(request.requested_by), actor.is_person(request.entered_by)
    rfq = progress.undecided_rfq is not None, progress.closed_rfq is not None
    several = len(request.lines) > 1
    return actor.permissions, own, request.state, request.needed_by, rfq, several, progress.final_order, today


@remembered_by(_deciding)
def actions_of(actor: Actor, request: Request, progress: Progress, today: dt.date) -> tuple[Action, ...]:
    """The actions of this actor; a draft can be submitted until its day is past."""
    submit_until = day_end(request.needed_by + ZONE_TOLERANCE) if request.needed_by else None
    return offered(
        actor,
        ActionRule(
            Action(ActionVerb.edit),
            Permission.requests_create,
            lambda: policy.check_may_edit(actor, request),
        ),
        ActionRule(
            Action(ActionVerb.submit, until=submit_until),
            Permission.requests_create,
            lambda: policy.check_may_submit(actor, request, today),
        ),
        ActionRule(
            Action(ActionVerb.take_back),
            Permission.requests_create,
            lambda: policy.check_may_take_back(actor, request),
        ),
        ActionRule(
            Action(ActionVerb.ask_vendors, Needs.vendors),
            Permission.rfqs_send,
            lambda: policy.check_may_ask_vendors(request, progress),
        ),
        ActionRule(
            Action(ActionVerb.drop_lines, Needs.lines),
            Permission.requests_drop_lines,
            lambda: policy.check_may_drop_lines(actor, request, progress),
        ),
        ActionRule(
            Action(ActionVerb.withdraw),
            Permission.requests_withdraw,
            lambda: policy.check_may_withdraw(actor, request),
        ),
        ActionRule(
            Action(ActionVerb.reject, Needs.reason),
            Permission.requests_reject,
            lambda: policy.check_may_reject(request),
        ),
        ActionRule(
            Action(ActionVerb.cancel, Needs.reason),
            Permission.requests_cancel,
            lambda: policy.check_may_cancel(request, progress),
        ),
    )
