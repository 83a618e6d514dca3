"""Migrations: up, down and up again; and what they make is what the models say."""

import itertools
from dataclasses import replace

import asyncpg
import pytest
from alembic.script import ScriptDirectory

from core.people import queries
from migrations.head import HEAD, VERSIONS
from migrations.run import alembic_config, current, differences, downgrade, head, upgrade
from tests.support.postgres import Database, in_thread
from tests.support.uow import SmallCompany


async def test_up_down_up_leaves_nothing_behind_and_matches_the_models(empty_database: Database) -> None:
    url = empty_database.owner_url
    in_thread(upgrade, url)
    assert in_thread(differences, url) == []
    in_thread(downgrade, url, "base")
    connection = await asyncpg.connect(url)
    left = await connection.fetch(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        " AND relkind IN ('r', 'S', 'v') AND relname <> 'alembic_version'"
        " UNION ALL SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
    )
    await connection.close()
    assert left == []
    in_thread(upgrade, url)
    assert in_thread(differences, url) == []
    assert in_thread(current, url) == HEAD


async def test_head_is_the_newest_file() -> None:
    assert head() == HEAD


async def test_every_step_goes_down_and_up_again(
    empty_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = ScriptDirectory.from_config(alembic_config())
    monkeypatch.setattr(
        ScriptDirectory, "from_config", lambda _: steps
    )  # read once, not at each of the steps
    url = empty_database.owner_url
    revisions = ["base", *sorted(path.stem[:4] for path in VERSIONS.glob("[0-9]*.py"))]
    for before, revision in itertools.pairwise(revisions):
        in_thread(upgrade, url, revision)
        in_thread(downgrade, url, before)
        in_thread(upgrade, url, revision)
    assert in_thread(current, url) == HEAD


async def a_vendor_works(database: Database) -> None:
    """Everything under one login, as with a DATABASE_URL that may not make roles."""
    one = replace(database, addresses=replace(database.addresses, app=database.addresses.owner))
    office = await SmallCompany.open(one)
    seller = await office.vendor_contact("Alder")
    me = await office.act(seller, lambda uow, actor, _: queries.me(uow, actor), None)
    assert me.person.vendor_name == "Alder"
    await office.close()


async def test_without_our_roles_the_schema_is_there_and_the_fence_is_off(empty_database: Database) -> None:
    admin = await asyncpg.connect(empty_database.admin_url)
    roles = ("parley_app", "parley_sealer", "parley_reader", "parley_vendor")
    try:
        for role in roles:
            await admin.execute(f"ALTER ROLE {role} RENAME TO away_{role}")
        in_thread(upgrade, empty_database.owner_url)
        fenced = await admin.fetchval("SELECT count(*) FROM pg_class WHERE relrowsecurity")
        assert fenced == 0
        assert in_thread(differences, empty_database.owner_url) == []
        await a_vendor_works(empty_database)
    finally:
        for role in roles:
            await admin.execute(f"ALTER ROLE away_{role} RENAME TO {role}")
        await admin.close()
