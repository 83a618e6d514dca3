"""Rejects a request as such, finally: an officer before approval, or an approver instead of rejecting the quote.

One rule: after a rejection nothing of the purchase is open: its RFQ is cancelled and its approval is over.
"""

from dataclasses import replace
from uuid import UUID

from core.access.actor import Actor
from core.access.guard import Changed, person_of, requires
from core.access.permissions import Permission
from core.decisions.events import ApprovalRejected
from core.kernel.errors import Stale
from core.rejections.commands import RejectRequest
from core.rejections.events import RequestRejected
from core.requests import repo
from core.requests.actions import actions_of
from core.requests.events import request_event
from core.requests.model import Progress, Request, RequestDetails
from core.requests.policy import check_may_reject
from core.requests.tables import procurement_requests
from core.uow import Uow


@requires(Permission.requests_reject, Changed(procurement_requests, "request_id"))
async def reject(uow: Uow, actor: Actor, command: RejectRequest) -> RequestDetails:
    """An officer or administrator rejects the request, with a reason, before it is approved."""
    await uow.lock_purchase(command.request_id)
    before = await repo.visible_to(uow, actor, command.request_id)
    if command.expected_version != before.version:
        raise Stale(what="request", expected=command.expected_version, current=before.version)
    rejected = await _reject(uow, before, person_of(actor), command.reason)
    found = await repo.details(uow, rejected)
    return replace(found, actions=actions_of(actor, rejected, Progress(), uow.now.date()))


async def on_approval_rejected(uow: Uow, event: ApprovalRejected) -> None:
    """The approver rejected more than the quote: the request itself."""
    if event.request_too and event.request_id is not None:
        request = await repo.of_purchase(uow, event.request_id)
        await _reject(uow, request, event.rejected_by, event.reason)


async def _reject(uow: Uow, before: Request, rejected_by: UUID, reason: str) -> Request:
    state = check_may_reject(before)
    rejected = await repo.swap(uow, before, replace(before, state=state, reason=reason))
    await uow.record(request_event(RequestRejected, rejected, rejected_by=rejected_by, reason=reason))
    return rejected
