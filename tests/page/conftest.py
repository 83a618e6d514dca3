"""A whole installation and a browser before it. ``PARLEY_PAGE_URL`` takes one that runs."""

import json
import os
import urllib.request
from collections.abc import Iterator
from importlib.util import find_spec
from typing import Any

import pytest

from tests.journeys.running_installation import RunningInstallation

if find_spec("playwright") is None:  # tests/page/browser.sh brings it
    collect_ignore_glob = ["test_*"]


class SandboxPage:
    """The installation by its sandbox's address."""

    def __init__(self, url: str) -> None:
        self.url = url

    def control(self, path: str, body: Any = None, method: str | None = None) -> Any:
        return self.request(f"/control{path}", body, method)

    def request(self, path: str, body: Any = None, method: str | None = None) -> Any:
        request = urllib.request.Request(
            f"{self.url}{path}",
            json.dumps(body).encode() if body is not None else None,
            {"Content-Type": "application/json"},
            method=method,
        )
        with urllib.request.urlopen(request, timeout=40) as answer:
            text = answer.read()
        return json.loads(text) if text else None


@pytest.fixture(scope="session")
def sandbox_page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SandboxPage]:
    running = os.environ.get("PARLEY_PAGE_URL")
    if running:
        yield SandboxPage(running)
        return
    installation = RunningInstallation(tmp_path_factory.mktemp("page") / "var", n8n=False)
    installation.up()
    ports = json.loads((installation.var / "run" / "ports.json").read_text())
    yield SandboxPage(f"http://127.0.0.1:{ports['sandbox']}")
    installation.down()


@pytest.fixture(scope="session")
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
