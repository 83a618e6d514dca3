"""Asking for the lines that a quote leaves out: at once, by what was sent, and by the officer.

One rule: only the vendor itself is asked, and it learns of no other.
"""

from dataclasses import replace

from core.access.actor import Actor
from core.access.guard import Changed, requires
from core.access.permissions import Permission
from core.completions import policy
from core.completions.commands import AskToComplete
from core.completions.events import CompletionAsked, QuoteLeftLinesOut
from core.kernel.errors import Stale, first_or_not_found
from core.quotes import repo as quotes
from core.quotes.events import QuoteRevised, QuoteSubmitted, quote_envelope
from core.rfqs import repo as rfqs
from core.rfqs.model import RfqDetails
from core.rfqs.queries import rfq_details
from core.rfqs.tables import rfqs as rfq_table
from core.uow import Uow


@requires(Permission.rfqs_clarify, Changed(rfq_table, "rfq_id"))
async def ask(uow: Uow, actor: Actor, command: AskToComplete) -> RfqDetails:
    """Ask one vendor for the lines that its quote leaves out; the RFQ stays open for it until its deadline."""
    await uow.lock_purchase_of(rfq_table, command.rfq_id)
    rfq = await rfqs.visible_to(uow, actor, command.rfq_id)
    if command.expected_version is not None and command.expected_version != rfq.version:
        raise Stale(what="rfq", expected=command.expected_version, current=rfq.version)
    answers = await quotes.of_rfq(uow, rfq.id)
    quote = first_or_not_found([each for each in answers if each.id == command.quote_id], what="quote")
    missing = policy.check_may_ask(rfq, quote, uow.now)
    asked = await quotes.swap(uow, quote, replace(quote, asked_to_complete_at=uow.now))
    positions = tuple(line.position for line in missing)
    await uow.record(CompletionAsked(**quote_envelope(asked), missing=positions))
    return await rfq_details(uow, actor, rfq)


async def on_quote(uow: Uow, event: QuoteSubmitted | QuoteRevised) -> None:
    """Whoever quotes without pricing every line is asked about the rest at once."""
    if event.missing and event.entered_by is None:
        await uow.record(
            QuoteLeftLinesOut(
                subject_id=event.subject_id,
                subject_version=event.subject_version,
                request_id=event.request_id,
                number=event.number,
                revision=event.revision,
                rfq_id=event.rfq_id,
                vendor_id=event.vendor_id,
                missing=event.missing,
            )
        )
