"""The policy’s form in a real browser: tiers come and go in place or by a page, and Enter neither sets nor removes."""

import pytest
from playwright.async_api import Browser, Page, expect

from api.contract import endpoints as e
from core.access.roles import Role
from tests.page.serving import served
from tests.page.test_staff_journey import entered, scripted
from tests.support.api import Api
from tests.support.world import PASSWORD, World

__all__ = ["scripted"]

pytestmark = [pytest.mark.page, pytest.mark.timeout(240)]


async def the_form(page: Page, url: str) -> int:
    """Open it; how many tiers it has."""
    await page.goto(f"{url}/administration/policy")
    tiers: int = await page.locator("fieldset.tier:has([name$='.due_hours'])").count()
    return tiers


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
async def test_a_tier_is_added_filled_and_set(
    scripted: Api, world: World, chromium: Browser, script: bool
) -> None:
    person = await world.a_person(Role.admin, password=PASSWORD)
    before = await scripted.as_(person).call(e.show_policy)
    async with served(scripted) as url:
        page = await entered(chromium, url, world, person, script=script)
        count = await the_form(page, url)
        assert count == len(before.tiers)
        if script:
            await page.evaluate("window.stillTheSame = true")
        await page.locator("[name='tiers.0.name']").fill("the first one")
        await page.get_by_role("button", name="Add a tier").click()
        new = page.locator(f"[name='tiers.{count}.name']")
        await expect(new).to_be_visible()
        await expect(new).to_be_focused()
        await expect(page.locator("[name='tiers.0.name']")).to_have_value("the first one")
        if script:
            assert await page.evaluate("window.stillTheSame"), "in place"
        await page.get_by_role("button", name=f"Remove tier {count + 1}").click()
        await expect(new).to_have_count(0)
        await page.get_by_role("button", name="Add a step to tier 1").click()
        steps = len(before.tiers[0].steps) + 1
        await expect(page.locator("[name^='tiers.0.steps.'][name$='.needs']")).to_have_count(steps)
        await page.locator(f"[name='tiers.0.steps.{steps - 1}.name']").fill("the last word")
        await page.locator(f"[name='tiers.0.steps.{steps - 1}.roles.manager']").check()
        await page.locator("#policy-form").get_by_role("button", name="Set this policy").click()
        await page.locator("#policy-form-password").fill(PASSWORD)
        await page.locator("#policy-form").get_by_role("button", name="Set this policy").click()
        await expect(page.locator(".said").first).to_contain_text("It is saved.")
    after = await scripted.as_(person).call(e.show_policy)
    assert (after.tiers[0].name, after.tiers[0].steps[-1].name) == ("the first one", "the last word")


async def test_enter_in_a_field_tries_the_policy_and_neither_sets_nor_removes(
    scripted: Api, world: World, chromium: Browser
) -> None:
    person = await world.a_person(Role.admin, password=PASSWORD)
    before = await scripted.as_(person).call(e.show_policy)
    async with served(scripted) as url:
        page = await entered(chromium, url, world, person)
        count = await the_form(page, url)
        await page.locator("[name='tiers.0.due_hours']").fill("5")
        await page.locator("[name='tiers.0.due_hours']").press("Enter")
        await page.wait_for_url("**/policy/try-tiers")
        await expect(page.locator("[name='tiers.0.due_hours']")).to_have_value("5")
        assert await page.locator("fieldset.tier:has([name$='.due_hours'])").count() == count
    assert (await scripted.as_(person).call(e.show_policy)).version == before.version
