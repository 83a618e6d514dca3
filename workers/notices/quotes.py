"""Notices about quotes.

One rule: an officer learns that a vendor has answered, never what it asks for.
"""

from core.log.stored import StoredEvent
from core.quotes.events import QuoteSubmitted
from core.rfqs import repo as rfqs
from core.uow import Uow
from workers.notices.planned_notice import NoticeMessage, PlannedNotice


async def quote_submitted(uow: Uow, event: QuoteSubmitted, stored: StoredEvent) -> PlannedNotice | None:
    rfq = await rfqs.load(uow, event.rfq_id)
    answered = sum(1 for invitation in rfq.invitations if invitation.answered)
    facts = {
        "vendor": event.vendor,
        "number": rfq.number,
        "answered": answered,
        "invited": len(rfq.invitations),
    }
    return PlannedNotice([rfq.sent_by], NoticeMessage("notices.quote_submitted", facts))
