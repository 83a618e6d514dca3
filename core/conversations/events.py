"""What can have happened in conversations."""

from dataclasses import dataclass
from typing import ClassVar

from core.log.events import Event


@dataclass(frozen=True, kw_only=True)
class CardsWanted(Event):
    """Draw this purchase's present cards, for whoever has something to do: after seeding, or by hand."""

    type: ClassVar[str] = "cards.wanted"
    subject_kind: ClassVar[str] = "request"


@dataclass(frozen=True, kw_only=True)
class AppInstalled(Event):
    """Our chat app was installed in a workspace."""

    type: ClassVar[str] = "installation.kept"
    subject_kind: ClassVar[str] = "installation"
    platform: str
    team_id: str
    scopes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class AppRemoved(Event):
    """Our chat app was taken out of a workspace; its token is forgotten."""

    type: ClassVar[str] = "installation.revoked"
    subject_kind: ClassVar[str] = "installation"
    platform: str
    team_id: str
