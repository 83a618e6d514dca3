"""Demand over HTTP: ranges with n and window, the lines behind them, silence, rights, and nothing while it is off."""

import asyncio
import datetime as dt
import random
from decimal import Decimal
from uuid import uuid4

import pytest

from api.contract import endpoints as e
from api.contract.demand import DemandItemOut, DemandOut, SilenceOut
from core.access.roles import Role
from core.demand import service as demand
from core.insights import service as insights
from core.insights.commands import SwitchInsight
from core.insights.states import Feature
from core.kernel.clock import FixedClock
from core.uow import Uow
from tests.core.demand.made_needs import INSIGHTS, a_need, an_order, forecast, month_back, needs
from tests.support.api import Api, ProblemError
from tests.support.postgres import Database
from tests.support.world import World

TONER = [3, 0, 5, 0, 0, 4, 6, 0, 2, 0, 7, 0, 3, 0, 0, 5, 4, 0, 2, 0, 0, 6, 3, 0, 5, 0, 2, 0, 4, 0]


async def listed(api: Api, world: World) -> DemandOut:
    return await api.as_(await world.an_officer()).call(e.list_demand)


def named(found: DemandOut, name: str) -> DemandItemOut:
    return next(each for each in found.items if each.name == name)


async def test_an_item_is_told_with_its_range_its_months_and_its_window(
    api: Api, world: World, database: Database
) -> None:
    await needs(database, world, "Toner 26A", TONER)
    await forecast(world)
    found = await listed(api, world)
    toner = named(found, "Toner 26A")
    assert toner.n == sum(1 for each in TONER if each)
    assert toner.last_year == sum(TONER[-12:])
    assert toner.active_months == sum(1 for each in TONER[-12:] if each)
    assert toner.window_from == month_back(world, 24)
    assert toner.window_to == month_back(world, 0) - dt.timedelta(days=1)
    assert toner.silent is None
    assert toner.quarter is not None
    assert 0 <= toner.quarter.low <= toner.quarter.middle <= toner.quarter.high <= 21
    assert toner.quarter.origins == 4
    assert f"months with demand: {toner.n}" in toner.sentence
    assert not found.stale
    assert found.forecast_at is not None


async def test_every_number_leads_to_the_lines_it_was_counted_from(
    api: Api, world: World, database: Database
) -> None:
    await needs(database, world, "Toner 26A", TONER)
    await needs(database, world, "toner, 26A", [0] * 20 + [9] + [0] * 9)
    await needs(database, world, "Toner 26A", [8] * 30, unit="box")
    await a_need(database, "Toner 26A", "500", month_back(world, 2), state="cancelled")
    await a_need(database, "Toner 26A", "600", world.today)
    await forecast(world)
    officer = api.as_(await world.an_officer())
    toner = next(each for each in (await listed(api, world)).items if each.unit == "pcs")
    details = await officer.call(e.show_demand, path={"id": toner.id})
    assert set(details.texts) == {"Toner 26A", "toner, 26A"}
    expected = [each + (9 if place == 20 else 0) for place, each in enumerate(TONER)][-24:]
    assert [int(each.quantity) for each in details.months] == expected
    for each in (details.months[14], details.months[-1]):
        window = {"first": each.month.isoformat(), "last": each.month.isoformat()}
        behind = await officer.call(e.demand_needs, path={"id": toner.id}, query=window)
        assert sum((row.quantity for row in behind.rows), Decimal(0)) == each.quantity
    year = {"first": month_back(world, 12).isoformat(), "last": month_back(world, 1).isoformat()}
    behind = await officer.call(e.demand_needs, path={"id": toner.id}, query=year)
    assert sum((row.quantity for row in behind.rows), Decimal(0)) == toner.last_year


async def test_a_vendors_time_says_at_how_many_to_order_from_five_orders_on(
    api: Api, world: World, database: Database
) -> None:
    vendor, _ = await world.a_vendor()
    made = await needs(database, world, "Toner 26A", TONER)
    for number, need in enumerate(made[-4:]):
        on = month_back(world, 5 - number)
        await an_order(database, need, vendor.id, on, days=10 + number)
    await forecast(world)
    assert named(await listed(api, world), "Toner 26A").reorder is None
    await an_order(database, made[-5], vendor.id, month_back(world, 6), days=40)
    await forecast(world)
    reorder = named(await listed(api, world), "Toner 26A").reorder
    assert reorder is not None
    assert (reorder.vendor, reorder.n) == (vendor.name, 5)
    assert reorder.days == 12
    assert 0 <= reorder.left <= 21
    details = await api.as_(await world.an_officer()).call(
        e.show_demand, path={"id": named(await listed(api, world), "Toner 26A").id}
    )
    assert details.draft is not None
    assert details.draft.needed_by == world.today + dt.timedelta(days=12)
    assert details.draft.price == 20


async def test_a_category_is_told_in_money_at_the_last_prices(
    api: Api, world: World, database: Database
) -> None:
    vendor, _ = await world.a_vendor()
    toner = await needs(database, world, "Toner 26A", TONER)
    paper = await needs(database, world, "Paper A4", list(reversed(TONER)))
    await an_order(database, toner[0], vendor.id, month_back(world, 9), days=3, price="7")
    await an_order(database, toner[1], vendor.id, month_back(world, 4), days=3, price="10")
    await an_order(database, paper[0], vendor.id, month_back(world, 4), days=3, price="2")
    await forecast(world)
    (category,) = (await listed(api, world)).categories
    assert (category.name, category.items, category.left_out) == ("IT hardware", 2, 0)
    assert category.currency == "USD"
    assert category.last_year == 10 * sum(TONER[-12:]) + 2 * sum(list(reversed(TONER))[-12:])
    assert category.n == 30 - sum(
        1 for one, other in zip(TONER, reversed(TONER), strict=True) if not one and not other
    )


@pytest.mark.parametrize(
    ("quantities", "why"),
    [
        ([1] + [0] * 19 + [3, 0, 4, 0, 0, 2, 0, 5, 0, 1], SilenceOut.few),
        ([3] * 16 + [0] * 14, SilenceOut.asleep),
        ([5] * 30, SilenceOut.no_better),
        ([4] * 8, SilenceOut.young),
    ],
)
async def test_silence_says_why(
    api: Api, world: World, database: Database, quantities: list[int], why: SilenceOut
) -> None:
    await needs(database, world, "Toner 26A", quantities)
    await forecast(world)
    toner = named(await listed(api, world), "Toner 26A")
    assert (toner.silent, toner.month, toner.quarter, toner.reorder) == (why, None, None, None)
    details = await api.as_(await world.an_officer()).call(e.show_demand, path={"id": toner.id})
    assert details.draft is None


async def test_only_what_changed_is_forecast_again_and_comes_out_as_if_all_were(
    api: Api, world: World, database: Database
) -> None:
    dice = random.Random(5)
    for number in range(8):
        shuffled = list(TONER)
        dice.shuffle(shuffled)
        await needs(database, world, f"Part number {number}", shuffled)
    first, all_of_them = await forecast(world)
    assert len({each.subject.id for each in all_of_them.scores}) == 8
    again, nothing = await forecast(world)
    assert nothing.scores == ()
    before = {each.id: each for each in (await listed(api, world)).items}
    assert {each.run_id for each in before.values()} == {first.id}
    await a_need(database, "Part number 3", "6", month_back(world, 3).replace(day=2))
    changed, some = await forecast(world)
    assert len({each.subject.id for each in some.scores}) == 1
    after = {each.id: each for each in (await listed(api, world)).items}
    assert {each.name for each in after.values() if each.run_id == changed.id} == {"Part number 3"}
    assert {key: each for key, each in after.items() if each.run_id == first.id} == {
        key: each for key, each in before.items() if each.name != "Part number 3"
    }
    assert again.id not in {each.run_id for each in after.values()}


async def test_a_run_is_due_once_a_day_and_again_when_the_past_changes(
    world: World, database: Database
) -> None:
    async def due(uow: Uow, actor: object, command: None) -> bool:
        return bool(await demand.due(uow))

    async def is_due() -> bool:
        return await world.act(INSIGHTS, due, None)

    assert not await is_due(), "nothing was ever needed"
    await needs(database, world, "Toner 26A", TONER)
    assert await is_due()
    await forecast(world)
    assert not await is_due()
    world.clock = FixedClock(world.now + dt.timedelta(minutes=11))
    assert not await is_due()
    request, _ = await a_need(database, "Toner 26A", "3", month_back(world, 1))
    await database.hand.execute(
        "UPDATE procurement_requests SET updated_at = $2 WHERE id = $1", request, world.now
    )
    assert await is_due()
    await forecast(world)
    world.clock = FixedClock(world.now + dt.timedelta(days=1))
    assert await is_due()
    await world.act(
        await world.an_admin(), insights.switch_insight, SwitchInsight(Feature.demand, enabled=False)
    )
    assert not await is_due()


async def test_a_run_that_took_long_is_not_soon_begun_again(world: World, database: Database) -> None:
    """Ten minutes are enough for a short history; reading a long one all day long would be too much."""
    await needs(database, world, "Toner 26A", TONER)
    await forecast(world)
    await database.hand.execute(
        "UPDATE ml_runs SET finished_at = started_at + interval '7 minutes' WHERE feature = 'demand'"
    )
    await a_need(database, "Toner 26A", "3", month_back(world, 1))
    await database.hand.execute("UPDATE procurement_requests SET updated_at = $1", world.now)

    async def due(uow: Uow, actor: object, command: None) -> bool:
        return bool(await demand.due(uow))

    async def is_due_after(minutes: int) -> bool:
        later = FixedClock(began + dt.timedelta(minutes=minutes))
        world.clock = later
        return await world.act(INSIGHTS, due, None)

    began = world.now
    assert [await is_due_after(minutes) for minutes in (11, 69, 71)] == [False, False, True]


async def test_of_two_clocks_at_once_one_begins_the_run(world: World, database: Database) -> None:
    await needs(database, world, "Toner 26A", TONER)
    await asyncio.gather(*(world.act(INSIGHTS, demand.begin, world.today) for _ in range(2)))
    assert await database.hand.fetchval("SELECT count(*) FROM ml_runs") == 1


async def test_a_forecast_that_nobody_renewed_is_called_old(
    api: Api, world: World, database: Database
) -> None:
    await needs(database, world, "Toner 26A", TONER)
    await forecast(world)
    await database.hand.execute("UPDATE ml_runs SET finished_at = finished_at - interval '49 hours'")
    found = await listed(api, world)
    assert found.stale
    details = await api.as_(await world.an_officer()).call(e.show_demand, path={"id": found.items[0].id})
    assert details.stale


async def test_who_looked_at_an_item_is_noted_with_what_they_saw(
    api: Api, world: World, database: Database
) -> None:
    await needs(database, world, "Toner 26A", TONER)
    run, _ = await forecast(world)
    officer = await world.an_officer()
    toner = named(await listed(api, world), "Toner 26A")
    assert await database.hand.fetchval("SELECT count(*) FROM ml_shown") == 0
    await api.as_(officer).call(e.show_demand, path={"id": toner.id})
    shown = await database.hand.fetch("SELECT person_id, subject_id, run_id, figures FROM ml_shown")
    assert {(row["person_id"], row["subject_id"], row["run_id"]) for row in shown} == {
        (officer.id, str(toner.id), run.id)
    }


async def test_whoever_has_no_part_in_buying_sees_nothing(api: Api, world: World, database: Database) -> None:
    await needs(database, world, "Toner 26A", TONER)
    await forecast(world)
    _, contact = await world.a_vendor()
    for person in (await world.a_requester(), contact):
        with pytest.raises(ProblemError) as refused:
            await api.as_(person).call(e.list_demand)
        assert refused.value.status == 403


async def test_switched_off_there_is_no_trace_of_it(api: Api, world: World, database: Database) -> None:
    await needs(database, world, "Toner 26A", TONER)
    await forecast(world)
    toner = named(await listed(api, world), "Toner 26A")
    await world.act(
        await world.an_admin(), insights.switch_insight, SwitchInsight(Feature.demand, enabled=False)
    )
    found = await listed(api, world)
    assert (found.items, found.categories, found.forecast_at) == ((), (), None)
    officer = api.as_(await world.an_officer())
    year = {"first": "2026-01-01", "last": "2026-06-01"}
    with pytest.raises(ProblemError) as refused:
        await officer.call(e.show_demand, path={"id": toner.id})
    assert refused.value.status == 404
    with pytest.raises(ProblemError) as refused:
        await officer.call(e.demand_needs, path={"id": toner.id}, query=year)
    assert refused.value.status == 404


async def test_an_unknown_item_is_not_found(api: Api, world: World) -> None:
    with pytest.raises(ProblemError) as refused:
        await api.as_(await world.the(Role.auditor)).call(e.show_demand, path={"id": uuid4()})
    assert refused.value.status == 404


async def test_items_are_found_by_their_name(api: Api, world: World, database: Database) -> None:
    await needs(database, world, "Toner 26A", TONER)
    await needs(database, world, "100% cotton wipes", TONER)
    await forecast(world)
    officer = api.as_(await world.an_officer())
    found = await officer.call(e.list_demand, query={"q": "0% COTTON"})
    assert [each.name for each in found.items] == ["100% cotton wipes"]
    assert (await officer.call(e.list_demand, query={"q": "_oner"})).items == ()
