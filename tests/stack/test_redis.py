"""Which Redis the installation starts."""

from pathlib import Path

import pytest

from stack.errors import StackError
from stack.services import redis


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
