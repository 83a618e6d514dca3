"""Stores file contents: one file per content, named by its hash, written completely or not at all."""

import os
import secrets
from pathlib import Path
from typing import Protocol


class DocumentStore(Protocol):
    def put(self, sha256: str, content: bytes) -> None: ...

    def get(self, sha256: str) -> bytes: ...


def _settle(folder: Path) -> None:
    """Without this, the new name may be lost in a power cut although the row is there."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class FileStore:
    """A folder with two levels of subfolders, so that no folder grows without limit."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def _path(self, sha256: str) -> Path:
        return self._folder / sha256[:2] / sha256

    def put(self, sha256: str, content: bytes) -> None:
        """Write under a temporary name first, then rename; OSError when the disk is full, and nothing is left."""
        path = self._path(sha256)
        if path.exists():
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_name(f".{secrets.token_hex(8)}")
        try:
            with partial.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            partial.replace(path)
        except OSError:  # a full disk has no room for halves
            partial.unlink(missing_ok=True)
            raise
        _settle(path.parent)

    def get(self, sha256: str) -> bytes:
        return self._path(sha256).read_bytes()
