"""One purchase of the demo's history, from the wish to the delivery, as a believable person would live it.

Each ``yield`` hands the next moment to the director, which lets other purchases go on in between. A purchase
whose next moment lies in the future simply waits there: that is how the demo always has work in every queue.
"""

import datetime as dt
from collections.abc import AsyncIterator
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
from core.orders import queries as order_queries
from core.orders import service as orders
from core.orders.commands import AcknowledgeOrder, ReceivedLine, ReceiveGoods
from core.orders.model import Order
from core.quotes import service as quotes
from core.quotes.commands import DeclineRfq, QuoteLineDraft, SubmitQuote
from core.requests import queries as request_queries
from core.requests import service as requests
from core.requests.commands import CancelRequest, CreateRequest, RequestLineDraft
from core.requests.model import Request
from core.rfqs import repo as rfq_rows
from core.rfqs import service as rfqs
from core.rfqs.commands import SendRfq
from core.rfqs.model import Rfq
from core.rfqs.states import RfqState
from stack.demo.company import RATES, VENDORS, WARES, Seller
from stack.demo.play import Play, at_work

REJECTIONS = ("Too dear this quarter.", "We still have some in stock.", "Please buy the smaller model.")


@dataclass(frozen=True)
class Plan:
    """What is wanted, by whom, and how lively the people around it are; ``stops`` is the step it waits at."""

    requester: str
    category: str
    begins: dt.datetime
    scale: float
    stops: str | None = None


async def purchase(play: Play, plan: Plan, random: Random) -> AsyncIterator[dt.datetime]:
    """Live one purchase; each value is the moment at which it wants to go on."""
    yield plan.begins
    request = await _ask(play, plan, random)
    if plan.stops == "officer":
        return
    soon, in_time = play.now + dt.timedelta(hours=2), at_work(play.now, 8 + random.random() * 9)
    yield soon if plan.stops == "vendor" else in_time
    officer = random.choice(("officer", "petra"))
    rfq, sellers = await _send_rfq(play, plan, request, officer, random)
    async for moment in _answers(play, plan, rfq, sellers, random):
        yield moment
    if plan.stops == "vendor":
        return
    closed = await _rfq(play, rfq.id)
    if closed.state is RfqState.open:
        yield rfq.quote_by
        await play.act(play.system(Role.system_deadlines), awards.close_due, RfqId(rfq.id))
        closed = await _rfq(play, rfq.id)
    if closed.state is RfqState.unsuccessful or closed.selected_quote_id is None:
        yield at_work(play.now, 9)
        await _cancel(play, request.id, officer, "No vendor could deliver everything.")
        return
    async for moment in _decisions(play, plan, closed, random):
        yield moment
    if plan.stops in ("manager", "finance"):
        return
    order = await _order(play, request.id)
    if order is None:
        yield at_work(play.now, 10)
        await _cancel(play, request.id, officer, "Not approved, no other quote fits.")
        return
    async for moment in _delivery(play, plan, order, sellers, random):
        yield moment


async def _ask(play: Play, plan: Plan, random: Random) -> Request:
    wares = WARES[plan.category]
    chosen = random.sample(wares, k=min(len(wares), random.choice((1, 1, 2, 3))))
    centres = [centre for ware in chosen for centre in ware[3]]
    lines = tuple(
        RequestLineDraft(
            description,
            Decimal(max(1, round(plan.scale * random.uniform(0.6, 1.6) * _usual(price)))),
            unit,
            Decimal(price) if random.random() < 0.7 else None,
        )
        for description, unit, price, _ in chosen
    )
    needed_by = (play.now + dt.timedelta(days=random.randint(25, 60))).date()
    command = CreateRequest(lines, "USD", needed_by, centres[0], "", submit=True)
    return (await play.act(plan.requester, requests.create, command)).request


def _usual(price: str) -> float:
    """Cheap things are bought by the hundred, dear ones by the piece."""
    return max(1.0, 600 / float(price))


async def _send_rfq(
    play: Play, plan: Plan, request: Request, officer: str, random: Random
) -> tuple[Rfq, list[Seller]]:
    sellers = [seller for seller in VENDORS if seller.category == plan.category]
    deadline = play.now + dt.timedelta(days=random.choice((3, 5, 7)))
    vendor_ids = tuple(VendorId(play.vendor_ids[seller.name]) for seller in sellers)
    details = await play.act(officer, rfqs.send_rfq, SendRfq(request.id, vendor_ids, deadline, ""))
    return details.rfq, sellers


async def _answers(
    play: Play, plan: Plan, rfq: Rfq, sellers: list[Seller], random: Random
) -> AsyncIterator[dt.datetime]:
    """Vendors answer in their own time, some not at all."""
    hours = sorted((random.uniform(2, 60), seller.name) for seller in sellers)
    by_name = {seller.name: seller for seller in sellers}
    sent = play.now
    answering = hours[:1] if plan.stops == "vendor" else hours
    for after, name in answering:
        seller = by_name[name]
        if plan.stops is None and random.random() > seller.answers:
            continue
        yield sent + dt.timedelta(hours=after)
        if (await _rfq(play, rfq.id)).state is not RfqState.open:
            return
        if plan.stops is None and random.random() < 0.08:
            await play.act(_key(seller), quotes.decline, DeclineRfq(rfq.id, "Sold out until next month."))
        else:
            await play.act(_key(seller), quotes.submit_quote, _quote(play, rfq, seller, random))


def _quote(play: Play, rfq: Rfq, seller: Seller, random: Random) -> SubmitQuote:
    usual = {ware[0]: Decimal(ware[2]) for ware in WARES[seller.category]}
    lines = []
    for line in rfq.lines:
        factor = Decimal(str(round(seller.level * random.lognormvariate(0, 0.06), 4)))
        price = usual[line.description] * factor / RATES[seller.currency]
        lines.append(QuoteLineDraft(line.id, price.quantize(Decimal("0.01")), None, no_bid=False))
    return SubmitQuote(
        rfq_id=rfq.id,
        currency=seller.currency,
        valid_until=(play.now + dt.timedelta(days=random.choice((30, 45, 60)))).date(),
        lead_time_days=max(1, round(random.gauss(seller.days, seller.days / 4))),
        shipping=Decimal(random.choice((0, 0, 15, 40))),
        note="",
        lines=tuple(lines),
        document_ids=(),
    )


async def _decisions(play: Play, plan: Plan, rfq: Rfq, random: Random) -> AsyncIterator[dt.datetime]:
    """The approval is opened, and each step decided by one of its candidates."""
    if rfq.selected_quote_id is None:
        return
    system = play.system(Role.system_approvals)
    wanted = await selection.approval_for(play.uow(system), rfq.selected_quote_id, dt.timedelta(0))
    if wanted is None:
        return
    approval = await play.act(system, approvals.open_approval, wanted)
    if plan.stops == "manager":
        return
    while approval.state is ApprovalState.pending and approval.open_step and approval.open_step.candidates:
        if plan.stops == "finance" and approval.open_step.name == "finance":
            return
        yield at_work(play.now + dt.timedelta(hours=random.expovariate(1 / 14)), 8 + random.random() * 9)
        decider = play.someone(random.choice(approval.open_step.candidates))
        rejected = plan.stops is None and random.random() < 0.06
        verb = Verdict.reject if rejected else Verdict.approve
        comment = random.choice(REJECTIONS) if rejected else ""
        decided: ApprovalDetails = await play.act(
            decider, decisions.decide, Decide(ApprovalId(approval.id), verb, approval.version, comment)
        )
        approval = decided.approval


async def _delivery(
    play: Play, plan: Plan, order: Order, sellers: list[Seller], random: Random
) -> AsyncIterator[dt.datetime]:
    """Acknowledged by the vendor, delivered more or less on time, sometimes in two parts."""
    if plan.stops == "acknowledge":
        return
    seller = next(each for each in sellers if play.vendor_ids[each.name] == order.vendor_id)
    yield at_work(play.now, 8 + random.random() * 9)
    await play.act(_key(seller), orders.acknowledge, AcknowledgeOrder(order.id, "", None))
    if plan.stops == "receive":
        return
    parts = 2 if random.random() < 0.25 else 1
    late = round(random.gauss(1, 3))
    arrives = play.now + dt.timedelta(days=max(1, (order.due_on - play.now.date()).days + late))
    for part in range(1, parts + 1):
        yield at_work(arrives + dt.timedelta(days=4 * (part - 1)), 9 + random.random() * 7)
        lines = tuple(
            ReceivedLine(line.id, _share(line.quantity, part, parts), Decimal(0)) for line in order.lines
        )
        if any(line.accepted for line in lines):
            await play.act(plan.requester, orders.receive, ReceiveGoods(OrderId(order.id), lines, "", None))


def _share(quantity: Decimal, part: int, parts: int) -> Decimal:
    first = (quantity / parts).to_integral_value()
    return first if part == 1 and parts > 1 else quantity - (first if parts > 1 else 0)


async def _cancel(play: Play, request_id: RequestId, officer: str, reason: str) -> None:
    actor = play.cast[officer]
    request = (await request_queries.show(play.uow(actor), actor, request_id)).request
    await play.act(officer, requests.cancel, CancelRequest(request.id, request.version, reason))


async def _rfq(play: Play, rfq_id: RfqId) -> Rfq:
    return await rfq_rows.load(play.uow(play.cast["officer"]), rfq_id)


async def _order(play: Play, request_id: RequestId) -> Order | None:
    actor = play.cast["officer"]
    details = await request_queries.show(play.uow(actor), actor, request_id)
    if details.request.order_id is None:
        return None
    return (await order_queries.show(play.uow(actor), actor, OrderId(details.request.order_id))).order


def _key(seller: Seller) -> str:
    return seller.name
