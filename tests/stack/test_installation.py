"""What the stack brings itself and what a person gave; and what each process is told."""

import hashlib
import os
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import asyncpg
import pytest

from administration.logins import DatabaseUrls, urls_on, with_login
from stack import installation, ports, stored_secrets
from stack.errors import StackError
from stack.installation import LocalInstallation
from stack.options import Options
from stack.paths import Paths
from stack.ports import PortClaims
from stack.services.database import resolve_own_server
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


@pytest.fixture
def claims() -> Iterator[PortClaims]:
    with PortClaims() as held:
        yield held


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


def test_ports_stay_the_same_until_somebody_else_takes_one(paths: Paths, claims: PortClaims) -> None:
    import socket

    file = paths.run / "ports.json"
    first = ports.assign(file, claims)
    assert len(set(first.values())) == len(ports.NAMES)
    assert ports.assign(file, claims) == first
    with socket.socket() as stranger:
        stranger.bind(("127.0.0.1", first["redis"]))
        stranger.listen()
        second = ports.assign(file, claims)
    assert second["redis"] != first["redis"]
    assert {**second, "redis": 0} == {**first, "redis": 0}


def test_installations_that_start_at_the_same_moment_share_no_port(paths: Paths) -> None:
    count = 6
    files = [paths.run / f"{number}.json" for number in range(count)]
    with ExitStack() as held, ThreadPoolExecutor(count) as together:
        claims = [held.enter_context(PortClaims()) for _ in files]
        chosen = list(together.map(ports.assign, files, claims))
        assert len({port for each in chosen for port in each.values()}) == count * len(ports.NAMES)
        assert ports.assign(files[0], claims[0]) == chosen[0], "its own claims hinder nobody"
        copied = paths.run / "copied.json"
        copied.write_bytes(files[0].read_bytes())
        with PortClaims() as other:
            assert not set(ports.assign(copied, other).values()) & set(chosen[0].values())
    with PortClaims() as later:
        assert ports.assign(files[0], later) == chosen[0], "who has ended claims nothing"


def test_a_chosen_port_that_another_installation_claimed_is_not_taken_from_it(
    paths: Paths, claims: PortClaims, monkeypatch: pytest.MonkeyPatch
) -> None:
    with PortClaims() as other:
        theirs = ports.assign(paths.run / "theirs.json", other)["api"]
        monkeypatch.setenv("PARLEY_API_PORT", str(theirs))
        with pytest.raises(StackError, match=f"port {theirs} is taken"):
            ports.assign(paths.run / "ours.json", claims)


def test_n8ns_port_is_kept_while_n8n_is_being_installed(paths: Paths) -> None:
    port = ports.find_free()
    reservation = ports.PortReservation(port)
    reservation.reserve()
    reservation.reserve()
    assert not ports.is_free(port)
    reservation.release()
    assert ports.is_free(port)


def test_bots_get_no_database_and_n8n_setup_gets_no_login(
    paths: Paths, monkeypatch: pytest.MonkeyPatch, claims: PortClaims
) -> None:
    monkeypatch.setenv("PARLEY_DB_APP_URL", "postgresql://somebody@somewhere/else")
    env = ServiceEnvironments(installation.create(paths, Options(), claims))
    for environment in (env.telegram(), env.sandbox(), env.n8n_setup(), env.server()):
        assert not [name for name, value in environment.items() if "DB_" in name or "postgresql://" in value]
    assert "BOT_KEY" not in env.worker()
    assert "PARLEY_DB_OWNER_URL" not in env.api() | env.worker() | env.relay() | env.demo()
    assert "PARLEY_DB_SEALER_URL" not in env.api() | env.worker()


def test_every_process_tells_its_metrics_at_a_port_of_its_own(
    paths: Paths, monkeypatch: pytest.MonkeyPatch, claims: PortClaims
) -> None:
    env = ServiceEnvironments(installation.create(paths, Options(), claims))
    assert "PARLEY_METRICS_PORT" not in env.api() | env.relay()
    monkeypatch.setenv("PARLEY_METRICS_PORT", "9400")
    monkeypatch.setenv("PARLEY_METRICS_HOST", "0.0.0.0")
    told = [env.api(), env.relay(), env.worker(), env.telegram(), env.slack(), env.api(2), env.api(3)]
    assert [each["PARLEY_METRICS_PORT"] for each in told] == [str(9400 + place) for place in range(7)]
    assert {each["PARLEY_METRICS_HOST"] for each in told} == {"0.0.0.0"}


def test_with_a_bot_of_ones_own_there_is_no_sandbox(
    paths: Paths, monkeypatch: pytest.MonkeyPatch, claims: PortClaims
) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "123456:my-own-token")
    local_installation = installation.create(paths, Options(), claims)
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
    paths: Paths, empty_database: Database, monkeypatch: pytest.MonkeyPatch, claims: PortClaims
) -> None:
    from stack.services import service_table

    monkeypatch.setenv("DATABASE_URL", empty_database.admin_url)
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1/0")
    local_installation: LocalInstallation = installation.create(paths, Options(n8n=False, demo=False), claims)
    names = [part.name for part in service_table.all_services(local_installation)]
    assert "postgres" not in names
    assert "redis" not in names
    assert (
        ServiceEnvironments(local_installation).migrate()["PARLEY_DB_OWNER_URL"] == os.environ["DATABASE_URL"]
    )


def test_an_n8n_elsewhere_is_taken_to_be_there(
    paths: Paths, monkeypatch: pytest.MonkeyPatch, claims: PortClaims
) -> None:
    monkeypatch.setenv("N8N_URL", "https://flows.northwind.example")
    local_installation = installation.create(paths, Options(n8n=False, demo=False), claims)
    environment = ServiceEnvironments(local_installation).worker()
    assert environment["N8N_URL"] == "https://flows.northwind.example"
    assert "PARLEY_N8N_READY_FILE" not in environment


def test_mails_go_to_the_sandboxs_mailbox_unless_somebody_has_a_server(
    paths: Paths, monkeypatch: pytest.MonkeyPatch, claims: PortClaims
) -> None:
    local_installation = installation.create(paths, Options(), claims)
    env = ServiceEnvironments(local_installation)
    port = local_installation.ports["smtp"]
    assert env.worker()["PARLEY_SMTP_URL"] == f"smtp://127.0.0.1:{port}"
    assert env.sandbox()["SANDBOX_SMTP_PORT"] == str(port)
    monkeypatch.setenv("PARLEY_SMTP_URL", "smtps://somebody@mail.example")
    assert env.worker()["PARLEY_SMTP_URL"] == "smtps://somebody@mail.example"


def test_whoever_names_the_public_address_gets_it_in_pages_and_mails_and_bots_keep_the_port(
    paths: Paths, monkeypatch: pytest.MonkeyPatch, claims: PortClaims
) -> None:
    monkeypatch.setenv("PARLEY_API_URL", "https://parley.example")
    created = installation.create(paths, Options(), claims)
    env = ServiceEnvironments(created)
    public = [
        env.api()["PARLEY_API_URL"],
        env.worker()["PARLEY_API_URL"],
        env.sandbox()["SANDBOX_SIGN_IN_FOR"],
    ]
    assert set(public) == {"https://parley.example"}
    assert {env.telegram()["PARLEY_API_URL"], env.slack()["PARLEY_API_URL"]} == {created.url("api")}


def test_the_sandbox_says_who_somebody_is_until_somebody_sets_up_the_real_platform(
    paths: Paths, monkeypatch: pytest.MonkeyPatch, claims: PortClaims
) -> None:
    created = installation.create(paths, Options(), claims)
    env = ServiceEnvironments(created)
    played, secret = env.api(), env.sandbox()["SANDBOX_SIGN_IN_SECRET"]
    for platform in ("TELEGRAM", "SLACK"):
        assert played[f"PARLEY_{platform}_SIGN_IN_SECRET"] == secret
        assert played[f"PARLEY_{platform}_SIGN_IN_URL"].startswith(created.url("sandbox"))
    for what, value in {"ID": "4711", "SECRET": "theirs"}.items():
        monkeypatch.setenv(f"PARLEY_TELEGRAM_SIGN_IN_{what}", value)
    real = env.api()
    assert (real["PARLEY_TELEGRAM_SIGN_IN_ID"], real["PARLEY_TELEGRAM_SIGN_IN_SECRET"]) == ("4711", "theirs")
    assert "PARLEY_TELEGRAM_SIGN_IN_URL" not in real, "the real one is the usual one"
    assert real["PARLEY_SLACK_SIGN_IN_SECRET"] == secret


def test_a_login_button_gives_the_api_a_key_and_never_the_bots_token(
    paths: Paths, monkeypatch: pytest.MonkeyPatch, claims: PortClaims
) -> None:
    env = ServiceEnvironments(installation.create(paths, Options(), claims))
    assert "PARLEY_TELEGRAM_LOGIN_KEY" not in env.api()
    monkeypatch.setenv("TELEGRAM_LOGIN_URL", "https://parley.example")
    token = env.telegram()["TELEGRAM_BOT_TOKEN"]
    assert env.telegram()["TELEGRAM_LOGIN_URL"] == "https://parley.example"
    assert env.api()["PARLEY_TELEGRAM_LOGIN_KEY"] == hashlib.sha256(token.encode()).hexdigest()
    assert token not in env.api().values()


def test_several_processes_of_the_api_share_one_socket_that_outlives_them(
    paths: Paths, monkeypatch: pytest.MonkeyPatch, claims: PortClaims
) -> None:
    from stack.services.service_table import all_services

    monkeypatch.setenv("PARLEY_API_PROCESSES", "3")
    created = installation.create(paths, Options(n8n=False, demo=False), claims)
    apis = [each for each in all_services(created) if each.name.startswith("api")]
    assert [each.name for each in apis] == ["api", "api-2", "api-3"]
    launches = [each.launch() for each in (*apis, apis[0])]
    (handed,) = {each.sockets for each in launches}
    assert {each.env["PARLEY_API_SOCKET"] for each in launches} == {str(handed[0])}
    assert not ports.is_free(created.ports["api"])


@pytest.mark.parametrize("wrong", ["0", "17", "two", "-1", "1.5", "²"])
def test_a_wrong_number_of_processes_is_named(
    paths: Paths, monkeypatch: pytest.MonkeyPatch, claims: PortClaims, wrong: str
) -> None:
    from stack.services.service_table import all_services

    monkeypatch.setenv("PARLEY_API_PROCESSES", wrong)
    created = installation.create(paths, Options(n8n=False, demo=False), claims)
    with pytest.raises(StackError, match=f"PARLEY_API_PROCESSES={wrong} is no number from 1 to 16"):
        all_services(created)
