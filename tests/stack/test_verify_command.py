"""``./parley verify``: the whole log against the checkpoints in the folder, and from a kept head on."""

import argparse
import base64
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization

from core.db.engine import make_engine
from core.log import checkpoint
from core.log.merkle import MerkleTree
from core.log.seal import Subscriptions, seal
from stack import installation
from stack.admin.verify_log import verify
from stack.errors import StackError
from stack.paths import Paths
from tests.core.log.log_env import KEY
from tests.support.postgres import Database, in_thread
from tests.support.world import World


@pytest.fixture
async def paths(database: Database, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Paths:
    """An installation with a sealed log and its checkpoint in the folder."""

    @dataclass(frozen=True)
    class Present:
        databases = database.addresses

    monkeypatch.setattr(installation, "load", lambda paths: Present())
    made = Paths(tmp_path, tmp_path)
    made.make()
    encoded = KEY.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (made.keys / "first.pem").write_bytes(encoded)
    await world.a_request()
    sealer = make_engine(database.sealer_url, size=1)
    async with sealer.begin() as connection:
        await seal(connection, Subscriptions({}), world.now)
        tree = MerkleTree()
        await checkpoint.extend(connection, tree)
    await sealer.dispose()
    note = checkpoint.sign(tree.size, tree.root(), KEY).note
    (made.checkpoints / "latest.txt").write_text(note, encoding="utf-8")
    return made


def run(paths: Paths, after: str | None = None) -> int:
    return in_thread(verify, paths, argparse.Namespace(after=after))


async def test_an_intact_log_is_verified_and_again_from_its_head(
    paths: Paths, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(paths) == 0
    printed = capsys.readouterr().out
    assert "events are intact; 0 are not sealed yet." in printed
    assert "with 1 outside of it" in printed
    assert run(paths, printed.split("--after ")[1].strip()) == 0
    assert "texts compared from" in capsys.readouterr().out


async def test_a_rewritten_log_is_not_intact(
    paths: Paths, database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    """Cut at the end, with nothing in the database that says how long it was."""
    await database.hand.execute(
        "SET session_replication_role = replica; DELETE FROM audit_events WHERE position > 2; "
        "SET session_replication_role = origin"
    )
    assert run(paths) == 1
    assert "broken at position 3" in capsys.readouterr().err


async def test_a_checkpoint_of_another_key_is_named(paths: Paths, capsys: pytest.CaptureFixture[str]) -> None:
    root = base64.b64encode(bytes(32)).decode()
    (paths.checkpoints / "000000000001.txt").write_text(f"parley/log\n1\n{root}\n\n— parley/log AAAA\n")
    assert run(paths) == 1
    assert "000000000001.txt cannot be read" in capsys.readouterr().err


async def test_a_head_that_is_none_is_refused(paths: Paths) -> None:
    with pytest.raises(StackError, match="POSITION:HEAD"):
        run(paths, "1874")
