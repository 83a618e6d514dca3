"""How a request follows the rest of the purchase: its RFQ, its quotes, its approval and its order.

One rule: a request that has ended follows nothing any more.
"""

from dataclasses import replace
from uuid import UUID

from core.approvals.events import ApprovalEvent
from core.kernel.subjects import AWARDS
from core.log.events import Event
from core.requests import repo
from core.requests.events import (
    RequestApproved,
    RequestAwaitingApproval,
    RequestCompleted,
    RequestOrdered,
    RequestQuoted,
    RequestReturned,
    RequestSourcing,
    RequestSourcingFailed,
    RequestStateChanged,
    request_event,
)
from core.requests.states import ENDED, RequestState, RequestVerb, after
from core.uow import Uow


async def on_rfq_sent(uow: Uow, event: Event) -> None:
    await _change_state(uow, event, RequestVerb.ask_vendors, RequestSourcing, rfq_id=event.subject_id)


async def on_quote_submitted(uow: Uow, event: Event) -> None:
    await _change_state(uow, event, RequestVerb.take_quote, RequestQuoted)


async def on_quotes_lost(uow: Uow, event: Event) -> None:
    """No quote is left to choose from, so the request goes back to sourcing."""
    await _change_state(uow, event, RequestVerb.lose_quotes, RequestSourcingFailed)


async def on_approval_opened(uow: Uow, event: Event) -> None:
    await _change_state(
        uow, event, RequestVerb.open_approval, RequestAwaitingApproval, approval_id=event.subject_id
    )


async def on_approval_gone(uow: Uow, event: Event) -> None:
    """The approval was rejected or withdrawn; the quotes remain."""
    await _change_state(uow, event, RequestVerb.return_to_quotes, RequestReturned)


async def on_approval_approved(uow: Uow, event: Event) -> None:
    await _change_state(uow, event, RequestVerb.approve, RequestApproved)


async def on_approval_undone(uow: Uow, event: Event) -> None:
    """The order is undone, and the approver's step is open again."""
    await _change_state(uow, event, RequestVerb.undo, RequestAwaitingApproval, order_id=None)


async def on_order_generated(uow: Uow, event: Event) -> None:
    """The first order of a split award is the one that the request names."""
    request = await repo.of_purchase(uow, event.request_id) if event.request_id else None
    if request is not None and request.state is RequestState.ordered:
        return
    await _change_state(uow, event, RequestVerb.order, RequestOrdered, order_id=event.subject_id)


async def on_order_cancelled(uow: Uow, event: Event) -> None:
    await _change_state(uow, event, RequestVerb.return_to_quotes, RequestReturned)


async def on_order_completed(uow: Uow, event: Event) -> None:
    await _change_state(uow, event, RequestVerb.complete, RequestCompleted)


async def _change_state(
    uow: Uow, event: Event, verb: RequestVerb, event_class: type[RequestStateChanged], **links: UUID | None
) -> None:
    """Follow an event, unless the request has ended (then the event is a consequence of that)."""
    if event.request_id is None or (isinstance(event, ApprovalEvent) and event.about_kind not in AWARDS):
        return
    before = await repo.of_purchase(uow, event.request_id)
    if before.state in ENDED:
        return
    state = after(before.state, verb)
    if state is before.state and not links:
        return
    following = await repo.swap(uow, before, replace(before, state=state, **links))  # type: ignore[arg-type]
    await uow.record(request_event(event_class, following))
