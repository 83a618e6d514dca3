"""Notices about RFQs and invitations.

One rule: no notice contains a price of a running RFQ or the name of another vendor.
"""

import datetime as dt

from core.log.stored import StoredEvent
from core.people import directory
from core.rfqs import repo as rfqs
from core.rfqs.events import (
    InvitationDeclined,
    RfqAwarded,
    RfqCancelled,
    RfqEvent,
    RfqReminded,
    RfqSent,
    RfqUndecided,
    RfqUnsuccessful,
)
from core.rfqs.model import Rfq
from core.rfqs.states import InvitationState, RfqState
from core.uow import Uow
from workers.notices.planned_notice import NoticeMessage, PlannedNotice

DAY = dt.timedelta(days=1)


async def _rfq(uow: Uow, event: RfqEvent) -> Rfq:
    return await rfqs.load(uow, event.subject_id)


def _closes_soon(rfq: Rfq, uow: Uow) -> bool:
    """Within a day: waiting for the end of quiet hours may be too long."""
    return rfq.quote_by - uow.now < DAY


async def rfq_sent(uow: Uow, event: RfqSent, stored: StoredEvent) -> PlannedNotice | None:
    rfq = await _rfq(uow, event)
    organisation = await directory.read_organisation(uow.connection)
    contacts = await directory.vendor_contacts(uow.connection, [item.vendor_id for item in rfq.invitations])
    message = NoticeMessage(
        "notices.rfq_sent", {"company": organisation.name, "number": rfq.number}, {"moment": rfq.quote_by}
    )
    return PlannedNotice([contact.person_id for contact in contacts], message, urgent=_closes_soon(rfq, uow))


async def rfq_reminded(uow: Uow, event: RfqReminded, stored: StoredEvent) -> PlannedNotice | None:
    """Vendors who have not answered yet; nobody once the RFQ is closed."""
    rfq = await _rfq(uow, event)
    if rfq.state is not RfqState.open:
        return None
    silent = [item.vendor_id for item in rfq.invitations if not item.answered]
    contacts = await directory.vendor_contacts(uow.connection, silent)
    message = NoticeMessage("notices.rfq_reminder", {"number": rfq.number}, {"moment": rfq.quote_by})
    return PlannedNotice([contact.person_id for contact in contacts], message, urgent=_closes_soon(rfq, uow))


async def rfq_unsuccessful(uow: Uow, event: RfqUnsuccessful, stored: StoredEvent) -> PlannedNotice | None:
    rfq = await _rfq(uow, event)
    return PlannedNotice([rfq.sent_by], NoticeMessage("notices.request_unsuccessful", {"number": rfq.number}))


async def rfq_undecided(uow: Uow, event: RfqUndecided, stored: StoredEvent) -> PlannedNotice | None:
    """The officer, while nobody has proposed a quote."""
    rfq = await _rfq(uow, event)
    if rfq.state is not RfqState.closed or rfq.selected_quote_id is not None:
        return None
    facts = {"number": rfq.number, "quotes": ", ".join(event.doubts), "day": rfq.needed_by}
    return PlannedNotice([rfq.sent_by], NoticeMessage("notices.rfq_undecided", facts))


async def rfq_awarded(uow: Uow, event: RfqAwarded, stored: StoredEvent) -> PlannedNotice | None:
    """The vendors whose quote was not chosen; they do not learn whose was."""
    rfq = await _rfq(uow, event)
    quoted = [
        item.vendor_id
        for item in rfq.invitations
        if item.state is InvitationState.quoted and item.vendor_id in event.others
    ]
    contacts = await directory.vendor_contacts(uow.connection, quoted)
    message = NoticeMessage("notices.quote_not_selected", {"number": rfq.number})
    return PlannedNotice([contact.person_id for contact in contacts], message)


async def rfq_cancelled(uow: Uow, event: RfqCancelled, stored: StoredEvent) -> PlannedNotice | None:
    rfq = await _rfq(uow, event)
    contacts = await directory.vendor_contacts(uow.connection, [item.vendor_id for item in rfq.invitations])
    return PlannedNotice(
        [contact.person_id for contact in contacts],
        NoticeMessage("notices.rfq_cancelled", {"number": rfq.number}),
    )


async def invitation_declined(
    uow: Uow, event: InvitationDeclined, stored: StoredEvent
) -> PlannedNotice | None:
    rfq = await _rfq(uow, event)
    vendor = next(item.vendor_name for item in rfq.invitations if item.vendor_id == event.vendor_id)
    facts = {"vendor": vendor, "number": rfq.number, "reason": event.reason}
    return PlannedNotice([rfq.sent_by], NoticeMessage("notices.rfq_declined", facts))
