"""One purchase of the demo's history, from request to receipt, as real people might make it.

Each ``yield`` gives the next moment to the simulation, which runs other purchases in between. A purchase
whose next moment is in the future stays there: that is how the demo has something waiting in every state.
"""

import datetime as dt
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from random import Random

from core.access.roles import Role
from core.approvals import service as approvals
from core.approvals.model import ApprovalDetails
from core.approvals.states import ApprovalState, Verdict
from core.awards import selection
from core.awards import service as awards
from core.decisions import service as decisions
from core.decisions.commands import Decide
from core.kernel.ids import ApprovalId, OrderId, RequestId, RfqId, VendorId
from core.offers.commands import QuoteLineDraft, SubmitQuote
from core.orders import queries as order_queries
from core.orders import service as orders
from core.orders.commands import AcknowledgeOrder
from core.orders.model import Order
from core.purchases import request_queries
from core.quotes import service as quotes
from core.quotes.commands import DeclineRfq
from core.receipts import service as receipts
from core.receipts.commands import ReceivedLine, ReceiveGoods
from core.requests import service as requests
from core.requests.commands import CancelRequest, CreateRequest, RequestLineDraft
from core.requests.model import Request
from core.rfqs import repo as rfq_rows
from core.rfqs.model import Rfq
from core.rfqs.states import RfqState
from core.sourcing import service as sourcing
from core.sourcing.commands import SendRfq
from stack.demo.company import GOODS, RATES, VENDORS, DemoVendor
from stack.demo.demo_history import DemoHistory, next_working_hour

NEEDED_AGAIN = dt.timedelta(days=20)
REJECTIONS = ("Too dear this quarter.", "We still have some in stock.", "Please buy the smaller model.")


@dataclass(frozen=True)
class RegularNeed:
    """Something that is needed again and again, as it is written this time, and how many."""

    item: str
    written: str
    quantity: int


@dataclass(frozen=True)
class PurchasePlan:
    """What is bought, by whom, and how quickly people act; ``stops`` is the step at which it waits."""

    requester: str
    category: str
    begins: dt.datetime
    scale: float
    waits_at: str | None = None
    regular: RegularNeed | None = None


async def run_purchase(
    history: DemoHistory, plan: PurchasePlan, random: Random
) -> AsyncIterator[dt.datetime]:
    """Run one purchase; each value is the moment at which it wants to continue."""
    yield plan.begins
    request = await _create_request(history, plan, random)
    if plan.waits_at == "officer":
        return
    soon, in_time = (
        history.now + dt.timedelta(hours=2),
        next_working_hour(history.now, 8 + random.random() * 9),
    )
    yield soon if plan.waits_at == "vendor" else in_time
    officer = random.choice(("officer", "petra"))
    rfq, vendors = await _send_rfq(history, plan, request, officer, random)
    async for moment in _collect_quotes(history, plan, rfq, vendors, random):
        yield moment
    if plan.waits_at == "vendor":
        return
    closed = await _load_rfq(history, rfq.id)
    if closed.state is RfqState.open:
        yield rfq.quote_by
        await history.run(history.system(Role.system_deadlines), awards.close_due, RfqId(rfq.id))
        closed = await _load_rfq(history, rfq.id)
    if closed.state is RfqState.unsuccessful or closed.selected_quote_id is None:
        yield next_working_hour(history.now, 9)
        await _cancel(history, request.id, officer, "No vendor could deliver everything.")
        return
    async for moment in _decide_steps(history, plan, closed, random):
        yield moment
    if plan.waits_at in ("manager", "finance"):
        return
    order = await _load_order(history, request.id)
    if order is None:
        yield next_working_hour(history.now, 10)
        await _cancel(history, request.id, officer, "Not approved, no other quote fits.")
        return
    async for moment in _deliver(history, plan, order, vendors, random):
        yield moment


async def _create_request(history: DemoHistory, plan: PurchasePlan, random: Random) -> Request:
    if plan.regular is not None:
        return await _ask_again(history, plan.requester, plan.category, plan.regular)
    goods = GOODS[plan.category]
    chosen = random.sample(goods, k=min(len(goods), random.choice((1, 1, 2, 3))))
    centres = [centre for good in chosen for centre in good[3]]
    lines = tuple(
        RequestLineDraft(
            description,
            Decimal(max(1, round(plan.scale * random.uniform(0.6, 1.6) * _usual_quantity(price)))),
            unit,
            Decimal(price) if random.random() < 0.7 else None,
        )
        for description, unit, price, _ in chosen
    )
    needed_by = (history.now + dt.timedelta(days=random.randint(25, 60))).date()
    command = CreateRequest(lines, "USD", needed_by, centres[0], "", submit=True)
    return (await history.run(plan.requester, requests.create, command)).request


async def _ask_again(history: DemoHistory, requester: str, category: str, need: RegularNeed) -> Request:
    _, unit, price, centres = next(good for good in GOODS[category] if good[0] == need.item)
    line = RequestLineDraft(need.written, Decimal(need.quantity), unit, Decimal(price))
    needed_by = (history.now + NEEDED_AGAIN).date()
    command = CreateRequest((line,), "USD", needed_by, centres[0], "", submit=True)
    return (await history.run(requester, requests.create, command)).request


def _usual_quantity(price: str) -> float:
    """Cheap things are bought by the hundred, expensive ones singly."""
    return max(1.0, 600 / float(price))


async def _send_rfq(
    history: DemoHistory, plan: PurchasePlan, request: Request, officer: str, random: Random
) -> tuple[Rfq, list[DemoVendor]]:
    vendors = [vendor for vendor in VENDORS if vendor.category == plan.category]
    deadline = history.now + dt.timedelta(days=random.choice((3, 5, 7)))
    vendor_ids = tuple(VendorId(history.vendor_ids[vendor.name]) for vendor in vendors)
    details = await history.run(officer, sourcing.send_rfq, SendRfq(request.id, vendor_ids, deadline, ""))
    return details.rfq, vendors


async def _collect_quotes(
    history: DemoHistory, plan: PurchasePlan, rfq: Rfq, vendors: list[DemoVendor], random: Random
) -> AsyncIterator[dt.datetime]:
    """Vendors answer after some time, and some not at all."""
    hours = sorted((random.uniform(2, 60), vendor.name) for vendor in vendors)
    by_name = {vendor.name: vendor for vendor in vendors}
    sent = history.now
    answering = hours[:1] if plan.waits_at == "vendor" else hours
    for after, name in answering:
        vendor = by_name[name]
        if plan.waits_at is None and random.random() > vendor.answer_rate:
            continue
        yield sent + dt.timedelta(hours=after)
        if (await _load_rfq(history, rfq.id)).state is not RfqState.open:
            return
        if plan.waits_at is None and random.random() < 0.08:
            await history.run(
                _actor_key(vendor), quotes.decline, DeclineRfq(rfq.id, "Sold out until next month.")
            )
        else:
            await history.run(
                _actor_key(vendor), quotes.submit_quote, _quote_command(history, rfq, vendor, random)
            )


def _quote_command(history: DemoHistory, rfq: Rfq, vendor: DemoVendor, random: Random) -> SubmitQuote:
    usual = {good[0]: Decimal(good[2]) for good in GOODS[vendor.category]}
    lines = []
    for line in rfq.lines:
        factor = Decimal(str(round(vendor.price_level * random.lognormvariate(0, 0.06), 4)))
        price = _usual_price(usual, line.description) * factor / RATES[vendor.currency]
        lines.append(QuoteLineDraft(line.id, price.quantize(Decimal("0.01")), None, no_bid=False))
    return SubmitQuote(
        rfq_id=rfq.id,
        currency=vendor.currency,
        valid_until=(history.now + dt.timedelta(days=random.choice((30, 45, 60)))).date(),
        lead_time_days=max(1, round(random.gauss(vendor.lead_days, vendor.lead_days / 4))),
        shipping=Decimal(random.choice((0, 0, 15, 40))),
        note="",
        lines=tuple(lines),
        document_ids=(),
    )


def _usual_price(usual: Mapping[str, Decimal], written: str) -> Decimal:
    """By the good's name, in whatever case somebody wrote it."""
    return next(price for name, price in usual.items() if name.casefold() == written.casefold())


async def _decide_steps(
    history: DemoHistory, plan: PurchasePlan, rfq: Rfq, random: Random
) -> AsyncIterator[dt.datetime]:
    """The approval is opened, and one of the candidates decides each step."""
    if rfq.selected_quote_id is None:
        return
    system = history.system(Role.system_approvals)
    wanted = await selection.approval_for(history.uow(system), rfq.selected_quote_id, dt.timedelta(0))
    if wanted is None:
        return
    approval = await history.run(system, approvals.open_approval, wanted)
    if plan.waits_at == "manager":
        return
    while approval.state is ApprovalState.pending and approval.open_step and approval.open_step.candidates:
        if plan.waits_at == "finance" and approval.open_step.name == "finance":
            return
        yield next_working_hour(
            history.now + dt.timedelta(hours=random.expovariate(1 / 14)), 8 + random.random() * 9
        )
        decider = history.actor_of(random.choice(approval.open_step.candidates))
        rejected = plan.waits_at is None and random.random() < 0.06
        verb = Verdict.reject if rejected else Verdict.approve
        comment = random.choice(REJECTIONS) if rejected else ""
        decided: ApprovalDetails = await history.run(
            decider, decisions.decide, Decide(ApprovalId(approval.id), verb, approval.version, comment)
        )
        approval = decided.approval


async def _deliver(
    history: DemoHistory, plan: PurchasePlan, order: Order, vendors: list[DemoVendor], random: Random
) -> AsyncIterator[dt.datetime]:
    """The vendor acknowledges and delivers more or less on time, sometimes in two parts."""
    if plan.waits_at == "acknowledge":
        return
    vendor = next(each for each in vendors if history.vendor_ids[each.name] == order.vendor_id)
    yield next_working_hour(history.now, 8 + random.random() * 9)
    await history.run(_actor_key(vendor), orders.acknowledge, AcknowledgeOrder(order.id, "", None))
    if plan.waits_at == "receive":
        return
    deliveries = 2 if random.random() < 0.25 else 1
    late = round(random.gauss(1, 3))
    arrives = history.now + dt.timedelta(days=max(1, (order.due_on - history.now.date()).days + late))
    for delivery in range(1, deliveries + 1):
        yield next_working_hour(arrives + dt.timedelta(days=4 * (delivery - 1)), 9 + random.random() * 7)
        lines = tuple(
            ReceivedLine(line.id, _partial_quantity(line.quantity, delivery, deliveries), Decimal(0))
            for line in order.lines
        )
        if any(line.accepted for line in lines):
            await history.run(
                plan.requester, receipts.receive, ReceiveGoods(OrderId(order.id), lines, "", None)
            )


def _partial_quantity(quantity: Decimal, delivery: int, deliveries: int) -> Decimal:
    first = (quantity / deliveries).to_integral_value()
    return first if delivery == 1 and deliveries > 1 else quantity - (first if deliveries > 1 else 0)


async def _cancel(history: DemoHistory, request_id: RequestId, officer: str, reason: str) -> None:
    actor = history.actors[officer]
    request = (await request_queries.show(history.uow(actor), actor, request_id)).request
    await history.run(officer, requests.cancel, CancelRequest(request.id, request.version, reason))


async def _load_rfq(history: DemoHistory, rfq_id: RfqId) -> Rfq:
    return await rfq_rows.load(history.uow(history.actors["officer"]), rfq_id)


async def _load_order(history: DemoHistory, request_id: RequestId) -> Order | None:
    actor = history.actors["officer"]
    details = await request_queries.show(history.uow(actor), actor, request_id)
    if details.request.order_id is None:
        return None
    return (await order_queries.show(history.uow(actor), actor, OrderId(details.request.order_id))).order


def _actor_key(vendor: DemoVendor) -> str:
    return vendor.name
