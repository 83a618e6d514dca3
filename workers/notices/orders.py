"""Notices about orders."""

from core.entries.events import AcknowledgementEntered
from core.log.stored import StoredEvent
from core.orders import repo as orders
from core.orders.events import OrderCancelled
from core.people import directory
from core.requests import repo as requests
from core.uow import Uow
from workers.notices.planned_notice import NoticeMessage, PlannedNotice, name_of


async def order_cancelled(uow: Uow, event: OrderCancelled, stored: StoredEvent) -> PlannedNotice | None:
    """Vendor and requester, with the reason; a vendor only when the order had been sent to it."""
    order = await orders.load(uow, event.subject_id)
    informed = [order.vendor_id] if order.issued_at is not None else []
    contacts = await directory.vendor_contacts(uow.connection, informed)
    recipients = [contact.person_id for contact in contacts]
    if event.request_id is not None:
        recipients.append((await requests.of_purchase(uow, event.request_id)).requested_by)
    facts = {"number": event.number, "reason": event.reason}
    return PlannedNotice(recipients, NoticeMessage("notices.order_cancelled", facts), urgent=True)


async def acknowledgement_entered(
    uow: Uow, event: AcknowledgementEntered, stored: StoredEvent
) -> PlannedNotice | None:
    """The vendor checks what an officer has entered for it."""
    contacts = await directory.vendor_contacts(uow.connection, [event.vendor_id])
    facts = {"person": await name_of(uow, event.entered_by), "number": event.number}
    return PlannedNotice(
        [contact.person_id for contact in contacts], NoticeMessage("notices.order_entered", facts)
    )
