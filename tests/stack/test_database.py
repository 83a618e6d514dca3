"""The embedded servers, the roles and the fence between them."""

import asyncpg
import pytest

from administration.logins import is_at_revision, with_login
from migrations.head import HEAD
from tests.support.postgres import Database, PostgresServer


async def test_each_login_reaches_the_database_under_its_own_name(database: Database) -> None:
    for login in ("owner", "app", "sealer", "reader"):
        connection = await asyncpg.connect(getattr(database.addresses, login))
        assert await connection.fetchval("SELECT current_user") == f"parley_{login}"
        await connection.close()


async def test_a_stranger_with_a_login_may_not_connect(database: Database) -> None:
    admin = await asyncpg.connect(database.admin_url)
    await admin.execute("CREATE ROLE stranger LOGIN PASSWORD 'stranger'")
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await asyncpg.connect(with_login(database.admin_url, "stranger", "stranger"))
    finally:
        await admin.execute("DROP ROLE stranger")
        await admin.close()


async def test_app_steps_down_to_the_vendor_role_and_has_no_right_of_it_before(database: Database) -> None:
    connection = await asyncpg.connect(database.app_url)
    async with connection.transaction():
        await connection.execute("SET LOCAL ROLE parley_vendor")
        assert await connection.fetchval("SELECT current_user") == "parley_vendor"
    assert await connection.fetchval("SELECT pg_has_role('parley_app', 'parley_vendor', 'USAGE')") is False
    await connection.close()


async def test_app_may_not_make_tables(database: Database) -> None:
    connection = await asyncpg.connect(database.app_url)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connection.execute("CREATE TABLE mine (id int)")
    await connection.close()


async def test_no_two_tests_share_a_database(database: Database, empty_database: Database) -> None:
    assert database.name != empty_database.name


async def test_names_sort_by_code_point_on_every_machine(postgres_server: PostgresServer) -> None:
    connection = await asyncpg.connect(postgres_server.admin_url)
    row = await connection.fetchrow("SELECT datcollate, encoding FROM pg_database WHERE datname = 'postgres'")
    await connection.close()
    assert row is not None
    assert (row["datcollate"], row["encoding"]) == ("C", 6)


async def test_only_a_database_at_the_newest_revision_needs_no_migration(
    database: Database, empty_database: Database
) -> None:
    assert await is_at_revision(database.owner_url, HEAD)
    assert not await is_at_revision(database.owner_url, "0001")
    assert not await is_at_revision(empty_database.owner_url, HEAD)
    assert not await is_at_revision("postgresql://nobody:nothing@127.0.0.1:1/none", HEAD)
