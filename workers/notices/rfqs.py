"""Notices about RFQs and invitations.

One rule: no notice contains a price of a running RFQ or the name of another vendor.
"""

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from core.amendments.events import DeadlineMoved, RfqCorrected, VendorsAdded
from core.clarifications.events import RfqQuestionAnswered, RfqQuestionAsked
from core.kernel.doubts import Doubt
from core.kernel.ids import VendorId
from core.log.stored import StoredEvent
from core.people import directory
from core.quotes import repo as quotes
from core.quotes.states import QuoteState
from core.requests import repo as requests
from core.requests.events import RequestSourcingFailed
from core.rfqs import repo as rfqs
from core.rfqs.events import (
    InvitationDeclined,
    RfqAwarded,
    RfqCancelled,
    RfqEvent,
    RfqReminded,
    RfqReplaced,
    RfqSent,
    RfqUndecided,
    RfqUnsuccessful,
)
from core.rfqs.model import Rfq
from core.rfqs.states import RfqState
from core.split_awards.events import SplitReduced
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
    """The officer, who may ask others, ask again or end it; and the requester, who learns where it stands."""
    rfq = await _rfq(uow, event)
    request = await requests.of_purchase(uow, rfq.request_id)
    recipients = sorted({rfq.sent_by, request.requested_by})
    facts = {"number": rfq.number, "request": request.number}
    return PlannedNotice(recipients, NoticeMessage("notices.request_unsuccessful", facts))


async def sourcing_failed(
    uow: Uow, event: RequestSourcingFailed, stored: StoredEvent
) -> PlannedNotice | None:
    """The vendors whose quotes are lost, unless the RFQ was cancelled, which they are told."""
    rfq = await rfqs.of_request(uow, event.subject_id)
    return await _losers(uow, rfq) if rfq is not None and rfq.state is RfqState.unsuccessful else None


async def rfq_replaced(uow: Uow, event: RfqReplaced, stored: StoredEvent) -> PlannedNotice | None:
    return await _losers(uow, await _rfq(uow, event))


async def rfq_undecided(uow: Uow, event: RfqUndecided, stored: StoredEvent) -> PlannedNotice | None:
    """The officer, while nobody has proposed a quote."""
    rfq = await _rfq(uow, event)
    if rfq.state is not RfqState.closed or rfq.chosen:
        return None
    facts = {"number": rfq.number, "quotes": ", ".join(event.doubts), "day": rfq.needed_by}
    if len(event.doubts) > 1 and all(Doubt.incomplete in each for each in event.doubts.values()):
        return PlannedNotice([rfq.sent_by], NoticeMessage("notices.rfq_undecided_parts", facts))
    return PlannedNotice([rfq.sent_by], NoticeMessage("notices.rfq_undecided", facts))


async def split_reduced(uow: Uow, event: SplitReduced, stored: StoredEvent) -> PlannedNotice | None:
    """The officer and the requester learn what is not bought any more, while other orders of the request go on."""
    rfq = await _rfq(uow, event)
    request = await requests.of_purchase(uow, rfq.request_id)
    facts = {"order": event.order, "request": request.number, "lines": ", ".join(event.lines)}
    recipients = sorted({rfq.sent_by, request.requested_by})
    return PlannedNotice(recipients, NoticeMessage("notices.split_reduced", facts), urgent=True)


async def rfq_awarded(uow: Uow, event: RfqAwarded, stored: StoredEvent) -> PlannedNotice | None:
    return await _losers(uow, await _rfq(uow, event))


async def _losers(uow: Uow, rfq: Rfq) -> PlannedNotice:
    """The vendors whose quote was not chosen; they do not learn whose was, nor for how much."""
    found = await quotes.of_rfq(uow, rfq.id)
    lost = [quote.vendor_id for quote in found if quote.state is QuoteState.lost]
    message = NoticeMessage("notices.quote_not_selected", {"number": rfq.number})
    return PlannedNotice(await _contacts(uow, lost), message)


async def deadline_moved(uow: Uow, event: DeadlineMoved, stored: StoredEvent) -> PlannedNotice | None:
    """Every vendor who is asked; a shorter time cannot wait for the end of quiet hours."""
    rfq = await _rfq(uow, event)
    message = NoticeMessage("notices.deadline_moved", {"number": rfq.number}, {"moment": rfq.quote_by})
    urgent = event.quote_by < event.was or _closes_soon(rfq, uow)
    return PlannedNotice(await _contacts(uow, _asked(rfq)), message, urgent=urgent)


async def vendors_added(uow: Uow, event: VendorsAdded, stored: StoredEvent) -> PlannedNotice | None:
    """The vendors who are asked as well."""
    rfq = await _rfq(uow, event)
    organisation = await directory.read_organisation(uow.connection)
    facts = {"company": organisation.name, "number": rfq.number}
    message = NoticeMessage("notices.rfq_sent", facts, {"moment": rfq.quote_by})
    return PlannedNotice(await _contacts(uow, event.vendor_ids), message, urgent=_closes_soon(rfq, uow))


async def rfq_corrected(uow: Uow, event: RfqCorrected, stored: StoredEvent) -> PlannedNotice | None:
    """Every vendor who is asked: look at the new version, and confirm or revise a quote that is there."""
    rfq = await _rfq(uow, event)
    message = NoticeMessage("notices.rfq_corrected", {"number": rfq.number}, {"moment": rfq.quote_by})
    return PlannedNotice(await _contacts(uow, _asked(rfq)), message, urgent=_closes_soon(rfq, uow))


async def question_asked(uow: Uow, event: RfqQuestionAsked, stored: StoredEvent) -> PlannedNotice | None:
    """The officer who sent the RFQ."""
    rfq = await _rfq(uow, event)
    vendor = next(item.vendor_name for item in rfq.invitations if item.vendor_id == event.vendor_id)
    facts = {"vendor": vendor, "number": rfq.number, "text": event.text}
    return PlannedNotice([rfq.sent_by], NoticeMessage("notices.rfq_question", facts))


async def question_answered(
    uow: Uow, event: RfqQuestionAnswered, stored: StoredEvent
) -> PlannedNotice | None:
    """Every vendor who is asked, without a name."""
    rfq = await _rfq(uow, event)
    facts = {"number": rfq.number, "question": event.question, "answer": event.answer}
    message = NoticeMessage("notices.rfq_answer", facts)
    return PlannedNotice(await _contacts(uow, _asked(rfq)), message, urgent=_closes_soon(rfq, uow))


def _asked(rfq: Rfq) -> list[VendorId]:
    return [item.vendor_id for item in rfq.invitations]


async def _contacts(uow: Uow, vendor_ids: Sequence[UUID]) -> list[UUID]:
    contacts = await directory.vendor_contacts(uow.connection, list(vendor_ids))
    return [contact.person_id for contact in contacts]


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
