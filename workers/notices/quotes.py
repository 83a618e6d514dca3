"""Notices about quotes.

One rule: an officer learns that a vendor has answered, never what it asks for.
"""

from uuid import UUID

from core.awards.reactions import ORDER_CANCELLED
from core.log.stored import StoredEvent
from core.people import directory
from core.quotes.events import QuoteRejected, QuoteRevised, QuoteSubmitted
from core.rfqs import repo as rfqs
from core.uow import Uow
from workers.notices.planned_notice import NoticeMessage, PlannedNotice, name_of


async def quote_submitted(uow: Uow, event: QuoteSubmitted, stored: StoredEvent) -> PlannedNotice | None:
    rfq = await rfqs.load(uow, event.rfq_id)
    if event.entered_by is not None:
        return await _entered(uow, event, event.entered_by)
    answered = sum(1 for invitation in rfq.invitations if invitation.answered)
    facts = {
        "vendor": event.vendor,
        "number": rfq.number,
        "answered": answered,
        "invited": len(rfq.invitations),
    }
    return PlannedNotice([rfq.sent_by], NoticeMessage("notices.quote_submitted", facts))


async def quote_revised(uow: Uow, event: QuoteRevised, stored: StoredEvent) -> PlannedNotice | None:
    """Its vendor, when an officer has revised it for the vendor."""
    return await _entered(uow, event, event.entered_by) if event.entered_by is not None else None


async def _entered(uow: Uow, event: QuoteSubmitted | QuoteRevised, person: UUID) -> PlannedNotice:
    """The vendor looks at what was entered for it."""
    contacts = await directory.vendor_contacts(uow.connection, [event.vendor_id])
    facts = {"person": await name_of(uow, person), "quote": event.number, "number": event.rfq}
    return PlannedNotice(
        [contact.person_id for contact in contacts], NoticeMessage("notices.quote_entered", facts)
    )


async def quote_rejected(uow: Uow, event: QuoteRejected, stored: StoredEvent) -> PlannedNotice | None:
    """Its vendor learns that it was not chosen, and nothing else; who had the order is told of that."""
    if event.reason == ORDER_CANCELLED:
        return None
    rfq = await rfqs.load(uow, event.rfq_id)
    contacts = await directory.vendor_contacts(uow.connection, [event.vendor_id])
    message = NoticeMessage("notices.quote_not_selected", {"number": rfq.number})
    return PlannedNotice([contact.person_id for contact in contacts], message)
