"""The use cases of a change: one side proposes, the other accepts or declines, and the first may take it back.

One rule: the order's terms change only when both sides have agreed and whoever approves a higher total has approved.
"""

import datetime as dt
from dataclasses import replace
from typing import Any

from core.access.actor import Actor
from core.access.guard import Changed, person_of, requires
from core.access.permissions import Permission
from core.approvals import service as approvals
from core.approvals.commands import OpenApproval, RoutingFacts, SubjectRef
from core.approvals.events import ApprovalEvent
from core.approvals.model import Approval
from core.decisions.events import ApprovalApproved, ApprovalRejected
from core.kernel.subjects import SubjectKind
from core.order_changes import policy, repo
from core.order_changes.commands import (
    AcceptChange,
    AskToCallOff,
    DeclineChange,
    ProposeChange,
    TakeBackChange,
)
from core.order_changes.events import (
    ChangeAccepted,
    ChangeDeclined,
    ChangeProposed,
    ChangeTakenBack,
    OrderRevised,
)
from core.order_changes.increase import newly_asked
from core.orders import policy as order_policy
from core.orders import repo as orders
from core.orders.events import order_envelope
from core.orders.model import Order, OrderDetails, Proposal
from core.orders.service import details_after, locked
from core.orders.tables import purchase_orders
from core.receipts.service import end_short, record_settled, settle
from core.requests import repo as requests
from core.splits.service import with_siblings
from core.uow import Uow


@requires(Permission.orders_change, Changed(purchase_orders, "order_id"))
async def propose(uow: Uow, actor: Actor, command: ProposeChange) -> OrderDetails:
    """The vendor proposes another day, quantity or price; nothing changes before the buyer has agreed."""
    shown = await locked(uow, command.order_id, command.expected_version)
    state = order_policy.check_may_change(shown.order)
    proposal = policy.proposed_change(shown.order, command, by=person_of(actor), now=uow.now)
    proposed = replace(shown.order, state=state, proposal=proposal)
    return details_after(actor, shown, await _proposed(uow, shown.order, proposed, proposal))


@requires(Permission.orders_settle, Changed(purchase_orders, "order_id"))
async def ask_to_call_off(uow: Uow, actor: Actor, command: AskToCallOff) -> OrderDetails:
    """One side asks the other to end the order."""
    shown = await locked(uow, command.order_id, command.expected_version)
    order = shown.order
    state = order_policy.check_may_call_off(order)
    proposal = Proposal(
        order_policy.side_of(actor), person_of(actor), uow.now, command.reason, (), order.total, order.due_on
    )
    proposed = replace(order, state=state, proposal=proposal)
    return details_after(actor, shown, await _proposed(uow, order, proposed, proposal))


async def _proposed(uow: Uow, before: Order, proposed: Order, proposal: Proposal) -> Order:
    order = await orders.swap(uow, before, proposed)
    await uow.record(
        ChangeProposed(
            **_envelope(order, proposal),
            lines=proposal.lines,
            total=proposal.total,
            currency=order.currency,
            due_on=proposal.due_on,
            reason=proposal.reason,
        )
    )
    return order


@requires(Permission.orders_settle, Changed(purchase_orders, "order_id"))
async def accept(uow: Uow, actor: Actor, command: AcceptChange) -> OrderDetails:
    """Agree: the order ends, or has the other terms at once, or once a higher total is approved."""
    shown = await locked(uow, command.order_id, command.expected_version)
    before = shown.order
    proposal = order_policy.check_may_accept(actor, before)
    approval = await _approval_of_increase(uow, actor, before, proposal)
    approval_id = approval.id if approval is not None else None
    await uow.record(ChangeAccepted(**_envelope(before, proposal), approval_id=approval_id))
    if proposal.calls_off:
        return details_after(actor, shown, await end_short(uow, before, proposal.reason))
    if approval_id is None:
        return details_after(actor, shown, await _revise(uow, before, proposal))
    waiting = replace(before, proposal=replace(proposal, approval_id=approval_id))
    return details_after(actor, shown, await orders.swap(uow, before, waiting))


@requires(Permission.orders_settle, Changed(purchase_orders, "order_id"))
async def decline(uow: Uow, actor: Actor, command: DeclineChange) -> OrderDetails:
    """Refuse the change: the order goes on as it was."""
    shown = await locked(uow, command.order_id, command.expected_version)
    proposal = order_policy.check_may_decline(actor, shown.order)
    order = await _as_before(uow, shown.order)
    await uow.record(ChangeDeclined(**_envelope(order, proposal), reason=command.reason))
    return details_after(actor, shown, order)


@requires(Permission.orders_settle, Changed(purchase_orders, "order_id"))
async def take_back(uow: Uow, actor: Actor, command: TakeBackChange) -> OrderDetails:
    """Whoever proposed changes their mind: the order goes on as it was."""
    shown = await locked(uow, command.order_id, command.expected_version)
    proposal = order_policy.check_may_take_back(actor, shown.order)
    order = await _as_before(uow, shown.order)
    await uow.record(ChangeTakenBack(**_envelope(order, proposal)))
    return details_after(actor, shown, order)


async def on_approval_approved(uow: Uow, event: ApprovalApproved) -> None:
    """The higher total is approved, so the change is made."""
    found = await _waiting_for(uow, event)
    if found is not None:
        await _revise(uow, *found)


async def on_approval_rejected(uow: Uow, event: ApprovalRejected) -> None:
    """The higher total is rejected, so the order goes on as it was; the approver's words stay inside."""
    found = await _waiting_for(uow, event)
    if found is not None:
        order = await _as_before(uow, found[0])
        await uow.record(ChangeDeclined(**_envelope(order, found[1]), reason=""))


async def _waiting_for(uow: Uow, event: ApprovalEvent) -> tuple[Order, Proposal] | None:
    """The order and its change that wait for this approval."""
    if event.about_kind != SubjectKind.order:
        return None
    order = await orders.load(uow, event.about_id)
    proposal = order.proposal
    waits = proposal is not None and proposal.approval_id == event.subject_id
    return (order, proposal) if proposal is not None and waits else None


async def _revise(uow: Uow, before: Order, proposal: Proposal) -> Order:
    """The order with its next terms, which the vendor has confirmed by proposing them."""
    await repo.keep_revision(uow, before)
    terms = replace(policy.with_terms(before, proposal), acknowledged_at=before.acknowledged_at or uow.now)
    order, verb = await settle(uow, before, terms)
    await orders.update_lines(uow, order)
    await uow.record(
        OrderRevised(
            **order_envelope(order),
            revision=order.revision,
            total=order.total,
            earlier_total=before.total,
            currency=order.currency,
            due_on=order.due_on,
            lines=order.lines,
        )
    )
    await record_settled(uow, before, order, verb)
    return order


async def _as_before(uow: Uow, before: Order) -> Order:
    """The order without the proposal, in the state that its counts call for."""
    order, _ = await settle(uow, before, replace(before, proposal=None))
    return order


async def _approval_of_increase(uow: Uow, actor: Actor, order: Order, proposal: Proposal) -> Approval | None:
    """The approval of those whom only the higher total asks; None when it is not higher, or asks nobody else.

    Nobody decides who asked for the goods, accepted the change, created the vendor, or has approved the order before.
    """
    if proposal.total <= order.total:
        return None
    vendor_name, category, created_by = await repo.vendor_facts(uow, order.vendor_id)
    facts = RoutingFacts(
        amount=proposal.total,
        currency=order.currency,
        cost_centre=order.cost_centre,
        category=category,
        vendor_id=order.vendor_id,
        requested_by=order.requested_by,
        excluded=frozenset(),
    )
    facts = await with_siblings(uow, order.request_id, facts)
    asks, beside = await newly_asked(uow, order, facts)
    if not asks:
        return None
    request = await requests.of_purchase(uow, order.request_id)
    asking = {order.requested_by, request.entered_by}
    involved = asking | {actor.person_id, created_by, *await repo.deciders(uow, order)}
    excluded = frozenset(person for person in involved if person is not None)
    command = OpenApproval(
        subject=SubjectRef(SubjectKind.order.value, order.id, order.version),
        request_id=order.request_id,
        title=f"{order.number} · {request.title}"[:300],
        vendor_name=vendor_name,
        facts=replace(facts, excluded=excluded, beside_base=beside),
        reason=policy.told_increase(order, proposal),
        route_wait=dt.timedelta(0),
        asks=tuple(asks),
    )
    return await approvals.open_for(uow, command)


def _envelope(order: Order, proposal: Proposal) -> dict[str, Any]:
    return {**order_envelope(order), "by": proposal.by.value}
