"""What a vendor's login sees of the portal's tables when the application's own filter is switched off."""

from collections.abc import AsyncIterator
from uuid import UUID

import asyncpg
import pytest

from core.db.engine import Engine, make_engine
from core.kernel.ids import RfqId
from core.quote_drafts import service as drafts
from core.quote_drafts.commands import SaveQuoteDraft
from tests.support.company_snapshot import with_company
from tests.support.postgres import Database
from tests.support.world import World

SECRETS = ("vendor_links", "vendor_link_codes", "mails")


@pytest.fixture
async def engine(database: Database) -> AsyncIterator[Engine]:
    opened = make_engine(database.app_url, size=4)
    yield opened
    await opened.dispose()


async def test_a_vendor_sees_its_own_drafts_and_no_link_code_or_mail(
    engine: Engine, database: Database
) -> None:
    world = await with_company(World(engine), database)
    (first, mine), (second, theirs) = await world.a_vendor(), await world.a_vendor()
    rfq = await world.an_rfq(to=[first, second])
    for contact in (mine, theirs):
        await world.act(contact, drafts.save_draft, SaveQuoteDraft(RfqId(rfq.rfq.id), {"note": contact.name}))
    connection = await asyncpg.connect(database.app_url)
    try:
        async with connection.transaction():
            await connection.execute("SELECT set_config('parley.vendor_id', $1, true)", str(first.id))
            await connection.execute("SET LOCAL ROLE parley_vendor")
            seen = await connection.fetch("SELECT person_id FROM quote_drafts")
            assert [UUID(str(row["person_id"])) for row in seen] == [mine.id]
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                async with connection.transaction():
                    await connection.execute(
                        "INSERT INTO quote_drafts VALUES ($1, $2, $3, '{}', now())",
                        rfq.rfq.id,
                        theirs.id,
                        second.id,
                    )
            for table in SECRETS:
                with pytest.raises(asyncpg.InsufficientPrivilegeError):
                    async with connection.transaction():
                        await connection.fetch(f"SELECT 1 FROM {table}")
    finally:
        await connection.close()


async def test_the_reader_sees_no_hash_and_nothing_typed(database: Database) -> None:
    connection = await asyncpg.connect(database.reader_url)
    try:
        for column, table in (
            ("secret_hash", "vendor_links"),
            ("code_hash", "vendor_link_codes"),
            ("ticket_hash", "vendor_link_codes"),
            ("typed", "quote_drafts"),
            ("email", "vendor_colleagues"),
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.fetch(f"SELECT {column} FROM {table}")
        assert await connection.fetch("SELECT id, expires_at FROM vendor_links") == []
    finally:
        await connection.close()
