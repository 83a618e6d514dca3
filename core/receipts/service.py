"""The use cases of receipts: receive, correct, return, and close an order of which no more is awaited."""

from collections.abc import Sequence
from dataclasses import replace

from core.access.actor import Actor
from core.access.guard import Changed, person_of, requires
from core.access.permissions import Permission
from core.documents.service import attach_open
from core.kernel.errors import NotFound
from core.kernel.ids import OrderId, new_id
from core.orders import policy as order_policy
from core.orders import repo as orders
from core.orders import service as order_service
from core.orders.events import OrderCompleted, OrderReopened, order_envelope
from core.orders.model import Order, OrderDetails
from core.orders.states import OrderState, OrderVerb, after
from core.orders.tables import purchase_orders
from core.receipts import policy, repo
from core.receipts.commands import CloseShort, CorrectReceipt, ReceivedLine, ReceiveGoods, ReturnGoods
from core.receipts.errors import NotAReceipt
from core.receipts.events import (
    GoodsReturned,
    OrderClosedShort,
    OrderReceived,
    ReceiptCorrected,
    RequestReopened,
)
from core.receipts.model import Receipt, ReceiptKind
from core.receipts.policy import NOTHING, Percent
from core.requests import repo as requests
from core.requests import states as request_states
from core.requests.states import RequestState, RequestVerb
from core.uow import Uow

_STAYS = {OrderState.partly_received: OrderVerb.resume, OrderState.completed: OrderVerb.fulfil}
"""The verbs that would lead to where the order already is."""


@requires(Permission.orders_receive, Changed(purchase_orders, "order_id"))
async def receive(uow: Uow, actor: Actor, command: ReceiveGoods) -> OrderDetails:
    """Goods arrived: accepted and rejected per line; the last accepted item completes the order."""
    shown = await order_service.locked(uow, command.order_id, command.expected_version)
    before = shown.order
    order_policy.check_may_receive(actor, shown)
    percent = await _tolerance(uow, before, command.lines)
    arrived = replace(before, lines=policy.lines_after_receipt(before, command.lines, percent))
    is_complete = not any(line.open for line in arrived.lines)
    verb = OrderVerb.receive_rest if is_complete else OrderVerb.receive_part
    received = replace(arrived, state=after(before.state, verb), version=before.version + 1)
    order = (
        await _complete(uow, before, received) if is_complete else await orders.swap(uow, before, received)
    )
    receipt = _entry(uow, actor, order.id, command.note, command.lines)
    await repo.add(uow, receipt, order)
    await attach_open(uow, actor, command.document_ids, receipt.id)
    await uow.record(
        OrderReceived(
            **order_envelope(received),
            receipt_id=receipt.id,
            whole=is_complete,
            lines=command.lines,
            note=command.note,
        )
    )
    if is_complete:
        await uow.record(OrderCompleted(**order_envelope(order)))
    return order_service.details_after(actor, shown, order)


@requires(Permission.orders_receive, Changed(purchase_orders, "order_id"))
async def correct(uow: Uow, actor: Actor, command: CorrectReceipt) -> OrderDetails:
    """Say what a receipt should have said: a counter-entry of the differences, never an edit."""
    shown = await order_service.locked(uow, command.order_id, command.expected_version)
    before = shown.order
    order_policy.check_may_correct(actor, shown)
    entries = await repo.with_corrections(uow, before.id, command.receipt_id)
    if not entries:
        raise NotFound(what="receipt")
    if entries[0].kind is not ReceiptKind.receipt:
        raise NotAReceipt(number=before.number)
    said = policy.said_by(entries[0], entries[1:])
    differing = policy.differences(before, said, command.lines)
    percent = await _tolerance(uow, before, differing)
    counted = replace(before, lines=policy.lines_after_correction(before, differing, percent))
    order, verb = await settle(uow, before, counted)
    entry = replace(
        _entry(uow, actor, order.id, command.reason, differing),
        kind=ReceiptKind.correction,
        corrects=command.receipt_id,
    )
    await repo.add(uow, entry, order)
    await uow.record(
        ReceiptCorrected(
            **order_envelope(order),
            receipt_id=entry.id,
            corrects=command.receipt_id,
            lines=differing,
            reason=command.reason,
        )
    )
    await record_settled(uow, before, order, verb)
    return order_service.details_after(actor, shown, order)


@requires(Permission.orders_receive, Changed(purchase_orders, "order_id"))
async def return_goods(uow: Uow, actor: Actor, command: ReturnGoods) -> OrderDetails:
    """Accepted goods go back; they are awaited again, until the order is closed short."""
    shown = await order_service.locked(uow, command.order_id, command.expected_version)
    before = shown.order
    order_policy.check_may_return(actor, shown)
    counted = replace(before, lines=policy.lines_after_return(before, command.lines))
    order, verb = await settle(uow, before, counted)
    going = tuple(ReceivedLine(line.line_id, -line.quantity, NOTHING) for line in command.lines)
    entry = replace(_entry(uow, actor, order.id, command.reason, going), kind=ReceiptKind.goods_return)
    await repo.add(uow, entry, order)
    await attach_open(uow, actor, command.document_ids, entry.id)
    await uow.record(
        GoodsReturned(
            **order_envelope(order), receipt_id=entry.id, lines=command.lines, reason=command.reason
        )
    )
    await record_settled(uow, before, order, verb)
    return order_service.details_after(actor, shown, order)


@requires(Permission.orders_close, Changed(purchase_orders, "order_id"))
async def close_short(uow: Uow, actor: Actor, command: CloseShort) -> OrderDetails:
    """Await no more: what was kept completes the order and its request; nothing kept, and it is called off."""
    shown = await order_service.locked(uow, command.order_id, command.expected_version)
    order_policy.check_may_close_short(shown.order)
    return order_service.details_after(actor, shown, await end_short(uow, shown.order, command.reason))


async def end_short(uow: Uow, before: Order, reason: str) -> Order:
    """End an order that will not be delivered any more; for higher slices, which have checked that it may end."""
    verb = order_policy.verb_to_end(before)
    if verb is OrderVerb.call_off:
        return await order_service.call_off(uow, before, verb, reason)
    state = after(before.state, verb)
    order = await orders.swap(
        uow, before, replace(before, state=state, reason=reason, completed_at=uow.now, proposal=None)
    )
    await uow.record(OrderClosedShort(**order_envelope(order), reason=reason))
    await uow.record(OrderCompleted(**order_envelope(order)))
    return order


async def _complete(uow: Uow, before: Order, received: Order) -> Order:
    """Received and completed are two steps of one moment."""
    state = after(received.state, OrderVerb.complete)
    return await orders.swap(uow, before, replace(received, state=state, completed_at=uow.now), steps=2)


async def settle(uow: Uow, before: Order, counted: Order) -> tuple[Order, OrderVerb | None]:
    """Write the order with its new counts or terms, in the state that follows; None: it stays where it was."""
    verb = order_policy.verb_after_counts(counted)
    if before.closed_short or verb is _STAYS.get(before.state):
        return await orders.swap(uow, before, counted), None
    moved = replace(counted, state=after(before.state, verb), completed_at=None)
    if verb is OrderVerb.fulfil:
        return await _complete(uow, before, replace(moved, version=before.version + 1)), verb
    return await orders.swap(uow, before, moved), verb


async def record_settled(uow: Uow, before: Order, order: Order, verb: OrderVerb | None) -> None:
    """What follows for the request: the order is complete now, or is not any more."""
    if verb is OrderVerb.fulfil:
        await uow.record(OrderCompleted(**order_envelope(order)))
    elif verb is not None and before.state is OrderState.completed:
        await uow.record(OrderReopened(**order_envelope(order)))


async def on_order_reopened(uow: Uow, event: OrderReopened) -> None:
    """Goods are to come again, so the request is ordered again."""
    order = await orders.load(uow, event.subject_id)
    before = await requests.of_purchase(uow, order.request_id)
    if before.state is RequestState.ordered:
        return  # another order of a split award was still awaited
    state = request_states.after(before.state, RequestVerb.reopen)
    request = await requests.swap(uow, before, replace(before, state=state))
    await uow.record(
        RequestReopened(
            subject_id=request.id,
            subject_version=request.version,
            request_id=request.id,
            number=request.number,
            state=request.state.value,
        )
    )


async def _tolerance(uow: Uow, order: Order, arrived: Sequence[ReceivedLine]) -> Percent:
    """How much more may arrive; the policy is read only when more did."""
    open_quantity = {line.id: policy.most_open(line, NOTHING) for line in order.lines}
    if all(item.accepted + item.rejected <= open_quantity.get(item.line_id, NOTHING) for item in arrived):
        return lambda line: NOTHING
    return await repo.tolerance(uow, order)


def _entry(uow: Uow, actor: Actor, order_id: OrderId, note: str, lines: tuple[ReceivedLine, ...]) -> Receipt:
    return Receipt(new_id(), order_id, person_of(actor), uow.now, note, lines)
