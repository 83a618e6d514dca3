"""One update of one person: their rights, their language, where they are, and how to answer them.

One rule: whatever a handler changes goes through ``ctx.api``, with the person's own token.
"""

import datetime as dt
import uuid
from dataclasses import dataclass, field, replace
from functools import cached_property
from zoneinfo import ZoneInfo

import structlog

from api.contract.people import DraftIn, DraftQuery, MeOut, MessageIn, SubjectIn
from api.text import translate
from bots.cards.card import Card
from bots.cards.press import Press, pack
from bots.cards.viewer import Viewer
from bots.client.api import ApiClient, BotApi, PersonApi
from bots.client.errors import ApiProblem, ApiStale
from bots.client.transport import CallMetadata
from bots.dialog.correlation import correlation_id
from bots.dialog.open_questions import AskedQuestion, OpenQuestions
from bots.dialog.origin import CardRef, Origin
from bots.dialog.responder import Responder
from bots.forms import engine
from bots.forms.engine import OpenForm
from bots.forms.form import FormContext, Values

log = structlog.get_logger()

TRIES = 4


@dataclass(frozen=True)
class UnlinkedContext:
    """One update of a chat account of which nothing is known yet: the bot's own rights, the account's language."""

    client: ApiClient
    responder: Responder
    origin: Origin
    key_prefix: str
    """``tg:<bot>``: how every key of this bot begins."""
    update_key: str
    """``tg:<bot>:<update>``; the same for an update that is delivered again."""
    locale: str
    account_name: str
    """The account as its owner named it, cleaned."""
    questions: OpenQuestions = field(default_factory=OpenQuestions)
    language: str = ""
    """What the platform says this account reads, as it says it."""

    @property
    def metadata(self) -> CallMetadata:
        return CallMetadata(
            correlation_id=correlation_id(),
            locale=self.locale,
            chat=f"{self.origin.message_chat_id}:{self.origin.message_id}",
            channel=self.origin.platform,
        )

    @property
    def bot_api(self) -> BotApi:
        return self.client.for_bot(self.metadata)

    @property
    def person_api(self) -> PersonApi:
        """The API with the rights of whoever this account belongs to."""
        return self.client.for_person(self.origin.platform, self.origin.external_id, self.metadata)

    async def to_context(self) -> "Context":
        """The context of the person behind the account, or NotLinked."""
        me = await self.person_api.me()
        with_locale = replace(self.metadata, locale=me.locale)
        return Context(
            api=self.client.for_person(self.origin.platform, self.origin.external_id, with_locale),
            bot_api=self.client.for_bot(with_locale),
            me=me,
            responder=self.responder,
            origin=self.origin,
            key_prefix=self.key_prefix,
            update_key=self.update_key,
            account_name=self.account_name,
            questions=self.questions,
        )


@dataclass(frozen=True)
class Context:
    """What a handler gets."""

    api: PersonApi
    bot_api: BotApi
    me: MeOut
    responder: Responder
    origin: Origin
    key_prefix: str
    update_key: str
    account_name: str
    questions: OpenQuestions

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
        return self.api.now.astimezone(ZoneInfo(self.me.zone))

    @cached_property
    def form_ctx(self) -> FormContext:
        centres = tuple((centre.code, centre.name) for centre in self.me.cost_centres)
        return FormContext(self.locale, self.me.zone, self.now, self.me.base_currency, centres)

    def translate(self, key: str, /, **facts: object) -> str:
        return translate(key, self.locale, **facts)

    def command_key(self, part: str = "") -> str:
        """The idempotency key of what this update does."""
        return f"{self.update_key}:{part}" if part else self.update_key

    def press_key(self, press: Press) -> str:
        """The key of a button on a message: pressed twice, it is the same command."""
        return f"{self.key_prefix}:{self.origin.message_chat_id}:{self.origin.message_id}:{pack(press)}"

    def form_key(self, open_form: OpenForm) -> str:
        """The key of what a form does in the end: sent twice, it is the same command."""
        return f"{self.key_prefix}:form:{open_form.nonce.hex}"

    async def show(self, card: Card, card_ref: CardRef | None = None) -> str:
        """Post a card; with ``card_ref`` it stays current from then on."""
        message_id = await self.responder.post(card)
        if card_ref is not None:
            await self._remember(message_id, card_ref, card)
        return message_id

    async def replace_with(self, message_id: str, card: Card, card_ref: CardRef | None = None) -> None:
        """A message becomes a card. It is remembered first: an update that was cut short comes again."""
        if card_ref is not None:
            await self._remember(message_id, card_ref, card)
        shown = await self.responder.edit(message_id, card)
        if card_ref is not None and shown != message_id:
            await self._remember(shown, card_ref, card)

    async def _remember(self, message_id: str, card_ref: CardRef, card: Card) -> None:
        """Tell the system which message shows what; a card that is not remembered is only not redrawn."""
        body = MessageIn(
            platform=self.origin.platform,
            chat_id=self.origin.chat_id,
            message_id=message_id,
            external_id=self.origin.external_id,
            subject=SubjectIn(kind=card_ref.kind, id=card_ref.id),
            card=card_ref.card.value,
            version=card_ref.version,
            digest=self.responder.fingerprint(card).hex(),
        )
        try:
            await self.bot_api.messages.remember(
                body, key=f"{self.key_prefix}:{self.origin.chat_id}:{message_id}:kept"
            )
        except ApiProblem as problem:
            log.warning("card.not_remembered", code=problem.code)

    # ---- the open form

    @property
    def _draft_query(self) -> DraftQuery:
        origin = self.origin
        return DraftQuery(
            platform=origin.platform,
            chat_id=origin.chat_id,
            thread_id=origin.thread_id,
            external_id=origin.external_id,
        )

    async def open_form(self) -> OpenForm | None:
        draft = await self.bot_api.drafts.show(self._draft_query)
        return engine.load(draft) if draft else None

    async def save_form(self, open_form: OpenForm) -> OpenForm:
        """Write the form over the version that was read, or Stale; what does not fit into a row is left out."""
        open_form = engine.fitted(open_form)
        body = DraftIn.model_validate(
            self._draft_query.model_dump()
            | {
                "form": open_form.name,
                "step": open_form.step,
                "values": open_form.row(),
                "version": open_form.version,
            }
        )
        card_ref = await self.bot_api.drafts.save(body)
        return replace(open_form, version=card_ref.version)

    async def start_form(self, form: str, values: Values) -> OpenForm:
        """Open a form; one that was open waits under it. The words that began it are no answer to it."""
        for attempt in range(TRIES):
            draft = await self.bot_api.drafts.show(self._draft_query)
            interrupted = engine.load(draft) if draft else None
            new = replace(
                engine.start(form, values, uuid.uuid4(), interrupted),
                last_update_key=self.update_key,
                last_message_id=self.origin.message_id,
            )
            if draft and interrupted is None:
                new = replace(new, version=draft.version)
            try:
                return await self.save_form(new)
            except ApiStale:
                if attempt == TRIES - 1:
                    raise
        raise AssertionError("unreachable")

    async def close_form(self, open_form: OpenForm) -> OpenForm | None:
        """Close a form; the one that waited under it is open again, and nothing can be pressed in this one."""
        asked = await self.questions.forget(self._place)
        if asked is not None and asked.message_id != self.origin.message_id:
            await self.responder.settle(asked.message_id, asked.without_buttons)
        resumed = engine.resume(open_form)
        if resumed is None:
            await self.bot_api.drafts.delete(self._draft_query)
            return None
        return await self.save_form(resumed)

    async def ask(self, open_form: OpenForm, *, message_id: str = "", error_text: str = "") -> None:
        """Show the question that is asked now, in place of the one that was answered by a button.

        One that was answered by typing stays, without its buttons.
        """
        card = open_form.card(self.form_ctx, error_text)
        if message_id:
            shown = await self.responder.edit(message_id, card)
        else:
            shown = await self.responder.post(card)
        before = await self.questions.remember(self._place, AskedQuestion(shown, card))
        if before is not None:
            await self.responder.settle(before.message_id, before.without_buttons)

    @property
    def _place(self) -> tuple[str, ...]:
        """Where a form is open, as its row knows it."""
        origin = self.origin
        return (origin.platform, origin.chat_id, origin.thread_id, origin.external_id)
