"""One installation for all journeys, with the real n8n; taken down at the end.

``PARLEY_JOURNEY_VAR`` names the var folder of one that runs already, so that writing a journey is quick.
"""

import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.journeys.running_installation import RunningInstallation


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningInstallation]:
    running = os.environ.get("PARLEY_JOURNEY_VAR")
    created = RunningInstallation(
        Path(running) if running else tmp_path_factory.mktemp("journey") / "var", n8n=True
    )
    try:
        created.up()
        yield created
    finally:
        if not running:
            created.down()


@pytest.fixture
async def patient(installation: RunningInstallation) -> AsyncIterator[None]:
    """Nobody wonders at approvals within seconds: a player presses sooner than people do."""
    switch = "/insights/switches/findings"
    await installation.put("admin", switch, {"enabled": False})
    yield
    await installation.put("admin", switch, {"enabled": True})
