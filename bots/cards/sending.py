"""What sending to any chat platform is: five calls, and three ways in which they fail.

    returns        delivered; an edit that changes nothing counts as delivered
    Gone           the message to edit is not there any more
    Blocked        the person does not want to hear from the bot, or never spoke to it
    RetryLater     the platform asks for a pause, or did not answer

One rule: a pause is obeyed and reported, never slept through here; who asks again is the caller's schedule.
"""

from dataclasses import dataclass
from typing import Protocol

from bots.cards.card import Card


@dataclass(eq=False)
class Gone(Exception):
    """The message does not exist any more, or is not ours to edit."""

    why: str


@dataclass(eq=False)
class Blocked(Exception):
    """This chat cannot be reached; retrying does not help."""

    why: str


@dataclass(eq=False)
class RetryLater(Exception):
    """The platform asks for a pause of ``seconds``."""

    seconds: float


class Outbound(Protocol):
    """One platform's sending side; chats and messages are known by the ids that the platform gave them."""

    async def post(self, chat_id: str, card: Card) -> str:
        """Send a new card; its message id."""
        ...

    async def text(self, chat_id: str, words: str, *, silent: bool = False) -> str:
        """Send a plain sentence; its message id."""
        ...

    async def edit(self, chat_id: str, message_id: str, card: Card) -> None:
        """Bring a card up to date; one that shows it already is delivered."""
        ...

    def digest(self, card: Card) -> bytes:
        """The SHA-256 of what the person would see: equal means that nothing has to be sent."""
        ...

    async def close(self) -> None: ...
