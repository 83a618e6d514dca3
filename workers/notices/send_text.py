"""Sending one text to a person: to each of their chats, as a reply to the purchase's card where they see one.

One rule: nothing is stored here; what the chats answered is stored together with everybody else's answers.
"""

import asyncio
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from uuid import UUID

from bots.cards.drawing import CardKind
from bots.cards.sending import Blocked, Gone, Outbound, RetryLater, Uninstalled
from core.accounts.model import ChatAccount
from core.messages import repo as messages
from core.purchases import repo as purchase_repo
from core.uow import Uow
from workers import purchases
from workers.outcome import LOCKED_SECONDS
from workers.readers import Reader
from workers.runtime import Runtime

CARDS = (CardKind.request.value, CardKind.officer_request.value, CardKind.approval.value)
"""The cards that a message about a purchase may reply to."""
SEND_SECONDS = 12.0
"""How long all chats of a person may take, so that the database does not end the idle transaction."""
MOST_WAIT_SECONDS = 5.0
"""How long a second chat may ask to wait after the first one took the text; a busy chat asks for about one."""

CardsByChat = Mapping[tuple[str, str, UUID], str]
"""The message ids of the newest cards, by platform, chat and person."""


@dataclass(frozen=True)
class TextToSend:
    """What one person is told, beneath which cards, and in all chats but one."""

    text: str
    silent: bool
    cards: CardsByChat = field(default_factory=dict)
    except_chat: UUID | None = None


@dataclass
class TextOutcome:
    """Whether one of the person's chats took it; if none did, the pause in seconds that one asks for, or an error."""

    delivered: bool = False
    pause: float = 0.0
    blocked: list[ChatAccount] = field(default_factory=list)
    error: Exception | None = None

    @property
    def is_final(self) -> bool:
        """Whether there is no need to try again."""
        return self.delivered or (self.pause == 0 and self.error is None)


async def cards_in_chats(uow: Uow, request_id: UUID) -> CardsByChat:
    """The newest card of this purchase in each chat that shows one."""
    purchase = await purchase_repo.load(uow, request_id)
    if purchase is None:
        return {}
    return {
        (ref.platform, ref.chat_id, ref.person_id): ref.message_id
        for ref in await messages.cards_of_all(uow.connection, purchases.subject_ids(purchase))
        if ref.card in CARDS and ref.state == "live" and ref.message_id
    }


async def send_text(runtime: Runtime, reader: Reader, message: TextToSend) -> TextOutcome:
    """Send to each of the person's chats; one that cannot be reached is named in the outcome.

    Once one chat took it, a chat that asks for a pause is waited for a little and then skipped: a later retry would
    send the message twice.
    """
    outcome, limit = TextOutcome(), time.monotonic() + SEND_SECONDS
    left = [
        chat
        for chat in reader.chats
        if chat.platform in runtime.chats and chat.identity_id != message.except_chat
    ]
    while left:
        chat = left.pop(0)
        under = message.cards.get((chat.platform, chat.external_id, chat.person_id), "")
        try:
            async with asyncio.timeout(limit - time.monotonic()):
                await _send(runtime.chats[chat.platform], chat.external_id, message, under)
        except Uninstalled:
            continue
        except (Blocked, Gone):
            outcome.blocked.append(chat)
        except RetryLater as pause:
            seconds = runtime.turn_in(chat.platform, chat.external_id, pause.seconds)
            if not outcome.delivered:
                outcome.pause = seconds
                return outcome
            if seconds <= min(MOST_WAIT_SECONDS, limit - time.monotonic()):
                await asyncio.sleep(seconds)
                left.append(chat)
        except TimeoutError:
            if not outcome.delivered:
                outcome.pause = LOCKED_SECONDS
                return outcome
        except Exception as error:  # noqa: BLE001 - raised again when what others answered is stored
            outcome.error = error
            return outcome
        else:
            outcome.delivered = True
    return outcome


async def _send(chat: Outbound, chat_id: str, message: TextToSend, under: str) -> None:
    """As a reply to the card ``under``; on its own when the card is gone."""
    if under:
        with suppress(Gone):
            await chat.text(chat_id, message.text, silent=message.silent, reply_to=under)
            return
    await chat.text(chat_id, message.text, silent=message.silent)
