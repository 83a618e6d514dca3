"""Waiting too long: each reminder once, then others are asked too; and what nobody can decide is found."""

import asyncio
import datetime as dt
from decimal import Decimal

import pytest

from api.contract import endpoints as e
from core.access.actor import Actor
from core.access.roles import Role
from core.approvals.model import Approval
from core.organisation import service as organisations
from core.organisation.commands import AddCostCentre, AddDepartment
from core.people import service as people
from core.people.commands import DisablePerson
from core.people.model import Person
from core.policies.commands import Approver, PolicyStep, Tier
from tests.support.api import Api
from tests.support.schedule_ticks import events_of_purchase, runtime_at, schedule_ticks
from tests.support.world import ADMINISTRATOR, World
from workers.notices.notice_table import plan_notice


def named(*approvers: Person) -> PolicyStep:
    return PolicyStep("named", tuple(Approver(None, person.email, None) for person in approvers))


async def waits_for(
    world: World, *approvers: Person, above: Person | None = None, hours: int = 72
) -> Approval:
    """An approval of the lower of two tiers."""
    steps = (named(*approvers),)
    tiers = [Tier("low", None if above is None else Decimal(9000), (), (), steps, hours)]
    if above is not None:
        tiers.append(Tier("high", None, (), (), (named(above),)))
    await world.a_policy(tiers)
    return (await world.an_open_approval()).approval


async def told(world: World, approval: Approval) -> list[str]:
    """What the purchase's log says of waiting, in order."""
    wanted = ("approval.overdue", "approval.escalated", "approval.stuck")
    return [
        str(event.data.get("kind", event.data.get("why", event.type)))
        for event in await events_of_purchase(world, approval.request_id)
        if event.type in wanted
    ]


async def no_head(world: World) -> None:
    await world.act(ADMINISTRATOR, organisations.add_department, AddDepartment("IT", "IT", None))


async def test_each_reminder_comes_once_and_then_the_next_tier_is_asked(api: Api, world: World) -> None:
    mara, fay = await world.a_person(Role.manager), await world.a_person(Role.finance)
    await no_head(world)
    approval = await waits_for(world, mara, above=fay)
    async with schedule_ticks(world) as tick:
        for hours in (1, 23.9, 24.1, 30, 48.1, 60, 72.1, 90):
            await asyncio.gather(tick(hours=hours), tick(hours=hours))
        assert await told(world, approval) == ["waiting", "day_before", "due"]
        await asyncio.gather(*(tick(hours=96.1) for _ in range(3)))
        await tick(hours=97)
    assert await told(world, approval) == ["waiting", "day_before", "due", "overdue"]
    shown = await api.as_(fay).call(e.show_approval, path={"id": approval.id})
    assert [step.state.value for step in shown.steps] == ["escalated", "open"]
    assert (shown.version, shown.may_decide) == (2, True)
    assert (await api.as_(mara).call(e.show_approval, path={"id": approval.id})).may_decide
    body = {"approval_id": str(approval.id), "verb": "approve", "expected_version": 2}
    assert (await api.as_(fay).call(e.decide, body)).state.value == "approved"


async def test_a_clock_that_was_away_tells_the_newest_only(world: World) -> None:
    approval = await waits_for(world, await world.a_person(Role.manager))
    async with schedule_ticks(world) as tick:
        await tick(hours=73)
        await tick(hours=74)
    assert await told(world, approval) == ["due"]


async def test_the_head_of_the_department_comes_first_unless_they_are_part_of_it(world: World) -> None:
    mara, head, fay = [await world.a_person(role) for role in (Role.manager, Role.manager, Role.finance)]
    await world.act(ADMINISTRATOR, organisations.add_department, AddDepartment("IT", "IT", head.id))
    approval = await waits_for(world, mara, above=fay, hours=1)
    async with schedule_ticks(world) as tick:
        await tick(hours=2.1)
    [event] = [
        x for x in await events_of_purchase(world, approval.request_id) if x.type == "approval.escalated"
    ]
    assert event.data["asked"] == [str(head.id)]

    await world.act(ADMINISTRATOR, organisations.add_cost_centre, AddCostCentre("IT", "IT", "IT", None))
    own = (await world.an_open_approval(requested_by=head)).approval
    async with schedule_ticks(world) as tick:
        await tick(hours=2.1)
    [event] = [x for x in await events_of_purchase(world, own.request_id) if x.type == "approval.escalated"]
    assert event.data["asked"] == [str(fay.id)]


async def test_with_nobody_else_the_administrators_are_told_once(world: World) -> None:
    await no_head(world)
    approval = await waits_for(world, await world.a_person(Role.manager), hours=1)
    async with schedule_ticks(world) as tick:
        for hours in (1.1, 2.1, 3, 50):
            await tick(hours=hours)
    assert await told(world, approval) == ["due", "approval.stuck"]


async def test_a_dead_end_is_found_within_one_tick_and_told_once(api: Api, world: World) -> None:
    await no_head(world)
    admin, mara, fay = (
        await world.an_admin(),
        await world.a_person(Role.manager),
        await world.a_person(Role.finance),
    )
    approval = await waits_for(world, mara, above=fay)
    lonely = await waits_for(world, mara)
    await world.act(ADMINISTRATOR, people.disable_person, DisablePerson(mara.id))
    async with schedule_ticks(world) as tick:
        await asyncio.gather(*(tick() for _ in range(3)))
        await tick(seconds=1)
    assert await told(world, approval) == ["approval.stuck", "nobody"]
    assert await told(world, lonely) == ["approval.stuck"]
    [stuck] = [x for x in await events_of_purchase(world, lonely.request_id) if x.type == "approval.stuck"]
    async with runtime_at(world) as runtime, world.engine.begin() as connection:
        uow = runtime.uow(connection, Actor.system(Role.system_notices))
        notice = await plan_notice(uow, stuck)
    assert notice is not None
    assert admin.id in notice.recipients
    body = {"approval_id": str(approval.id), "verb": "approve", "expected_version": 2}
    assert (await api.as_(fay).call(e.decide, body)).state.value == "approved"


@pytest.mark.parametrize(("days", "hours"), [(3, [24.1, 68.1]), (1, [20.1]), (0.1, [])])
async def test_silent_vendors_are_reminded_twice_before_it_closes(
    world: World, days: float, hours: list[float]
) -> None:
    (one, quick), (two, slow) = await world.a_vendor(), await world.a_vendor()
    rfq = await world.an_rfq(to=[one, two], quote_by=dt.timedelta(days=days))
    await world.a_quote(rfq, quick)
    async with schedule_ticks(world) as tick:
        for at in (0.1, 1, *hours, *(each + 1 for each in hours)):
            await asyncio.gather(tick(hours=at), tick(hours=at))
    events = [x for x in await events_of_purchase(world, rfq.rfq.request_id) if x.type == "rfq.reminded"]
    assert len(events) == len(hours)
    async with runtime_at(world) as runtime, world.engine.begin() as connection:
        uow = runtime.uow(connection, Actor.system(Role.system_notices))
        for event in events:
            notice = await plan_notice(uow, event)
            assert notice is not None
            assert list(notice.recipients) == [slow.id]
