"""What a handler works with: one person's API for one update, with a key per call and their language."""

from dataclasses import dataclass, field
from uuid import UUID

from aiogram.types import Message
from pydantic import BaseModel

from api.contract.people import MeOut, MessageIn, SubjectIn
from bots.cards.deck import CardKind, draw
from bots.cards.model import Card, Viewer
from bots.client.api import BotApi, PersonApi
from bots.telegram.render import as_html, keyboard


@dataclass
class Desk:
    """The person acts, never the bot; the same update always makes the same keys."""

    api: PersonApi
    bot: BotApi
    me: MeOut
    external_id: str
    update_key: str
    calls: int = field(default=0)

    def key(self) -> str:
        """The next idempotency key of this update."""
        self.calls += 1
        return f"{self.update_key}:{self.calls}"

    @property
    def locale(self) -> str:
        return self.me.locale

    @property
    def viewer(self) -> Viewer:
        return Viewer(self.me.id, self.me.locale, self.me.zone, frozenset(self.me.roles), self.me.vendor_id)

    async def show(
        self, message: Message, kind: CardKind, model: BaseModel, subject: tuple[str, UUID, int]
    ) -> None:
        """Post a card and have it kept current from now on."""
        card = draw(kind, model, self.viewer)
        sent = await post(message, card)
        subject_kind, subject_id, version = subject
        await self.bot.messages.remember(
            MessageIn(
                platform="telegram",
                chat_id=str(sent.chat.id),
                message_id=str(sent.message_id),
                external_id=self.external_id,
                subject=SubjectIn.model_validate({"kind": subject_kind, "id": subject_id}),
                card=kind.value,
                version=version,
            ),
            key=self.key(),
        )


async def post(message: Message, card: Card) -> Message:
    """Send a card into the chat that a message came from."""
    return await message.answer(as_html(card), reply_markup=keyboard(card))
