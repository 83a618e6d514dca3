"""What a split costs, whom it asks, and what the comparison says about it."""

import datetime as dt
from decimal import Decimal
from uuid import UUID

import pytest
from asyncpg import PostgresError

from core.access.actor import Actor
from core.approvals.states import Verdict
from core.decisions.commands import Decide
from core.decisions.errors import NothingToUndo
from core.decisions.service import decide
from core.issuing.service import issue
from core.kernel.clock import FixedClock
from core.kernel.errors import MissingPermission, NotFound
from core.kernel.policy_terms import SplitWhat, SplitWho
from core.offers.commands import QuoteLineDraft, SubmitQuote
from core.orders import repo as orders_repo
from core.orders import service as orders
from core.orders.commands import CancelOrder, IssueOrder
from core.orders.queries import show as show_order
from core.orders.states import OrderState
from core.people.model import Person
from core.policies import service as policies
from core.policies.commands import SetPolicy, SplitRule, Tier
from core.quotes import service as quotes
from core.quotes.model import QuoteDetails
from core.quotes.service import expire_quote
from core.requests.commands import RequestLineDraft
from core.rfqs.model import RfqDetails
from core.rfqs.states import RfqState
from core.split_awards import queries, repo
from core.split_awards.model import ComparedWithSplits
from core.uow import Uow
from core.vendors import repo as vendor_repo
from tests.core.action_story import DEADLINES
from tests.support.uow import begin
from tests.support.world import ADMINISTRATOR, POLICY, World, role_step

WANTED = [RequestLineDraft(name, Decimal(1), "pcs", None) for name in ("Laptop", "Dock", "Bag")]
DAY = dt.timedelta(days=1)


async def asked(world: World, count: int) -> tuple[RfqDetails, list[Person]]:
    sellers = [await world.a_vendor() for _ in range(count)]
    request = await world.a_request(lines=WANTED)
    return await world.an_rfq(request, to=[vendor for vendor, _ in sellers]), [each for _, each in sellers]


async def quoted(
    world: World, rfq: RfqDetails, by: Person, *prices: str | None, shipping: str = "0", days: int = 10
) -> QuoteDetails:
    lines = tuple(
        QuoteLineDraft(line.id, Decimal(price) if price else None, None, no_bid=price is None)
        for line, price in zip(rfq.rfq.lines, prices, strict=True)
    )
    until = world.today + dt.timedelta(days=45)
    command = SubmitQuote(rfq.rfq.id, "USD", until, days, Decimal(shipping), "", lines, ())
    return await world.act(by, quotes.submit_quote, command)


async def compared(world: World, rfq: RfqDetails) -> ComparedWithSplits:
    return await world.act(await world.an_officer(), queries.compare, rfq.rfq.request_id)


async def test_a_vendor_whose_shipping_costs_more_than_it_saves_is_left_out(world: World) -> None:
    """The bag is a dollar cheaper from the third, for twenty dollars of shipping."""
    rfq, people = await asked(world, 3)
    first = await quoted(world, rfq, people[0], "1000", "90", "20")
    second = await quoted(world, rfq, people[1], "1100", "70", "21")
    await quoted(world, rfq, people[2], "1200", "95", "19", shipping="20")
    found = (await compared(world, rfq)).cheapest
    assert found is not None
    assert {share.quote.id for share in found.shares} == {first.quote.id, second.quote.id}
    assert (found.total, found.best_single) == (Decimal(1090), Decimal(1110))


async def test_a_split_that_is_dearer_than_one_vendor_says_so(world: World) -> None:
    rfq, people = await asked(world, 2)
    await quoted(world, rfq, people[0], "1000", "90", "20", shipping="50")
    await quoted(world, rfq, people[1], "1010", "95", "19", shipping="50")
    found = (await compared(world, rfq)).cheapest
    assert found is not None
    assert found.best_single is not None
    assert found.total > found.best_single


async def test_what_comes_too_late_or_costs_nothing_is_not_suggested(world: World) -> None:
    rfq, people = await asked(world, 3)
    first = await quoted(world, rfq, people[0], "1000", "90", "20")
    second = await quoted(world, rfq, people[1], "1100", "70", "21")
    await quoted(world, rfq, people[2], "1", "1", "0", days=31)
    found = (await compared(world, rfq)).cheapest
    assert found is not None
    assert {share.quote.id for share in found.shares} == {first.quote.id, second.quote.id}


async def test_while_the_rfq_is_open_nothing_of_it_is_known(world: World) -> None:
    rfq, people = await asked(world, 2)
    await quoted(world, rfq, people[0], "1000", "90", "20")
    found = await compared(world, rfq)
    assert (found.split, found.cheapest, found.suppliers) == (None, None, frozenset())
    assert "split" not in {each.verb.value for each in found.actions}


async def test_an_expired_quote_ends_the_split(world: World) -> None:
    world.clock = clock = FixedClock(world.now)
    rfq, people = await asked(world, 2)
    first = await quoted(world, rfq, people[0], "1000", "90", "20")
    second = await quoted(world, rfq, people[1], "1100", "70", "21")
    approval = (await world.open_approval_of_split(await world.a_split(rfq, first, second, second))).approval
    clock.advance(46 * DAY)
    await world.act(DEADLINES, expire_quote, second.quote.id)
    assert (await world.events_of(approval.id))[-1] == "approval.withdrawn"
    assert (await compared(world, rfq)).split is None


async def test_the_category_that_asks_more_people_decides_the_tier(world: World) -> None:
    """Furniture asks finance from the first dollar; whichever vendor sells it."""
    strict = Tier("furniture", None, (), ("Furniture",), (role_step("manager"), role_step("finance")))
    await world.act(ADMINISTRATOR, policies.set_policy, SetPolicy("USD", (strict, *POLICY), None))
    rfq, people = await asked(world, 2)
    async with begin(world.engine, ADMINISTRATOR, world.clock) as uow:
        await uow.connection.driver.execute(
            "UPDATE vendors SET category = 'Furniture' WHERE id = $1", people[1].vendor_id
        )
    first = await quoted(world, rfq, people[0], "600", "90", "20")
    second = await quoted(world, rfq, people[1], "700", "70", "19")
    approval = await world.open_approval_of_split(await world.a_split(rfq, first, second, first))
    assert [step.name for step in approval.approval.steps] == ["manager", "finance"]


@pytest.mark.parametrize("what", [SplitWhat.vendor, SplitWhat.category])
async def test_a_split_counts_with_other_requests_of_any_of_its_vendors(
    world: World, what: SplitWhat
) -> None:
    rule = SplitRule(14, SplitWho.cost_centre, what)
    await world.act(ADMINISTRATOR, policies.set_policy, SetPolicy("USD", POLICY, None, 0, rule))
    rfq, people = await asked(world, 2)
    first = await quoted(world, rfq, people[0], "2000", "90", "20")
    second = await quoted(world, rfq, people[1], "2100", "70", "21")
    split = (await world.open_approval_of_split(await world.a_split(rfq, first, second, second))).approval
    vendor_id = people[1].vendor_id
    async with begin(world.engine, ADMINISTRATOR, world.clock) as uow:
        [vendor] = await vendor_repo.by_ids(uow, [vendor_id] if vendor_id else [])
    later = await world.an_open_approval(price="1000", vendor=vendor, contact=people[1])
    assert later.approval.siblings == (split.request_id,)
    assert [step.name for step in later.approval.steps] == ["manager", "finance"]


async def test_no_vendor_compares_or_reads_a_split(world: World) -> None:
    rfq, people = await asked(world, 2)
    first = await quoted(world, rfq, people[0], "1000", "90", "20")
    second = await quoted(world, rfq, people[1], "1100", "70", "21")
    award = await world.a_split(rfq, first, second, None)

    async def peep(uow: Uow, actor: Actor, award_id: UUID) -> object:
        return await repo.load(uow, award_id)

    with pytest.raises(MissingPermission):
        await world.act(people[0], queries.compare, rfq.rfq.request_id)
    with pytest.raises(PostgresError, match="permission denied"):
        await world.act(people[0], peep, award)


async def test_an_order_that_is_cancelled_in_time_to_undo_leaves_the_other_to_be_sent(world: World) -> None:
    """Something was done with the approval, so nobody undoes it any more; nothing is stuck."""
    world.clock = clock = FixedClock(world.now)
    await world.act(ADMINISTRATOR, policies.set_policy, SetPolicy("USD", POLICY, None, 60))
    rfq, people = await asked(world, 2)
    first = await quoted(world, rfq, people[0], "1000", "90", "20")
    second = await quoted(world, rfq, people[1], "1100", "70", "21")
    award = await world.a_split(rfq, first, second, second)
    approval = (await world.approved(await world.open_approval_of_split(award))).approval
    async with begin(world.engine, ADMINISTRATOR, world.clock) as uow:
        mine, theirs = await orders_repo.live_of_request(uow, rfq.rfq.request_id)
    cancel = CancelOrder(theirs.id, "wrong dock", None)
    await world.act(await world.an_officer(), orders.cancel, cancel)
    decider = approval.last_decided
    assert decider is not None
    assert decider.decided_by is not None
    undo = Decide(approval.id, Verdict.undo, approval.version, "")
    with pytest.raises(NothingToUndo):
        await world.act(await world.person(decider.decided_by), decide, undo)
    clock.advance(dt.timedelta(minutes=2))
    await world.act(DEADLINES, issue, IssueOrder(mine.id))
    sent = await world.act(people[0], show_order, mine.id)
    assert sent.order.state is OrderState.issued
    found = await compared(world, rfq)
    assert found.comparison.rfq is not None
    assert found.comparison.rfq.state is RfqState.awarded
    with pytest.raises(NotFound):
        await world.act(people[1], show_order, theirs.id)
