"""Takes single lines out of a request before it is ordered; its RFQ, while it is open, is corrected in the same step.

One rule: a line that is dropped is neither quoted nor ordered, and the log says what it was.
"""

from dataclasses import replace

from core.access.actor import Actor
from core.access.guard import Changed, requires
from core.access.permissions import Permission
from core.amendments import service as amendments
from core.kernel.errors import Stale
from core.removals import policy, repo
from core.removals.commands import DropLines
from core.removals.events import RequestLinesDropped
from core.requests import repo as requests
from core.requests.actions import actions_of
from core.requests.events import request_event
from core.requests.model import Progress, RequestDetails
from core.requests.policy import check_may_drop_lines
from core.requests.tables import procurement_requests
from core.rfqs import repo as rfqs
from core.rfqs.model import Rfq
from core.rfqs.policy import has_closed
from core.rfqs.states import RfqState
from core.uow import Uow


@requires(Permission.requests_drop_lines, Changed(procurement_requests, "request_id"))
async def drop_lines(uow: Uow, actor: Actor, command: DropLines) -> RequestDetails:
    """The requester until vendors are asked, an officer until there is something to choose from."""
    await uow.lock_purchase(command.request_id)
    before = await requests.visible_to(uow, actor, command.request_id)
    rfq = await rfqs.load(uow, before.rfq_id) if before.rfq_id is not None else None
    check_may_drop_lines(actor, before, _progress(uow, rfq))
    if command.expected_version != before.version:
        raise Stale(what="request", expected=command.expected_version, current=before.version)
    left = await requests.swap(uow, before, policy.without(before, command.line_ids))
    await repo.drop(uow, command.line_ids)
    asked = rfq if rfq is not None and rfq.state is RfqState.open else None
    await uow.record(
        request_event(
            RequestLinesDropped,
            left,
            lines=tuple(line for line in before.lines if line.id in command.line_ids),
            total_estimate=left.total_estimate,
            reason=command.reason,
            rfq=asked.number if asked else None,
        )
    )
    if asked is not None:
        asked = await amendments.drop_lines(uow, asked, command.line_ids)
    found = await requests.details(uow, left)
    return replace(found, actions=actions_of(actor, left, _progress(uow, asked or rfq), uow.now.date()))


def _progress(uow: Uow, rfq: Rfq | None) -> Progress:
    """How far the newest RFQ has come: one whose deadline is over takes no correction any more."""
    if rfq is None:
        return Progress()
    closed = has_closed(rfq.state, rfq.quote_by, uow.now)
    return Progress(rfq.number if rfq.undecided else None, rfq.number if closed else None)
