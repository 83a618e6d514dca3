"""Which Redis the installation starts."""

from pathlib import Path

import pytest

from stack import ports
from stack.errors import StackError
from stack.options import Options
from stack.paths import Paths
from stack.services import redis
from stack.supervisor.status_file import read_status
from stack.supervisor.supervise import supervise


def program(folder: Path, name: str, version: str) -> Path:
    """A server on PATH that only knows its version."""
    folder.mkdir(exist_ok=True)
    file = folder / name
    file.write_text(f"#!/bin/sh\necho '{version}'\n")
    file.chmod(0o755)
    return file


@pytest.mark.parametrize(
    ("name", "version"),
    [
        ("redis-server", "Redis server v=7.0.15 sha=00000000:0"),
        ("valkey-server", "Valkey server v=8.1.4 sha=0"),
    ],
)
def test_the_machines_own_server_is_taken(
    name: str, version: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = program(tmp_path / "bin", name, version)
    monkeypatch.setenv("PATH", f"{own.parent}:/bin:/usr/bin")
    assert redis.find_program() == own


def test_one_that_is_too_old_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Redis 6.0 does not know the command by which workers wait."""
    own = program(tmp_path / "bin", "redis-server", "Redis server v=6.0.16 sha=00000000:0")
    monkeypatch.setattr(redis, "_on_path", lambda: [own])
    assert redis.find_program() != own
    monkeypatch.setattr(redis, "_wheel", list)
    with pytest.raises(StackError, match="no Redis 7 or newer"):
        redis.find_program()


async def test_a_redis_that_does_not_answer_is_told_in_a_sentence() -> None:
    with pytest.raises(StackError, match=r"the Redis at 127\.0\.0\.1:\d+/0 does not answer .*REDIS_URL"):
        await redis.check_answers(f"redis://:a-password@127.0.0.1:{ports.find_free()}/0")
    with pytest.raises(StackError, match="REDIS_URL is no address"):
        await redis.check_answers("127.0.0.1:6379")


def test_up_starts_nothing_when_the_redis_of_redis_url_does_not_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REDIS_URL", f"redis://127.0.0.1:{ports.find_free()}/0")
    paths = Paths(Path.cwd(), tmp_path / "var")
    assert supervise(paths, Options(n8n=False, demo=False)) == 1
    status = read_status(paths.state)
    assert "does not answer" in status.error
    assert (status.pid, status.services) == (0, {})
