"""What people write stays words in a real browser: nothing of it runs, loads, or is stopped only by the policy."""

from decimal import Decimal

import pytest
from playwright.async_api import Browser as Chromium

from core.comments import service as comments
from core.comments.commands import AddComment
from core.requests.commands import RequestLineDraft
from tests.page.chromium import DESKTOP_SIZE
from tests.page.looks import Look, seen_as
from tests.page.serving import served
from tests.support.api import Api
from tests.support.world import World
from tests.web.test_pages import INJECTIONS

pytestmark = [pytest.mark.page, pytest.mark.timeout(240)]
BROUGHT_IN = "svg[onload], img[src=x], form[action*='evil'], main script, a[href^='javascript:']"


async def test_sixty_strings_stay_words_on_every_page_that_shows_them(
    api: Api, world: World, chromium: Chromium
) -> None:
    requester, officer = await world.a_requester(), await world.an_officer()
    lines = [RequestLineDraft(each, Decimal(1), "pcs", None) for each in INJECTIONS]
    request = await world.a_request(lines=lines)
    for each in INJECTIONS:
        await world.act(requester, comments.add_comment, AddComment(request.request.id, each))
    purchase = f"/purchases/{request.request.number}"
    said, asked = list[str](), list[str]()
    async with served(api) as url:
        for person in (requester, officer):
            async with seen_as(chromium, url, world, person, Look("light", "en", DESKTOP_SIZE)) as page:
                page.on("dialog", lambda dialog: said.append(dialog.message))
                page.on("request", lambda sent: asked.append(sent.url))
                for address in (purchase, "/home", "/purchases"):
                    await page.goto(url + address)
                    assert await page.locator(BROUGHT_IN).count() == 0, address
                    assert await page.evaluate("window.violations") == [], address
                answer = await page.goto(url + purchase)
                assert answer is not None
                shown = await answer.text()
                assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown
                await page.goto(f"{url}/purchases")
                for each in INJECTIONS:
                    await page.locator("form.filters input[name=q]").fill(each)
                    await page.locator("form.filters button.primary").click()
                    await page.wait_for_load_state()
                    assert await page.locator(BROUGHT_IN).count() == 0, each
                    assert await page.evaluate("window.violations") == [], each
    assert said == []
    assert {each for each in asked if not each.startswith((url, "data:"))} == set()
