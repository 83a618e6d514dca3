"""``./parley verify``: the whole log against the checkpoints in the folder, and from a kept head on."""

import argparse
import base64
import json
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from redis import Redis

from administration.errors import CommandError
from administration.target import Target
from administration.verify_log import verify
from core.db.engine import make_engine
from core.log import checkpoint, notes
from core.log.merkle import MerkleTree
from core.log.seal import Subscriptions, seal
from tests.core.log.log_env import KEY
from tests.support.postgres import Database, in_thread
from tests.support.target import target_of
from tests.support.world import World
from workers.redis_note import KEY as KEY_IN_REDIS


@pytest.fixture
async def target(database: Database, world: World, redis_url: str, tmp_path: Path) -> Target:
    """An installation with a sealed log and its checkpoint in the folder."""
    made = replace(
        target_of(database, tmp_path), redis_url=redis_url, n8n_database=tmp_path / "n8n" / "database.sqlite"
    )
    made.keys.mkdir()
    made.checkpoints.mkdir()
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
    note = notes.sign(tree.size, tree.root(), KEY).note
    (made.checkpoints / "latest.txt").write_text(note, encoding="utf-8")
    return made


def run(target: Target, after: str | None = None, files: Sequence[Path] = ()) -> int:
    return in_thread(verify, target, argparse.Namespace(after=after, checkpoint=files))


async def test_an_intact_log_is_verified_and_again_from_its_head(
    target: Target, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(target) == 0
    printed = capsys.readouterr().out
    assert "events are intact; 0 are not sealed yet." in printed
    assert "with 1 outside of it" in printed
    assert run(target, printed.split("--after ")[1].strip()) == 0
    assert "texts compared from" in capsys.readouterr().out


async def test_a_rewritten_log_is_not_intact(
    target: Target, database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    """Cut at the end, with nothing in the database that says how long it was."""
    await database.hand.execute(
        "SET session_replication_role = replica; DELETE FROM audit_events WHERE position > 2; "
        "SET session_replication_role = origin"
    )
    assert run(target) == 1
    assert "broken at position 3" in capsys.readouterr().err


async def test_a_checkpoint_of_another_key_is_named(
    target: Target, capsys: pytest.CaptureFixture[str]
) -> None:
    root = base64.b64encode(bytes(32)).decode()
    (target.checkpoints / "000000000001.txt").write_text(f"parley/log\n1\n{root}\n\n— parley/log AAAA\n")
    assert run(target) == 1
    assert "000000000001.txt cannot be read" in capsys.readouterr().err


async def test_a_head_that_is_none_is_refused(target: Target) -> None:
    with pytest.raises(CommandError, match="POSITION:HEAD"):
        run(target, "1874")


def _note(target: Target) -> str:
    return (target.checkpoints / "latest.txt").read_text(encoding="utf-8")


def _in_n8n(target: Target, redis_url: str) -> list[Path]:
    """As n8n keeps a run: an array of all its values, which refer to each other by their places."""
    assert target.n8n_database is not None
    target.n8n_database.parent.mkdir(parents=True)
    with closing(sqlite3.connect(target.n8n_database)) as db:
        db.execute("CREATE TABLE execution_data (executionId INTEGER, data TEXT)")
        run = [
            {"body": "1"},
            {"type": "2", "checkpoint": "3"},
            "rfq.sent",
            _note(target),
            "parley/log\nforged",
        ]
        db.execute("INSERT INTO execution_data VALUES (7, ?), (8, 'no JSON')", (json.dumps(run),))
        db.commit()
    return []


def _in_redis(target: Target, redis_url: str) -> list[Path]:
    with closing(Redis.from_url(redis_url)) as client:
        client.set(KEY_IN_REDIS, _note(target))
    return []


def _in_a_drawer(target: Target, redis_url: str) -> list[Path]:
    file = target.keys.parent / "kept.txt"
    file.write_text(_note(target), encoding="utf-8")
    return [file]


HOLDERS: dict[str, tuple[Callable[[Target, str], list[Path]], str]] = {
    "n8n": (_in_n8n, "n8n, which got it with an event"),
    "Redis": (_in_redis, "Redis"),
    "somebody": (_in_a_drawer, "the files given"),
}


@pytest.mark.parametrize("holder", HOLDERS)
async def test_a_log_that_was_emptied_with_its_checkpoints_is_told_by_any_other_holder(
    target: Target, database: Database, redis_url: str, capsys: pytest.CaptureFixture[str], holder: str
) -> None:
    keep, name = HOLDERS[holder]
    files = keep(target, redis_url)
    assert run(target, files=files) == 0
    assert f"  {name}: 1, the newest of" in capsys.readouterr().out
    await database.hand.execute(
        "SET session_replication_role = replica; DELETE FROM audit_events; DELETE FROM checkpoints; "
        "SELECT setval('audit_events_seq_seq', 1, false); SET session_replication_role = origin"
    )
    (target.checkpoints / "latest.txt").unlink()
    assert run(target, files=files) == 1
    told = capsys.readouterr().err
    assert "broken at position 1: the log is shorter than the checkpoint of" in told
    assert name in told


async def test_a_copy_elsewhere_is_asked(target: Target, database: Database, tmp_path: Path) -> None:
    copy = tmp_path / "elsewhere"
    copy.mkdir()
    (copy / "latest.txt").write_text(_note(target), encoding="utf-8")
    knowing = replace(target, checkpoints_copy=copy)
    assert run(knowing) == 0
    (target.checkpoints / "latest.txt").unlink()
    await database.hand.execute(
        "SET session_replication_role = replica; DELETE FROM audit_events WHERE position > 2; "
        "SELECT setval('audit_events_seq_seq', 2); SET session_replication_role = origin"
    )
    assert run(knowing) == 1


async def test_a_file_that_is_not_there_is_named(target: Target) -> None:
    with pytest.raises(CommandError, match=r"nowhere\.txt cannot be read"):
        run(target, files=[target.keys / "nowhere.txt"])
