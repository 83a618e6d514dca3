"""The rules about what happens after an approval: a quick verdict, a second order, another price."""

import datetime as dt
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select, update

from core.approvals.model import Approval
from core.approvals.states import Verdict
from core.approvals.tables import approval_steps
from core.checks.model import CheckRule
from core.decisions import service as decisions
from core.decisions.commands import Decide
from core.findings import service
from core.findings.model import KeptFinding
from core.kernel.clock import FixedClock
from core.orders.tables import purchase_order_lines, purchase_orders
from core.people.tables import organisation
from core.requests import service as requests
from core.requests.commands import CreateRequest
from tests.core.findings.cases import SYSTEM, Case, laptops
from tests.support.uow import begin
from tests.support.world import World


async def after_seconds(case: Case, approval: Approval, seconds: float) -> list[KeptFinding]:
    """Somebody approves so long after the step was opened; what is found about it."""
    step = approval.open_step
    assert step is not None
    async with case.world.engine.begin() as connection:
        opened = case.world.now - dt.timedelta(seconds=seconds)
        values = {"opened_at": opened, "routed_at": opened}
        await connection.execute(update(approval_steps).where(approval_steps.c.id == step.id).values(values))
    person = await case.world.person(step.candidates[0])
    await case.world.act(person, decisions.decide, Decide(approval.id, Verdict.approve, approval.version, ""))
    async with begin(case.world.engine, SYSTEM, case.world.clock) as uow:
        await service.check_verdict(uow, SYSTEM, approval.id, step.id)
    return [each for each in await case.kept(approval.request_id) if each.rule is CheckRule.quick_approval]


async def test_nobody_reads_in_nine_seconds(world: World) -> None:
    case = await Case.begin(world)
    world.clock = FixedClock(world.now)
    approval = await case.proposed("1180")
    [finding] = await after_seconds(case, approval, 9.9)
    assert finding.facts["seconds"] == 9
    assert approval.open_step is not None
    assert approval.open_step.candidates[0] in finding.involved


async def test_ten_seconds_are_enough(world: World) -> None:
    case = await Case.begin(world)
    world.clock = FixedClock(world.now)
    assert await after_seconds(case, await case.proposed("1180"), 10) == []


async def test_what_costs_little_is_approved_quickly(world: World) -> None:
    case = await Case.begin(world)
    world.clock = FixedClock(world.now)
    assert await after_seconds(case, await case.proposed("166.66"), 1) == []


async def order_of(case: Case, approval: Approval) -> UUID:
    async with case.world.engine.connect() as connection:
        order = purchase_orders.c
        found = await connection.scalar(select(order.id).where(order.request_id == approval.request_id))
    assert isinstance(found, UUID)
    return found


async def duplicates_of(case: Case, approval: Approval) -> list[KeptFinding]:
    order_id = await order_of(case, approval)
    async with begin(case.world.engine, SYSTEM, case.world.clock) as uow:
        await service.check_order(uow, SYSTEM, approval.request_id, order_id, case.world.now)
    return [each for each in await case.kept(approval.request_id) if each.rule is CheckRule.duplicate_order]


async def test_the_same_is_ordered_twice(world: World) -> None:
    case = await Case.begin(world)
    _, second = await case.bought("1180", "1180")
    [finding] = await duplicates_of(case, second)
    assert finding.facts["item"] == "Laptop 14 inch"


async def test_another_quantity_is_another_order(world: World) -> None:
    case = await Case.begin(world)
    await case.bought("1180")
    [second] = await case.bought("1180", line=laptops("4"))
    assert await duplicates_of(case, second) == []


async def test_a_cent_less_is_another_offer(world: World) -> None:
    case = await Case.begin(world)
    _, second = await case.bought("1180", "1179.99")
    assert await duplicates_of(case, second) == []


async def test_the_sixteenth_day_is_another_order(world: World) -> None:
    case = await Case.begin(world)
    world.clock = FixedClock(world.now)
    await case.bought("1180")
    world.clock = FixedClock(world.now + dt.timedelta(days=15, minutes=1))
    [second] = await case.bought("1180")
    assert await duplicates_of(case, second) == []


async def test_a_partial_delivery_is_no_second_order(world: World) -> None:
    """One order that arrives in parts is one order, however often it is looked at."""
    case = await Case.begin(world)
    [only] = await case.bought("1180")
    assert await duplicates_of(case, only) == []


async def at_price(case: Case, price: str) -> list[KeptFinding]:
    """An order whose line costs this much now, although 1,180 was quoted; what is found about it."""
    order = await case.world.an_order(price="1180", contact=case.contact, vendor=case.vendor)
    return await repriced(case, order.order.request_id, order.order.id, price)


async def repriced(case: Case, request_id: UUID, order_id: UUID, price: str) -> list[KeptFinding]:
    async with case.world.engine.begin() as connection:
        line = purchase_order_lines
        await connection.execute(
            update(line).where(line.c.order_id == order_id).values(unit_price=Decimal(price))
        )
    async with begin(case.world.engine, SYSTEM, case.world.clock) as uow:
        await service.check_revision(uow, SYSTEM, request_id, order_id)
    return await case.kept(request_id)


async def test_the_order_costs_more_than_was_quoted(world: World) -> None:
    case = await Case.begin(world)
    [finding] = await at_price(case, "1180.34")
    assert (finding.rule, finding.facts["extra"]) == (CheckRule.price_changed, "1.02")


async def test_cents_are_no_other_price(world: World) -> None:
    case = await Case.begin(world)
    assert await at_price(case, "1180.33") == []


async def test_cents_of_dollars_are_counted_where_yen_were_quoted(world: World) -> None:
    """At .0066 dollars each, 51 yen more per piece come to 1.01 dollars for three, and 50 to 0.99."""
    case = await Case.begin(world, "JPY")
    [approval] = await case.bought("118000", currency="JPY")
    order_id = await order_of(case, approval)
    assert await repriced(case, approval.request_id, order_id, "118050") == []
    [finding] = await repriced(case, approval.request_id, order_id, "118051")
    assert (finding.facts["extra"], finding.facts["currency"]) == ("153", "JPY")


async def test_less_than_was_quoted_is_no_finding(world: World) -> None:
    case = await Case.begin(world)
    assert await at_price(case, "1100") == []


async def test_a_request_for_the_same_is_found_by_what_its_sender_was_shown(world: World) -> None:
    """``duplicates`` finds the earlier one; whoever submits it all the same is asked about it once more."""
    async with world.engine.begin() as connection:
        await connection.execute(update(organisation).values(duplicate_days=14))
    requester = await world.a_requester()
    first = await world.a_request(requester)
    needed = world.today + dt.timedelta(days=30)
    again = CreateRequest((laptops(),), "USD", needed, "IT", "", submit=True, accept_duplicate=True)
    second = await world.act(requester, requests.create, again)
    async with begin(world.engine, SYSTEM, world.clock) as uow:
        await service.check_request(uow, SYSTEM, first.request.id)
        await service.check_request(uow, SYSTEM, second.request.id)
    case = await Case.begin(world)
    assert await case.kept(first.request.id) == []
    [finding] = await case.kept(second.request.id)
    assert (finding.rule, finding.facts["earlier"]) == (CheckRule.duplicate_request, first.request.number)
