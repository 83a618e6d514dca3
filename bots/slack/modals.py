"""A turn whose questions stand in a modal; its form is a row like any other, in a thread of its own.

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
from bots.forms.engine import Open
from bots.slack import views
from bots.slack.desk import Coming, Desk
from bots.slack.outbound import Outbound, reason_of, word_of
from bots.slack.telling import UNSAID, Tell
from bots.slack.views import View
from bots.talk.place import Kept
from bots.talk.turn import Turn
from bots.talk.voice import PatientVoice, patiently

log = structlog.get_logger()

TRIES, LONGEST_PAUSE = 2, 2.0
"""More would outlive the trigger."""
_OPENED_BEFORE = frozenset({"duplicate_external_id", "exchanged_trigger_id"})


@dataclass(frozen=True)
class Window:
    """An open modal."""

    outbound: Outbound
    chat_id: str
    view_id: str

    async def show(self, view: View) -> None:
        """Other contents, after the pauses that Slack asks for; Gone when the person has closed it."""
        await patiently(lambda: self.change(view))

    async def change(self, view: View) -> None:
        """Other contents, asked for once."""
        await self.outbound.call(
            self.chat_id, lambda client: client.views_update(view_id=self.view_id, view=view)
        )


Opening = asyncio.Task[Window | None]
"""A modal on its way to the person; None: then what was wanted goes on in the chat."""


def opening(desk: Desk, coming: Coming, trigger_id: str, view: View | None = None) -> Opening:
    """Begin to open it; nothing waits for Slack longer than Slack waits for us."""
    return desk.patience.begin(_opened(desk, coming, trigger_id, view or views.loading(desk.locale(coming))))


def is_open(opening: Opening | None) -> bool:
    """Whether the person has a modal in front of them by now."""
    return bool(opening and opening.done() and not opening.exception() and opening.result())


async def _opened(desk: Desk, coming: Coming, trigger_id: str, view: View) -> Window | None:
    """A trigger that was used up by a call whose answer was lost has opened the modal: it is found by its name."""
    name = uuid.uuid4().hex
    named = {**view, "external_id": name}

    async def open_(client: AsyncWebClient) -> AsyncSlackResponse:
        try:
            return await client.views_open(trigger_id=trigger_id, view=named)
        except SlackApiError as error:
            if word_of(error) not in _OPENED_BEFORE:
                raise
            return await client.views_update(external_id=name, view=named)

    try:
        answer = await patiently(
            lambda: desk.outbound.call(coming.external_id, open_), tries=TRIES, longest=LONGEST_PAUSE
        )
    except UNSAID as error:
        log.info("modal.not_opened", why=reason_of(error))
        return None
    return Window(desk.outbound, coming.external_id, str(answer["view"]["id"]))


def into(window: "Window | Opening", desk: Desk, coming: Coming) -> Tell:
    """Saying something in the window; Gone where there is none."""

    async def tell(words: str) -> None:
        found = window if isinstance(window, Window) else await window
        if found is None:
            raise Gone("it was not opened")
        await found.change(views.words(words, desk.locale(coming)))

    return tell


class Beside(PatientVoice):
    """Sentences stand in the window while it is there; what stays current, in the conversation beside it."""

    def __init__(self, window: Window, locale: str) -> None:
        super().__init__(window.outbound, window.chat_id)
        self._window, self._locale = window, locale

    async def text(self, words: str) -> str:
        try:
            await self._window.show(views.words(words, self._locale))
        except UNSAID as error:
            log.info("modal.not_shown", why=reason_of(error))
            return await super().text(words)
        return ""


@dataclass(frozen=True)
class ModalTurn(Turn):
    """What a room asks or shows in it stands in the window."""

    window: Window
    chat: Turn
    """The same turn, in the conversation."""

    async def ask(self, open_: Open, *, message_id: str = "", trouble: str = "") -> None:
        try:
            await self.window.show(views.form(open_, self.asking, self.place.thread_id))
        except Gone:
            log.info("modal.closed")
        except UNSAID as error:
            log.info("modal.not_shown", why=reason_of(error))
            await in_the_chat(self.chat, open_)

    async def show(self, card: Card, kept: Kept | None = None) -> str:
        if kept is not None:
            return await self.chat.show(card, kept)
        try:
            await self.window.show(views.card(replace(card, locale=self.locale)))
        except UNSAID as error:
            log.info("modal.not_shown", why=reason_of(error))
            return await self.chat.show(card)
        return ""


def in_window(turn: Turn, window: Window) -> ModalTurn:
    """The same turn, with a thread of its own for the form."""
    place = replace(turn.place, thread_id=f"modal:{uuid.uuid4().hex}")
    return ModalTurn(
        api=turn.api,
        bot=turn.bot,
        me=turn.me,
        voice=Beside(window, turn.locale),
        place=place,
        root=turn.root,
        update_key=turn.update_key,
        account=turn.account,
        window=window,
        chat=turn,
    )


def in_thread(turn: Turn, thread: str) -> Turn:
    return replace(turn, place=replace(turn.place, thread_id=thread))


async def in_the_chat(turn: Turn, open_: Open) -> None:
    """The form goes on question by question in the conversation, with everything that was entered."""
    await turn.ask(await turn.begin(open_.form, open_.values))
