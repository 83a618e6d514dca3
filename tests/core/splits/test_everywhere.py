"""What was summed with a request counts wherever its tier is asked: replanned, escalated, or dearer."""

from decimal import Decimal

import pytest
from sqlalchemy import update

from core.access.roles import Role
from core.approvals.model import Approval
from core.approvals.service import report_when_stuck
from core.decisions import queries
from core.escalations.next_people import next_people
from core.kernel.ids import ApprovalId
from core.order_changes import service as changes
from core.order_changes.commands import AcceptChange, ChangedLine, ProposeChange
from core.orders.model import OrderDetails
from core.people import service as people
from core.people.commands import DisablePerson
from core.people.model import Person
from core.people.tables import departments
from core.policies.commands import PolicyStep, SetPolicy, SplitRule, Tier
from core.reassignments import service as reassignments
from tests.core.decisions.test_separation import approve, named
from tests.support.uow import begin
from tests.support.world import ADMINISTRATOR, POLICY, World, role_step

SUMMED = SplitRule(14)


async def with_tiers(world: World, tiers: tuple[Tier, ...], rule: SplitRule = SUMMED) -> None:
    await world.act(ADMINISTRATOR, reassignments.set_policy, SetPolicy("USD", tiers, None, 0, rule))


def tiers(small: PolicyStep, large: PolicyStep, largest: PolicyStep) -> tuple[Tier, ...]:
    """Below 5,000, below 10,000, and above: two requests of 3,540 are together in the second."""
    return (
        Tier("small", Decimal(5000), (), (), (small,)),
        Tier("large", Decimal(10_000), (), (), (large,)),
        Tier("largest", None, (), (), (largest,)),
    )


async def second(world: World) -> Approval:
    """An approval of 3,540 dollars that is summed with another one."""
    await world.an_open_approval()
    return (await world.an_open_approval()).approval


async def test_the_base_that_was_routed_is_kept_with_the_approval(world: World) -> None:
    await with_tiers(world, POLICY)
    first = (await world.an_open_approval()).approval
    summed = (await world.an_open_approval()).approval
    assert (first.routed_base, first.amount_base) == (Decimal(3540), Decimal(3540))
    assert (summed.routed_base, summed.amount_base) == (Decimal(7080), Decimal(3540))


async def test_an_escalation_asks_the_tiers_above_the_sum(world: World) -> None:
    """Above the tier of its own amount stands the one that was asked, with people who decide a later step of it."""
    asked, later, top, small = [await world.a_person(Role.manager) for _ in range(4)]
    plan = tiers(named("small", small), named("one", asked), named("top", top))
    large = Tier("large", Decimal(10_000), (), (), (named("one", asked), named("two", later)))
    await with_tiers(world, (plan[0], large, plan[2]))
    approval = await second(world)
    step = approval.open_step
    assert step is not None
    assert step.candidates == (asked.id,)
    async with begin(world.engine, ADMINISTRATOR, world.clock) as uow:
        await uow.connection.execute(update(departments).values(head_id=None))
        assert await next_people(uow, approval, step) == (top.id,)


async def test_a_later_step_with_nobody_left_is_filled_from_above_the_sum(world: World) -> None:
    first, later, top, small = [await world.a_person(Role.manager) for _ in range(4)]
    steps = (named("one", first), named("two", first), named("three", later))
    plan = tiers(named("small", small), named("x", first), named("top", top))
    await with_tiers(world, (plan[0], Tier("large", Decimal(10_000), (), (), steps), plan[2]))
    half = await approve(world, first, await second(world))
    assert half.open_step is not None
    assert half.open_step.candidates == (top.id,)


async def test_a_stuck_approval_is_planned_again_by_the_sum(world: World) -> None:
    only, small, fresh = [await world.a_person(Role.manager) for _ in range(3)]
    await with_tiers(world, tiers(named("a", small), named("b", only), named("c", only)))
    approval = await second(world)
    await world.act(ADMINISTRATOR, people.disable_person, DisablePerson(only.id))
    await _reported(world, approval)
    plan = tiers(named("a", small), named("b", fresh), named("c", fresh))
    answer = await world.act(ADMINISTRATOR, reassignments.set_policy, SetPolicy("USD", plan, None, 0, SUMMED))
    assert answer.replanned == (approval.id,)
    after = await _loaded(world, approval.id)
    assert after.open_step is not None
    assert (after.open_step.candidates, after.routed_base) == ((fresh.id,), Decimal(7080))


async def test_without_the_rule_it_is_planned_again_by_its_own_amount(world: World) -> None:
    only, small = await world.a_person(Role.manager), await world.a_person(Role.manager)
    await with_tiers(world, tiers(named("a", small), named("b", only), named("c", only)))
    approval = await second(world)
    await world.act(ADMINISTRATOR, people.disable_person, DisablePerson(only.id))
    await _reported(world, approval)
    plan = tiers(named("a", small), named("b", small), named("c", small))
    await world.act(ADMINISTRATOR, reassignments.set_policy, SetPolicy("USD", plan, None))
    after = await _loaded(world, approval.id)
    assert (after.routed_base, after.siblings) == (Decimal(3540), ())


@pytest.mark.parametrize(("rule", "asked"), [(SUMMED, True), (SplitRule(0), False)])
async def test_a_dearer_order_is_approved_by_whom_the_sum_newly_meets(
    world: World, rule: SplitRule, asked: bool
) -> None:
    """Alone both totals are in the same tier; with another request the new one is in the next."""
    await with_tiers(world, tiers(role_step("manager"), role_step("finance"), role_step("finance")), rule)
    vendor, contact = await world.a_vendor()
    deal = await world.an_order(acknowledged=True, vendor=vendor, contact=contact)
    await world.an_order()
    changed = await raised(world, deal, contact, "1200")
    assert (changed.order.proposal is not None) is asked
    if asked:
        assert changed.order.proposal is not None
        assert changed.order.proposal.approval_id is not None
        opened = await _loaded(world, ApprovalId(changed.order.proposal.approval_id))
        assert [step.name for step in opened.steps] == ["finance"]
        assert opened.routed_base == Decimal(3600) + Decimal(3540)


async def test_what_was_approved_with_the_sum_is_not_asked_again(world: World) -> None:
    await with_tiers(world, tiers(role_step("manager"), role_step("finance"), role_step("finance")))
    await world.an_order()
    vendor, contact = await world.a_vendor()
    deal = await world.an_order(acknowledged=True, vendor=vendor, contact=contact)
    assert (await raised(world, deal, contact, "1200")).order.proposal is None


async def raised(world: World, deal: OrderDetails, contact: Person, price: str) -> OrderDetails:
    """The vendor asks more for each piece, and the officer accepts."""
    lines = (ChangedLine(deal.order.lines[0].id, None, Decimal(price)),)
    command = ProposeChange(deal.order.id, lines, None, "copper is dear", None)
    await world.act(contact, changes.propose, command)
    return await world.act(await world.an_officer(), changes.accept, AcceptChange(deal.order.id, None))


async def _reported(world: World, approval: Approval) -> None:
    """The scheduler has found that nobody can decide it, and asks nobody else yet."""
    assert approval.open_step is not None
    async with begin(world.engine, ADMINISTRATOR, world.clock) as uow:
        await report_when_stuck(uow, approval, approval.open_step)


async def _loaded(world: World, approval_id: ApprovalId) -> Approval:
    return (await world.act(await world.an_auditor(), queries.show, approval_id)).approval
