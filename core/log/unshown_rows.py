"""A row that is there and cannot be shown is an event too: the administrators hear of it, once."""

from dataclasses import dataclass
from typing import ClassVar

from core.kernel.subjects import SubjectKind
from core.log.events import Event


@dataclass(frozen=True, kw_only=True)
class RowUnshown(Event):
    """Somebody looked at a list with a row that cannot be shown; the subject is the row's own id."""

    type: ClassVar[str] = "row.unshown"
    subject_kind: ClassVar[str] = SubjectKind.log
    row: str
    number: str
