"""What the tests of the core's slices share."""

from collections.abc import AsyncIterator

import pytest

from tests.support.postgres import Database
from tests.support.uow import Office


@pytest.fixture
async def office(database: Database) -> AsyncIterator[Office]:
    """A small organisation with an administrator, an officer and a requester."""
    opened = await Office.open(database)
    yield opened
    await opened.close()
