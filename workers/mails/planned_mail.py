"""Who gets a mail about an event: contacts of vendors whom no chat reaches, and whoever asked for a link or a code.

One rule: a mail says what the chats' notices say, with a link to the RFQ or order that it is about.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from core.kernel.subjects import SubjectKind
from core.log.events import Event
from core.log.stored import StoredEvent
from core.order_changes.events import ChangeProposed
from core.orders import repo as orders
from core.orders.events import OrderEvent, OrderIssued
from core.orders.model import Side
from core.people import directory
from core.quotes.events import QuoteEvent
from core.rfqs import repo as rfqs
from core.uow import Uow
from core.vendor_links import service
from core.vendor_links.events import ColleagueNamed, LinkCodeWanted, VendorLinkWanted
from core.vendor_links.model import LinkKind, LinkSubject
from workers.notices.notice_table import plan_notice
from workers.notices.planned_notice import NoticeMessage

LINKED = {SubjectKind.rfq.value: LinkKind.rfq, SubjectKind.order.value: LinkKind.order}


@dataclass(frozen=True)
class PlannedMail:
    """``code_id``: a code is made for it when it is sent; ``about``: a link is. ``asked``: its reader waits for it."""

    recipients: Sequence[UUID]
    message: NoticeMessage
    about: LinkSubject | None = None
    code_id: UUID | None = None
    asked: bool = False
    subject: NoticeMessage | None = None
    """None: the message's first line."""


def subject_of(event: Event) -> LinkSubject | None:
    """The RFQ or order that vendors are told about; None for what somebody asked for."""
    if isinstance(event, QuoteEvent):
        return LinkSubject(LinkKind.rfq, event.rfq_id)
    kind = LINKED.get(event.subject_kind)
    return LinkSubject(kind, event.subject_id) if kind is not None else None


async def plan_mail(uow: Uow, event: Event, stored: StoredEvent) -> PlannedMail | None:
    """None when nobody is written to about it, or nobody any more."""
    match event:
        case LinkCodeWanted():
            facts = {"company": await _company(uow)}
            message, subject = NoticeMessage("mails.code", facts), NoticeMessage("mails.code.subject", facts)
            return PlannedMail(
                [event.subject_id], message, code_id=event.code_id, asked=True, subject=subject
            )
        case VendorLinkWanted():
            wanted = LinkSubject(LinkKind(event.about_kind), event.about_id)
            return await _link(uow, event.subject_id, wanted, "mails.new_link")
        case ColleagueNamed():
            admitted = await service.admitted(uow, event.colleague_id)
            return await _link(uow, admitted[0].id, admitted[1], "mails.colleague") if admitted else None
    about = subject_of(event)
    if about is None:
        return None
    if isinstance(event, ChangeProposed):
        if event.by == Side.vendor:
            return None
        return await _to_vendor(uow, event, "mails.call_off", about, reason=event.reason)
    if isinstance(event, OrderIssued):
        return await _to_vendor(uow, event, "mails.order_issued", about)
    notice = await plan_notice(uow, stored)
    return PlannedMail(notice.recipients, notice.message, about) if notice is not None else None


async def _to_vendor(uow: Uow, event: OrderEvent, key: str, about: LinkSubject, **more: str) -> PlannedMail:
    """What a card shows in the chats."""
    contacts = await directory.vendor_contacts(uow.connection, [event.vendor_id])
    facts = {"company": await _company(uow), "number": event.number, **more}
    return PlannedMail([each.person_id for each in contacts], NoticeMessage(key, facts), about)


async def _company(uow: Uow) -> str:
    return (await directory.read_organisation(uow.connection)).name


async def _link(uow: Uow, person_id: UUID, about: LinkSubject, key: str) -> PlannedMail:
    """A link that its reader asked for, or a colleague of theirs."""
    facts = {"company": await _company(uow), "number": await _number(uow, about)}
    return PlannedMail([person_id], NoticeMessage(key, facts), about, asked=True)


async def _number(uow: Uow, about: LinkSubject) -> str:
    if about.kind is LinkKind.order:
        return (await orders.load(uow, about.id)).number
    return (await rfqs.load(uow, about.id)).number
