"""What an approver sees beside the approval: lines, days, rank, what was paid before, punctuality, similar requests."""

import datetime as dt
from decimal import Decimal

from core.access.roles import Role
from core.amendments import service as amendments
from core.amendments.commands import CorrectRfq, LineCorrection
from core.approval_facts import policy, queries
from core.approval_facts.model import ApprovalFacts, OnTime
from core.approvals.model import ApprovalDetails
from core.approvals.states import Verdict
from core.awards import service as awards
from core.awards.commands import CloseRfq, ProposeQuote
from core.decisions import service as decisions
from core.decisions.commands import Decide
from core.kernel.clock import FixedClock
from core.order_changes import service as changes
from core.order_changes.commands import AcceptChange, ChangedLine, ProposeChange
from core.orders.model import OrderDetails
from core.people.model import Person
from core.people.repo import as_actor as people_actor
from core.quotes.model import QuoteDetails
from core.receipts import service as receipts
from core.receipts.commands import ReceivedLine, ReceiveGoods
from core.requests.commands import RequestLineDraft
from tests.support.plans import watch
from tests.support.uow import begin
from tests.support.world import World

LINES = (
    RequestLineDraft("Beamer", Decimal(1), "pcs", None),
    RequestLineDraft("Screen", Decimal(2), "pcs", None),
    RequestLineDraft("HDMI cable", Decimal(5), "pcs", None),
)


async def facts(world: World, who: Person, approval: ApprovalDetails) -> ApprovalFacts:
    return (await world.act(who, queries.show, approval.approval.id)).facts


async def three_quotes(world: World) -> list[QuoteDetails]:
    """Quotes of 80, 88 and 120 dollars for the three lines; the first is selected."""
    vendors = [await world.a_vendor() for _ in range(3)]
    rfq = await world.an_rfq(await world.a_request(lines=LINES), to=[vendor for vendor, _ in vendors])
    prices = ("10", "11", "15")
    return [
        await world.a_quote(rfq, contact, price) for (_, contact), price in zip(vendors, prices, strict=True)
    ]


async def received(world: World, order: OrderDetails, contact: Person) -> None:
    """Everything arrives."""
    lines = tuple(ReceivedLine(line.id, line.quantity, Decimal(0)) for line in order.order.lines)
    command = ReceiveGoods(order.order.id, lines, "", None)
    await world.act(await world.a_requester(), receipts.receive, command)


async def test_every_line_has_its_price_and_the_days_are_compared(world: World) -> None:
    best = (await three_quotes(world))[0]
    approval = await world.open_approval_of(best.quote.id)
    shown = await facts(world, await world.a_manager(), approval)
    told = [(line.description, line.quantity, line.unit_price) for line in shown.lines]
    assert told == [
        ("Beamer", Decimal(1), Decimal(10)),
        ("Screen", Decimal(2), Decimal(10)),
        ("HDMI cable", Decimal(5), Decimal(10)),
    ]
    assert shown.needed_by == world.today + dt.timedelta(days=30)
    assert shown.delivery_on == world.today + dt.timedelta(days=10)
    assert shown.days_late == 0


async def test_a_corrected_rfq_is_shown_as_it_would_be_ordered(world: World) -> None:
    vendor, contact = await world.a_vendor()
    rfq = (await world.an_rfq(to=[vendor, (await world.a_vendor())[0]])).rfq
    line = LineCorrection(rfq.lines[0].id, "Laptop 16 inch", Decimal(4), "boxes")
    corrected = await world.act(
        await world.an_officer(), amendments.correct, CorrectRfq(rfq.id, None, (line,), (), None)
    )
    quote = await world.a_quote(corrected, contact)
    await world.act(await world.an_officer(), awards.close, CloseRfq(rfq.id, None))
    approval = await world.open_approval_of(quote.quote.id)
    shown = await facts(world, await world.a_manager(), approval)
    told = [(line.description, line.quantity, line.unit, line.unit_price) for line in shown.lines]
    assert told == [("Laptop 16 inch", Decimal(4), "boxes", Decimal(1180))]


async def test_an_increase_shows_what_the_order_would_become_and_no_rank(world: World) -> None:
    vendor, contact = await world.a_vendor()
    order = (await world.an_order(vendor=vendor, contact=contact)).order
    day = world.today + dt.timedelta(days=40)
    line = ChangedLine(order.lines[0].id, Decimal(5), Decimal(1500), day)
    command = ProposeChange(order.id, (line,), None, "only the large box is left", None)
    await world.act(contact, changes.propose, command)
    waiting = await world.act(await world.an_officer(), changes.accept, AcceptChange(order.id, None))
    assert waiting.order.proposal is not None
    assert waiting.order.proposal.approval_id is not None
    finance, approval_id = await world.a_finance(), waiting.order.proposal.approval_id
    for verdict in (None, Verdict.approve):
        if verdict is not None:
            version = (await world.act(finance, queries.show, approval_id)).details.approval.version
            await world.act(finance, decisions.decide, Decide(approval_id, verdict, version, ""))
        shown = (await world.act(finance, queries.show, approval_id)).facts
        [told] = shown.lines
        assert (told.quantity, told.unit_price) == (Decimal(5), Decimal(1500))
        assert (shown.delivery_on, shown.days_late, shown.rank) == (day, 10, None)


async def test_the_best_quote_is_first_of_three_and_another_one_says_what_it_costs_more(world: World) -> None:
    best, other, _ = await three_quotes(world)
    approval = await world.open_approval_of(best.quote.id)
    rank = (await facts(world, await world.a_manager(), approval)).rank
    assert rank is not None
    assert (rank.place, rank.of, rank.gap, rank.percent) == (1, 3, Decimal(0), Decimal("0.0"))
    command = ProposeQuote(best.quote.rfq_id, other.quote.id, "it arrives earlier", None)
    await world.act(await world.an_officer(), awards.propose, command)
    again = await world.open_approval_of(other.quote.id)
    rank = (await facts(world, await world.a_manager(), again)).rank
    assert rank is not None
    assert (rank.place, rank.of, rank.gap, rank.percent) == (2, 3, Decimal(8), Decimal("10.0"))


async def test_the_last_price_paid_and_earlier_requests_are_found_by_the_description(world: World) -> None:
    earlier = await world.an_order(price="1100", acknowledged=True)
    approval = await world.an_open_approval(price="1180")
    shown = await facts(world, await world.a_manager(), approval)
    paid = shown.lines[0].last_paid
    assert paid is not None
    assert (paid.price, paid.order_number, paid.vendor_name) == (
        Decimal(1100),
        earlier.order.number,
        earlier.vendor_name,
    )
    assert [each.id for each in shown.similar] == [earlier.order.request_id]


async def test_an_order_that_was_never_sent_is_no_price_paid(world: World) -> None:
    first = await world.an_open_approval(price="1180")
    shown = await facts(world, await world.a_manager(), first)
    assert shown.lines[0].last_paid is None
    assert shown.on_time is None


async def test_punctuality_counts_completed_orders_only(world: World) -> None:
    vendor, contact = await world.a_vendor()
    world.clock = FixedClock(world.now)
    in_time = await world.an_order(acknowledged=True, vendor=vendor, contact=contact)
    late = await world.an_order(acknowledged=True, vendor=vendor, contact=contact)
    await world.an_order(acknowledged=True, vendor=vendor, contact=contact)
    await received(world, in_time, contact)
    world.clock.advance(dt.timedelta(days=20))
    await received(world, late, contact)
    approval = await world.an_open_approval(vendor=vendor, contact=contact)
    assert (await facts(world, await world.a_manager(), approval)).on_time == OnTime(1, 2)


async def test_a_requester_sees_the_own_purchase_but_not_what_others_paid(world: World) -> None:
    await world.an_order(price="1100", acknowledged=True)
    approval = await world.an_open_approval(requested_by=await world.a_person(Role.requester))
    requester = await world.person(approval.approval.requested_by)
    shown = await facts(world, requester, approval)
    assert shown.lines[0].unit_price == Decimal(1180)
    assert shown.rank is not None
    assert (shown.lines[0].last_paid, shown.on_time, shown.similar) == (None, None, ())


async def test_one_approval_and_many_take_the_same_two_statements_more(world: World) -> None:
    found = [(await world.an_open_approval()).approval for _ in range(3)]
    manager = await world.a_manager()
    taken = []
    for some in (found[:1], found):
        async with begin(world.engine, people_actor(manager), world.clock) as uow:
            watched = watch(uow)
            shown = await queries.with_facts(uow, people_actor(manager), some)
        assert len(shown) == len(some)
        taken.append(len(watched.statements))
    assert taken == [2, 2]
    assert policy.may_see_history(people_actor(manager))
