"""The staff in a real browser: a purchase from draft to receipt, with script and without, and pages that follow."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Browser as Chromium
from playwright.async_api import Page, Route, expect

from api.contract import endpoints as e
from core.comments import service as comments
from core.comments.commands import AddComment
from core.kernel.ids import OrderId, RequestId
from core.orders import service as orders
from core.orders.commands import AcknowledgeOrder
from core.people.model import Person
from core.purchases import request_queries
from core.requests.model import RequestDetails
from core.requests.states import RequestState
from core.web_sessions import service
from core.web_sessions.commands import MakeTicket
from tests.page.npm_packages import check_tools
from tests.page.serving import served
from tests.support.api import Api, start
from tests.support.measuring import sealed
from tests.support.postgres import Database
from tests.support.world import World

pytestmark = [pytest.mark.page, pytest.mark.timeout(240)]
TABS = 7
"""More than a browser keeps connections to one host."""


@pytest.fixture
async def scripted(database: Database, world: World, tmp_path: Path) -> AsyncIterator[Api]:
    """The application with the scripts that npm brings."""
    async with AsyncExitStack() as stack:
        yield await start(database, tmp_path, stack, scripts_dir=check_tools().scripts_dir)


async def entered(chromium: Chromium, url: str, world: World, person: Person, *, script: bool = True) -> Page:
    """A browser in which this person has pressed the button that a ticket's link shows."""
    context = await chromium.new_context(java_script_enabled=script)
    context.set_default_timeout(20_000)
    page = await context.new_page()
    ticket = await world.act(person, service.make_ticket, MakeTicket("/home"))
    await page.goto(f"{url}/enter/{ticket.secret}")
    await page.locator("main form button").click()
    await page.wait_for_url("**/home")
    return page


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
async def test_a_purchase_goes_from_draft_to_receipt_by_pages(
    scripted: Api, world: World, chromium: Chromium, script: bool
) -> None:
    request = await world.a_request(submit=False)
    people = (await world.a_requester(), await world.an_officer(), await world.a_manager())
    async with served(scripted) as url:
        rosa, oscar, mara = [await entered(chromium, url, world, one, script=script) for one in people]
        said = list[str]()
        for page in (rosa, oscar, mara):
            page.on("console", lambda message: said.append(message.text))
        purchase = f"{url}/purchases/{request.request.number}"
        await rosa.goto(purchase)
        await press(rosa, "request/submit")
        vendor = await proposed(world, request, oscar, purchase)
        await decided(mara, rosa, purchase)
        await confirmed(world, request, vendor)
        await received(rosa, purchase)
        assert [line for line in said if "status of 422" not in line] == [], (
            "but for the form that came back, the browser complains of nothing, and the policy stops nothing"
        )
    assert (await seen(world, request)).request.state is RequestState.completed


async def seen(world: World, request: RequestDetails) -> RequestDetails:
    return await world.act(await world.an_officer(), request_queries.show, RequestId(request.request.id))


async def press(page: Page, action: str, **typed: str) -> None:
    """Open the form of this action if it is folded, type, and press its button; the page says what was done."""
    form = page.locator(f"form[action$='/{action}']").first
    await expect(form).to_be_attached()
    if not await form.is_visible():
        await (
            page.locator("details", has=page.locator(f"form[action$='/{action}']"))
            .first.locator("summary")
            .click()
        )
    for name, text in typed.items():
        await form.locator(f"[name='{name}']").fill(text)
    await form.locator("button").click()
    await expect(page.locator(".said")).to_be_visible()


async def proposed(world: World, request: RequestDetails, oscar: Page, purchase: str) -> Person:
    """Two vendors quote; the officer proposes the dearer quote and says why."""
    (first, contact), (second, colleague) = await world.a_vendor(), await world.a_vendor()
    rfq = await world.an_rfq(await seen(world, request), to=[first, second])
    await world.a_quote(rfq, contact, "1180")
    dearer = await world.a_quote(rfq, colleague, "1250")
    await oscar.goto(purchase)
    proposal = oscar.locator(".proposal", has_text=second.name)
    await proposal.locator("summary").click()
    await proposal.locator("textarea").fill("They deliver sooner.")
    await proposal.locator("form button").click()
    await expect(oscar.locator(".said")).to_be_visible()
    await world.open_approval_of(dearer.quote.id)
    return colleague


async def decided(mara: Page, rosa: Page, purchase: str) -> None:
    """The manager asks from the first page, the requester answers, the manager approves."""
    await mara.goto(purchase.partition("/purchases")[0] + "/home")
    await press(mara, "approval/ask", comment="Why not the cheaper one?")
    await rosa.goto(purchase)
    await press(rosa, "approval/answer", text="It comes too late.")
    await expect(rosa.get_by_text("It comes too late.").first).to_be_visible()
    await mara.goto(purchase.partition("/purchases")[0] + "/home")
    await press(mara, "approval/approve")
    await expect(mara.locator(".said")).to_contain_text("You approved it.")


async def confirmed(world: World, request: RequestDetails, vendor: Person) -> None:
    order_id = (await seen(world, request)).request.order_id
    assert order_id is not None
    await world.act(vendor, orders.acknowledge, AcknowledgeOrder(OrderId(order_id), "", None))


async def received(rosa: Page, purchase: str) -> None:
    """What cannot be taken comes back as it was typed; then everything arrives."""
    await rosa.goto(purchase)
    form = rosa.locator("form[action$='/order/receive']")
    await form.locator("[name='lines.0.accepted']").fill("many")
    await form.get_by_role("button").click()
    await expect(form.locator("[aria-invalid=true]")).to_have_value("many")
    await form.locator("[name='lines.0.accepted']").fill("3")
    await form.get_by_role("button").click()
    await expect(rosa.locator(".said")).to_contain_text("The receipt is recorded.")
    await expect(form).to_have_count(0)


async def test_seven_open_pages_of_one_person_follow_a_decision(
    scripted: Api, world: World, database: Database, chromium: Chromium
) -> None:
    """Four listen at a time and the others come back by turns; each is told, and who types keeps it."""
    approval = (await world.an_open_approval()).approval
    request = await world.act(await world.an_officer(), request_queries.show, RequestId(approval.request_id))
    await sealed(database)
    async with served(scripted) as url:
        first = await entered(chromium, url, world, await world.an_officer())
        tabs = [first, *[await first.context.new_page() for _ in range(TABS - 1)]]
        for tab in tabs:
            await tab.goto(f"{url}/purchases/{request.request.number}")
            await tab.evaluate("window.stillTheSame = true")
        await tabs[-1].locator("summary", has_text="Comment").click()
        await tabs[-1].locator("form[action$='/comment'] textarea").fill("Half a sen")
        body = {"verb": "approve", "expected_version": approval.version, "comment": ""}
        manager = scripted.as_(await world.a_manager())
        await manager.call(e.decide, {"approval_id": str(approval.id), **body}, key="decided")
        await sealed(database)
        for tab in tabs[:-1]:
            await tab.bring_to_front()
            await expect(tab.locator("main")).to_contain_text("approved", timeout=60_000, ignore_case=True)
            assert await tab.evaluate("window.stillTheSame"), "the page was rewritten, not loaded again"
        await tabs[-1].bring_to_front()
        await expect(tabs[-1].locator("#news")).to_be_visible(timeout=60_000)
        await expect(tabs[-1].locator("form[action$='/comment'] textarea")).to_have_value("Half a sen")


async def test_who_is_turned_away_by_a_busy_server_asks_again(
    scripted: Api, world: World, database: Database, chromium: Chromium
) -> None:
    """Its stream, and then the page that it was told to look at."""
    request = await world.a_request()
    officer = await world.an_officer()
    await sealed(database)
    turned_away = list[str]()

    async def busy(route: Route) -> None:
        path = urlsplit(route.request.url).path
        if path in turned_away or "hx-request" not in route.request.headers:
            await route.continue_()
            return
        turned_away.append(path)
        await route.fulfill(status=503, body="")

    async with served(scripted) as url:
        page = await entered(chromium, url, world, officer)
        await page.context.route("**/changes?*", busy)
        await page.context.route("**/purchases/*", busy)
        shown = f"/purchases/{request.request.number}"
        async with page.expect_response(lambda each: "/changes" in each.url and each.ok):
            await page.goto(f"{url}{shown}")
        await world.act(officer, comments.add_comment, AddComment(request.request.id, "Which colour?"))
        await sealed(database)
        await expect(page.locator("main")).to_contain_text("Which colour?", timeout=60_000)
    assert turned_away == ["/changes", shown]
