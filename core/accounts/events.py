"""What can have happened to chat links and to a chat's reach; no code or token ever stands in an event."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from core.people.events import PersonEvent


@dataclass(frozen=True, kw_only=True)
class LinkMade(PersonEvent):
    type: ClassVar[str] = "link.made"
    link_id: UUID
    purpose: str


@dataclass(frozen=True, kw_only=True)
class LinkConfirmed(PersonEvent):
    type: ClassVar[str] = "link.confirmed"
    link_id: UUID
    platform: str
    identity_id: UUID


@dataclass(frozen=True, kw_only=True)
class LinkRevoked(PersonEvent):
    """``identity_id``: the chat that the link had joined, and that belongs to nobody now."""

    type: ClassVar[str] = "link.revoked"
    link_id: UUID
    identity_id: UUID | None


@dataclass(frozen=True, kw_only=True)
class ChatUnreachable(PersonEvent):
    """A chat account blocked the bot or is gone; ``left``: how many other chats of this person remain."""

    type: ClassVar[str] = "chat.unreachable"
    platform: str
    left: int


@dataclass(frozen=True, kw_only=True)
class ChatReachable(PersonEvent):
    """The person came back: what waits for them is shown there again."""

    type: ClassVar[str] = "chat.reachable"
    platform: str
