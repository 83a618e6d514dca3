"""The vendor's portal in a real browser, with script and without: from the link in a mail to the confirmed order."""

import datetime as dt
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser as Chromium
from playwright.async_api import Page

from core.invitations import queries as rfqs
from core.kernel.ids import OrderId, RequestId, RfqId
from core.orders import queries as orders
from core.orders.states import OrderState
from core.purchases import request_queries
from tests.page.chromium import PHONE_SIZE
from tests.page.serving import served
from tests.support.api import Api
from tests.support.mailbox import Mailbox, mailbox_of
from tests.support.postgres import Database
from tests.support.world import World

pytestmark = pytest.mark.page


@pytest.fixture
async def mailbox(world: World, database: Database) -> AsyncIterator[Mailbox]:
    async with mailbox_of(world, database) as opened:
        yield opened


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
async def test_a_vendor_goes_from_link_to_confirmed_order(
    api: Api, world: World, mailbox: Mailbox, chromium: Chromium, script: bool
) -> None:
    vendor, contact = await world.a_vendor()
    await world.a_finance()
    rfq = await world.an_rfq(to=[vendor])
    await mailbox.collect()
    async with served(api) as url:
        context = await chromium.new_context(
            viewport={"width": PHONE_SIZE[0], "height": PHONE_SIZE[1]}, java_script_enabled=script
        )
        page, said = await context.new_page(), list[str]()
        page.on("console", lambda message: said.append(message.text))
        await page.goto(url + mailbox.newest(contact).link)
        await quoted(page, mailbox, world.today)
        order_id = await ordered(world, RfqId(rfq.rfq.id))
        await mailbox.collect()
        await page.goto(url + mailbox.newest(contact).link)
        await page.get_by_role("button", name="Confirm order").click()
        assert "You confirmed the order." in await page.inner_text("main")
        wide = await page.evaluate("document.documentElement.scrollWidth") if script else PHONE_SIZE[0]
        assert wide <= PHONE_SIZE[0], "nothing is wider than a phone"
        assert said == [], "the browser complains of nothing, and the policy stops nothing"
    assert (await world.act(contact, orders.show, order_id)).order.state is OrderState.acknowledged


async def quoted(page: Page, mailbox: Mailbox, today: dt.date) -> None:
    """The first change asks for the code once; what was typed is still there."""
    await page.fill("#price-0", "1,180.50")
    await page.fill("#lead_time", "10")
    await page.fill("#valid_until", (today + dt.timedelta(days=60)).isoformat())
    await page.get_by_role("button", name="Save and add up").click()
    [mail] = await mailbox.collect()
    await page.fill("#code", mail.code)
    await page.get_by_role("button", name="Continue").click()
    assert "Total: 3,541.50 USD" in await page.inner_text("main")
    await page.get_by_role("button", name="Send the quote").click()
    assert "Your quote was sent." in await page.inner_text("main")


async def ordered(world: World, rfq_id: RfqId) -> OrderId:
    """The manager approves the only quote."""
    officer = await world.an_officer()
    rfq = (await world.act(officer, rfqs.show, rfq_id)).details.rfq
    assert rfq.selected_quote_id is not None
    await world.approved(await world.open_approval_of(rfq.selected_quote_id))
    order_id = (await world.act(officer, request_queries.show, RequestId(rfq.request_id))).request.order_id
    assert order_id is not None
    return OrderId(order_id)
