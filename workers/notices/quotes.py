"""Notices about quotes.

One rule: an officer learns that a vendor has answered, never what it asks for.
"""

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from core.access.actor import Channel
from core.awards.reactions import ORDER_CANCELLED
from core.completions.events import CompletionAsked, QuoteLeftLinesOut
from core.log.stored import StoredEvent
from core.people import directory
from core.quotes.events import QuoteRejected, QuoteRevised, QuoteSubmitted
from core.rfqs import repo as rfqs
from core.rfqs.model import Rfq
from core.rfqs.states import RfqState
from core.uow import Uow
from workers.notices.planned_notice import NoticeMessage, PlannedNotice, name_of

DAY = dt.timedelta(days=1)
MAX_NAMED = 5
_ASKED_IN_THE_FORM = frozenset({Channel.telegram.value, Channel.slack.value})


async def quote_submitted(uow: Uow, event: QuoteSubmitted, stored: StoredEvent) -> PlannedNotice | None:
    rfq = await rfqs.load(uow, event.rfq_id)
    if event.entered_by is not None:
        return await _entered(uow, event, event.entered_by)
    if event.missing:
        facts = {"vendor": event.vendor, "number": rfq.number, "lines": _named(rfq, event.missing)}
        return PlannedNotice([rfq.sent_by], NoticeMessage("notices.quote_left_out", facts))
    answered = sum(1 for invitation in rfq.invitations if invitation.answered)
    counted = {
        "vendor": event.vendor,
        "number": rfq.number,
        "answered": answered,
        "invited": len(rfq.invitations),
    }
    return PlannedNotice([rfq.sent_by], NoticeMessage("notices.quote_submitted", counted))


async def lines_left_out(uow: Uow, event: QuoteLeftLinesOut, stored: StoredEvent) -> PlannedNotice | None:
    """Its vendor, while it can still complete the quote; whoever quoted in a chat was asked there."""
    if stored.channel in _ASKED_IN_THE_FORM:
        return None
    return await _to_complete(uow, event, "notices.own_quote_left_out")


async def completion_asked(uow: Uow, event: CompletionAsked, stored: StoredEvent) -> PlannedNotice | None:
    """The vendor whose quote leaves lines out; nobody else learns of it."""
    return await _to_complete(uow, event, "notices.completion_asked")


async def _to_complete(
    uow: Uow, event: QuoteLeftLinesOut | CompletionAsked, key: str
) -> PlannedNotice | None:
    rfq = await rfqs.load(uow, event.rfq_id)
    if rfq.state is not RfqState.open:
        return None
    contacts = await directory.vendor_contacts(uow.connection, [event.vendor_id])
    facts = {"quote": event.number, "number": rfq.number, "lines": _named(rfq, event.missing)}
    message = NoticeMessage(key, facts, {"moment": rfq.quote_by})
    urgent = rfq.quote_by - uow.now < DAY
    return PlannedNotice([contact.person_id for contact in contacts], message, urgent=urgent)


def _named(rfq: Rfq, positions: Sequence[int]) -> str:
    """The lines in words, the first few of many."""
    names = [line.description for line in rfq.lines if line.position in positions]
    return ", ".join([*names[:MAX_NAMED], *(["…"] if len(names) > MAX_NAMED else [])])


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
