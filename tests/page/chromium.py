"""Headless Chromium, Debian's own, with whatever it says aloud written down."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.async_api import Browser as AsyncBrowser
from playwright.async_api import async_playwright
from playwright.async_api import expect as expect_async
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
BROWSER_ARGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
PATIENCE_MS = 20_000
"""A machine that is busy with other tests is no failure."""
DESKTOP_SIZE, PHONE_SIZE = (1440, 900), (390, 844)

for each in (expect, expect_async):
    each.set_options(timeout=PATIENCE_MS)


@dataclass
class BrowserTab:
    """A page of the browser: what it loaded, and what it complained of."""

    page: Page
    console_errors: list[str] = field(default_factory=list)
    requested_urls: list[str] = field(default_factory=list)

    def on_console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.console_errors.append(message.text)


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=str(CHROMIUM), args=list(BROWSER_ARGS))
        yield browser
        browser.close()


@asynccontextmanager
async def a_chromium() -> AsyncIterator[AsyncBrowser]:
    """The same for tests with a loop of their own."""
    async with async_playwright() as play:
        browser = await play.chromium.launch(executable_path=str(CHROMIUM), args=list(BROWSER_ARGS))
        yield browser
        await browser.close()


@contextmanager
def open_tab(
    browser: Browser, size: tuple[int, int] = DESKTOP_SIZE, scheme: str = "light"
) -> Iterator[BrowserTab]:
    """One page of its own: nothing of another test is remembered."""
    context: BrowserContext = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme="dark" if scheme == "dark" else "light",
        reduced_motion="reduce",
        locale="en-GB",
    )
    browser_tab = BrowserTab(context.new_page())
    browser_tab.page.on("console", browser_tab.on_console)
    browser_tab.page.on("pageerror", lambda error: browser_tab.console_errors.append(str(error)))
    browser_tab.page.on("request", lambda request: browser_tab.requested_urls.append(request.url))
    browser_tab.page.set_default_timeout(PATIENCE_MS)
    yield browser_tab
    context.close()
