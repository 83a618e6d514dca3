"""A turn whose questions stand in a modal; its form is a row like any other, in a thread of its own.

One rule: a modal is opened before anything else is done, because its trigger lives three seconds.
"""

import uuid
from dataclasses import dataclass, replace

import structlog
from slack_sdk.errors import SlackApiError

from bots.cards.card import Card
from bots.cards.sending import Blocked, RetryLater
from bots.forms.engine import Open
from bots.slack import views
from bots.slack.desk import Coming, Desk
from bots.slack.outbound import Outbound
from bots.slack.views import View
from bots.talk.place import Kept
from bots.talk.turn import Turn
from bots.talk.voice import PatientVoice

log = structlog.get_logger()


@dataclass(frozen=True)
class Window:
    """An open modal."""

    outbound: Outbound
    chat_id: str
    view_id: str

    async def show(self, view: View) -> None:
        """Other contents; a modal that was closed meanwhile shows nothing, and nothing is lost."""
        try:
            await self.outbound.call(
                self.chat_id, lambda client: client.views_update(view_id=self.view_id, view=view)
            )
        except (SlackApiError, RetryLater, Blocked) as error:
            log.info("modal.not_shown", why=repr(error)[:200])


async def opened(desk: Desk, coming: Coming, trigger_id: str, view: View | None = None) -> Window | None:
    """A modal in front of the person, or None: then what was wanted goes on in the chat."""
    shown = view or views.loading(desk.locale(coming))
    try:
        answer = await desk.outbound.call(
            coming.external_id, lambda client: client.views_open(trigger_id=trigger_id, view=shown)
        )
    except (SlackApiError, RetryLater, Blocked) as error:
        log.info("modal.not_opened", why=repr(error)[:200])
        return None
    return Window(desk.outbound, coming.external_id, str(answer["view"]["id"]))


class Beside(PatientVoice):
    """Sentences stand in the window; what stays current, in the conversation beside it."""

    def __init__(self, window: Window, locale: str) -> None:
        super().__init__(window.outbound, window.chat_id)
        self._window, self._locale = window, locale

    async def text(self, words: str) -> str:
        await self._window.show(views.words(words, self._locale))
        return ""


@dataclass(frozen=True)
class ModalTurn(Turn):
    """What a room asks or shows in it stands in the window."""

    window: Window

    async def ask(self, open_: Open, *, message_id: str = "", trouble: str = "") -> None:
        await self.window.show(views.form(open_, self.asking, self.place.thread_id))

    async def show(self, card: Card, kept: Kept | None = None) -> str:
        if kept is not None:
            return await super().show(card, kept)
        await self.window.show(views.card(replace(card, locale=self.locale)))
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
    )


def in_thread(turn: Turn, thread: str) -> Turn:
    return replace(turn, place=replace(turn.place, thread_id=thread))
