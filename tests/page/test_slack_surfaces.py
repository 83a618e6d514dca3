"""What only Slack has, in a browser: modals, the home tab, threads, ephemeral notes, a question before a press."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser as Chromium
from playwright.async_api import Page, expect

from tests.sandbox.slack.conftest import ROSA, SlackSandbox, workspace

__all__ = ["workspace"]
pytestmark = [pytest.mark.page, pytest.mark.timeout(120)]
MEASURES = Path(__file__).with_name("measures.js").read_text(encoding="utf-8")


def plain(text: str) -> dict[str, str]:
    return {"type": "plain_text", "text": text}


def field(name: str, label: str, **element: Any) -> dict[str, Any]:
    made = {"type": "plain_text_input", "action_id": name} | element
    return {"type": "input", "block_id": name, "label": plain(label), "element": made}


ASK = {
    "title": plain("Reject REQ-7?"),
    "text": plain("They hear at once."),
    "confirm": plain("Reject"),
    "deny": plain("Back"),
}
STYLES: tuple[dict[str, Any], ...] = (
    {"style": "primary", "value": "y"},
    {"style": "danger", "value": "n", "confirm": ASK},
)
CARD = [
    {"type": "header", "text": plain("REQ-7 · waiting")},
    {"type": "actions", "elements": [
        {"type": "button", "text": plain(words), "action_id": more["value"]} | more
        for words, more in zip(("Approve", "Reject…"), STYLES, strict=True)
    ]},
]  # fmt: skip
CENTRES = [{"text": plain(one), "value": one} for one in ("IT", "OFF")]
FORM = {
    "type": "modal", "title": plain("New request"), "submit": plain("Review"), "close": plain("Cancel"),
    "blocks": [
        field("item", "Item"),
        field("qty", "Quantity", type="number_input", is_decimal_allowed=True),
        field("centre", "Cost centre", type="static_select", options=CENTRES),
    ],
}  # fmt: skip
HOME = {"type": "home", "blocks": [{"type": "header", "text": plain("2 wait for you")}]}


@pytest.fixture
async def page(workspace: SlackSandbox, chromium: Chromium) -> AsyncIterator[Page]:
    """Rosa's column; the page complains of nothing."""
    complaints: list[str] = []
    opened = await chromium.new_page(viewport={"width": 900, "height": 800}, reduced_motion="reduce")
    opened.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    await opened.goto(f"{workspace.url}/?cols={ROSA}")
    await opened.wait_for_selector(".column.slack")
    yield opened
    await opened.close()
    assert complaints == []


async def card(workspace: SlackSandbox) -> tuple[str, str]:
    channel = (await workspace.call("conversations.open", users=ROSA))["channel"]["id"]
    posted = await workspace.call("chat.postMessage", channel=channel, text="REQ-7", blocks=CARD)
    return channel, posted["ts"]


async def measure_page(page: Page, measure: str) -> Any:
    return await page.evaluate(f"({MEASURES}).{measure}()")


async def test_a_command_opens_a_form_and_its_mistakes_stand_at_their_fields(
    workspace: SlackSandbox, page: Page
) -> None:
    async def answer(body: dict[str, Any]) -> Any:
        if "command" in body:
            await workspace.call("views.open", trigger_id=body["trigger_id"], view=FORM)
            return None
        return {"response_action": "errors", "errors": {"item": "I do not know this item."}}

    workspace.app.answer = answer
    await page.get_by_role("combobox", name="Message as Rosa").fill("/parley request")
    await page.keyboard.press("Enter")
    form = page.get_by_role("dialog", name="New request")
    await expect(form.get_by_label("Item")).to_be_focused()
    assert (await measure_page(page, "contrast"), await measure_page(page, "nameless")) == ([], [])
    await page.keyboard.type("lamp")
    await form.get_by_label("Quantity").fill("2")
    await form.get_by_label("Cost centre").select_option("OFF")
    await form.get_by_role("button", name="Review").click()
    await expect(form.get_by_role("alert")).to_have_text("I do not know this item.")
    await expect(form.get_by_label("Item")).to_have_value("lamp")
    values = (await workspace.app.wait_for("view_submission")).body["view"]["state"]["values"]
    assert values["centre"]["centre"]["selected_option"]["value"] == "OFF"
    await page.keyboard.press("Escape")
    await expect(form).to_have_count(0)


async def test_a_dangerous_press_asks_first(workspace: SlackSandbox, page: Page) -> None:
    await card(workspace)
    await page.get_by_role("button", name="Reject…").click()
    question = page.get_by_role("alertdialog", name="Reject REQ-7?")
    await question.get_by_role("button", name="Back").click()
    await page.get_by_role("button", name="Reject…").click()
    await question.get_by_role("button", name="Reject").click()
    assert (await workspace.app.wait_for("block_actions")).body["actions"][0]["value"] == "n"
    assert len([one for one in workspace.app.received if one.kind == "block_actions"]) == 1


async def test_a_card_is_edited_in_place_and_marked_so(workspace: SlackSandbox, page: Page) -> None:
    channel, ts = await card(workspace)
    await expect(page.locator(".slack .message")).to_have_count(1)
    await workspace.call("chat.update", channel=channel, ts=ts, text="REQ-7 approved", blocks=CARD[:1])
    await expect(page.locator(".edited")).to_be_visible()
    await expect(page.locator(".slack .message")).to_have_count(1)
    await expect(page.locator(".slack .key")).to_have_count(0)


async def test_a_thread_opens_beside_and_answers_go_into_it(workspace: SlackSandbox, page: Page) -> None:
    channel, ts = await card(workspace)
    await workspace.call("chat.postMessage", channel=channel, text="Noted.", thread_ts=ts)
    await page.get_by_role("button", name="1 reply").click()
    await expect(page.locator(".thread .message")).to_have_count(2)
    await page.keyboard.type("Thank you")
    await page.keyboard.press("Enter")
    await expect(page.locator(".thread .message")).to_have_count(3)
    assert (await workspace.messages(ROSA))[-1]["thread"] == ts
    await page.get_by_role("button", name="Close the thread").click()
    await expect(page.get_by_role("button", name="2 replies")).to_be_visible()


async def test_the_home_tab_shows_what_the_app_drew(workspace: SlackSandbox, page: Page) -> None:
    await workspace.call("views.publish", user_id=ROSA, view=HOME)
    await page.get_by_role("tab", name="Home").click()
    await expect(page.get_by_role("heading", name="2 wait for you")).to_be_visible()
    await workspace.app.wait_for("app_home_opened")


async def test_a_note_for_one_says_so(workspace: SlackSandbox, page: Page) -> None:
    channel, _ = await card(workspace)
    await workspace.call("chat.postEphemeral", channel=channel, user=ROSA, text="You may not decide this.")
    await expect(page.locator(".ephemeral")).to_contain_text("Only visible to you")
