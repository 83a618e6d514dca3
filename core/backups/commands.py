"""The commands of backups: note one that was made, and mark that one was restored."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from core.log.notes import Checkpoint


@dataclass(frozen=True)
class NoteBackup:
    """A verified backup: ``full`` or ``incremental``, the log's last position in it, and its bytes on disk."""

    kind: str
    log_size: int
    size_bytes: int


@dataclass(frozen=True)
class MarkRestore:
    """What is known outside the database about the time after the backup.

    ``checkpoint`` is the last one that anybody has kept; None when there is none. ``disabled`` are the people who
    could not log in any more when that was last noted.
    """

    backup: str
    checkpoint: Checkpoint | None
    disabled: Collection[UUID] = ()
