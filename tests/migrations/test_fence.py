"""What each login may do to the database, tried with SQL and without the application's own filters."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from core.accounts import links
from core.accounts.commands import MakeLink
from core.db.schema import metadata
from tests.support.postgres import Database
from tests.support.uow import SmallCompany

DENIED = asyncpg.InsufficientPrivilegeError


@pytest.fixture
async def office(database: Database) -> AsyncIterator[SmallCompany]:
    opened = await SmallCompany.open(database)
    yield opened
    await opened.close()


async def a_fact(office: SmallCompany) -> None:
    await office.act(office.requester, links.make_link, MakeLink(None))


ROW = "id, occurred_at, type, actor, actor_kind, channel, subject_kind, subject_id, subject_version, data, canonical"
COPIED = f"gen_random_uuid(), {ROW.partition(', ')[2]}, digest, correlation_id"

CHANGES = (
    (
        f"INSERT INTO audit_events ({ROW}, digest, correlation_id, position, chain)"
        f" SELECT {COPIED}, 7, 'x'::bytea FROM audit_events"
    ),
    f"INSERT INTO audit_events ({ROW}, digest, correlation_id, chain) SELECT {COPIED}, NULL FROM audit_events",
    (
        f"INSERT INTO audit_events ({ROW}, digest, correlation_id, seq) OVERRIDING SYSTEM VALUE"
        f" SELECT {COPIED}, 7000 FROM audit_events"
    ),
    "COPY audit_events (position) FROM STDIN",
    "SELECT setval('audit_events_seq_seq', 1)",
    (
        "INSERT INTO deliveries (id, event_id, position, event_type, subscriber, subject, due_at, updated_at)"
        " SELECT gen_random_uuid(), id, 1, type, 'cards', 'x', now(), now() FROM audit_events"
    ),
    "DELETE FROM deliveries",
    "UPDATE checkpoints SET root = 'x'",
    "DELETE FROM checkpoints",
    "UPDATE personal_values SET salt = 'x'",
    "DELETE FROM approval_logs",
    "UPDATE quote_revisions SET content = '{}'",
    "UPDATE receipts SET note = ''",
    "DELETE FROM receipts",
    "UPDATE request_comments SET text = 'x'",
    "UPDATE approval_policies SET tiers = '[]'",
    "DELETE FROM approval_policies",
    "DELETE FROM approvals",
    "DELETE FROM approval_steps",
    "DELETE FROM purchase_orders",
    "DELETE FROM vendor_quotes",
    "DELETE FROM people",
    "UPDATE audit_events SET data = '{}'",
    "UPDATE audit_events SET actor = 'somebody'",
    "UPDATE audit_events SET occurred_at = now()",
    "UPDATE audit_events SET digest = 'x'::bytea",
    "UPDATE audit_events SET position = 7, chain = 'x'::bytea",
    "UPDATE audit_events SET seq = DEFAULT",
    "DELETE FROM audit_events",
    "TRUNCATE audit_events",
    "TRUNCATE audit_events CASCADE",
    "DROP TABLE audit_events CASCADE",
    "ALTER TABLE audit_events DISABLE TRIGGER ALL",
    "DROP TRIGGER audit_events_are_written_once ON audit_events",
    "SET session_replication_role = replica",
    "DROP FUNCTION refuse_change_of_the_log CASCADE",
    "UPDATE approval_logs SET verb = 'approve'",
    "DELETE FROM quote_revisions",
    "INSERT INTO checkpoints VALUES (1, 'a', 'a', 'a', now())",
    "UPDATE alembic_version SET version_num = '0001'",
    "SET ROLE parley_owner",
    "SET ROLE parley_sealer",
)


@pytest.mark.parametrize("change", CHANGES)
async def test_app_cannot_change_the_log(office: SmallCompany, change: str) -> None:
    await a_fact(office)
    connection = await asyncpg.connect(office.database.app_url)
    with pytest.raises(DENIED):
        await connection.execute(change)
    await connection.close()


async def test_sealer_fills_position_and_chain_once_and_nothing_else(office: SmallCompany) -> None:
    await a_fact(office)
    connection = await asyncpg.connect(office.database.sealer_url)
    for change in (
        "UPDATE audit_events SET data = '{}'",
        "DELETE FROM audit_events",
        "TRUNCATE audit_events",
        "INSERT INTO people (id, name, created_at) VALUES (gen_random_uuid(), 'x', now())",
        "SELECT password_hash FROM people",
        "SELECT * FROM vendor_quotes",
    ):
        with pytest.raises(DENIED):
            await connection.execute(change)
    assert await connection.execute("UPDATE audit_events SET position = 1, chain = 'a'::bytea") == "UPDATE 1"
    for change in ("position = 2", "position = NULL, chain = NULL", "chain = 'b'::bytea"):
        with pytest.raises(DENIED, match="written once"):
            await connection.execute(f"UPDATE audit_events SET {change}")
    await connection.close()


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE audit_events SET actor = 'somebody'",
        "UPDATE audit_events SET position = 1, chain = 'a'::bytea, actor = 'somebody'",
        "DELETE FROM audit_events",
        "TRUNCATE audit_events CASCADE",
    ],
)
async def test_even_the_owner_is_stopped_by_the_triggers(office: SmallCompany, change: str) -> None:
    await a_fact(office)
    connection = await asyncpg.connect(office.database.owner_url)
    with pytest.raises(DENIED, match="written once"):
        await connection.execute(change)
    await connection.close()


@pytest.mark.parametrize("place", ["position = 1, chain = 'a'", "position = 9000000000, chain = 'a'"])
async def test_even_the_owner_adds_no_event_that_brings_its_place_along(
    office: SmallCompany, place: str
) -> None:
    """An installation whose only login is the owner has no other fence than this."""
    await a_fact(office)
    connection = await asyncpg.connect(office.database.owner_url)
    position, chain = (value.partition(" = ")[2] for value in place.split(", "))
    with pytest.raises(DENIED, match="only sealing"):
        await connection.execute(
            f"INSERT INTO audit_events ({ROW}, digest, correlation_id, position, chain)"
            f" SELECT {COPIED}, {position}, {chain}::bytea FROM audit_events"
        )
    await connection.close()


async def test_reader_reads_all_but_secrets_and_writes_nothing(office: SmallCompany) -> None:
    connection = await asyncpg.connect(office.database.reader_url)
    assert await connection.fetchval("SELECT count(*) FROM vendors") == 0
    assert await connection.fetchval("SELECT count(id) FROM people") == 3
    for query in (
        "SELECT password_hash FROM people",
        "SELECT * FROM refresh_tokens",
        "SELECT * FROM link_codes",
        "SELECT answer FROM idempotency_keys",
        "DELETE FROM people",
        "UPDATE vendors SET name = 'x'",
    ):
        with pytest.raises(DENIED):
            await connection.execute(query)
    await connection.close()


async def test_app_has_every_table(database: Database) -> None:
    connection = await asyncpg.connect(database.app_url)
    assert {"people", "audit_events", "checkpoints"} <= metadata.tables.keys()
    for name in metadata.tables:
        for right in ("SELECT", "INSERT"):
            if (name, right) not in (("checkpoints", "INSERT"), ("deliveries", "INSERT")):
                assert await connection.fetchval("SELECT has_any_column_privilege($1, $2)", name, right), (
                    f"{right} on {name}: grant it in the migration that makes the table"
                )
    await connection.close()
