"""A person's groups on the page: listed above their messages, entered, and read topic by topic or thread by thread."""

import asyncio
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.page.chromium import BrowserTab, open_tab
from tests.page.sandbox.conftest import SandboxPage
from tests.page.sandbox.test_the_page import measure_page, open_page
from tests.support.sandbox_client import SandboxClient

pytestmark = [pytest.mark.page, pytest.mark.timeout(300)]
FORUM, CHANNEL = "Office purchases", "office-purchases"


def column(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=name)


def chats(page: Page, person: str) -> Locator:
    return page.get_by_role("navigation", name=f"Chats of {person}")


def submit(sandbox_page: SandboxPage, item: str) -> str:
    """Rosa asks for something for the office on Telegram; the request's number."""

    async def ask(client: SandboxClient) -> str:
        await client.act(1001, "send", text=f"/request 3x {item} @90 needed 2027-03-15 for OFF")
        while True:
            seen: list[dict[str, Any]] = await client.messages(1001)
            found = [each for each in seen if item in each["text"] and "Submit" in str(each["buttons"])]
            if found:
                break
            await asyncio.sleep(0.1)
        answer = await client.act(1001, "press", message_id=found[-1]["id"], button="Submit")
        return str(answer["text"]).partition(" ")[0]

    return sandbox_page.control(ask)


def test_a_purchase_shows_up_in_the_group_as_a_topic_and_as_a_thread(
    sandbox_page: SandboxPage, desktop_tab: BrowserTab
) -> None:
    page = open_page(sandbox_page, desktop_tab, "/?cols=1005,U1007&inside=0")
    mine = chats(page, "Oscar Lind")
    expect(mine.get_by_role("button")).to_have_text(["Parley", FORUM])
    number = submit(sandbox_page, "Standing lamp")
    expect(mine.get_by_role("button", name=FORUM).locator(".badge")).to_be_visible()
    mine.get_by_role("button", name=FORUM).click()
    topic = page.locator("#c-1005 .topic", has_text=f"{number} Standing lamp · submitted")
    expect(topic).to_be_visible()
    expect(page.locator("#c-1005 .message", has_text=f"{number} · submitted")).to_contain_text(
        "3 × Standing lamp"
    )
    assert "90.00" not in page.locator("#c-1005 .messages").inner_text(), "a group sees no price"
    expect(mine.locator(".badge")).to_have_count(0)
    chats(page, "Mara Osei").get_by_role("button", name=CHANNEL).click()
    post = page.locator("#c-U1007 .message", has_text=f"{number} Standing lamp · submitted")
    post.get_by_role("button", name="1 reply").click()
    expect(page.locator("#c-U1007 .thread")).to_contain_text("3 × Standing lamp")


def test_what_is_written_in_a_topic_stands_there_for_everybody_and_in_no_private_chat(
    sandbox_page: SandboxPage, desktop_tab: BrowserTab
) -> None:
    number = submit(sandbox_page, "Desk pad")
    page = open_page(sandbox_page, desktop_tab, "/?cols=1005,1007&inside=0")
    for person in ("Oscar Lind", "Mara Osei"):
        chats(page, person).get_by_role("button", name=FORUM).click()
    page.locator("#c-1005").get_by_role("button", name=f"Write in {number}").click()
    field = page.get_by_role("combobox", name="Message as Oscar Lind")
    field.fill("Do we need two?")
    field.press("Enter")
    said = page.locator("#c-1007 .message", has_text="Do we need two?")
    expect(said).to_be_visible()
    expect(said.locator(".sender")).to_have_text("Oscar")
    chats(page, "Oscar Lind").get_by_role("button", name="Parley").click()
    expect(page.locator("#c-1005 .message", has_text="Do we need two?")).to_have_count(0)


def test_a_group_is_opened_from_the_list_of_people_and_groups(
    sandbox_page: SandboxPage, desktop_tab: BrowserTab
) -> None:
    page = open_page(sandbox_page, desktop_tab, "/?cols=2001&inside=0")
    page.get_by_role("button", name="Add person").click()
    page.get_by_role("button", name=f"{CHANNEL} seen as Rosa Keller").click()
    current = chats(page, "Rosa Keller").locator("[aria-current=true]")
    expect(current).to_have_text(CHANNEL)
    assert "U1001" in page.url


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_group_is_readable_in_light_and_dark_and_on_a_telephone(
    sandbox_page: SandboxPage, browser: Browser, scheme: str
) -> None:
    submit(sandbox_page, f"{scheme.capitalize()} clock")
    with open_tab(browser, (390, 844), scheme) as browser_tab:
        page = open_page(sandbox_page, browser_tab, "/?as=1001&inside=0")
        chats(page, "Rosa Keller").get_by_role("button", name=FORUM).click()
        expect(page.locator(".topic").first).to_be_visible()
        found = [measure_page(page, name) for name in ("contrast", "nameless", "doubledIds", "sideways")]
        assert found == [[], [], [], 0]
        assert browser_tab.console_errors == []
