"""What can happen to chat links, and whether a chat can be reached.

One rule: no event contains a code or a token.
"""

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
    """``identity_id`` is the chat that was joined through the link; it now belongs to nobody."""

    type: ClassVar[str] = "link.revoked"
    link_id: UUID
    identity_id: UUID | None


@dataclass(frozen=True, kw_only=True)
class ChatUnreachable(PersonEvent):
    """A chat account blocked the bot or was deleted; ``left`` is how many other chats this person still has."""

    type: ClassVar[str] = "chat.unreachable"
    platform: str
    left: int


@dataclass(frozen=True, kw_only=True)
class ChatReachable(PersonEvent):
    """The chat can be written to again, so open work is shown there again."""

    type: ClassVar[str] = "chat.reachable"
    platform: str
