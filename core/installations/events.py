"""What can happen to an installation."""

from dataclasses import dataclass
from typing import ClassVar

from core.kernel.subjects import SubjectKind
from core.log.events import Event


@dataclass(frozen=True, kw_only=True)
class AppInstalled(Event):
    """The chat app was installed in a workspace."""

    type: ClassVar[str] = "installation.kept"
    subject_kind: ClassVar[str] = SubjectKind.installation
    platform: str
    team_id: str
    scopes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class AppRemoved(Event):
    """The chat app was removed from a workspace, or its token is invalid; the token is deleted."""

    type: ClassVar[str] = "installation.revoked"
    subject_kind: ClassVar[str] = SubjectKind.installation
    platform: str
    team_id: str
    team_name: str = ""
