"""Chat and browser together: a press on a card rewrites the open page, and a decision on the page rewrites the card.

The relay, the workers, the bot and the API run as they are, beside a strict server of the chat and a real browser.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest
from playwright.async_api import Browser as Chromium
from playwright.async_api import Page, expect
from pydantic import SecretStr

from bots.telegram.app import run
from bots.telegram.settings import TelegramSettings
from core.approvals.model import ApprovalDetails
from core.kernel.ids import RequestId
from core.people.model import Person
from core.purchases import request_queries
from tests.page.serving import served
from tests.page.test_staff_journey import entered, press, scripted
from tests.support.api import BOT_KEY, Api
from tests.support.sandbox_client import Json
from tests.workers.chats.live_env import TOKEN, LiveEnv, live_env

__all__ = ["live_env", "scripted"]

pytestmark = [pytest.mark.page, pytest.mark.timeout(300)]
ROUNDS = 3
SECOND = 1.0
"""What one of the rounds has to keep: the others may meet a machine that is busy with something else."""
PATIENCE_MS = 30_000


@dataclass
class MixedStage:
    """Everything that runs, and the manager who sits before both."""

    api: Api
    live: LiveEnv
    url: str
    manager: Person
    telegram: int

    async def a_pending_approval(self) -> tuple[ApprovalDetails, str]:
        """An approval that waits for the manager, and the number of its request."""
        approval = await self.live.world.an_open_approval()
        await self.live.wait_until_done()
        officer = await self.live.world.an_officer()
        wanted = RequestId(approval.approval.request_id)
        found = await self.live.world.act(officer, request_queries.show, wanted)
        return approval, found.request.number

    async def card(self, number: str) -> Json:
        """The manager's card that asks about this purchase."""
        seen = await self.live.sandbox.messages(self.telegram)
        return next(
            each for each in reversed(seen) if number in each["text"] and "Approve" in str(each["buttons"])
        )

    async def card_by_id(self, message_id: int) -> Json:
        seen = await self.live.sandbox.messages(self.telegram)
        return next(each for each in seen if each["id"] == message_id)

    async def approve_in_chat(self, card: Json) -> float:
        """Press it; when the bot had answered, which it does after the commit."""
        pressed = await self.live.sandbox.act(self.telegram, "press", message_id=card["id"], button="Approve")
        assert pressed["answered"], pressed
        return time.monotonic()


@asynccontextmanager
async def a_stage(api: Api, live: LiveEnv) -> AsyncIterator[MixedStage]:
    manager = await live.world.a_manager()
    chats = await live.link_chats(manager)
    stop = asyncio.Event()
    async with served(api) as url, live.running(), asyncio.TaskGroup() as tasks:
        settings = TelegramSettings.model_construct(
            api_url=url,
            bot_key=SecretStr(BOT_KEY),
            token=SecretStr(TOKEN),
            api_base=live.sandbox.url,
            mode="polling",
        )
        tasks.create_task(run(settings, stop))
        try:
            yield MixedStage(api, live, url, manager, chats.telegram)
        finally:
            stop.set()


async def rewritten(page: Page) -> None:
    """The page says that it was approved, and was not loaded again."""
    await expect(page.locator("main")).to_contain_text("approved", timeout=PATIENCE_MS, ignore_case=True)
    await expect(page.locator("form[action$='/approval/approve']")).to_have_count(0)
    assert await page.evaluate("window.stillTheSame"), "the page was rewritten, not loaded again"


async def test_a_press_on_the_card_rewrites_the_open_page_within_a_second(
    scripted: Api, live_env: LiveEnv, chromium: Chromium
) -> None:
    took = []
    async with a_stage(scripted, live_env) as stage:
        page = await entered(chromium, stage.url, live_env.world, stage.manager)
        for _ in range(ROUNDS):
            _, number = await stage.a_pending_approval()
            await page.goto(f"{stage.url}/purchases/{number}")
            await expect(page.locator("form[action$='/approval/approve']")).to_be_attached()
            await page.evaluate("window.stillTheSame = true")
            answered = await stage.approve_in_chat(await stage.card(number))
            await rewritten(page)
            took.append(time.monotonic() - answered)
    assert min(took) < SECOND, took


async def test_a_decision_on_the_page_rewrites_the_card_within_a_second(
    scripted: Api, live_env: LiveEnv, chromium: Chromium
) -> None:
    took = []
    async with a_stage(scripted, live_env) as stage:
        page = await entered(chromium, stage.url, live_env.world, stage.manager)
        for _ in range(ROUNDS):
            _, number = await stage.a_pending_approval()
            card = await stage.card(number)
            await page.goto(f"{stage.url}/purchases/{number}")
            await press(page, "approval/approve")
            begun = time.monotonic()
            await _card_is_done(stage, card)
            took.append(time.monotonic() - begun)
    assert min(took) < SECOND, took


async def _card_is_done(stage: MixedStage, card: Json) -> None:
    async with asyncio.timeout(PATIENCE_MS / 1_000):
        while True:
            now = await stage.card_by_id(card["id"])
            if "Approve" not in str(now["buttons"]) and "approved" in now["text"].lower():
                return
            await asyncio.sleep(0.02)


async def test_without_script_the_page_shows_it_after_a_reload_and_its_own_decision_reaches_the_card(
    scripted: Api, live_env: LiveEnv, chromium: Chromium
) -> None:
    async with a_stage(scripted, live_env) as stage:
        page = await entered(chromium, stage.url, live_env.world, stage.manager, script=False)
        _, number = await stage.a_pending_approval()
        await page.goto(f"{stage.url}/purchases/{number}")
        approve = page.locator("form[action$='/approval/approve']")
        await expect(approve).to_be_attached()
        await stage.approve_in_chat(await stage.card(number))
        assert await approve.count() == 1, "it stands still"
        await page.reload()
        await expect(approve).to_have_count(0)
        await expect(page.locator("main")).to_contain_text("approved", ignore_case=True)
        _, other = await stage.a_pending_approval()
        card = await stage.card(other)
        await page.goto(f"{stage.url}/purchases/{other}")
        await press(page, "approval/approve")
        await _card_is_done(stage, card)


async def test_a_card_that_is_late_says_who_was_faster(
    scripted: Api, live_env: LiveEnv, chromium: Chromium
) -> None:
    """Both at once: one decides, the other is told, and nothing is decided twice."""
    async with a_stage(scripted, live_env) as stage:
        page = await entered(chromium, stage.url, live_env.world, stage.manager, script=False)
        approval, number = await stage.a_pending_approval()
        await page.goto(f"{stage.url}/purchases/{number}")
        await stage.approve_in_chat(await stage.card(number))
        form = page.locator("form[action$='/approval/approve']").first
        if not await form.is_visible():
            await page.locator("details", has=form).first.locator("summary").click()
        await form.locator("button").click()
        await expect(page.locator("[role=alert]").first).to_be_visible()
        decided = [
            each
            for each in await live_env.world.events_of(approval.approval.id)
            if each == "approval.approved"
        ]
        assert len(decided) <= 1
