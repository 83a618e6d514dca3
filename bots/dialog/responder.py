"""Replying in one chat, after the pauses that the platform asks for.

One rule: handlers reply through a Responder, so that no handler knows the platform.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar

import structlog

from api.contract.people import MeOut
from bots.cards.attachment import Attachment
from bots.cards.card import Card
from bots.cards.sending import Blocked, Gone, NotAllowed, Outbound, RetryLater

log = structlog.get_logger()

R = TypeVar("R")

MAX_PAUSE_SECONDS = 20.0
TRIES = 4


class Responder(Protocol):
    """One chat, to which a handler replies."""

    @property
    def opens_pages(self) -> bool:
        """Whether a button here can open a page as whoever presses it."""
        ...

    async def post(self, card: Card) -> str:
        """Post a card; the message's id."""
        ...

    async def text(self, text: str) -> str:
        """Post a sentence; the message's id."""
        ...

    async def file(self, file: Attachment, *, caption: str = "", reply_to: str = "") -> None:
        """Send a file with a caption, as a reply when a message is named."""
        ...

    async def edit(self, message_id: str, card: Card) -> str:
        """Change a message of an open form, or post anew when it is gone; the id that shows it now."""
        ...

    async def settle(self, message_id: str, card: Card) -> None:
        """Change a message that nothing waits for any more, if it is still there."""
        ...

    async def set_menu(self, me: MeOut) -> None:
        """Offer the commands of this person where the platform has a menu."""
        ...

    def fingerprint(self, card: Card) -> bytes:
        """What the card looks like here, as the cards subscriber compares it."""
        ...


async def with_retries(
    send: Callable[[], Awaitable[R]], *, tries: int = TRIES, max_pause_seconds: float = MAX_PAUSE_SECONDS
) -> R:
    """One call to the platform; a short pause that it asks for is waited out."""
    for attempt in range(tries):
        try:
            return await send()
        except RetryLater as pause:
            if attempt == tries - 1 or pause.seconds > max_pause_seconds:
                raise
            await asyncio.sleep(pause.seconds)
    raise AssertionError("unreachable")


class RetryingResponder:
    """A Responder over an Outbound: a short pause that the platform asks for is waited out."""

    def __init__(self, outbound: Outbound, chat_id: str) -> None:
        self._outbound = outbound
        self._chat_id = chat_id

    @property
    def opens_pages(self) -> bool:
        return self._outbound.opens_pages

    async def post(self, card: Card) -> str:
        return await with_retries(lambda: self._outbound.post(self._chat_id, card))

    async def text(self, text: str) -> str:
        return await with_retries(lambda: self._outbound.text(self._chat_id, text))

    async def file(self, file: Attachment, *, caption: str = "", reply_to: str = "") -> None:
        await with_retries(
            lambda: self._outbound.file(self._chat_id, file, caption=caption, reply_to=reply_to)
        )

    async def edit(self, message_id: str, card: Card) -> str:
        try:
            await with_retries(lambda: self._outbound.edit(self._chat_id, message_id, card))
        except Gone:
            return await self.post(card)
        return message_id

    async def settle(self, message_id: str, card: Card) -> None:
        try:
            await self._outbound.edit(self._chat_id, message_id, card)
        except (Blocked, Gone, NotAllowed, RetryLater) as refused:
            log.info("message.not_settled", why=type(refused).__name__)

    async def set_menu(self, me: MeOut) -> None:
        """Nothing: a platform with menus says how."""

    def fingerprint(self, card: Card) -> bytes:
        return self._outbound.fingerprint(card)
