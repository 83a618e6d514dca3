"""The fixtures of all tests, and how tests are spread over the test processes.

Imported modules live until the end, so the garbage collector skips them: looking at them took a tenth of the time.
"""

import gc

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

pytest_plugins = [
    "tests.support.postgres",
    "tests.support.database_pool",
    "tests.support.redis",
    "tests.support.api",
]

gc.disable()


class ByInstallation(LoadScopeScheduling):  # type: ignore[misc]
    """One test process for the journeys that share an installation, which takes minutes to start; else file by file."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        folder, _, name = file.rpartition("/")
        return folder if folder == "tests/journeys" and name not in WITHOUT_INSTALLATION else file


WITHOUT_INSTALLATION = ("test_killed_bots.py",)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling | None:
    return ByInstallation(config, log) if config.getvalue("dist") == "loadscope" else None


def pytest_collection_finish() -> None:
    gc.freeze()
    gc.enable()
