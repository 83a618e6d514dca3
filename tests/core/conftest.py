"""What the tests of the core's slices share."""

from collections.abc import AsyncIterator

import pytest

from tests.support.postgres import Database
from tests.support.uow import SmallCompany


@pytest.fixture
async def company(database: Database) -> AsyncIterator[SmallCompany]:
    """A small organisation with an administrator, an officer and a requester."""
    opened = await SmallCompany.open(database)
    yield opened
    await opened.close()
