"""What the stack brings itself and what a person gave; and what each process is told."""

import os
import stat
from pathlib import Path

import asyncpg
import pytest

from stack import installation, ports, stored_secrets
from stack.installation import LocalInstallation, Options
from stack.paths import Paths
from stack.services.database import DatabaseUrls, resolve_own_server, urls_on, with_login
from stack.services.environments import ServiceEnvironments
from tests.support.postgres import PASSWORDS, Database

SECRET_NAMES = ("BOT_KEY", "N8N_HOOK_SECRET", "TELEGRAM_BOT_TOKEN", "TELEGRAM_WEBHOOK_SECRET")


@pytest.fixture
def paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Paths:
    for name in (*SECRET_NAMES, "DATABASE_URL", "REDIS_URL", "PARLEY_API_PORT"):
        monkeypatch.delenv(name, raising=False)
    local_installation = Paths(tmp_path, tmp_path / "var")
    local_installation.make()
    return local_installation


def test_secrets_are_made_once_and_closed_to_others(paths: Paths) -> None:
    first = stored_secrets.load(paths)
    assert stored_secrets.load(paths) == first
    assert stat.S_IMODE(paths.secrets.stat().st_mode) == 0o600
    assert len(bytes.fromhex(first["BOT_KEY"])) == 32
    assert len(set(first.values())) == len(first)


def test_a_secret_from_the_environment_wins_and_is_not_written_down(
    paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "123456:my-own-token")
    assert stored_secrets.load(paths)["TELEGRAM_BOT_TOKEN"] == "123456:my-own-token"
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
    port = ports.find_free()
    reservation = ports.PortReservation(port)
    reservation.reserve()
    reservation.reserve()
    assert not ports.is_free(port)
    reservation.release()
    assert ports.is_free(port)


def test_bots_get_no_database_and_n8n_setup_gets_no_login(
    paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PARLEY_DB_APP_URL", "postgresql://somebody@somewhere/else")
    env = ServiceEnvironments(installation.create(paths, Options()))
    for environment in (env.telegram(), env.sandbox(), env.n8n_setup(), env.server()):
        assert not [name for name, value in environment.items() if "DB_" in name or "postgresql://" in value]
    assert "BOT_KEY" not in env.worker()
    assert "PARLEY_DB_OWNER_URL" not in env.api() | env.worker() | env.relay() | env.demo()
    assert "PARLEY_DB_SEALER_URL" not in env.api() | env.worker()


def test_with_a_bot_of_ones_own_there_is_no_sandbox(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "123456:my-own-token")
    local_installation = installation.create(paths, Options())
    environment = ServiceEnvironments(local_installation).telegram()
    assert local_installation.public_facts()["sandbox"] is None
    assert environment["TELEGRAM_MODE"] == "polling"
    assert "TELEGRAM_API_BASE" not in environment


async def test_a_given_address_that_may_make_roles_gets_the_fence(empty_database: Database) -> None:
    resolved = await resolve_own_server(empty_database.admin_url, PASSWORDS, {})
    assert resolved.fence
    assert resolved.owner == empty_database.admin_url
    assert resolved.app == urls_on(empty_database.admin_url, PASSWORDS).app


async def test_a_given_address_without_rights_is_used_for_everything(empty_database: Database) -> None:
    admin = await asyncpg.connect(empty_database.admin_url)
    await admin.execute("CREATE ROLE modest LOGIN PASSWORD 'modest'")
    await admin.execute(f'GRANT CONNECT ON DATABASE "{empty_database.name}" TO modest')
    url = with_login(empty_database.admin_url, "modest", "modest")
    try:
        assert await resolve_own_server(url, PASSWORDS, {}) == DatabaseUrls(url, url, url, url, fence=False)
    finally:
        await admin.execute(f'REVOKE CONNECT ON DATABASE "{empty_database.name}" FROM modest')
        await admin.execute("DROP ROLE modest")
        await admin.close()


async def test_an_address_given_for_one_login_wins_for_that_login(empty_database: Database) -> None:
    own = {"PARLEY_DB_READER_URL": "postgresql://replica.example/parley"}
    resolved = await resolve_own_server(empty_database.admin_url, PASSWORDS, own)
    assert resolved.reader == "postgresql://replica.example/parley"


def test_database_url_wins_over_the_embedded_server(
    paths: Paths, empty_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    from stack.services import service_table

    monkeypatch.setenv("DATABASE_URL", empty_database.admin_url)
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1/0")
    local_installation: LocalInstallation = installation.create(paths, Options(n8n=False, demo=False))
    names = [part.name for part in service_table.all_services(local_installation)]
    assert "postgres" not in names
    assert "redis" not in names
    assert (
        ServiceEnvironments(local_installation).migrate()["PARLEY_DB_OWNER_URL"] == os.environ["DATABASE_URL"]
    )


def test_an_n8n_elsewhere_is_taken_to_be_there(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("N8N_URL", "https://flows.northwind.example")
    local_installation = installation.create(paths, Options(n8n=False, demo=False))
    environment = ServiceEnvironments(local_installation).worker()
    assert environment["N8N_URL"] == "https://flows.northwind.example"
    assert "PARLEY_N8N_READY_FILE" not in environment


def test_mails_go_to_the_sandboxs_mailbox_unless_somebody_has_a_server(
    paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    local_installation = installation.create(paths, Options())
    env = ServiceEnvironments(local_installation)
    port = local_installation.ports["smtp"]
    assert env.worker()["PARLEY_SMTP_URL"] == f"smtp://127.0.0.1:{port}"
    assert env.sandbox()["SANDBOX_SMTP_PORT"] == str(port)
    monkeypatch.setenv("PARLEY_SMTP_URL", "smtps://somebody@mail.example")
    assert env.worker()["PARLEY_SMTP_URL"] == "smtps://somebody@mail.example"
