"""A mailbox for the portal's tests."""

from collections.abc import AsyncIterator

import pytest

from tests.support.mailbox import Mailbox, mailbox_of
from tests.support.postgres import Database
from tests.support.world import World


@pytest.fixture
async def mailbox(world: World, database: Database) -> AsyncIterator[Mailbox]:
    async with mailbox_of(world, database) as opened:
        yield opened
