"""Tests of pages are there when a browser is: one for all tests of a process, and each opens windows of its own."""

from collections.abc import AsyncIterator
from importlib.util import find_spec
from typing import Any

import pytest

if find_spec("playwright") is None:  # tests/page/browser.sh brings it
    collect_ignore_glob = ["test_*"]


@pytest.fixture(scope="session")
async def started_chromium() -> AsyncIterator[Any]:
    from tests.page.chromium import a_chromium

    async with a_chromium() as started:
        yield started


@pytest.fixture
async def chromium(started_chromium: Any) -> AsyncIterator[Any]:
    """Nothing of another test is open in it, or remembered."""
    yield started_chromium
    for context in started_chromium.contexts:
        await context.close()
