"""What happens to the log as a whole: it was backed up, and it was restored from a backup.

One rule: a restored log says so itself; it is never made to look as if nothing was lost.
"""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from core.backups.model import SkippedNumbers
from core.kernel.subjects import SubjectKind
from core.log.events import Event


@dataclass(frozen=True, kw_only=True)
class LogBackedUp(Event):
    """``log_size`` is the last position in the backup."""

    type: ClassVar[str] = "log.backed_up"
    subject_kind: ClassVar[str] = SubjectKind.log
    kind: str
    log_size: int


@dataclass(frozen=True, kw_only=True)
class LogRestored(Event):
    """A new epoch begins: positions from ``lost_from`` on are given out anew.

    ``checkpoint_size`` and ``checkpoint_root`` (hexadecimal) are those of the last checkpoint that anybody kept. What
    it covers beyond ``restored_size`` is lost: up to ``lost_to``, or up to an unknown position when it is None.
    """

    type: ClassVar[str] = "log.restored"
    subject_kind: ClassVar[str] = SubjectKind.log
    backup: str
    epoch: int
    restored_size: int
    checkpoint_size: int | None
    checkpoint_root: str | None
    lost_from: int
    lost_to: int | None
    disabled_again: tuple[UUID, ...]
    skipped_numbers: tuple[SkippedNumbers, ...]
