"""Notices about orders: who is told of what the other side, or a colleague, has done."""

from uuid import UUID

from core.entries.events import AcknowledgementEntered
from core.log.stored import StoredEvent
from core.order_changes.events import ChangeDeclined, OrderRevised
from core.orders import repo as orders
from core.orders.events import OrderDeclined, OrderEvent, OrderStopped
from core.orders.model import Order, Side
from core.people import directory
from core.receipts.events import GoodsReturned, OrderClosedShort
from core.requests import repo as requests
from core.rfqs import repo as rfqs
from core.uow import Uow
from workers.notices.planned_notice import NoticeMessage, PlannedNotice, name_of


async def order_stopped(uow: Uow, event: OrderStopped, stored: StoredEvent) -> PlannedNotice | None:
    """Vendor and requester, with the reason; a vendor only when the order had been sent to it.

    When the vendor refused it: the requester, and the officer, who chooses another quote.
    """
    order = await orders.load(uow, event.subject_id)
    facts = {"number": event.number, "reason": event.reason}
    if isinstance(event, OrderDeclined):
        recipients = [*await _officer(uow, event), *await _requester(uow, event)]
        others = await orders.live_of_request(uow, order.request_id) if order.split_award_id else []
        key = "notices.order_declined_part" if others else "notices.order_declined"
        return PlannedNotice(_others(recipients, stored), NoticeMessage(key, facts), urgent=True)
    recipients = [*await _contacts(uow, order), *await _requester(uow, event)]
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


async def order_revised(uow: Uow, event: OrderRevised, stored: StoredEvent) -> PlannedNotice | None:
    """Vendor and requester: the order has other terms now."""
    order = await orders.load(uow, event.subject_id)
    recipients = [*await _contacts(uow, order), *await _requester(uow, event)]
    facts = {"number": event.number, "n": str(event.revision)}
    return PlannedNotice(_others(recipients, stored), NoticeMessage("notices.order_revised", facts))


async def change_declined(uow: Uow, event: ChangeDeclined, stored: StoredEvent) -> PlannedNotice | None:
    """The side that proposed, with the reason if there is one to tell."""
    order = await orders.load(uow, event.subject_id)
    vendors = event.by == Side.vendor
    recipients = await _contacts(uow, order) if vendors else await _officer(uow, event)
    if event.reason:
        facts = {"number": event.number, "reason": event.reason}
        message = NoticeMessage("notices.order_change_declined", facts)
    else:
        message = NoticeMessage("notices.order_change_not_approved", {"number": event.number})
    return PlannedNotice(_others(recipients, stored), message)


async def order_closed_short(uow: Uow, event: OrderClosedShort, stored: StoredEvent) -> PlannedNotice | None:
    """Vendor and requester: no more of it is awaited."""
    order = await orders.load(uow, event.subject_id)
    recipients = [*await _contacts(uow, order), *await _requester(uow, event)]
    facts = {"number": event.number, "reason": event.reason}
    return PlannedNotice(_others(recipients, stored), NoticeMessage("notices.order_closed_short", facts))


async def goods_returned(uow: Uow, event: GoodsReturned, stored: StoredEvent) -> PlannedNotice | None:
    """The vendor, to whom they come back, and the officer."""
    order = await orders.load(uow, event.subject_id)
    recipients = [*await _contacts(uow, order), *await _officer(uow, event)]
    facts = {"number": event.number, "reason": event.reason}
    return PlannedNotice(_others(recipients, stored), NoticeMessage("notices.goods_returned", facts))


async def _contacts(uow: Uow, order: Order) -> list[UUID]:
    """The vendor's contacts, once the order was sent to it."""
    informed = [order.vendor_id] if order.issued_at is not None else []
    return [contact.person_id for contact in await directory.vendor_contacts(uow.connection, informed)]


async def _requester(uow: Uow, event: OrderEvent) -> list[UUID]:
    if event.request_id is None:
        return []
    return [(await requests.of_purchase(uow, event.request_id)).requested_by]


async def _officer(uow: Uow, event: OrderEvent) -> list[UUID]:
    """The officer who asked the vendors."""
    rfq = await rfqs.of_request(uow, event.request_id) if event.request_id is not None else None
    return [rfq.sent_by] if rfq is not None else []


def _others(recipients: list[UUID], stored: StoredEvent) -> list[UUID]:
    """Each once, without whoever did it."""
    return [person for person in dict.fromkeys(recipients) if str(person) != stored.actor]
