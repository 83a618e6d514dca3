"""The checkpoints that were written outside the database, as far as one of our keys has signed them."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from core.log.notes import Checkpoint, parse


def signed_checkpoints(
    files: Iterable[Path], keys: Sequence[Ed25519PrivateKey]
) -> Iterator[tuple[Checkpoint, Path]]:
    """Each with its file; a file that none of the keys has signed is passed over."""
    publics = [key.public_key() for key in reversed(keys)]
    for file in files:
        note = file.read_text(encoding="utf-8", errors="replace")
        for public in publics:
            try:
                yield parse(note, public), file
            except ValueError:
                continue
            break
