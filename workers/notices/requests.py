"""Notices about requests and the comments on them."""

from uuid import UUID

from core.access.roles import Role
from core.comments import repo as comments
from core.comments.events import RequestCommented
from core.log.stored import StoredEvent
from core.people import directory
from core.purchases import repo as purchase_repo
from core.rejections.events import RequestRejected
from core.removals.events import RequestLinesDropped
from core.requests import repo as requests
from core.requests.events import RequestCancelled, RequestEntered, RequestTakenBack
from core.requests.states import RequestState
from core.uow import Uow
from workers import purchases
from workers.notices.planned_notice import NoticeMessage, PlannedNotice, name_of


async def request_cancelled(uow: Uow, event: RequestCancelled, stored: StoredEvent) -> PlannedNotice | None:
    """The requester, with the reason; nobody when they cancelled it themselves."""
    request = await requests.of_purchase(uow, event.subject_id)
    facts = {"number": request.number, "reason": event.reason}
    recipients = [] if str(request.requested_by) == stored.actor else [request.requested_by]
    return PlannedNotice(recipients, NoticeMessage("notices.request_cancelled", facts))


async def request_rejected(uow: Uow, event: RequestRejected, stored: StoredEvent) -> PlannedNotice | None:
    """Everybody concerned but the person who rejected it, with the reason; vendors are told by their RFQ's event."""
    purchase = await purchase_repo.load(uow, event.subject_id)
    if purchase is None:
        return None
    asked = (person for each in purchase.approvals for step in each.steps for person in step.candidates)
    handling = {rfq.sent_by for rfq in purchase.rfqs}
    recipients = sorted({purchase.request.requested_by, *handling, *asked} - {event.rejected_by})
    person = await name_of(uow, event.rejected_by)
    facts = {"number": event.number, "person": person, "reason": event.reason}
    return PlannedNotice(recipients, NoticeMessage("notices.request_rejected", facts))


async def request_taken_back(uow: Uow, event: RequestTakenBack, stored: StoredEvent) -> PlannedNotice | None:
    """The officers, who had it to source; nobody once it is submitted again."""
    request = await requests.of_purchase(uow, event.subject_id)
    if request.state is not RequestState.draft:
        return None
    officers = await directory.people_with_role(uow.connection, Role.officer)
    told = [each.person_id for each in officers if each.person_id != request.requested_by]
    facts = {"number": request.number, "person": await name_of(uow, request.requested_by)}
    return PlannedNotice(told, NoticeMessage("notices.request_taken_back", facts))


async def request_entered(uow: Uow, event: RequestEntered, stored: StoredEvent) -> PlannedNotice | None:
    """The person it is for, at once."""
    request = await requests.of_purchase(uow, event.subject_id)
    person = await name_of(uow, event.entered_by)
    facts = {"person": person, "number": request.number, "title": request.title}
    return PlannedNotice([request.requested_by], NoticeMessage("notices.request_entered", facts))


async def lines_dropped(uow: Uow, event: RequestLinesDropped, stored: StoredEvent) -> PlannedNotice | None:
    """The requester, when procurement took lines out; vendors are told by their RFQ's event."""
    request = await requests.of_purchase(uow, event.subject_id)
    recipients = [] if str(request.requested_by) == stored.actor else [request.requested_by]
    named = ", ".join(line.description for line in event.lines)
    facts = {"number": request.number, "lines": named, "person": await name_of(uow, UUID(stored.actor))}
    key = "notices.lines_dropped_why" if event.reason else "notices.lines_dropped"
    return PlannedNotice(recipients, NoticeMessage(key, {**facts, "reason": event.reason or ""}))


async def request_commented(uow: Uow, event: RequestCommented, stored: StoredEvent) -> PlannedNotice | None:
    """Everybody concerned and whoever commented before, but not the author, and only who may see the request."""
    author = UUID(stored.actor)
    purchase = await purchase_repo.load(uow, event.subject_id)
    if purchase is None:
        return None
    before = await comments.authors(uow, purchase.request.id, before=event.comment_id)
    recipients = sorted({*await purchases.people_concerned(uow, purchase), *before} - {author})
    facts = {"person": await name_of(uow, author), "number": purchase.request.number, "text": event.text}
    message = NoticeMessage("notices.request_commented", facts, under=purchase.request.id)
    return PlannedNotice(await purchases.who_may_see(uow, purchase, recipients), message)
