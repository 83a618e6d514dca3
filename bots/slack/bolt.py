"""Which listener hears what. Bolt routes; who may speak and what it does is decided by the desk and its tables.

One rule: the effect first, then the answer: Bolt is told to process before it responds.
"""

import logging
import re

import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.response import BoltResponse

from api.text import translate
from bots.client.errors import ApiError
from bots.slack import home, views
from bots.slack.desk import Desk
from bots.slack.listeners.commands import MAKE_REQUEST, NEW_REQUEST, Commands
from bots.slack.listeners.events import Events
from bots.slack.listeners.home import Home
from bots.slack.listeners.modals import Modals
from bots.slack.listeners.presses import Presses
from bots.slack.patience import Late, NotYet, arrived
from bots.slack.render import PRESSED
from bots.slack.workspaces import NotNow, Workspaces

log = structlog.get_logger()

ANYTHING = re.compile(".*")


def make_app(desk: Desk, workspaces: Workspaces, *, signing_secret: str, api_base: str) -> AsyncApp:
    """The app with every listener."""

    async def authorize(context: AsyncBoltContext, team_id: str | None) -> AuthorizeResult | None:
        """What is known of the workspace; asking must not take Slack's three seconds.

        NotNow is raised: Bolt answers 500 then, and Slack sends events again.
        """
        try:
            workspace = await desk.patience.within(workspaces.of(team_id), arrived()) if team_id else None
        except Late as late:
            raise NotNow from late
        if workspace is None:
            log.warning("update.refused", code="not_installed", team=str(team_id)[:20])
            return None
        return AuthorizeResult(
            enterprise_id=None,
            team_id=workspace.team_id,
            bot_user_id=workspace.bot_user_id,
            bot_token=workspace.bot_token,
        )

    quiet = logging.getLogger("parley.bolt")
    quiet.setLevel(logging.CRITICAL)  # what it has to say is said here, as an event
    app = AsyncApp(
        signing_secret=signing_secret,
        authorize=authorize,  # type: ignore[arg-type]  # None is an answer: Bolt says that the app is not there
        process_before_response=True,
        logger=quiet,
        user_facing_authorize_error_message=translate("slack.not_installed", "en"),
    )
    app.error(_unforeseen)
    _listen(app, desk, Events(desk, workspaces, api_base))
    return app


async def _unforeseen(error: Exception) -> BoltResponse:
    """It is not done: an event comes again, and whoever pressed sees Slack's own words."""
    if isinstance(error, NotNow | NotYet | ApiError):
        log.warning("slack.not_now", why=type(error).__name__)
    else:
        log.error("slack.unforeseen", exc_info=error)
    return BoltResponse(status=503)


def _listen(app: AsyncApp, desk: Desk, events: Events) -> None:
    """The first that fits is asked; the last of each kind takes what nobody wanted."""
    commands, presses, modals = Commands(desk), Presses(desk), Modals(desk)
    own = Home(desk, commands)
    app.command(ANYTHING)(commands.typed)
    app.global_shortcut(NEW_REQUEST)(commands.shortcut)
    app.message_shortcut(MAKE_REQUEST)(commands.shortcut)
    app.action("modal:add_line")(modals.add_line)
    app.action(re.compile(f"^({home.NEW}|{home.CONTINUE}|{home.CONNECT})$"))(own.pressed)
    app.action(re.compile(f"^{PRESSED}:"))(presses.pressed)
    app.action(ANYTHING)(_nothing)
    app.view(views.FORM)(modals.filled)
    app.view(views.REVIEW)(modals.reviewed)
    app.view(views.LINK)(modals.linked)
    app.view(ANYTHING)(_nothing)
    app.event("message")(events.message)
    app.event("app_home_opened")(events.opened)
    app.event("member_joined_channel")(events.joined)
    app.event("channel_id_changed")(events.renamed)
    app.event("app_uninstalled")(events.removed)
    app.event("tokens_revoked")(events.removed)
    app.event(ANYTHING)(events.other)


async def _nothing(ack: AsyncAck) -> None:
    """A menu or field of which only the sending matters."""
    await ack()
