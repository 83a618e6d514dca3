"""What can have happened to notices, and to how a person wants to hear of them."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from core.log.events import Event


@dataclass(frozen=True, kw_only=True)
class SettingsChanged(Event):
    """A person wants to be spoken to otherwise: their cards are drawn again."""

    type: ClassVar[str] = "person.settings_changed"
    subject_kind: ClassVar[str] = "person"
    changed: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class NoticesAccepted(Event):
    """A flow asked for these people to be told; the sending itself is a delivery."""

    type: ClassVar[str] = "notices.accepted"
    subject_kind: ClassVar[str] = "event"
    kind: str
    recipients: tuple[UUID, ...]
    execution_id: str | None
