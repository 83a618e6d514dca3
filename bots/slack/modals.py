"""A turn whose questions stand in a modal; its form is a row like any other, in a thread of its own.

One rule: a modal is opened before anything else is done, because its trigger lives three seconds.
"""

import uuid
from dataclasses import dataclass, replace

import structlog
from slack_sdk.errors import SlackApiError

from bots.cards.sending import Blocked, RetryLater
from bots.forms.engine import Open
from bots.slack import views
from bots.slack.desk import Coming, Desk
from bots.slack.outbound import Outbound
from bots.slack.views import View
from bots.talk.turn import Turn

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


@dataclass(frozen=True)
class ModalTurn(Turn):
    """What a room asks in it is asked in the window."""

    window: Window

    async def ask(self, open_: Open, *, message_id: str = "", trouble: str = "") -> None:
        await self.window.show(views.form(open_, self.asking, self.place.thread_id))


def in_window(turn: Turn, window: Window) -> ModalTurn:
    """The same turn, with a thread of its own for the form."""
    place = replace(turn.place, thread_id=f"modal:{uuid.uuid4().hex}")
    return ModalTurn(
        api=turn.api,
        bot=turn.bot,
        me=turn.me,
        voice=turn.voice,
        place=place,
        root=turn.root,
        update_key=turn.update_key,
        account=turn.account,
        window=window,
    )


def in_thread(turn: Turn, thread: str) -> Turn:
    return replace(turn, place=replace(turn.place, thread_id=thread))
