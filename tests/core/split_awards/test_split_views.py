"""Every reader sees of a split purchase what the queries show, and no vendor sees another's part of it."""

from decimal import Decimal

from core.approvals.states import Verdict
from core.decisions import service as decisions
from core.decisions.commands import Decide
from core.kernel.clock import FixedClock
from core.orders import service as orders
from core.orders.commands import AcknowledgeOrder, CancelOrder
from core.requests.commands import RequestLineDraft
from core.requests.states import RequestState
from tests.core.purchases.observers import Observers
from tests.support.world import World

WANTED = tuple(RequestLineDraft(name, Decimal(1), "pcs", None) for name in ("Laptop", "Dock", "Bag"))


async def test_views_and_queries_agree_about_a_split_award(world: World) -> None:
    world.clock = FixedClock(world.now)
    observers = await Observers.invited(world)
    officer = observers.readers["officer"]
    request = await world.a_request(lines=WANTED)
    request_id = request.request.id
    rfq = await world.an_rfq(request, to=observers.vendors, by=officer)
    currencies = ("USD", "EUR", "JPY")
    made = [
        await world.a_quote(rfq, observers.contact(number), price, currency)
        for number, (price, currency) in enumerate(
            zip(("900", "800", "140000"), currencies, strict=True), start=1
        )
    ]
    await observers.agree(request_id, RequestState.quoted)
    award = await world.a_split(rfq, made[0], made[1], None, by=officer)
    await observers.agree(request_id, RequestState.quoted)
    approval = (await world.open_approval_of_split(award)).approval
    await observers.agree(request_id, RequestState.awaiting_approval)
    for step in approval.steps:
        decider = await world.person(step.candidates[0])
        command = Decide(approval.id, Verdict.approve, approval.version, "")
        await world.act(decider, decisions.decide, command)
    purchase = await observers.agree(request_id, RequestState.ordered)
    first, second = sorted(purchase.live_orders, key=lambda order: order.number)
    await world.act(observers.contact(1), orders.acknowledge, AcknowledgeOrder(first.id, "", None))
    await observers.agree(request_id, RequestState.ordered)
    await world.act(officer, orders.cancel, CancelOrder(second.id, "wrong model", None))
    left = await observers.agree(request_id, RequestState.ordered)
    assert [order.id for order in left.live_orders] == [first.id]
    assert observers.shown["comparison"] > 0
