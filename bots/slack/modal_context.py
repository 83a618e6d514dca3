"""A context whose forms stand in a modal; such a form is a row like any other, in a thread of its own.

One rule: a modal is opened before anything else is done, because its trigger lives three seconds; where Slack
does not show it, the same form goes on in the conversation.
"""

import asyncio
import uuid
from dataclasses import dataclass, replace

import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bots.cards.card import Card
from bots.cards.sending import Gone
from bots.dialog.context import Context
from bots.dialog.origin import CardRef
from bots.dialog.responder import RetryingResponder, with_retries
from bots.forms.engine import OpenForm
from bots.slack import views
from bots.slack.outbound import SlackOutbound, error_code, reason_of
from bots.slack.processor import SlackUpdate, UpdateProcessor
from bots.slack.replies import UNDELIVERED, ReplyTarget
from bots.slack.views import View

log = structlog.get_logger()

MAX_TRIES, MAX_PAUSE_SECONDS = 2, 2.0
"""More would outlive the trigger."""
_OPENED_BEFORE = frozenset({"duplicate_external_id", "exchanged_trigger_id"})


@dataclass(frozen=True)
class OpenModal:
    """An open modal."""

    outbound: SlackOutbound
    chat_id: str
    view_id: str

    async def show(self, view: View) -> None:
        """Other contents, after the pauses that Slack asks for; Gone when the person has closed it."""
        await with_retries(lambda: self.change(view))

    async def change(self, view: View) -> None:
        """Other contents, asked for once."""
        await self.outbound.call(
            self.chat_id, lambda client: client.views_update(view_id=self.view_id, view=view)
        )


ModalTask = asyncio.Task[OpenModal | None]
"""A modal on its way to the person; None: then what was wanted goes on in the chat."""


def open_modal(
    processor: UpdateProcessor, update: SlackUpdate, trigger_id: str, view: View | None = None
) -> ModalTask:
    """Start opening it; nothing waits for Slack longer than Slack waits for us."""
    return processor.deadline.start(
        _open_modal(processor, update, trigger_id, view or views.loading(processor.locale(update)))
    )


def is_open(modal: ModalTask | None) -> bool:
    """Whether the person has a modal in front of them by now."""
    return bool(modal and modal.done() and not modal.exception() and modal.result())


async def _open_modal(
    processor: UpdateProcessor, update: SlackUpdate, trigger_id: str, view: View
) -> OpenModal | None:
    """A trigger that was used up by a call whose answer was lost has opened the modal: it is found by its name."""
    name = uuid.uuid4().hex
    named = {**view, "external_id": name}

    async def open_(client: AsyncWebClient) -> AsyncSlackResponse:
        try:
            return await client.views_open(trigger_id=trigger_id, view=named)
        except SlackApiError as error:
            if error_code(error) not in _OPENED_BEFORE:
                raise
            return await client.views_update(external_id=name, view=named)

    try:
        answer = await with_retries(
            lambda: processor.outbound.call(update.external_id, open_),
            tries=MAX_TRIES,
            max_pause_seconds=MAX_PAUSE_SECONDS,
        )
    except UNDELIVERED as error:
        log.info("modal.not_opened", why=reason_of(error))
        return None
    return OpenModal(processor.outbound, update.external_id, str(answer["view"]["id"]))


def in_modal(modal: "OpenModal | ModalTask", processor: UpdateProcessor, update: SlackUpdate) -> ReplyTarget:
    """Send a reply into the modal; Gone where there is none."""

    async def send(text: str) -> None:
        opened = modal if isinstance(modal, OpenModal) else await modal
        if opened is None:
            raise Gone("it was not opened")
        await opened.change(views.text(text, processor.locale(update)))

    return send


class ModalResponder(RetryingResponder):
    """Sentences go into the modal while it is open; cards that stay current, into the private chat."""

    def __init__(self, modal: OpenModal, locale: str) -> None:
        super().__init__(modal.outbound, modal.chat_id)
        self._modal, self._locale = modal, locale

    async def text(self, text: str) -> str:
        try:
            await self._modal.show(views.text(text, self._locale))
        except UNDELIVERED as error:
            log.info("modal.not_shown", why=reason_of(error))
            return await super().text(text)
        return ""


@dataclass(frozen=True)
class ModalContext(Context):
    """What a handler asks or shows through it stands in the modal."""

    modal: OpenModal
    chat_ctx: Context
    """The same update, in the private chat."""

    async def ask(self, open_form: OpenForm, *, message_id: str = "", error_text: str = "") -> None:
        try:
            await self.modal.show(views.form(open_form, self.form_ctx, self.origin.thread_id))
        except Gone:
            log.info("modal.closed")
        except UNDELIVERED as error:
            log.info("modal.not_shown", why=reason_of(error))
            await continue_in_chat(self.chat_ctx, open_form)

    async def show(self, card: Card, card_ref: CardRef | None = None) -> str:
        if card_ref is not None:
            return await self.chat_ctx.show(card, card_ref)
        try:
            await self.modal.show(views.card(replace(card, locale=self.locale)))
        except UNDELIVERED as error:
            log.info("modal.not_shown", why=reason_of(error))
            return await self.chat_ctx.show(card)
        return ""


def with_modal(ctx: Context, modal: OpenModal) -> ModalContext:
    """The same update, with a thread of its own for the form."""
    origin = replace(ctx.origin, thread_id=f"modal:{uuid.uuid4().hex}")
    return ModalContext(
        api=ctx.api,
        bot_api=ctx.bot_api,
        me=ctx.me,
        responder=ModalResponder(modal, ctx.locale),
        origin=origin,
        key_prefix=ctx.key_prefix,
        update_key=ctx.update_key,
        account_name=ctx.account_name,
        questions=ctx.questions,
        modal=modal,
        chat_ctx=ctx,
    )


def with_thread(ctx: Context, thread: str) -> Context:
    return replace(ctx, origin=replace(ctx.origin, thread_id=thread))


async def continue_in_chat(ctx: Context, open_form: OpenForm) -> None:
    """The form goes on question by question in the private chat, with everything that was entered."""
    await ctx.ask(await ctx.start_form(open_form.name, open_form.values))
