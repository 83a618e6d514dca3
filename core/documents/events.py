"""What can happen to a document."""

from dataclasses import dataclass
from typing import ClassVar

from core.kernel.subjects import SubjectKind
from core.log.events import Event


@dataclass(frozen=True, kw_only=True)
class DocumentUploaded(Event):
    type: ClassVar[str] = "document.uploaded"
    subject_kind: ClassVar[str] = SubjectKind.document
    media_type: str
    size: int
    sha256: str
    state: str
