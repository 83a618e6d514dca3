"""What can happen to notices and to a person's preferences."""

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from core.kernel.subjects import SubjectKind
from core.log.events import Event


@dataclass(frozen=True, kw_only=True)
class PreferencesChanged(Event):
    """A person changed their preferences, so their cards are updated."""

    type: ClassVar[str] = "person.settings_changed"
    subject_kind: ClassVar[str] = SubjectKind.person
    changed: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class DigestDue(Event):
    """It is time for a person's digest; once per local day."""

    type: ClassVar[str] = "digest.due"
    subject_kind: ClassVar[str] = SubjectKind.person
    digest_id: UUID
    day: dt.date


@dataclass(frozen=True, kw_only=True)
class NoticesReleased(Event):
    """A person's quiet hours are over, and notices were held for them."""

    type: ClassVar[str] = "notices.released"
    subject_kind: ClassVar[str] = SubjectKind.person


@dataclass(frozen=True, kw_only=True)
class NoticesAccepted(Event):
    """A flow asked to notify these people; the sending itself is a delivery."""

    type: ClassVar[str] = "notices.accepted"
    subject_kind: ClassVar[str] = SubjectKind.event
    kind: str
    recipients: tuple[UUID, ...]
    execution_id: str | None
