"""What a notice says, and to whom: read from the event and from the present state, in the person's language.

One rule: no price of a running RFQ, and no name of another vendor, ever stands in a notice.
"""

import datetime as dt
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from api.text import countdown, translate
from api.text import moment as format_moment
from core.access.roles import Role
from core.approvals import repo as approvals
from core.approvals.model import Approval
from core.comments import repo as comments
from core.log.deliveries import StoredEvent
from core.orders import repo as orders
from core.people import directory
from core.people import repo as people
from core.requests import repo as requests
from core.rfqs import repo as rfqs
from core.rfqs.model import Rfq
from core.rfqs.states import InvitationState, RfqState
from core.uow import Uow
from core.vendors import repo as vendors
from workers import case as purchases

DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class NoticeMessage:
    """One sentence by key with its facts; times and spans are told as the reader writes them."""

    key: str
    facts: Mapping[str, object]
    moments: Mapping[str, dt.datetime] = field(default_factory=dict)
    spans: Mapping[str, dt.timedelta] = field(default_factory=dict)
    under: UUID | None = None
    """The purchase under whose card it stands, in a chat that shows one."""

    def render(self, locale: str, zone: str) -> str:
        """The sentence for one reader."""
        recipients: dict[str, object] = dict(self.facts)
        recipients |= {name: format_moment(value, locale, zone) for name, value in self.moments.items()}
        recipients |= {name: countdown(value, locale) for name, value in self.spans.items()}
        return translate(self.key, locale, **recipients)


@dataclass(frozen=True)
class PlannedNotice:
    """Who is told what; ``urgent`` goes through quiet hours and makes a sound."""

    recipients: Sequence[UUID]
    message: NoticeMessage
    urgent: bool = False


NoticeBuilder = Callable[[Uow, StoredEvent], Awaitable[PlannedNotice | None]]


async def _rfq(uow: Uow, event: StoredEvent) -> Rfq:
    rfq_id = event.data.get("rfq_id", event.subject_id)
    return await rfqs.load(uow, UUID(str(rfq_id)))


def _closes_soon(rfq: Rfq, uow: Uow) -> bool:
    """Within a day: a night's wait may be too long."""
    return rfq.quote_by - uow.now < DAY


async def quote_submitted(uow: Uow, event: StoredEvent) -> PlannedNotice | None:
    """The officer hears that somebody answered, not what."""
    rfq = await _rfq(uow, event)
    answered = sum(1 for invitation in rfq.invitations if invitation.answered)
    facts = {
        "vendor": event.data["vendor"],
        "number": rfq.number,
        "answered": answered,
        "invited": len(rfq.invitations),
    }
    return PlannedNotice([rfq.sent_by], NoticeMessage("notices.quote_submitted", facts))


async def rfq_sent(uow: Uow, event: StoredEvent) -> PlannedNotice | None:
    rfq = await _rfq(uow, event)
    organisation = await directory.read_organisation(uow.connection)
    contacts = await directory.vendor_contacts(uow.connection, [item.vendor_id for item in rfq.invitations])
    message = NoticeMessage(
        "notices.rfq_sent", {"company": organisation.name, "number": rfq.number}, {"moment": rfq.quote_by}
    )
    return PlannedNotice([contact.person_id for contact in contacts], message, urgent=_closes_soon(rfq, uow))


async def rfq_reminded(uow: Uow, event: StoredEvent) -> PlannedNotice | None:
    """Vendors who are still silent; whoever answered meanwhile is left alone, and everybody once it is closed."""
    rfq = await _rfq(uow, event)
    if rfq.state is not RfqState.open:
        return None
    silent = [item.vendor_id for item in rfq.invitations if not item.answered]
    contacts = await directory.vendor_contacts(uow.connection, silent)
    message = NoticeMessage("notices.rfq_reminder", {"number": rfq.number}, {"moment": rfq.quote_by})
    return PlannedNotice([contact.person_id for contact in contacts], message, urgent=_closes_soon(rfq, uow))


async def rfq_unsuccessful(uow: Uow, event: StoredEvent) -> PlannedNotice | None:
    rfq = await _rfq(uow, event)
    return PlannedNotice([rfq.sent_by], NoticeMessage("notices.request_unsuccessful", {"number": rfq.number}))


async def rfq_awarded(uow: Uow, event: StoredEvent) -> PlannedNotice | None:
    """The vendors who were not chosen hear that, and nothing about who was."""
    rfq = await _rfq(uow, event)
    others = event.data.get("others", [])
    ids = {UUID(str(vendor_id)) for vendor_id in others} if isinstance(others, list) else set()
    quoted = [
        i.vendor_id for i in rfq.invitations if i.state is InvitationState.quoted and i.vendor_id in ids
    ]
    contacts = await directory.vendor_contacts(uow.connection, quoted)
    message = NoticeMessage("notices.quote_not_selected", {"number": rfq.number})
    return PlannedNotice([contact.person_id for contact in contacts], message)


async def rfq_cancelled(uow: Uow, event: StoredEvent) -> PlannedNotice | None:
    rfq = await _rfq(uow, event)
    contacts = await directory.vendor_contacts(uow.connection, [item.vendor_id for item in rfq.invitations])
    return PlannedNotice(
        [contact.person_id for contact in contacts],
        NoticeMessage("notices.rfq_closed", {"number": rfq.number}),
    )


async def declined(uow: Uow, event: StoredEvent) -> PlannedNotice | None:
    rfq = await _rfq(uow, event)
    who = next(item.vendor_name for item in rfq.invitations if str(item.vendor_id) == event.data["vendor_id"])
    facts = {"vendor": who, "number": rfq.number, "reason": event.data["reason"]}
    return PlannedNotice([rfq.sent_by], NoticeMessage("notices.rfq_declined", facts))


async def _approval(uow: Uow, event: StoredEvent) -> tuple[Approval, str]:
    """The approval and its request's number."""
    approval = await approvals.load(uow, event.subject_id)
    return approval, (await requests.of_purchase(uow, approval.request_id)).number


async def overdue(uow: Uow, event: StoredEvent) -> PlannedNotice | None:
    """Whoever may decide the step that waited then, while it still does."""
    approval, number = await _approval(uow, event)
    step = approval.open_step
    if step is None or step.opened_at is None or str(step.id) != event.data["step_id"]:
        return None
    kind = event.data.get("kind", "waiting")
    if kind != "waiting" and step.due_at is not None:
        return PlannedNotice(
            step.deciders,
            NoticeMessage(f"notices.approval_{kind}", {"number": number}, {"moment": step.due_at}),
        )
    message = NoticeMessage(
        "notices.approval_overdue", {"number": number}, spans={"waiting": uow.now - step.opened_at}
    )
    return PlannedNotice(step.deciders, message)


async def escalated(uow: Uow, event: StoredEvent) -> PlannedNotice | None:
    """Those who are asked now too get a card; those who were asked before hear that they are no longer alone."""
    approval, number = await _approval(uow, event)
    step = approval.open_step
    asked = event.data.get("asked")
    fresh = {str(person) for person in asked} if isinstance(asked, list) else set()
    if step is None:
        return None
    names = await directory.names(uow.connection, [UUID(person) for person in fresh])
    facts = {"number": number, "people": ", ".join(sorted(names.values()))}
    recipients = [person for person in step.deciders if str(person) not in fresh]
    return PlannedNotice(recipients, NoticeMessage("notices.approval_escalated", facts))


async def asked(uow: Uow, event: StoredEvent) -> PlannedNotice | None:
    approval, number = await _approval(uow, event)
    facts = {"person": await _name(uow, event.actor), "number": number, "text": event.data["text"]}
    return PlannedNotice([approval.requested_by], NoticeMessage("notices.approval_asked", facts))


async def answered(uow: Uow, event: StoredEvent) -> PlannedNotice | None:
    _, number = await _approval(uow, event)
    facts = {"person": await _name(uow, event.actor), "number": number, "text": event.data["text"]}
    return PlannedNotice(
        [UUID(str(event.data["asked_by"]))], NoticeMessage("notices.approval_answered", facts)
    )


async def rejected(uow: Uow, event: StoredEvent) -> PlannedNotice | None:
    """Who asked and who sourced hear why; the officer proposes another quote or cancels."""
    approval, number = await _approval(uow, event)
    rfq = await rfqs.of_request(uow, approval.request_id)
    recipients = {approval.requested_by} | ({rfq.sent_by} if rfq is not None else set())
    facts = {
        "number": number,
        "person": await _name(uow, str(event.data["rejected_by"])),
        "reason": event.data["reason"],
    }
    return PlannedNotice(sorted(recipients), NoticeMessage("notices.approval_rejected", facts))


async def request_cancelled(uow: Uow, event: StoredEvent) -> PlannedNotice | None:
    """Who asked hears why, unless it was their own doing."""
    request = await requests.of_purchase(uow, event.subject_id)
    facts = {"number": request.number, "reason": event.data["reason"]}
    recipients = [] if str(request.requested_by) == event.actor else [request.requested_by]
    return PlannedNotice(recipients, NoticeMessage("notices.request_cancelled", facts))


async def commented(uow: Uow, event: StoredEvent) -> PlannedNotice | None:
    """Everybody concerned, and whoever spoke before; never the speaker, nor anybody who may not see the request."""
    purchase = await purchases.read_purchase(uow, event.subject_id)
    before = await comments.authors(uow, purchase.request.id, before=UUID(str(event.data["comment_id"])))
    recipients = sorted({*await purchases.people_concerned(uow, purchase), *before} - {UUID(event.actor)})
    facts = {
        "person": await _name(uow, event.actor),
        "number": purchase.request.number,
        "text": event.data["text"],
    }
    message = NoticeMessage("notices.request_commented", facts, under=purchase.request.id)
    return PlannedNotice(await purchases.who_may_see(uow, purchase, recipients), message)


async def order_cancelled(uow: Uow, event: StoredEvent) -> PlannedNotice | None:
    """Vendor and requester hear why; a vendor only of an order that it had heard of."""
    order = await orders.load(uow, event.subject_id)
    informed = [order.vendor_id] if order.issued_at is not None else []
    contacts = await directory.vendor_contacts(uow.connection, informed)
    recipients = [contact.person_id for contact in contacts]
    if event.request_id is not None:
        recipients.append((await requests.of_purchase(uow, event.request_id)).requested_by)
    facts = {"number": event.data["number"], "reason": event.data["reason"]}
    return PlannedNotice(recipients, NoticeMessage("notices.order_cancelled", facts), urgent=True)


async def stuck(uow: Uow, event: StoredEvent) -> PlannedNotice | None:
    _, number = await _approval(uow, event)
    admins = await directory.people_with_role(uow.connection, Role.admin)
    return PlannedNotice(
        [admin.person_id for admin in admins], NoticeMessage("notices.approval_nobody", {"number": number})
    )


async def delegated(uow: Uow, event: StoredEvent) -> PlannedNotice | None:
    """The deputy hears of it; the person who is away too, when somebody else arranged it."""
    giver, deputy = UUID(str(event.data["giver"])), UUID(str(event.data["deputy"]))
    names = await directory.names(uow.connection, [giver, deputy])
    until = dt.datetime.fromisoformat(str(event.data["until"]))
    facts = {"person": names[giver], "deputy": names[deputy]}
    recipients = [deputy] if str(giver) == event.actor else [deputy, giver]
    return PlannedNotice(recipients, NoticeMessage("notices.delegation_made", facts, {"moment": until}))


async def delegation_ended(uow: Uow, event: StoredEvent) -> PlannedNotice | None:
    giver, deputy = UUID(str(event.data["giver"])), UUID(str(event.data["deputy"]))
    names = await directory.names(uow.connection, [giver, deputy])
    facts = {"person": names[giver], "deputy": names[deputy]}
    return PlannedNotice([deputy, giver], NoticeMessage("notices.delegation_ended", facts))


async def linked(uow: Uow, event: StoredEvent) -> PlannedNotice | None:
    """The person hears on every chat that one more was joined to their account."""
    names = await directory.names(uow.connection, [event.subject_id])
    facts = {"display_name": event.data.get("platform", ""), "person": names.get(event.subject_id, "")}
    return PlannedNotice([event.subject_id], NoticeMessage("notices.link_made", facts), urgent=True)


def _platform(event: StoredEvent) -> str:
    """As it calls itself."""
    return str(event.data["platform"]).capitalize()


async def unreachable(uow: Uow, event: StoredEvent) -> PlannedNotice | None:
    """The administrators hear it once, whoever met the block first; of a vendor also who deals with them now."""
    reader = await people.person(uow.connection, event.subject_id)
    if reader is None:
        return None
    recipients = [admin.person_id for admin in await directory.people_with_role(uow.connection, Role.admin)]
    person = reader.name
    if reader.vendor_id is not None:
        recipients += await purchases.officers_of(uow, reader.vendor_id)
        (vendor,) = await vendors.by_ids(uow, [reader.vendor_id])
        person = f"{reader.name} ({vendor.name})"
    facts = {"person": person, "platform": _platform(event), "left": event.data["left"]}
    others = [person_id for person_id in recipients if person_id != reader.id]
    return PlannedNotice(others, NoticeMessage("notices.chat_unreachable", facts))


async def group_lost(uow: Uow, event: StoredEvent) -> PlannedNotice | None:
    """The administrators hear that a group does not show requests any more."""
    admins = await directory.people_with_role(uow.connection, Role.admin)
    facts = {"title": event.data["title"], "platform": _platform(event)}
    return PlannedNotice([admin.person_id for admin in admins], NoticeMessage("notices.group_lost", facts))


async def app_removed(uow: Uow, event: StoredEvent) -> PlannedNotice | None:
    """The administrators hear that a whole workspace cannot be reached."""
    admins = await directory.people_with_role(uow.connection, Role.admin)
    facts = {"title": event.data.get("team_name", event.data["team_id"]), "platform": _platform(event)}
    return PlannedNotice([admin.person_id for admin in admins], NoticeMessage("notices.app_removed", facts))


async def parked(uow: Uow, event: StoredEvent) -> PlannedNotice | None:
    admins = await directory.people_with_role(uow.connection, Role.admin)
    facts = {
        "subscriber": event.data["subscriber"],
        "type": event.data["event_type"],
        "why": event.data["why"],
    }
    return PlannedNotice(
        [admin.person_id for admin in admins], NoticeMessage("notices.delivery_parked", facts)
    )


async def _name(uow: Uow, actor: str) -> str:
    found = await directory.names(uow.connection, [UUID(actor)])
    return found.get(UUID(actor), actor)


NOTICE_BUILDERS: Mapping[str, NoticeBuilder] = {
    "quote.submitted": quote_submitted,
    "rfq.sent": rfq_sent,
    "rfq.reminded": rfq_reminded,
    "rfq.unsuccessful": rfq_unsuccessful,
    "rfq.awarded": rfq_awarded,
    "rfq.cancelled": rfq_cancelled,
    "invitation.declined": declined,
    "approval.overdue": overdue,
    "approval.escalated": escalated,
    "approval.question_asked": asked,
    "approval.question_answered": answered,
    "approval.rejected": rejected,
    "approval.stuck": stuck,
    "request.cancelled": request_cancelled,
    "request.commented": commented,
    "order.cancelled": order_cancelled,
    "delegation.made": delegated,
    "delegation.ended": delegation_ended,
    "link.confirmed": linked,
    "chat.unreachable": unreachable,
    "group.lost": group_lost,
    "installation.revoked": app_removed,
    "delivery.parked": parked,
}
"""Event type → who is told what. A new notice is one function and one line."""
