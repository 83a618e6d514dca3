"""``python -m tests.page.screenshots [URL] [FOLDER]``: pictures of the page, light and dark, large and small.

One rule: nothing is staged behind the page; a picture shows what a person sees who does the same.
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.page.chromium import DESKTOP_SIZE, PHONE_SIZE, chromium, open_tab

FOLDER = Path(__file__).parents[2] / "docs" / "images"
PORTS = Path(__file__).parents[2] / "var" / "run" / "ports.json"
TEAM = "?cols=1001,1005,1007,2001"
PageScene = Callable[[Page], None]


def main(text: list[str]) -> None:
    url = text[0] if text else f"http://127.0.0.1:{json.loads(PORTS.read_text())['sandbox']}"
    folder = Path(text[1]) if len(text) > 1 else FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    with chromium() as browser:
        for name, query, scene in SCENES:
            for size in (DESKTOP_SIZE, PHONE_SIZE):
                for scheme in ("light", "dark"):
                    shown = "" if size == DESKTOP_SIZE else "-small"
                    path = folder / f"page-{name}{shown}-{scheme}.png"
                    _take(browser, f"{url}/{query}", scene, size, scheme, path)
                    print(f"{path.name}  {path.stat().st_size // 1000} kB", flush=True)


def _take(
    browser: Browser, address: str, scene: PageScene, size: tuple[int, int], scheme: str, path: Path
) -> None:
    with open_tab(browser, size, scheme) as browser_tab:
        browser_tab.page.goto(address)
        browser_tab.page.wait_for_selector(".message")
        scene(browser_tab.page)
        browser_tab.page.wait_for_timeout(1200)
        browser_tab.page.screenshot(path=path)
        _reduce_palette(path)
        assert browser_tab.console_errors == [], browser_tab.console_errors


def _reduce_palette(path: Path) -> None:
    """The same picture with a palette: a third of the size."""
    with Image.open(path) as picture:
        few = picture.convert("RGB").quantize(192, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    few.save(path, optimize=True)


def a_purchase(page: Page) -> None:
    """The demo, stopped where the manager is about to decide."""
    page.get_by_role("button", name="Play the demo").click()
    page.get_by_label("Speed").select_option("10")
    expect(page.locator(".caption")).to_contain_text("One press", timeout=120_000)
    page.get_by_role("button", name="Pause").first.click()


def a_question(text: str) -> PageScene:
    """The person in the first column writes, and reads the answer."""

    def scene(page: Page) -> None:
        own = page.locator(".column").first.locator(".message.bot")
        before = own.count()
        page.get_by_role("combobox").first.fill(text)
        page.get_by_role("combobox").first.press("Enter")
        own.nth(before).wait_for()

    return scene


def trouble_dialog(page: Page) -> None:
    page.get_by_role("button", name="Trouble").click()
    expect(page.locator("dialog")).to_be_visible()


SCENES: list[tuple[str, str, PageScene]] = [
    ("purchase", TEAM, a_purchase),
    ("de", "?cols=1002,1006,1008,2002", a_question("/request 2x Schreibtischlampe @40 für OFF")),
    ("ar", "?cols=1003,1005,1007", a_question("/request 2x مصباح مكتب @40 OFF")),
    ("trouble", TEAM, trouble_dialog),
]


if __name__ == "__main__":
    main(sys.argv[1:])
