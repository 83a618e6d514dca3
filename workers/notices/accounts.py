"""Notices about people's chats: a chat that was linked, and one that cannot be reached."""

from core.accounts import repo as accounts
from core.accounts.events import ChatUnreachable, LinkConfirmed
from core.log.stored import StoredEvent
from core.people import directory
from core.people import repo as people
from core.uow import Uow
from core.vendors import repo as vendors
from workers import purchases
from workers.notices.admins import admin_ids
from workers.notices.planned_notice import NoticeMessage, PlannedNotice


async def link_confirmed(uow: Uow, event: LinkConfirmed, stored: StoredEvent) -> PlannedNotice | None:
    """The person, on every other chat, so that nobody links a chat to their account unnoticed."""
    chats = await accounts.chats_of(uow.connection, [event.subject_id])
    if all(chat.identity_id == event.identity_id for chat in chats):
        return None
    names = await directory.names(uow.connection, [event.subject_id])
    facts = {"platform": event.platform.capitalize(), "person": names.get(event.subject_id, "")}
    message = NoticeMessage("notices.link_made", facts, except_chat=event.identity_id)
    return PlannedNotice([event.subject_id], message, urgent=True)


async def chat_unreachable(uow: Uow, event: ChatUnreachable, stored: StoredEvent) -> PlannedNotice | None:
    """The administrators; for a vendor's contact also the officers who deal with that vendor now."""
    reader = await people.person(uow.connection, event.subject_id)
    if reader is None:
        return None
    recipients = await admin_ids(uow)
    person = reader.name
    if reader.vendor_id is not None:
        recipients += await purchases.officers_of(uow, reader.vendor_id)
        (vendor,) = await vendors.by_ids(uow, [reader.vendor_id])
        person = f"{reader.name} ({vendor.name})"
    facts = {"person": person, "platform": event.platform.capitalize(), "left": event.left}
    others = [person_id for person_id in recipients if person_id != reader.id]
    return PlannedNotice(others, NoticeMessage("notices.chat_unreachable", facts))
