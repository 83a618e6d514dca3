"""What every test may ask for: a real PostgreSQL and a real Redis of its own.

What is imported lives to the end, so no collection of garbage looks at it: that was a tenth of the suite's time.
"""

import gc

import pytest

from tests.support import statements

pytest_plugins = ["tests.support.postgres", "tests.support.shelf", "tests.support.redis", "tests.support.api"]

gc.disable()
statements.share()


SHARED = ("stand", "real_n8n")
"""Installations that take a minute to come up."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """With ``--dist loadgroup`` those that share an installation, or else a file, meet on one worker."""
    for item in items:
        asked = getattr(item, "fixturenames", ())
        group = next((name for name in SHARED if name in asked), item.path.name)
        item.add_marker(pytest.mark.xdist_group(group))


def pytest_collection_finish() -> None:
    gc.freeze()
    gc.enable()
