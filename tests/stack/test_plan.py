"""What the stack brings itself and what a person gave; and what each process is told."""

import os
import stat
from pathlib import Path

import asyncpg
import pytest

from stack import keyring, plan, ports
from stack.database import Addresses, addresses_on, settle_given, with_login
from stack.environments import Environments
from stack.paths import Paths
from stack.plan import Options, Plan
from tests.support.postgres import PASSWORDS, Database

SECRET_NAMES = ("BOT_KEY", "N8N_HOOK_SECRET", "TELEGRAM_BOT_TOKEN", "TELEGRAM_WEBHOOK_SECRET")


@pytest.fixture
def paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Paths:
    for name in (*SECRET_NAMES, "DATABASE_URL", "REDIS_URL", "PARLEY_API_PORT"):
        monkeypatch.delenv(name, raising=False)
    made = Paths(tmp_path, tmp_path / "var")
    made.make()
    return made


def test_secrets_are_made_once_and_closed_to_others(paths: Paths) -> None:
    first = keyring.load(paths)
    assert keyring.load(paths) == first
    assert stat.S_IMODE(paths.secrets.stat().st_mode) == 0o600
    assert len(bytes.fromhex(first["BOT_KEY"])) == 32
    assert len(set(first.values())) == len(first)


def test_a_secret_from_the_environment_wins_and_is_not_written_down(
    paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "123456:my-own-token")
    assert keyring.load(paths)["TELEGRAM_BOT_TOKEN"] == "123456:my-own-token"
    assert "my-own-token" not in paths.secrets.read_text()


def test_ports_stay_the_same_until_somebody_else_takes_one(paths: Paths) -> None:
    import socket

    file = paths.run / "ports.json"
    first = ports.assign(file)
    assert len(set(first.values())) == len(ports.NAMES)
    assert ports.assign(file) == first
    with socket.socket() as stranger:
        stranger.bind(("127.0.0.1", first["redis"]))
        stranger.listen()
        second = ports.assign(file)
    assert second["redis"] != first["redis"]
    assert {**second, "redis": 0} == {**first, "redis": 0}


def test_n8ns_port_is_kept_while_n8n_is_being_installed(paths: Paths) -> None:
    port = ports.any_free()
    hold = ports.Hold(port)
    hold.take()
    hold.take()
    assert not ports.is_free(port)
    hold.release()
    assert ports.is_free(port)


def test_bots_get_no_database_and_n8n_setup_gets_no_login(
    paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PARLEY_DB_APP_URL", "postgresql://somebody@somewhere/else")
    env = Environments(plan.make(paths, Options()))
    for told in (env.telegram(), env.sandbox(), env.n8n_setup(), env.server()):
        assert not [name for name, value in told.items() if "DB_" in name or "postgresql://" in value]
    assert "BOT_KEY" not in env.worker()
    assert "PARLEY_DB_OWNER_URL" not in env.api() | env.worker() | env.relay() | env.demo()
    assert "PARLEY_DB_SEALER_URL" not in env.api() | env.worker()
    assert env.relay()["dramatiq_worker_timeout"] == "20"


def test_with_a_bot_of_ones_own_there_is_no_sandbox(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "123456:my-own-token")
    made = plan.make(paths, Options())
    told = Environments(made).telegram()
    assert made.facts()["sandbox"] is None
    assert told["TELEGRAM_MODE"] == "polling"
    assert "TELEGRAM_API_BASE" not in told


async def test_a_given_address_that_may_make_roles_gets_the_fence(empty_database: Database) -> None:
    settled = await settle_given(empty_database.admin_url, PASSWORDS, {})
    assert settled.fence
    assert settled.owner == empty_database.admin_url
    assert settled.app == addresses_on(empty_database.admin_url, PASSWORDS).app


async def test_a_given_address_without_rights_is_used_for_everything(empty_database: Database) -> None:
    admin = await asyncpg.connect(empty_database.admin_url)
    await admin.execute("CREATE ROLE modest LOGIN PASSWORD 'modest'")
    await admin.execute(f'GRANT CONNECT ON DATABASE "{empty_database.name}" TO modest')
    url = with_login(empty_database.admin_url, "modest", "modest")
    try:
        assert await settle_given(url, PASSWORDS, {}) == Addresses(url, url, url, url, fence=False)
    finally:
        await admin.execute(f'REVOKE CONNECT ON DATABASE "{empty_database.name}" FROM modest')
        await admin.execute("DROP ROLE modest")
        await admin.close()


async def test_an_address_given_for_one_login_wins_for_that_login(empty_database: Database) -> None:
    own = {"PARLEY_DB_READER_URL": "postgresql://replica.example/parley"}
    settled = await settle_given(empty_database.admin_url, PASSWORDS, own)
    assert settled.reader == "postgresql://replica.example/parley"


def test_database_url_wins_over_the_embedded_server(
    paths: Paths, empty_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    from stack import parts

    monkeypatch.setenv("DATABASE_URL", empty_database.admin_url)
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1/0")
    made: Plan = plan.make(paths, Options(n8n=False, demo=False))
    names = [part.name for part in parts.table(made)]
    assert "postgres" not in names
    assert "redis" not in names
    assert Environments(made).migrate()["PARLEY_DB_OWNER_URL"] == os.environ["DATABASE_URL"]


def test_an_n8n_elsewhere_is_taken_to_be_there(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("N8N_URL", "https://flows.northwind.example")
    made = plan.make(paths, Options(n8n=False, demo=False))
    told = Environments(made).worker()
    assert told["N8N_URL"] == "https://flows.northwind.example"
    assert "PARLEY_N8N_READY_FILE" not in told
