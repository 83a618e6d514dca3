"""A purchase's page tells what was bought before and who could be asked, to those who may know."""

from decimal import Decimal

from core.access.roles import Role
from core.insights.commands import SwitchInsight
from core.insights.service import switch_insight
from core.insights.states import Feature
from core.people.model import Person
from core.requests.commands import RequestLineDraft
from core.requests.model import RequestDetails
from tests.support.api import Api
from tests.support.bought import asked, bought
from tests.support.world import World
from tests.web.browser import browser_of


async def page(api: Api, world: World, person: Person, request: RequestDetails) -> str:
    async with browser_of(api, world, person) as browser:
        return (await browser.get(f"/purchases/{request.request.number}")).words


async def test_a_buyer_reads_both_and_a_requester_what_was_bought(api: Api, world: World) -> None:
    requester, seller = await world.a_requester(), await world.a_vendor()
    await bought(world, "Laptop 14 inch", seller, by=requester, price="1150")
    request = await asked(world, "laptop 14 inch", by=requester)
    mine, buyers = (
        await page(api, world, requester, request),
        await page(api, world, await world.an_officer(), request),
    )
    for shown in (mine, buyers):
        assert "bought before, 1 like this since" in shown
        assert "1,150.00" in shown
    assert "Who to ask" in buyers
    assert "1 similar since" in buyers
    assert "Who to ask" not in mine
    assert " similar since" not in mine


async def test_somebody_elses_price_is_not_told_to_a_requester(api: Api, world: World) -> None:
    other = await world.a_person(Role.requester)
    await bought(world, "Laptop 14 inch", await world.a_vendor(), by=other, price="1150")
    request = await asked(world, "laptop 14 inch")
    shown = await page(api, world, await world.a_requester(), request)
    assert "bought before" not in shown
    assert "1,150.00" not in shown


async def test_a_draft_asks_whether_so_many_are_meant_and_a_usual_quantity_does_not(
    api: Api, world: World
) -> None:
    seller, requester = await world.a_vendor(), await world.a_requester()
    for _ in range(5):
        await bought(world, "Laptop 14 inch", seller)
    many, usual = [
        await world.a_request(
            submit=False, lines=(RequestLineDraft("Laptop 14 inch", Decimal(quantity), "pcs", None),)
        )
        for quantity in ("500", "3")
    ]
    asked_about = await page(api, world, requester, many)
    assert "You ask for 500" in asked_about
    assert "ordered lines: 5" in asked_about
    assert "Right?" in asked_about
    assert "Right?" not in await page(api, world, requester, usual)
    off = SwitchInsight(Feature.findings, enabled=False)
    await world.act(await world.an_admin(), switch_insight, off)
    assert "Right?" not in await page(api, world, requester, many)


async def test_switched_off_the_page_has_no_trace_of_it(api: Api, world: World) -> None:
    await bought(world, "Laptop 14 inch", await world.a_vendor())
    request = await asked(world, "laptop 14 inch")
    command = SwitchInsight(Feature.who_to_ask, enabled=False)
    await world.act(await world.an_admin(), switch_insight, command)
    shown = await page(api, world, await world.an_officer(), request)
    assert "Who to ask" not in shown
    assert "bought before" not in shown
