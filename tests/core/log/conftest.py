"""The log of each test."""

from collections.abc import AsyncIterator

import pytest

from tests.core.log.log_env import LogEnv
from tests.support.postgres import Database


@pytest.fixture
async def log_env(database: Database) -> AsyncIterator[LogEnv]:
    """An empty log."""
    opened = LogEnv(database)
    yield opened
    await opened.close()
