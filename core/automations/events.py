"""What n8n's flows can report."""

from dataclasses import dataclass
from typing import ClassVar

from core.kernel.subjects import SubjectKind
from core.log.events import Event


@dataclass(frozen=True, kw_only=True)
class FlowReported(Event):
    type: ClassVar[str] = "flow.reported"
    subject_kind: ClassVar[str] = SubjectKind.event
    status: str
    detail: str
    execution_id: str | None
