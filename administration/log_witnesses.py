"""Whom the command ``verify`` asks about the log: folders, Redis, n8n, and files that somebody kept.

One rule: a witness that cannot be reached says nothing; one that holds something unreadable is told.
"""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from redis import Redis

from administration.errors import CommandError
from administration.target import Target
from core.log.notes import ORIGIN, Checkpoint, parse_any
from core.log.witnesses import COPY, FOLDER, Witness, read_folder, read_notes
from workers.keys import all_keys
from workers.redis_note import RedisNote

N8N = "n8n, which got it with an event"
_ALL = 10_000_000
_NEWEST_RUNS = "SELECT data FROM execution_data ORDER BY executionId DESC LIMIT 1000"


def log_witnesses(target: Target, files: Sequence[Path]) -> list[Witness]:
    """All that this machine can ask, and the notes in ``files``."""
    keys = [key.public_key() for key in reversed(all_keys(target.keys))]
    found = [read_folder(target.checkpoints, FOLDER, keys, _ALL)]
    if target.checkpoints_copy is not None:
        found.append(read_folder(target.checkpoints_copy, COPY, keys, _ALL))
    if target.redis_url:
        with closing(Redis.from_url(target.redis_url, socket_timeout=2)) as client:
            found.append(RedisNote(client).witness(keys))
    if target.n8n_database is not None:
        found.append(Witness(N8N, tuple(_handed_to_n8n(target.n8n_database, keys))))
    return [*found, *([read_notes(_texts(files), "the files given", keys)] if files else [])]


def _texts(files: Sequence[Path]) -> dict[str, str]:
    try:
        return {str(file): file.read_text(encoding="utf-8", errors="replace") for file in files}
    except OSError as error:
        raise CommandError(f"--checkpoint {error.filename} cannot be read: {error.strerror}") from error


def _handed_to_n8n(database: Path, keys: Sequence[Ed25519PublicKey]) -> Iterator[Checkpoint]:
    """The checkpoints in the events of n8n's newest runs; each once."""
    seen: set[str] = set()
    for note in _notes_in_runs(database):
        if note in seen:
            continue
        seen.add(note)
        try:
            yield parse_any(note, keys)
        except ValueError:
            continue


def _notes_in_runs(database: Path) -> Iterator[str]:
    """A run's data is a JSON array of all its values, each once: texts stand in it as they are."""
    if not database.exists():
        return
    try:
        with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=2)) as connection:
            runs = connection.execute(_NEWEST_RUNS).fetchall()
    except sqlite3.Error:
        return
    for (data,) in runs:
        try:
            values = json.loads(data)
        except ValueError:
            continue
        yield from (each for each in values if isinstance(each, str) and each.startswith(f"{ORIGIN}\n"))
