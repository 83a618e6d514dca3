"""Notices about approvals: who has to decide, what was asked, and how it ended.

One rule: a reminder is read from the present step, so that nobody is reminded of what was decided meanwhile.
"""

from uuid import UUID

from core.approvals import repo as approvals
from core.approvals.events import ApprovalEvent, ApprovalStuck
from core.approvals.model import Approval
from core.decisions.events import ApprovalRejected, QuestionAnswered, QuestionAsked
from core.escalations.events import ApprovalEscalated, ApprovalOverdue
from core.log.stored import StoredEvent
from core.people import directory
from core.reassignments.events import (
    ApprovalCandidateLeft,
    ApprovalForwarded,
    ApprovalHandedOver,
    ApprovalReassigned,
    ApprovalReplanned,
)
from core.requests import repo as requests
from core.rfqs import repo as rfqs
from core.uow import Uow
from core.worklist import queries as worklist
from core.worklist.model import WorkKind
from workers.notices.admins import admin_ids
from workers.notices.planned_notice import NoticeMessage, PlannedNotice, name_of


async def _approval(uow: Uow, event: ApprovalEvent) -> tuple[Approval, str]:
    """The approval and its request's number."""
    approval = await approvals.load(uow, event.subject_id)
    return approval, (await requests.of_purchase(uow, approval.request_id)).number


async def approval_overdue(uow: Uow, event: ApprovalOverdue, stored: StoredEvent) -> PlannedNotice | None:
    """Those who are asked about the step that was waiting, if it still is."""
    approval, number = await _approval(uow, event)
    step = approval.open_step
    if step is None or step.opened_at is None or step.id != event.step_id:
        return None
    if event.kind != "waiting" and step.due_at is not None:
        return PlannedNotice(
            await _asked(uow, approval),
            NoticeMessage(f"notices.approval_{event.kind}", {"number": number}, {"moment": step.due_at}),
        )
    message = NoticeMessage(
        "notices.approval_overdue", {"number": number}, spans={"waiting": uow.now - step.opened_at}
    )
    return PlannedNotice(await _asked(uow, approval), message)


async def _asked(uow: Uow, approval: Approval) -> list[UUID]:
    """Whose worklist has it: a reminder repeats that line, and a digest that has the line leaves the reminder out."""
    waiting = await worklist.of_purchase(uow, approval.request_id)
    return [item.person_id for item in waiting if item.kind is WorkKind.decide]


async def approval_escalated(uow: Uow, event: ApprovalEscalated, stored: StoredEvent) -> PlannedNotice | None:
    """Those who were asked before learn who else is asked now; the others get a card."""
    approval, number = await _approval(uow, event)
    step = approval.open_step
    if step is None:
        return None
    names = await directory.names(uow.connection, event.asked)
    facts = {"number": number, "people": ", ".join(sorted(names.values()))}
    recipients = [person for person in step.deciders if person not in event.asked]
    return PlannedNotice(recipients, NoticeMessage("notices.approval_escalated", facts))


async def question_asked(uow: Uow, event: QuestionAsked, stored: StoredEvent) -> PlannedNotice | None:
    approval, number = await _approval(uow, event)
    facts = {"person": await name_of(uow, UUID(stored.actor)), "number": number, "text": event.text}
    return PlannedNotice([approval.requested_by], NoticeMessage("notices.approval_asked", facts))


async def question_answered(uow: Uow, event: QuestionAnswered, stored: StoredEvent) -> PlannedNotice | None:
    _, number = await _approval(uow, event)
    facts = {"person": await name_of(uow, UUID(stored.actor)), "number": number, "text": event.text}
    return PlannedNotice([event.asked_by], NoticeMessage("notices.approval_answered", facts))


async def approval_rejected(uow: Uow, event: ApprovalRejected, stored: StoredEvent) -> PlannedNotice | None:
    """The requester and the officer, with the reason; what ends the request too is told by its own event."""
    if event.request_too:
        return None
    approval, number = await _approval(uow, event)
    rfq = await rfqs.of_request(uow, approval.request_id)
    recipients = {approval.requested_by} | ({rfq.sent_by} if rfq is not None else set())
    facts = {"number": number, "person": await name_of(uow, event.rejected_by), "reason": event.reason}
    return PlannedNotice(sorted(recipients), NoticeMessage("notices.approval_rejected", facts))


async def approval_stuck(uow: Uow, event: ApprovalStuck, stored: StoredEvent) -> PlannedNotice | None:
    _, number = await _approval(uow, event)
    message = NoticeMessage("notices.approval_nobody", {"number": number})
    return PlannedNotice(await admin_ids(uow), message)


async def approval_forwarded(uow: Uow, event: ApprovalForwarded, stored: StoredEvent) -> PlannedNotice | None:
    """Whoever takes over learns from whom, until when, and why when a note says so; the giver did it."""
    key = "notices.approval_forwarded" if event.reason else "notices.approval_forwarded_plain"
    return PlannedNotice([event.to_person], await _handed_over(uow, event, key))


async def approval_reassigned(
    uow: Uow, event: ApprovalReassigned, stored: StoredEvent
) -> PlannedNotice | None:
    """Both learn of it: who is asked now, and who is asked no more."""
    if event.from_person is None:
        return PlannedNotice([event.to_person], await _handed_over(uow, event, "notices.approval_assigned"))
    recipients = [event.from_person, event.to_person]
    return PlannedNotice(recipients, await _handed_over(uow, event, "notices.approval_reassigned"))


async def _handed_over(uow: Uow, event: ApprovalHandedOver, key: str) -> NoticeMessage:
    """An event from before it said until when is told with the present time of the step."""
    approval, number = await _approval(uow, event)
    step = approval.open_step
    due = event.due_at or (step.due_at if step is not None else None)
    facts = {
        "number": number,
        "giver": await name_of(uow, event.from_person) if event.from_person else "",
        "taker": await name_of(uow, event.to_person),
        "reason": event.reason,
    }
    return NoticeMessage(key, facts, {"moment": due or uow.now})


async def approval_replanned(uow: Uow, event: ApprovalReplanned, stored: StoredEvent) -> PlannedNotice | None:
    """The administrators learn that the new policy helped; whoever is asked gets a card."""
    _, number = await _approval(uow, event)
    names = await directory.names(uow.connection, event.candidates)
    facts = {"number": number, "people": ", ".join(sorted(names.values()))}
    return PlannedNotice(await admin_ids(uow), NoticeMessage("notices.approval_replanned", facts))


async def candidate_left(uow: Uow, event: ApprovalCandidateLeft, stored: StoredEvent) -> PlannedNotice | None:
    """The administrators, while somebody is left to decide; without anybody the step is reported as stuck."""
    if not event.left:
        return None
    _, number = await _approval(uow, event)
    facts = {"number": number, "person": await name_of(uow, event.person)}
    return PlannedNotice(await admin_ids(uow), NoticeMessage("notices.approval_candidate_left", facts))
