"""One update of one linked person: their rights, their language, where they are, and how to answer them.

One rule: whatever a handler does to the world goes through ``turn.api``, with the person's own token.
"""

import asyncio
import datetime as dt
import time
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

import structlog

from api.contract.people import DraftIn, DraftQuery, MeOut, MessageIn, SubjectIn
from api.text import say
from bots.cards.card import Card
from bots.cards.deck import CardKind
from bots.cards.viewer import Viewer
from bots.client.api import ApiClient, BotApi, PersonApi
from bots.client.errors import Problem, Stale
from bots.forms import engine
from bots.forms.engine import Open
from bots.forms.form import Asking, Values
from bots.telegram.outbound import Gone, Outbound, RetryLater
from bots.telegram.render import digest

log = structlog.get_logger()
R = TypeVar("R")

LONGEST_PAUSE = 20.0
TRIES = 4
SubjectKind = Literal["request", "rfq", "quote", "approval", "order"]


@dataclass(frozen=True)
class Place:
    """Where the update came from."""

    chat_id: str
    thread_id: str
    external_id: str
    message_id: str = ""


@dataclass(frozen=True)
class Kept:
    """What a message shows, to be kept current by the cards subscriber."""

    card: CardKind
    kind: SubjectKind
    id: UUID
    version: int


class Voice:
    """Speaking in one chat, with patience for the platform's pauses."""

    def __init__(self, outbound: Outbound, chat_id: str) -> None:
        self._outbound = outbound
        self._chat = chat_id

    async def post(self, card: Card) -> str:
        return await self._patiently(lambda: self._outbound.post(self._chat, card))

    async def text(self, words: str) -> str:
        return await self._patiently(lambda: self._outbound.text(self._chat, words))

    async def edit(self, message_id: str, card: Card) -> str:
        """Edit a message of an open form, or post anew when it is gone; the id that shows it now."""
        try:
            await self._patiently(lambda: self._outbound.edit(self._chat, message_id, card))
        except Gone:
            return await self.post(card)
        return message_id

    async def _patiently(self, send: Callable[[], Awaitable[R]]) -> R:
        for attempt in range(TRIES):
            try:
                return await send()
            except RetryLater as pause:
                if attempt == TRIES - 1 or pause.seconds > LONGEST_PAUSE:
                    raise
                await asyncio.sleep(pause.seconds)
        raise AssertionError("unreachable")


@dataclass(frozen=True)
class Guest:
    """One update of a chat account of which nothing is known yet: the bot's own rights, the account's words."""

    client: ApiClient
    api: BotApi
    voice: Voice
    place: Place
    key: str
    locale: str


@dataclass(frozen=True)
class Turn:
    """What a handler is handed."""

    api: PersonApi
    bot: BotApi
    me: MeOut
    voice: Voice
    place: Place
    update_key: str
    """``tg:<bot>:<update>``; the same for an update that is delivered again."""
    bot_id: int

    @property
    def locale(self) -> str:
        return self.me.locale

    @property
    def is_vendor(self) -> bool:
        return self.me.vendor_id is not None

    @cached_property
    def viewer(self) -> Viewer:
        return Viewer.of(self.me)

    @cached_property
    def now(self) -> dt.datetime:
        """The time where the person is."""
        return dt.datetime.fromtimestamp(time.time(), ZoneInfo(self.me.zone))

    @cached_property
    def asking(self) -> Asking:
        centres = tuple((centre.code, centre.name) for centre in self.me.cost_centres)
        return Asking(self.locale, self.me.zone, self.now, self.me.base_currency, centres)

    def say(self, key: str, /, **facts: object) -> str:
        return say(key, self.locale, **facts)

    def key(self, part: str = "") -> str:
        """The idempotency key of what this update does."""
        return f"{self.update_key}:{part}" if part else self.update_key

    def press_key(self, data: str) -> str:
        """The key of a button on a message: pressed twice, it is the same command."""
        return f"tg:{self.bot_id}:{self.place.chat_id}:{self.place.message_id}:{data}"

    def form_key(self, open_: Open) -> str:
        """The key of what a form does in the end: sent twice, it is the same command."""
        return f"tg:{self.bot_id}:form:{open_.nonce.hex}"

    async def show(self, card: Card, kept: Kept | None = None) -> str:
        """Post a card; with ``kept`` it stays current from then on."""
        message_id = await self.voice.post(card)
        if kept is not None:
            await self._remember(message_id, kept, card)
        return message_id

    async def turn_into(self, message_id: str, card: Card, kept: Kept | None = None) -> None:
        """A message becomes a card. It is remembered first: an update that was cut short comes again."""
        if kept is not None:
            await self._remember(message_id, kept, card)
        shown = await self.voice.edit(message_id, card)
        if kept is not None and shown != message_id:
            await self._remember(shown, kept, card)

    async def _remember(self, message_id: str, kept: Kept, card: Card) -> None:
        """Tell the system which message shows what; a card that is not remembered is only not redrawn."""
        body = MessageIn(
            platform="telegram",
            chat_id=self.place.chat_id,
            message_id=message_id,
            external_id=self.place.external_id,
            subject=SubjectIn(kind=kept.kind, id=kept.id),
            card=kept.card.value,
            version=kept.version,
            digest=digest(card).hex(),
        )
        try:
            await self.bot.messages.remember(
                body, key=f"tg:{self.bot_id}:{self.place.chat_id}:{message_id}:kept"
            )
        except Problem as problem:
            log.warning("card.not_remembered", code=problem.code)

    # ---- the open form

    @property
    def _query(self) -> DraftQuery:
        place = self.place
        return DraftQuery(
            platform="telegram",
            chat_id=place.chat_id,
            thread_id=place.thread_id,
            external_id=place.external_id,
        )

    async def open_form(self) -> Open | None:
        draft = await self.bot.drafts.show(self._query)
        return engine.read(draft) if draft else None

    async def keep(self, open_: Open) -> Open:
        """Write the form over the version that was read, or Stale."""
        body = DraftIn.model_validate(
            self._query.model_dump()
            | {
                "form": open_.form,
                "step": open_.step,
                "values": open_.row(),
                "version": open_.version,
            }
        )
        kept = await self.bot.drafts.keep(body)
        return replace(open_, version=kept.version)

    async def begin(self, form: str, values: Values) -> Open:
        """Open a form; one that was open waits under it."""
        for attempt in range(TRIES):
            draft = await self.bot.drafts.show(self._query)
            over = engine.read(draft) if draft else None
            new = engine.begun(form, values, uuid.uuid4(), over)
            if draft and over is None:
                new = replace(new, version=draft.version)
            try:
                return await self.keep(new)
            except Stale:
                if attempt == TRIES - 1:
                    raise
        raise AssertionError("unreachable")

    async def end(self, open_: Open) -> Open | None:
        """Close a form; the one that waited under it is open again."""
        back = engine.resumed(open_)
        if back is None:
            await self.bot.drafts.drop(self._query)
            return None
        return await self.keep(back)

    async def ask(self, open_: Open, *, message_id: str = "", trouble: str = "") -> None:
        """Show the question that is asked now, in place of the one that was answered by a button."""
        card = open_.card(self.asking, trouble)
        if message_id:
            await self.voice.edit(message_id, card)
        else:
            await self.voice.post(card)
