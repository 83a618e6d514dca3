"""What can happen to what is worked out from history; runs are kept beside the log, not in it."""

from dataclasses import dataclass
from typing import ClassVar

from core.kernel.subjects import SubjectKind
from core.log.events import Event


@dataclass(frozen=True, kw_only=True)
class InsightSwitched(Event):
    """An administrator switched a feature on or off."""

    type: ClassVar[str] = "insight.switched"
    subject_kind: ClassVar[str] = SubjectKind.organisation
    feature: str
    enabled: bool


@dataclass(frozen=True, kw_only=True)
class HintDismissed(Event):
    """Somebody said that a hint is nothing; ``request_id`` when it is about a purchase."""

    type: ClassVar[str] = "insight.dismissed"
    subject_kind: ClassVar[str] = SubjectKind.organisation
    feature: str
    rule: str
    about_kind: str
    about_id: str
    reason: str
