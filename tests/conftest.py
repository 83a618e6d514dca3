"""What every test may ask for: a real PostgreSQL and a real Redis of its own.

What is imported lives to the end, so no collection of garbage looks at it: that was a tenth of the suite's time.
"""

import gc

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from tests.support import statements

pytest_plugins = [
    "tests.support.postgres",
    "tests.support.database_pool",
    "tests.support.redis",
    "tests.support.api",
]

gc.disable()
statements.share()


class ByInstallation(LoadScopeScheduling):  # type: ignore[misc]
    """The journeys of one installation, which takes minutes to come up, on one worker; all else file by file."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        folder, _, name = file.rpartition("/")
        return folder if folder == "tests/journeys" and name not in WITHOUT_STAND else file


WITHOUT_STAND = ("test_killed_bots.py",)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling | None:
    return ByInstallation(config, log) if config.getvalue("dist") == "loadscope" else None


def pytest_collection_finish() -> None:
    gc.freeze()
    gc.enable()
