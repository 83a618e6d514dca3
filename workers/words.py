"""What a notice says, and to whom: read from the event and from the present state, in the person's language.

One rule: no price of a running RFQ, and no name of another vendor, ever stands in a notice.
"""

import datetime as dt
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from api.text import countdown, say
from api.text import moment as say_moment
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
from workers import case as cases

DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Words:
    """One sentence by key with its facts; times and spans are told as the reader writes them."""

    key: str
    facts: Mapping[str, object]
    moments: Mapping[str, dt.datetime] = field(default_factory=dict)
    spans: Mapping[str, dt.timedelta] = field(default_factory=dict)
    under: UUID | None = None
    """The purchase under whose card it stands, in a chat that shows one."""

    def to(self, locale: str, zone: str) -> str:
        """The sentence for one reader."""
        told: dict[str, object] = dict(self.facts)
        told |= {name: say_moment(value, locale, zone) for name, value in self.moments.items()}
        told |= {name: countdown(value, locale) for name, value in self.spans.items()}
        return say(self.key, locale, **told)


@dataclass(frozen=True)
class Notice:
    """Who is told what; ``urgent`` goes through quiet hours and makes a sound."""

    recipients: Sequence[UUID]
    words: Words
    urgent: bool = False


Teller = Callable[[Uow, StoredEvent], Awaitable[Notice | None]]


async def _rfq(uow: Uow, event: StoredEvent) -> Rfq:
    rfq_id = event.data.get("rfq_id", event.subject_id)
    return await rfqs.load(uow, UUID(str(rfq_id)))


def _closes_soon(rfq: Rfq, uow: Uow) -> bool:
    """Within a day: a night's wait may be too long."""
    return rfq.quote_by - uow.now < DAY


async def quote_submitted(uow: Uow, event: StoredEvent) -> Notice | None:
    """The officer hears that somebody answered, not what."""
    rfq = await _rfq(uow, event)
    answered = sum(1 for invitation in rfq.invitations if invitation.answered)
    facts = {
        "vendor": event.data["vendor"],
        "number": rfq.number,
        "answered": answered,
        "invited": len(rfq.invitations),
    }
    return Notice([rfq.sent_by], Words("notices.quote_submitted", facts))


async def rfq_sent(uow: Uow, event: StoredEvent) -> Notice | None:
    rfq = await _rfq(uow, event)
    organisation = await directory.the_organisation(uow.connection)
    contacts = await directory.vendor_contacts(uow.connection, [item.vendor_id for item in rfq.invitations])
    words = Words(
        "notices.rfq_sent", {"company": organisation.name, "number": rfq.number}, {"moment": rfq.quote_by}
    )
    return Notice([contact.person_id for contact in contacts], words, urgent=_closes_soon(rfq, uow))


async def rfq_reminded(uow: Uow, event: StoredEvent) -> Notice | None:
    """Vendors who are still silent; whoever answered meanwhile is left alone, and everybody once it is closed."""
    rfq = await _rfq(uow, event)
    if rfq.state is not RfqState.open:
        return None
    silent = [item.vendor_id for item in rfq.invitations if not item.answered]
    contacts = await directory.vendor_contacts(uow.connection, silent)
    words = Words("notices.rfq_reminder", {"number": rfq.number}, {"moment": rfq.quote_by})
    return Notice([contact.person_id for contact in contacts], words, urgent=_closes_soon(rfq, uow))


async def rfq_unsuccessful(uow: Uow, event: StoredEvent) -> Notice | None:
    rfq = await _rfq(uow, event)
    return Notice([rfq.sent_by], Words("notices.request_unsuccessful", {"number": rfq.number}))


async def rfq_awarded(uow: Uow, event: StoredEvent) -> Notice | None:
    """The vendors who were not chosen hear that, and nothing about who was."""
    rfq = await _rfq(uow, event)
    others = event.data.get("others", [])
    ids = {UUID(str(vendor_id)) for vendor_id in others} if isinstance(others, list) else set()
    quoted = [
        i.vendor_id for i in rfq.invitations if i.state is InvitationState.quoted and i.vendor_id in ids
    ]
    contacts = await directory.vendor_contacts(uow.connection, quoted)
    words = Words("notices.quote_not_selected", {"number": rfq.number})
    return Notice([contact.person_id for contact in contacts], words)


async def rfq_cancelled(uow: Uow, event: StoredEvent) -> Notice | None:
    rfq = await _rfq(uow, event)
    contacts = await directory.vendor_contacts(uow.connection, [item.vendor_id for item in rfq.invitations])
    return Notice(
        [contact.person_id for contact in contacts], Words("notices.rfq_closed", {"number": rfq.number})
    )


async def declined(uow: Uow, event: StoredEvent) -> Notice | None:
    rfq = await _rfq(uow, event)
    who = next(item.vendor_name for item in rfq.invitations if str(item.vendor_id) == event.data["vendor_id"])
    facts = {"vendor": who, "number": rfq.number, "reason": event.data["reason"]}
    return Notice([rfq.sent_by], Words("notices.rfq_declined", facts))


async def _approval(uow: Uow, event: StoredEvent) -> tuple[Approval, str]:
    """The approval and its request's number."""
    approval = await approvals.load(uow, event.subject_id)
    return approval, (await requests.of_case(uow, approval.request_id)).number


async def overdue(uow: Uow, event: StoredEvent) -> Notice | None:
    """Whoever may decide the step that waited then, while it still does."""
    approval, number = await _approval(uow, event)
    step = approval.open_step
    if step is None or step.opened_at is None or str(step.id) != event.data["step_id"]:
        return None
    kind = event.data.get("kind", "waiting")
    if kind != "waiting" and step.due_at is not None:
        return Notice(
            step.deciders, Words(f"notices.approval_{kind}", {"number": number}, {"moment": step.due_at})
        )
    words = Words("notices.approval_overdue", {"number": number}, spans={"waiting": uow.now - step.opened_at})
    return Notice(step.deciders, words)


async def escalated(uow: Uow, event: StoredEvent) -> Notice | None:
    """Those who are asked now too get a card; those who were asked before hear that they are no longer alone."""
    approval, number = await _approval(uow, event)
    step = approval.open_step
    asked = event.data.get("asked")
    fresh = {str(person) for person in asked} if isinstance(asked, list) else set()
    if step is None:
        return None
    names = await directory.names(uow.connection, [UUID(person) for person in fresh])
    facts = {"number": number, "people": ", ".join(sorted(names.values()))}
    told = [person for person in step.deciders if str(person) not in fresh]
    return Notice(told, Words("notices.approval_escalated", facts))


async def asked(uow: Uow, event: StoredEvent) -> Notice | None:
    approval, number = await _approval(uow, event)
    facts = {"person": await _name(uow, event.actor), "number": number, "text": event.data["text"]}
    return Notice([approval.requested_by], Words("notices.approval_asked", facts))


async def answered(uow: Uow, event: StoredEvent) -> Notice | None:
    _, number = await _approval(uow, event)
    facts = {"person": await _name(uow, event.actor), "number": number, "text": event.data["text"]}
    return Notice([UUID(str(event.data["asked_by"]))], Words("notices.approval_answered", facts))


async def rejected(uow: Uow, event: StoredEvent) -> Notice | None:
    """Who asked and who sourced hear why; the officer proposes another quote or cancels."""
    approval, number = await _approval(uow, event)
    rfq = await rfqs.of_request(uow, approval.request_id)
    concerned = {approval.requested_by} | ({rfq.sent_by} if rfq is not None else set())
    facts = {
        "number": number,
        "person": await _name(uow, str(event.data["rejected_by"])),
        "reason": event.data["reason"],
    }
    return Notice(sorted(concerned), Words("notices.approval_rejected", facts))


async def request_cancelled(uow: Uow, event: StoredEvent) -> Notice | None:
    """Who asked hears why, unless it was their own doing."""
    request = await requests.of_case(uow, event.subject_id)
    facts = {"number": request.number, "reason": event.data["reason"]}
    told = [] if str(request.requested_by) == event.actor else [request.requested_by]
    return Notice(told, Words("notices.request_cancelled", facts))


async def commented(uow: Uow, event: StoredEvent) -> Notice | None:
    """Everybody concerned, and whoever spoke before; never the speaker, nor anybody who may not see the request."""
    case = await cases.read(uow, event.subject_id)
    before = await comments.authors(uow, case.request.id, before=UUID(str(event.data["comment_id"])))
    told = sorted({*await cases.concerned(uow, case), *before} - {UUID(event.actor)})
    facts = {
        "person": await _name(uow, event.actor),
        "number": case.request.number,
        "text": event.data["text"],
    }
    words = Words("notices.request_commented", facts, under=case.request.id)
    return Notice(await cases.admitted(uow, case, told), words)


async def order_cancelled(uow: Uow, event: StoredEvent) -> Notice | None:
    """Vendor and requester hear why; a vendor only of an order that it had heard of."""
    order = await orders.load(uow, event.subject_id)
    heard = [order.vendor_id] if order.issued_at is not None else []
    contacts = await directory.vendor_contacts(uow.connection, heard)
    told = [contact.person_id for contact in contacts]
    if event.request_id is not None:
        told.append((await requests.of_case(uow, event.request_id)).requested_by)
    facts = {"number": event.data["number"], "reason": event.data["reason"]}
    return Notice(told, Words("notices.order_cancelled", facts), urgent=True)


async def stuck(uow: Uow, event: StoredEvent) -> Notice | None:
    _, number = await _approval(uow, event)
    admins = await directory.people_with_role(uow.connection, Role.admin)
    return Notice([admin.person_id for admin in admins], Words("notices.approval_nobody", {"number": number}))


async def delegated(uow: Uow, event: StoredEvent) -> Notice | None:
    """The deputy hears of it; the person who is away too, when somebody else arranged it."""
    giver, deputy = UUID(str(event.data["giver"])), UUID(str(event.data["deputy"]))
    names = await directory.names(uow.connection, [giver, deputy])
    until = dt.datetime.fromisoformat(str(event.data["until"]))
    facts = {"person": names[giver], "deputy": names[deputy]}
    told = [deputy] if str(giver) == event.actor else [deputy, giver]
    return Notice(told, Words("notices.delegation_made", facts, {"moment": until}))


async def delegation_ended(uow: Uow, event: StoredEvent) -> Notice | None:
    giver, deputy = UUID(str(event.data["giver"])), UUID(str(event.data["deputy"]))
    names = await directory.names(uow.connection, [giver, deputy])
    facts = {"person": names[giver], "deputy": names[deputy]}
    return Notice([deputy, giver], Words("notices.delegation_ended", facts))


async def linked(uow: Uow, event: StoredEvent) -> Notice | None:
    """The person hears on every chat that one more was joined to their account."""
    names = await directory.names(uow.connection, [event.subject_id])
    facts = {"display_name": event.data.get("platform", ""), "person": names.get(event.subject_id, "")}
    return Notice([event.subject_id], Words("notices.link_made", facts), urgent=True)


def _platform(event: StoredEvent) -> str:
    """As it calls itself."""
    return str(event.data["platform"]).capitalize()


async def unreachable(uow: Uow, event: StoredEvent) -> Notice | None:
    """The administrators hear it once, whoever met the block first; of a vendor also who deals with them now."""
    reader = await people.person(uow.connection, event.subject_id)
    if reader is None:
        return None
    told = [admin.person_id for admin in await directory.people_with_role(uow.connection, Role.admin)]
    person = reader.name
    if reader.vendor_id is not None:
        told += await cases.officers_of(uow, reader.vendor_id)
        (vendor,) = await vendors.of_ids(uow, [reader.vendor_id])
        person = f"{reader.name} ({vendor.name})"
    facts = {"person": person, "platform": _platform(event), "left": event.data["left"]}
    others = [person_id for person_id in told if person_id != reader.id]
    return Notice(others, Words("notices.chat_unreachable", facts))


async def group_lost(uow: Uow, event: StoredEvent) -> Notice | None:
    """The administrators hear that a group does not show requests any more."""
    admins = await directory.people_with_role(uow.connection, Role.admin)
    facts = {"title": event.data["title"], "platform": _platform(event)}
    return Notice([admin.person_id for admin in admins], Words("notices.group_lost", facts))


async def app_removed(uow: Uow, event: StoredEvent) -> Notice | None:
    """The administrators hear that a whole workspace cannot be reached."""
    admins = await directory.people_with_role(uow.connection, Role.admin)
    facts = {"title": event.data.get("team_name", event.data["team_id"]), "platform": _platform(event)}
    return Notice([admin.person_id for admin in admins], Words("notices.app_removed", facts))


async def parked(uow: Uow, event: StoredEvent) -> Notice | None:
    admins = await directory.people_with_role(uow.connection, Role.admin)
    facts = {
        "subscriber": event.data["subscriber"],
        "type": event.data["event_type"],
        "why": event.data["why"],
    }
    return Notice([admin.person_id for admin in admins], Words("notices.delivery_parked", facts))


async def _name(uow: Uow, actor: str) -> str:
    found = await directory.names(uow.connection, [UUID(actor)])
    return found.get(UUID(actor), actor)


TELLERS: Mapping[str, Teller] = {
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
