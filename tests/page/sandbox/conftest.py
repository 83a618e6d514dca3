"""A whole installation and a browser before it. ``PARLEY_PAGE_URL`` takes one that runs.

Both end with this folder: the synchronous browser keeps its loop running, beside which no other test's would run.
"""

import asyncio
import json
import os
import urllib.request
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import Any, TypeVar

import aiohttp
import pytest

from tests.journeys.running_installation import RunningInstallation
from tests.support.postgres import in_thread
from tests.support.sandbox_client import SandboxClient

T = TypeVar("T")
CONTROL_SECONDS = 120
"""Nobody else ends what waits in another thread for something that never appears."""

if find_spec("playwright") is None:  # tests/page/browser.sh brings it
    collect_ignore_glob = ["test_*"]


class SandboxPage:
    """The installation by its sandbox's address."""

    def __init__(self, url: str) -> None:
        self.url = url

    def control(self, use: Callable[[SandboxClient], Awaitable[T]]) -> T:
        """What its control interface answers; Playwright's loop runs in this thread, so another one asks."""
        return in_thread(lambda: asyncio.run(asyncio.wait_for(self._control(use), CONTROL_SECONDS)))

    def call_bot_api(self, token: str, method: str, payload: object) -> None:
        """What a bot calls; HTTPError when it is refused."""
        request = urllib.request.Request(
            f"{self.url}/bot{token}/{method}",
            json.dumps(payload).encode(),
            {"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=40) as answer:
            answer.read()

    async def _control(self, use: Callable[[SandboxClient], Awaitable[T]]) -> T:
        async with aiohttp.ClientSession() as http:
            return await use(SandboxClient(self.url, http))


@contextmanager
def serving(installation: RunningInstallation) -> Iterator[SandboxPage]:
    """The page of an installation that runs as long as the block."""
    try:
        installation.up()
        yield SandboxPage(installation.addresses["sandbox"])
    finally:
        installation.down()


@pytest.fixture(scope="package")
def sandbox_page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SandboxPage]:
    running = os.environ.get("PARLEY_PAGE_URL")
    if running:
        yield SandboxPage(running)
        return
    with serving(RunningInstallation(tmp_path_factory.mktemp("page") / "var", n8n=False)) as page:
        yield page


@pytest.fixture(scope="package")
def browser() -> Iterator[Any]:
    from tests.page.chromium import chromium

    with chromium() as started:
        yield started


@pytest.fixture
def desktop_tab(browser: Any) -> Iterator[Any]:
    """A page on a desk; whatever a test does, the page complains of nothing."""
    from tests.page.chromium import open_tab

    with open_tab(browser) as browser_tab:
        yield browser_tab
        assert browser_tab.console_errors == []
