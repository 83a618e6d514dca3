"""One update of one person: their rights, their language, where they are, and how to answer them.

One rule: whatever a handler does to the world goes through ``turn.api``, with the person's own token.
"""

import datetime as dt
import time
import uuid
from dataclasses import dataclass, replace
from functools import cached_property
from zoneinfo import ZoneInfo

import structlog

from api.contract.people import DraftIn, DraftQuery, MeOut, MessageIn, SubjectIn
from api.text import translate
from bots.cards.card import Card
from bots.cards.press import Press, pack
from bots.cards.viewer import Viewer
from bots.client.api import ApiClient, BotApi, PersonApi
from bots.client.errors import Problem, Stale
from bots.client.wire import Sender
from bots.forms import engine
from bots.forms.engine import Open
from bots.forms.form import Asking, Values
from bots.talk.correlation import correlation_id
from bots.talk.place import Kept, Place
from bots.talk.voice import Voice

log = structlog.get_logger()

TRIES = 4


@dataclass(frozen=True)
class Guest:
    """One update of a chat account of which nothing is known yet: the bot's own rights, the account's words."""

    client: ApiClient
    voice: Voice
    place: Place
    root: str
    """``tg:<bot>``: how every key of this bot begins."""
    key: str
    """``tg:<bot>:<update>``; the same for an update that is delivered again."""
    locale: str
    account: str
    """The account as its owner named it, cleaned."""
    language: str = ""
    """What the platform says this account reads, as it says it."""

    @property
    def sender(self) -> Sender:
        return Sender(
            correlation_id=correlation_id(),
            locale=self.locale,
            chat=f"{self.place.seen_in}:{self.place.message_id}",
            channel=self.place.platform,
        )

    @property
    def api(self) -> BotApi:
        return self.client.for_bot(self.sender)

    @property
    def person(self) -> PersonApi:
        """The API with the rights of whoever this account belongs to."""
        return self.client.for_person(self.place.platform, self.place.external_id, self.sender)

    async def turn(self) -> "Turn":
        """The turn of the person behind the account, or NotLinked."""
        me = await self.person.me()
        spoken = replace(self.sender, locale=me.locale)
        return Turn(
            api=self.client.for_person(self.place.platform, self.place.external_id, spoken),
            bot=self.client.for_bot(spoken),
            me=me,
            voice=self.voice,
            place=self.place,
            root=self.root,
            update_key=self.key,
            account=self.account,
        )


@dataclass(frozen=True)
class Turn:
    """What a room is handed."""

    api: PersonApi
    bot: BotApi
    me: MeOut
    voice: Voice
    place: Place
    root: str
    update_key: str
    account: str

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
        return translate(key, self.locale, **facts)

    def key(self, part: str = "") -> str:
        """The idempotency key of what this update does."""
        return f"{self.update_key}:{part}" if part else self.update_key

    def press_key(self, claim: Press) -> str:
        """The key of a button on a message: pressed twice, it is the same command."""
        return f"{self.root}:{self.place.seen_in}:{self.place.message_id}:{pack(claim)}"

    def form_key(self, open_: Open) -> str:
        """The key of what a form does in the end: sent twice, it is the same command."""
        return f"{self.root}:form:{open_.nonce.hex}"

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
            platform=self.place.platform,
            chat_id=self.place.chat_id,
            message_id=message_id,
            external_id=self.place.external_id,
            subject=SubjectIn(kind=kept.kind, id=kept.id),
            card=kept.card.value,
            version=kept.version,
            digest=self.voice.digest(card).hex(),
        )
        try:
            await self.bot.messages.remember(body, key=f"{self.root}:{self.place.chat_id}:{message_id}:kept")
        except Problem as problem:
            log.warning("card.not_remembered", code=problem.code)

    # ---- the open form

    @property
    def _query(self) -> DraftQuery:
        place = self.place
        return DraftQuery(
            platform=place.platform,
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
