"""The fixtures of all tests, and how tests are spread over the test processes.

Imported modules live until the end, so the garbage collector skips them: looking at them took a tenth of the time.
The event loop is uvloop's, as in every process of production.
Properties are tried on the same examples in every run: ``HYPOTHESIS_PROFILE=thorough`` tries more of them, ``search``
looks for others.
"""

import asyncio
import contextlib
import gc
import importlib
import os
from pathlib import Path

import pytest
import uvloop
from hypothesis import settings
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from tests.support.properties import THOROUGH

pytest_plugins = [
    "tests.support.postgres",
    "tests.support.database_pool",
    "tests.support.redis",
    "tests.support.api",
]

settings.register_profile("repeatable", derandomize=True)
settings.register_profile(THOROUGH, derandomize=True)
settings.register_profile("search")
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeatable"))
asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())
gc.disable()
ROOT = Path(__file__).parent.parent
COLLECTED_AFTER = (20_000, 20, 20)
"""Objects and passes; what tests make is mostly free at once, so looking for cycles seldom finds any."""


class BySharedFixture(LoadScopeScheduling):  # type: ignore[misc]
    """File by file; one test process for a folder whose tests share what takes long to make.

    The journeys share an installation, the tests of plans a filled database, those of the architecture the sources'
    trees. Files with many tests come first, and the few that take long before those: so all processes end together.
    """

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        folder, _, name = file.rpartition("/")
        return folder if folder in SHARING_FOLDERS and name not in WITHOUT_INSTALLATION else file

    def schedule(self) -> None:
        begun = self.collection is not None
        super().schedule()
        if not begun:
            for file in reversed(SLOW_FILES):
                if file in self.workqueue:
                    self.workqueue.move_to_end(file, last=False)


SHARING_FOLDERS = (
    *("tests/journeys", "tests/deployment", "tests/page/sandbox"),
    *("tests/plans", "tests/architecture"),
)
WITHOUT_INSTALLATION = ("test_killed_bots.py", "test_backup.py", "test_shop_window_without_n8n.py")
"""Journeys that use none, or one of their own."""
SLOW_FILES = (
    "tests/stack/test_demo.py",
    "tests/stack/test_demo_demand.py",
    "tests/stack/test_demo_hints.py",
    "tests/migrations/test_schema.py",
    "tests/api/test_refused_values.py",
    "tests/web/test_figures_on_pages.py",
    "tests/core/findings/test_agreement.py",
    "tests/bots/test_worklist_readers.py",
    "tests/core/orders/test_no_dead_ends.py",
    "tests/core/test_actions.py",
    "tests/bots/test_every_language.py",
    "tests/api/test_numbers.py",
    "tests/api/language/test_properties.py",
    "tests/api/test_process.py",
    "tests/stack/test_bench.py",
    "tests/journeys/test_backup.py",
)
"""With few tests, so they would begin when the other test processes end."""


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling | None:
    return BySharedFixture(config, log) if config.getvalue("dist") == "loadscope" else None


def pytest_sessionstart(session: pytest.Session) -> None:
    """Each test process imports a part of the files that all will import, so each compiles a part of them.

    Else, on a new machine, all compile the same file at the same time. An error is told when the file is collected.
    """
    worker = getattr(session.config, "workerinput", None)
    if worker is None or session.config.args != session.config.getini("testpaths"):
        return
    files = sorted(Path(__file__).parent.rglob("test_*.py"))
    part = len(files) // worker["workercount"] + 1
    begin = int(worker["workerid"].removeprefix("gw")) * part
    for file in files[begin : begin + part]:
        with contextlib.suppress(Exception):
            importlib.import_module(".".join(file.relative_to(ROOT).with_suffix("").parts))


def pytest_collection_finish() -> None:
    gc.freeze()
    gc.set_threshold(*COLLECTED_AFTER)
    gc.enable()
