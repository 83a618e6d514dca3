"""What sending to any chat platform is: a few calls, and the ways in which they fail.

    returns        delivered; an edit that changes nothing counts as delivered
    Gone           the message to edit, or the topic it stands in, is not there any more
    Blocked        the person blocked the bot or never wrote to it; the bot is not in the group
    └── Uninstalled    our app is not in this workspace, which says nothing about the person or the group
    Moved          the group has another id now
    NotAllowed     the bot is in the group, and may not do this there
    RetryLater     the platform asks for a pause, or did not answer

One rule: nothing waits here for a pause; RetryLater tells the caller when to try again.
"""

from dataclasses import dataclass
from typing import Protocol

from bots.cards.attachment import Attachment
from bots.cards.card import Card


@dataclass(eq=False)
class Gone(Exception):
    """The message does not exist any more, or is not ours to edit."""

    reason: str


@dataclass(eq=False)
class Blocked(Exception):
    """This chat cannot be reached; retrying does not help."""

    reason: str


class Uninstalled(Blocked):
    """Nobody in this workspace can be reached until our app is installed there again."""


@dataclass(eq=False)
class ChatMigrated(Exception):
    """The group is known by another id from now on."""

    moved_to: str


@dataclass(eq=False)
class NotAllowed(Exception):
    """The group's administrators did not give the bot this right."""

    reason: str


@dataclass(eq=False)
class RetryLater(Exception):
    """The platform asks for a pause of ``seconds``."""

    seconds: float


class Outbound(Protocol):
    """One platform's sending side; chats and messages are known by the ids that the platform gave them."""

    @property
    def opens_pages(self) -> bool:
        """Whether a button can open a page as whoever presses it."""
        ...

    async def post(self, chat_id: str, card: Card, *, thread_id: str = "") -> str:
        """Send a new card, into a topic when one is named; its message id."""
        ...

    async def text(self, chat_id: str, words: str, *, silent: bool = False, reply_to: str = "") -> str:
        """Send a plain sentence, under the message that it belongs to when one is named; its message id."""
        ...

    async def file(self, chat_id: str, file: Attachment, *, caption: str = "", reply_to: str = "") -> None:
        """Send a file with a caption, as a reply when a message is named."""
        ...

    async def edit(self, chat_id: str, message_id: str, card: Card) -> None:
        """Bring a card up to date; one that shows it already is delivered."""
        ...

    def fingerprint(self, card: Card) -> bytes:
        """The SHA-256 of what the person would see: equal means that nothing has to be sent."""
        ...

    async def close(self) -> None: ...

    # ---- a topic or thread of its own, in a group

    async def open_topic(self, chat_id: str, title: str) -> str:
        """Make a place for one request; its id."""
        ...

    async def rename_topic(self, chat_id: str, thread_id: str, title: str) -> None:
        """Its title follows what it is about."""
        ...

    async def close_topic(self, chat_id: str, thread_id: str, *, closed: bool) -> None:
        """Close it, or open it again, where the platform knows a difference."""
        ...

    async def pin(self, chat_id: str, message_id: str) -> None:
        """Keep a message in sight where the platform can."""
        ...
