"""Everything can be reached and pressed by keys alone: in the order of the page, always seen, and never trapped."""

from dataclasses import dataclass

import pytest
from playwright.async_api import Browser as Chromium
from playwright.async_api import Page

from core.access.roles import Role
from tests.page.chromium import DESKTOP_SIZE, PHONE_SIZE
from tests.page.company import Company, Stage
from tests.page.looks import Look, seen_as
from tests.page.serving import served
from tests.support.api import Api
from tests.support.world import World

pytestmark = [pytest.mark.page, pytest.mark.timeout(240)]
MOST_STEPS = 400
MARK = """() => {
  const kinds = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']";
  const found = [...document.querySelectorAll(kinds)]
    .filter(each => each.checkVisibility() && each.ariaHidden !== "true");
  found.forEach((each, at) => { each.dataset.at = at; });
  return found.map(each => each.outerHTML.slice(0, 90));
}"""
WHERE = """() => {
  const one = document.activeElement, box = one.getBoundingClientRect(), style = getComputedStyle(one);
  const at = (x, y) => {
    const top = document.elementFromPoint(x, y);
    return top && (one.contains(top) || top.contains(one));
  };
  const inset = Math.min(4, box.width / 2, box.height / 2);
  return {
    at: one === document.body ? -1 : Number(one.dataset.at ?? -2),
    outlined: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    seen: box.width > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth
      && (at(box.left + inset, box.top + inset) || at(box.left + box.width / 2, box.top + box.height / 2)),
    day: one.type === "date",
    what: one.outerHTML.slice(0, 120),
  };
}"""


@dataclass(frozen=True)
class Walked:
    """What Tab came to, from the first to the last."""

    order: list[int]
    unseen: list[str]
    all: list[str]

    @property
    def missed(self) -> list[str]:
        return [what for at, what in enumerate(self.all) if at not in self.order]


async def walked(page: Page) -> Walked:
    """Press Tab from the beginning until the page is left; a day's three parts are one field."""
    everything = await page.evaluate(MARK)
    order, unseen = list[int](), list[str]()
    for _ in range(MOST_STEPS):
        await page.keyboard.press("Tab")
        found = await page.evaluate(WHERE)
        if found["at"] == -1 or (order and found["at"] == 0):
            return Walked(order, unseen, everything)
        if order and found["at"] == order[-1] and found["day"]:
            continue
        order.append(found["at"])
        if not (found["outlined"] and found["seen"]):
            unseen.append(found["what"])
    raise AssertionError(f"Tab never leaves the page: {order[-20:]}")


@pytest.mark.parametrize("size", [DESKTOP_SIZE, PHONE_SIZE], ids=["desk", "telephone"])
async def test_tab_walks_through_every_page_in_its_order(
    api: Api, world: World, chromium: Chromium, size: tuple[int, int]
) -> None:
    company = await Company.at_work(world)
    people = world.known
    walks = (
        (people[Role.manager], "/home"),
        (people[Role.officer], "/purchases"),
        (people[Role.requester], f"/purchases/{company.number(Stage.acknowledged)}"),
        (company.contact, f"/portal/rfqs/{company.rfqs[Stage.asked].rfq.id}"),
    )
    async with served(api) as url:
        for person, address in walks:
            async with seen_as(chromium, url, world, person, Look("light", "en", size)) as page:
                await page.goto(url + address)
                found = await walked(page)
                assert found.order == sorted(found.order), f"{address}: Tab goes back"
                assert found.missed == [], f"{address}: Tab leaves something out"
                assert found.unseen == [], f"{address}: what has the focus is not seen"
                await skipped(page, url + address)


async def skipped(page: Page, address: str) -> None:
    """The first Tab offers to skip the head; the next one is then in the page itself."""
    await page.goto(address)
    await page.keyboard.press("Tab")
    assert await page.evaluate("document.activeElement.matches('.skip')")
    await page.keyboard.press("Enter")
    assert await page.evaluate("document.activeElement.id") == "main"
    await page.keyboard.press("Tab")
    assert await page.evaluate("document.getElementById('main').contains(document.activeElement)")


async def test_what_is_folded_opens_by_keys_and_rows_are_walked_by_letters(
    api: Api, world: World, chromium: Chromium
) -> None:
    company = await Company.at_work(world)
    officer = world.known[Role.officer]
    async with (
        served(api) as url,
        seen_as(chromium, url, world, officer, Look("dark", "en", DESKTOP_SIZE)) as page,
    ):
        await page.goto(f"{url}/purchases/{company.number(Stage.compared)}")
        await page.locator(".proposal summary").first.focus()
        await page.keyboard.press("Enter")
        await page.keyboard.press("Tab")
        assert await page.evaluate("document.activeElement.tagName") == "TEXTAREA"
        await page.goto(f"{url}/purchases")
        for key, row in (("j", 0), ("j", 1), ("k", 0), ("ArrowDown", 1)):
            await page.keyboard.press(key)
            found = "[...document.querySelectorAll('tbody th a')].indexOf(document.activeElement)"
            assert await page.evaluate(found) == row
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/purchases/REQ-*")
