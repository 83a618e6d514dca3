"""What a split award costs together, and all of its vendors, count wherever somebody is asked; over HTTP."""

from decimal import Decimal
from uuid import UUID

from api.contract import endpoints as e
from api.contract.approvals import ApprovalOut
from api.contract.orders import OrderOut
from core.access.roles import Role
from core.approvals import repo as approvals
from core.approvals.model import Approval
from core.approvals.service import report_when_stuck
from core.kernel.ids import ApprovalId
from core.kernel.policy_terms import SplitWhat, SplitWho
from core.people import service as people
from core.people.commands import DisablePerson
from core.policies.commands import PolicyStep, SetPolicy, SplitRule, Tier
from core.reassignments import service as reassignments
from core.reassignments.policy import as_opened
from core.simulations.queries import SimulatePolicy, simulate
from core.splits.service import with_siblings
from tests.api.sourcing import Sourcing, sourcing
from tests.api.splitting import Splitting
from tests.core.decisions.test_separation import named
from tests.support.uow import begin
from tests.support.world import ADMINISTRATOR, World

__all__ = ["sourcing"]
SAME_VENDOR = SplitRule(14, SplitWho.either, SplitWhat.vendor)


async def with_policy(world: World, *tiers: Tier, rule: SplitRule = SplitRule(0)) -> list[ApprovalId]:
    command = SetPolicy("USD", tiers, None, 0, rule)
    return list((await world.act(ADMINISTRATOR, reassignments.set_policy, command)).replanned)


def sized(*steps: PolicyStep) -> list[Tier]:
    """Below 5,000, below 10,000, and above."""
    limits = (Decimal(5000), Decimal(10_000), None)
    return [
        Tier(step.name, limit, (), (), (step,), due_hours=hours)
        for step, limit, hours in zip(steps, limits, (72, 48, 24), strict=True)
    ]


async def loaded(world: World, approval_id: UUID) -> Approval:
    async with begin(world.engine, ADMINISTRATOR, world.clock) as uow:
        return await approvals.load(uow, approval_id)


async def reported(world: World, approval: Approval) -> None:
    async with begin(world.engine, ADMINISTRATOR, world.clock) as uow:
        assert approval.open_step is not None
        await report_when_stuck(uow, approval, approval.open_step)


async def of_category(case: Sourcing, place: int, category: str) -> None:
    query = "UPDATE vendors SET category = :category WHERE id = :id RETURNING id"
    await case.rows(query, category=category, id=case.vendors[place].id)


async def dearer(case: Splitting, order: OrderOut, vendor: int, price: str) -> ApprovalOut:
    """The vendor asks for another price, and the officer accepts."""
    change = {"lines": [{"line_id": str(order.lines[0].id), "unit_price": price}], "reason": "dearer"}
    await case.api.as_(case.sourcing.contacts[vendor]).call(e.change_order, change, path={"id": order.id})
    accepted = await case.officer.call(e.accept_change, {}, path={"id": order.id})
    assert accepted.proposal is not None
    assert accepted.proposal.approval_id is not None
    return await case.officer.call(e.show_approval, path={"id": accepted.proposal.approval_id})


async def test_a_dearer_order_is_routed_with_the_other_orders(sourcing: Sourcing, world: World) -> None:
    """4,500 and 4,000 were approved; 6,000 and 4,000 are of the largest tier, though 6,000 alone is not."""
    small, large, largest = [await world.a_person(Role.manager) for _ in range(3)]
    case = await Splitting.of(sourcing, ("1500", "1200"), ("1600", "1000"))
    await with_policy(world, *sized(named("small", small), named("large", large), named("largest", largest)))
    await case.split(0, 1)
    assert [step.name for step in (await case.approved()).steps] == ["large"]
    first, _ = await case.orders()
    opened = await loaded(world, (await dearer(case, first, 0, "2000")).id)
    assert [step.name for step in opened.steps] == ["largest"]
    assert (opened.amount_base, opened.routed_base, opened.due_hours) == (Decimal(6000), Decimal(10_000), 24)
    await world.act(ADMINISTRATOR, people.disable_person, DisablePerson(largest.id))
    await reported(world, opened)
    fresh = await world.a_person(Role.manager)
    again = sized(named("small", small), named("large", large), named("largest", fresh))
    assert await with_policy(world, *again) == [opened.id]
    planned = await loaded(world, opened.id)
    assert planned.open_step is not None
    assert (planned.open_step.candidates, planned.routed_base) == ((fresh.id,), Decimal(10_000))


async def test_a_split_whose_order_got_dearer_counts_in_full_with_another_request(
    sourcing: Sourcing, world: World
) -> None:
    managers = [await world.a_person(Role.manager) for _ in range(3)]
    case = await Splitting.of(sourcing, ("1500", "1200"), ("1600", "1000"))
    tiers = sized(*(named(f"step {place}", each) for place, each in enumerate(managers)))
    await with_policy(world, *tiers, rule=SplitRule(14))
    await case.split(0, 1)
    await case.approved()
    first, _ = await case.orders()
    await dearer(case, first, 0, "2000")
    other = (await world.an_open_approval()).approval
    assert other.siblings == (case.rfq.request_id,)
    assert other.routed_base == other.amount_base + Decimal(10_000)
    await with_policy(world, *tiers, rule=SAME_VENDOR)
    vendor, contact = sourcing.vendors[1], sourcing.contacts[1]
    of_the_other = (await world.an_open_approval(vendor=vendor, contact=contact)).approval
    assert of_the_other.routed_base == of_the_other.amount_base + Decimal(10_000), (
        "whose order got dearer or not"
    )
    command = SimulatePolicy(SetPolicy("USD", tuple(tiers), None, 0, SAME_VENDOR))
    found = (await world.act(await world.an_admin(), simulate, command)).purchases
    [tried] = [each for each in found if each.approval_id == of_the_other.id]
    assert tried.tier == "step 2"


async def test_a_stuck_split_is_planned_again_with_what_its_vendors_sum(
    sourcing: Sourcing, world: World
) -> None:
    small, large, largest = [await world.a_person(Role.manager) for _ in range(3)]
    case = await Splitting.of(sourcing, ("1000", "90"), ("1100", "70"))
    tiers = sized(named("small", small), named("large", large), named("largest", largest))
    await with_policy(world, *tiers, rule=SAME_VENDOR)
    vendor, contact = sourcing.vendors[1], sourcing.contacts[1]
    earlier = (await world.an_open_approval(vendor=vendor, contact=contact)).approval
    await case.split(0, 1)
    opened = await loaded(world, (await case.opened()).id)
    assert opened.siblings == (earlier.request_id,)
    assert opened.routed_base == Decimal(3280) + earlier.amount_base
    await world.act(ADMINISTRATOR, people.disable_person, DisablePerson(large.id))
    await reported(world, opened)
    fresh = await world.a_person(Role.manager)
    again = sized(named("small", small), named("large", fresh), named("largest", largest))
    assert await with_policy(world, *again, rule=SAME_VENDOR) == [opened.id]
    planned = await loaded(world, opened.id)
    assert (planned.siblings, planned.routed_base) == (opened.siblings, opened.routed_base)
    assert planned.open_step is not None
    assert planned.open_step.candidates == (fresh.id,)


async def test_every_vendors_category_asks_its_people(sourcing: Sourcing, world: World) -> None:
    """Both ask one person; neither of them is left out, whichever line is the first, and the tiers above fill up."""
    it, lab, above = [await world.a_person(Role.manager) for _ in range(3)]
    case = await Splitting.of(sourcing, ("1000", "90"), ("1100", "70"))
    await of_category(sourcing, 0, "IT")
    await of_category(sourcing, 1, "Laboratory")
    tiers = (
        Tier("it", None, (), ("IT",), (named("it", it),)),
        Tier("lab", Decimal(9000), (), ("Laboratory",), (named("lab", lab),)),
        Tier("lab above", None, (), ("Laboratory",), (named("above", above),)),
    )
    await with_policy(world, *tiers)
    await case.split(0, 1)
    approval = await loaded(world, (await case.opened()).id)
    assert [step.candidates for step in approval.steps] == [(it.id,), (lab.id,)]
    await world.act(ADMINISTRATOR, people.disable_person, DisablePerson(lab.id))
    await case.split(1, 0)
    other = await loaded(world, (await case.opened()).id)
    assert {step.candidates for step in other.steps} == {(it.id,), (above.id,)}


async def test_trying_a_policy_takes_split_awards_with_all_their_vendors(
    sourcing: Sourcing, world: World
) -> None:
    it, lab = await world.a_person(Role.manager), await world.a_person(Role.manager)
    case = await Splitting.of(sourcing, ("1000", "90"), ("1100", "70"))
    await of_category(sourcing, 0, "IT")
    await of_category(sourcing, 1, "Laboratory")
    vendor, contact = sourcing.vendors[1], sourcing.contacts[1]
    await world.an_open_approval(vendor=vendor, contact=contact)
    await case.split(0, 1)
    opened = await case.opened()
    tiers = (
        Tier("it", None, (), ("IT",), (named("it", it),)),
        Tier("lab", Decimal(5000), (), ("Laboratory",), (named("lab", lab),)),
        Tier("lab above", None, (), ("Laboratory",), (named("above", it, lab),)),
    )
    command = SetPolicy("USD", tiers, None, 0, SAME_VENDOR)
    found = (await world.act(await world.an_admin(), simulate, SimulatePolicy(command))).purchases
    [tried] = [each for each in found if each.approval_id == opened.id]
    assert [step.name for step in tried.steps] == ["it", "above"], "summed with the other one of that vendor"


async def test_only_requests_of_its_own_vendors_are_summed_with_a_split(
    sourcing: Sourcing, world: World
) -> None:
    case = await Splitting.of(sourcing, ("1000", "90"), ("1100", "70"), ("1300", "99"))
    await with_policy(
        world, Tier("all", None, (), (), (named("one", await world.a_manager()),)), rule=SAME_VENDOR
    )
    vendor, contact = sourcing.vendors[2], sourcing.contacts[2]
    await world.an_open_approval(vendor=vendor, contact=contact)
    await case.split(0, 1)
    opened = await loaded(world, (await case.opened()).id)
    assert opened.siblings == ()
    async with begin(world.engine, ADMINISTRATOR, world.clock) as uow:
        facts = as_opened(opened, opened.excluded).facts
        again = await with_siblings(uow, opened.request_id, facts, award=opened.subject.id)
    assert (again.siblings, again.categories) == ((), ("IT hardware",))
