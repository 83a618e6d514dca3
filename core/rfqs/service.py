"""The use case of an RFQ that is called off: its vendors are told that no answer is needed any more."""

from dataclasses import replace

from core.log.events import Event
from core.rfqs import repo
from core.rfqs.events import RfqCancelled, envelope
from core.rfqs.model import Rfq
from core.rfqs.states import RfqState, RfqVerb, after_rfq
from core.uow import Uow


async def cancel(uow: Uow, rfq: Rfq, reason: str | None) -> Rfq:
    """Nothing is asked any more, and the vendors learn it. The caller holds the purchase's lock."""
    state = after_rfq(rfq.state, RfqVerb.cancel)
    cancelled = await repo.swap(
        uow,
        rfq,
        replace(rfq, state=state, selected_quote_id=None, split_award_id=None, reason=reason or rfq.reason),
    )
    vendor_ids = tuple(item.vendor_id for item in rfq.invitations)
    await uow.record(RfqCancelled(**envelope(cancelled), vendor_ids=vendor_ids, reason=reason))
    return cancelled


async def on_request_ended(uow: Uow, event: Event) -> None:
    """Notify the vendors with an open invitation that no answer is needed any more."""
    rfq = await repo.of_request(uow, event.request_id) if event.request_id else None
    if rfq is not None and rfq.state in (RfqState.open, RfqState.closed, RfqState.awarded):
        await cancel(uow, rfq, None)
