"""The log of each test."""

from collections.abc import AsyncIterator

import pytest

from tests.core.log.ledger import Ledger
from tests.support.postgres import Database


@pytest.fixture
async def ledger(database: Database) -> AsyncIterator[Ledger]:
    """An empty log."""
    opened = Ledger(database)
    yield opened
    await opened.close()
