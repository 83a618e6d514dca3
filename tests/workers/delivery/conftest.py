"""The workshop and the works that the workers' tests stand in."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.postgres import Database
from tests.support.world import World
from tests.workers.delivery.relay_env import RelayEnv
from tests.workers.delivery.worker_env import worker_env

__all__ = ["worker_env"]


@pytest.fixture
async def relay_env(
    world: World, database: Database, redis_url: str, tmp_path: Path
) -> AsyncIterator[RelayEnv]:
    """A relay and a worker of this test's company."""
    opened = RelayEnv(world, database, redis_url, tmp_path)
    yield opened
    await opened.close()
