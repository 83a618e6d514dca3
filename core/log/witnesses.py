"""Witnesses of the log: whoever keeps something of it outside the database, and can contradict it later.

One rule: a note counts only when one of our keys signed it; a file that holds none is named, never skipped.
"""

import heapq
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from core.log.notes import Checkpoint, parse_any
from core.log.seal import GENESIS

FOLDER = "the checkpoint folder"
COPY = "the copy of the checkpoints"
LATEST = "latest.txt"
MOST_NOTES = 1_000
"""Of one folder: each root covers all events before it, so the newest notes contradict a change of any event."""
_SIZE = re.compile(r"[0-9]{1,18}")


@dataclass(frozen=True)
class LogHead:
    """The chain value at a position, as somebody kept it."""

    position: int
    chain: bytes


START = LogHead(0, GENESIS)


@dataclass(frozen=True)
class Witness:
    """What one of them kept; ``unreadable`` are the names of files that hold no note of ours."""

    name: str
    checkpoints: tuple[Checkpoint, ...] = ()
    heads: tuple[LogHead, ...] = ()
    unreadable: tuple[str, ...] = ()

    @property
    def newest(self) -> Checkpoint | None:
        return max(self.checkpoints, key=lambda each: each.size, default=None)

    @property
    def newest_size(self) -> int | None:
        """How many events the log had when this witness last heard of it."""
        sizes = [each.size for each in self.checkpoints] + [each.position for each in self.heads]
        return max(sizes, default=None)

    @property
    def first_unreadable_size(self) -> int | None:
        """The size in the first unreadable file's name; 0 for a file without one. None when all can be read."""
        found = [_SIZE.match(name) for name in self.unreadable]
        return min((int(match[0]) if match else 0 for match in found), default=None)


def read_folder(folder: Path, name: str, keys: Sequence[Ed25519PublicKey], most: int = MOST_NOTES) -> Witness:
    """The newest notes of a folder, by their files' names; nothing when there is no such folder."""
    newest = heapq.nlargest(most + 1, (file.name for file in folder.glob("*.txt")))
    return _read(folder, newest, name, keys)


def read_latest(folder: Path, name: str, keys: Sequence[Ed25519PublicKey]) -> Witness:
    """The note that a folder calls its latest."""
    return _read(folder, [LATEST] if (folder / LATEST).exists() else [], name, keys)


def _read(folder: Path, files: Sequence[str], name: str, keys: Sequence[Ed25519PublicKey]) -> Witness:
    texts = {each: (folder / each).read_text(encoding="utf-8", errors="replace") for each in files}
    return read_notes(texts, name, keys)


def read_notes(texts: Mapping[str, str], name: str, keys: Sequence[Ed25519PublicKey]) -> Witness:
    """What a witness kept, from the texts of its notes by their names."""
    found, unreadable = {}, []
    for place, note in texts.items():
        try:
            found[note] = parse_any(note, keys)
        except ValueError:
            unreadable.append(place)
    return Witness(name, tuple(found.values()), unreadable=tuple(sorted(unreadable)))
