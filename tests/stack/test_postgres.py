"""The launcher: as root in a user namespace or as nobody, else as the person who runs it."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from administration.logins import with_login
from stack.errors import StackError
from stack.ports import find_free
from stack.services import database, postgres
from stack.services.postgres import EmbeddedPostgres, RunAs

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root needs a footing")


@pytest.fixture
def data() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="parley-test-data-"))
    folder.rmdir()
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


async def starts_and_stops(server: EmbeddedPostgres) -> bool:
    """Make the cluster, start it, ask it once, stop it."""
    assert postgres.make_cluster(server, "password", sync=False)
    port = find_free()
    process = subprocess.Popen(server.command(port), stderr=subprocess.DEVNULL, **server.run_as.options)
    try:
        url = with_login(f"postgresql://127.0.0.1:{port}/postgres", postgres.SUPERUSER, "password")
        await database.wait_until_ready(url, 20)
        return not postgres.make_cluster(server, "password")
    finally:
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0


@as_root
async def test_as_root_in_a_user_namespace_parent_folders_keep_their_mode(data: Path) -> None:
    closed = data.parent / f"{data.name}-closed"
    closed.mkdir(mode=0o700)
    try:
        server = postgres.embedded_postgres(closed / "data")
        assert server.run_as.prefix or server.run_as.user
        assert await starts_and_stops(server)
        assert closed.stat().st_mode & 0o777 == 0o700
    finally:
        shutil.rmtree(closed)


@as_root
async def test_as_root_without_namespaces_only_the_data_folder_changes_owner(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "_NAMESPACE", ("no-such-program",))
    parent = data.parent.stat()
    run_as = postgres.choose_run_as(data)
    assert run_as == RunAs(user="nobody")
    assert await starts_and_stops(EmbeddedPostgres(postgres.find_binaries(), data, run_as))
    assert data.stat().st_uid != 0
    assert (data.parent.stat().st_uid, data.parent.stat().st_mode) == (parent.st_uid, parent.st_mode)


@as_root
def test_as_root_where_nobody_may_not_look_a_sentence_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "_NAMESPACE", ("no-such-program",))
    with tempfile.TemporaryDirectory() as closed, pytest.raises(StackError, match="as an ordinary user"):
        postgres.choose_run_as(Path(closed) / "data")


def test_a_folder_of_another_version_is_not_touched(data: Path) -> None:
    data.mkdir()
    (data / "PG_VERSION").write_text("12\n")
    with pytest.raises(StackError, match="is from PostgreSQL 12"):
        postgres.make_cluster(postgres.embedded_postgres(data), "password")


def test_a_lock_that_names_a_stranger_is_removed_before_the_start(data: Path) -> None:
    server = postgres.embedded_postgres(data)
    postgres.make_cluster(server, "password", sync=False)
    lock = data / "postmaster.pid"
    lock.write_text(f"{os.getpid()}\n{data}\n")
    postgres.make_cluster(server, "password")
    assert not lock.exists()


def test_a_wrong_folder_of_programs_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PARLEY_PG_BIN", str(tmp_path))
    with pytest.raises(StackError, match="PARLEY_PG_BIN"):
        postgres.find_binaries()
