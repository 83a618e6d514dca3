"""The workshop and the works that the workers' tests stand in."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.postgres import Database
from tests.support.world import World
from tests.workers.delivery.shop import shop
from tests.workers.delivery.works import Works

__all__ = ["shop"]


@pytest.fixture
async def works(world: World, database: Database, redis_url: str, tmp_path: Path) -> AsyncIterator[Works]:
    """A relay and a worker of this test's company."""
    opened = Works(world, database, redis_url, tmp_path)
    yield opened
    await opened.close()
