"""``python -m tests.page.gallery [FOLDER]``: pictures of the dashboard and the portal, for README and docs.

One rule: nothing is staged behind the pages; a company has bought for twelve weeks, and each picture is what one of its
people sees. pytest runs it, because its fixtures bring the database.
"""

import datetime as dt
import os
import sys
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image
from playwright.async_api import Browser as Chromium
from playwright.async_api import Page, async_playwright

from core.access.roles import Role
from core.db.engine import make_engine
from core.kernel.clock import FixedClock, SystemClock
from core.people.model import Person
from core.rates.service import ExchangeRate, LoadRates, load_rates
from tests.page.chromium import BROWSER_ARGS, CHROMIUM, DESKTOP_SIZE, PHONE_SIZE
from tests.page.company import Company, Stage
from tests.page.looks import Look, seen_as
from tests.page.serving import served
from tests.support.api import Api
from tests.support.company_snapshot import with_company
from tests.support.measuring import measured
from tests.support.postgres import Database
from tests.support.world import ADMINISTRATOR, RATES, World

pytestmark = [pytest.mark.page, pytest.mark.timeout(600)]
FOLDER = Path(__file__).parents[2] / "docs" / "images"
WEEKS = 12
COLOURS = 160


@dataclass(frozen=True)
class Picture:
    """One page as one person sees it; ``scene`` is what they do before."""

    name: str
    who: Person
    address: str
    look: Look
    scene: Callable[[Page], Awaitable[None]] | None = None


async def typed(page: Page) -> None:
    """A vendor fills in prices; their sum comes with the page, after the code."""
    await page.locator("#price-0").fill("469.00")
    await page.locator("#price-1").fill("38.50")
    await page.locator("details.other summary").first.click()
    await page.locator("#other-0").fill("Conference camera, refurbished")
    await page.locator("#other-price-0").fill("329.00")
    await page.locator("#lead_time").fill("9")
    await page.locator(".buttons button[value=save]").click()
    await page.evaluate("document.querySelector('.quote').closest('section').scrollIntoView()")


def pictures(company: Company) -> Sequence[Picture]:
    known, contact = company.world.known, company.contact
    compared = f"/purchases/{company.number(Stage.compared)}"
    asked = f"/portal/rfqs/{company.rfqs[Stage.asked].rfq.id}"
    light, dark = "light", "dark"
    return (
        Picture("dashboard", known[Role.manager], "/home", Look(light, "en", DESKTOP_SIZE)),
        Picture("purchase", known[Role.officer], compared, Look(light, "en", DESKTOP_SIZE)),
        Picture("purchases-dark", known[Role.officer], "/purchases", Look(dark, "de", DESKTOP_SIZE)),
        Picture("figures", known[Role.finance], "/figures/time", Look(light, "en", DESKTOP_SIZE)),
        Picture("demand", known[Role.officer], "/demand", Look(light, "en", DESKTOP_SIZE)),
        Picture("portal", contact, asked, Look(light, "en", (820, 1060)), typed),
        Picture("portal-ar", contact, asked, Look(dark, "ar", PHONE_SIZE)),
        Picture("dashboard-phone", known[Role.manager], "/home", Look(dark, "en", PHONE_SIZE)),
    )


async def test_pictures(api: Api, database: Database) -> None:
    folder = Path(os.environ.get("PARLEY_PICTURES") or FOLDER)
    engine = make_engine(database.app_url, size=4, name="pictures")
    company = await a_company_with_history(World(engine), database)
    async with served(api) as url, async_playwright() as play:
        chromium = await play.chromium.launch(executable_path=str(CHROMIUM), args=list(BROWSER_ARGS))
        for picture in pictures(company):
            await take(chromium, url, company.world, picture, folder / f"web-{picture.name}.png")
        await chromium.close()
    await engine.dispose()


async def a_company_with_history(world: World, database: Database) -> Company:
    """Twelve weeks of purchases that came to their end, and one in every stage today."""
    today = SystemClock().now()
    world.clock = clock = FixedClock(today - dt.timedelta(weeks=WEEKS + 1))
    await with_company(world, database)
    company = await Company.founded(world)
    for week in range(WEEKS):
        clock.at = today - dt.timedelta(weeks=WEEKS + 1 - week)
        rates = tuple(ExchangeRate(code, clock.at.date(), rate) for code, rate in RATES.items())
        await world.act(ADMINISTRATOR, load_rates, LoadRates(rates, "tests"))
        for turn in range(1 + (week * 5) % 4):
            clock.at = today - dt.timedelta(weeks=WEEKS + 1 - week, hours=-20 * turn)
            await company.buy(Stage.received, week * 3 + turn, pace=2 + (week * 7 + turn * 3) % 9)
    for stage in sorted(Stage, reverse=True):
        clock.at = today - dt.timedelta(hours=40 - 2 * stage)
        await company.buy(stage, pace=1.5 + stage / 8)
    clock.at = today - dt.timedelta(hours=20)
    await company.buy(Stage.proposed, len(Stage))
    world.clock = SystemClock()
    await measured(world, database)
    return company


async def take(chromium: Chromium, url: str, world: World, picture: Picture, path: Path) -> None:
    async with seen_as(chromium, url, world, picture.who, picture.look) as page:
        await page.goto(url + picture.address)
        if picture.scene is not None:
            await picture.scene(page)
        await page.screenshot(path=path)
    with Image.open(path) as full:
        few = full.convert("RGB").quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    few.save(path, optimize=True)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        os.environ["PARLEY_PICTURES"] = sys.argv[1]
    sys.exit(pytest.main(["-q", "-m", "page", __file__]))
