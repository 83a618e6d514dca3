"""Bounds on vendors' scores on the pages of the administration: set, seen with n and window, overridden."""

from core.access.roles import Role
from tests.api.test_standings import holds_of, scored, ticked
from tests.support.api import Api
from tests.support.postgres import Database
from tests.support.world import World
from tests.web.browser import browser_of

INSIGHTS = "/administration/insights"


async def test_a_bound_is_set_and_overridden_on_the_pages(api: Api, world: World, database: Database) -> None:
    vendor = await scored(world, database, lines=24, late=24)
    async with browser_of(api, world, await world.the(Role.admin)) as browser:
        assert "No RFQs below" in (await browser.client.get(INSIGHTS)).text
        assert (await browser.post(f"{INSIGHTS}/bounds", {"rfq": "98"})).status_code == 303
        await ticked(world)
        page = await browser.client.get(INSIGHTS)
        assert "No RFQs below: 98" in page.text
        assert "below 98; deliveries from" in page.text
        refused = await browser.post(f"{INSIGHTS}/bounds", {"rfq": "101"})
        assert refused.status_code == 422
    async with browser_of(api, world, await world.an_officer()) as browser:
        place = f"/administration/vendors/{vendor.id}"
        page = await browser.client.get(place)
        assert "Because of its score: " in page.text
        assert "98; n = 24; " in page.text
        sent = {"kind": "rfq", "reason": "The only one who has it."}
        assert (await browser.post(f"{place}/override", sent)).status_code == 303
        assert "Overridden: The only one who has it." in (await browser.client.get(INSIGHTS)).text
    assert await holds_of(api, world, vendor) == ()
