"""Speaking in one chat, with patience for the platform's pauses.

One rule: what a conversation says goes through a Voice, so that no room knows where it is heard.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar

from api.contract.people import MeOut
from bots.cards.attachment import Attachment
from bots.cards.card import Card
from bots.cards.sending import Gone, Outbound, RetryLater

R = TypeVar("R")

LONGEST_PAUSE = 20.0
TRIES = 4


class Voice(Protocol):
    """One chat, spoken to."""

    async def post(self, card: Card) -> str:
        """Say a card; the message's id."""
        ...

    async def text(self, words: str) -> str:
        """Say a sentence; the message's id."""
        ...

    async def file(self, file: Attachment, *, caption: str = "", under: str = "") -> None:
        """Hand a file over with what is said about it, under the message that it belongs to when one is named."""
        ...

    async def edit(self, message_id: str, card: Card) -> str:
        """Change a message of an open form, or post anew when it is gone; the id that shows it now."""
        ...

    async def menu(self, me: MeOut) -> None:
        """Offer the commands of this person where the platform has a menu."""
        ...

    def digest(self, card: Card) -> bytes:
        """What the card looks like here, as the cards subscriber compares it."""
        ...


async def patiently(
    send: Callable[[], Awaitable[R]], *, tries: int = TRIES, longest: float = LONGEST_PAUSE
) -> R:
    """One call to the platform; a short pause that it asks for is waited out."""
    for attempt in range(tries):
        try:
            return await send()
        except RetryLater as pause:
            if attempt == tries - 1 or pause.seconds > longest:
                raise
            await asyncio.sleep(pause.seconds)
    raise AssertionError("unreachable")


class PatientVoice:
    """A Voice over a sending side: a short pause that the platform asks for is waited out."""

    def __init__(self, outbound: Outbound, chat_id: str) -> None:
        self._outbound = outbound
        self._chat = chat_id

    async def post(self, card: Card) -> str:
        return await patiently(lambda: self._outbound.post(self._chat, card))

    async def text(self, words: str) -> str:
        return await patiently(lambda: self._outbound.text(self._chat, words))

    async def file(self, file: Attachment, *, caption: str = "", under: str = "") -> None:
        await patiently(lambda: self._outbound.file(self._chat, file, caption=caption, under=under))

    async def edit(self, message_id: str, card: Card) -> str:
        try:
            await patiently(lambda: self._outbound.edit(self._chat, message_id, card))
        except Gone:
            return await self.post(card)
        return message_id

    async def menu(self, me: MeOut) -> None:
        """Nothing: a platform with menus says how."""

    def digest(self, card: Card) -> bytes:
        return self._outbound.digest(card)
