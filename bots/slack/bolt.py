"""Which listener handles what. Bolt routes; the processor and the registry decide who may act and what happens.

One rule: the effect first, then the answer: Bolt is told to process before it responds.
"""

import logging
import re
import traceback
from pathlib import Path
from typing import Any

import structlog
from pydantic import ValidationError
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.response import BoltResponse

from api.text import translate
from bots.client.errors import ApiError
from bots.passed_over import pass_over, unreadable_places
from bots.slack import home_tab, input_blocks, views
from bots.slack.ack_deadline import NotYet, StillRunning, arrival_time
from bots.slack.files import SlackFiles
from bots.slack.listeners.commands import MAKE_REQUEST, NEW_REQUEST, CommandListeners
from bots.slack.listeners.events import EventListeners
from bots.slack.listeners.home import HomeListeners
from bots.slack.listeners.modals import ModalListeners
from bots.slack.listeners.picker import PickerListeners
from bots.slack.listeners.presses import PressListeners
from bots.slack.processor import UpdateProcessor
from bots.slack.render import PICK_ACTION, PRESS_ACTION
from bots.slack.workspace_tokens import TokensUnavailable, WorkspaceTokens

log = structlog.get_logger()

ANY_ID = re.compile(".*")


def make_app(
    processor: UpdateProcessor, workspaces: WorkspaceTokens, *, signing_secret: str, api_base: str
) -> AsyncApp:
    """The app with every listener."""

    async def authorize(context: AsyncBoltContext, team_id: str | None) -> AuthorizeResult | None:
        """What is known of the workspace; asking must not take Slack's three seconds.

        Raises TokensUnavailable: Bolt answers 503 then, and Slack sends events again.
        """
        try:
            workspace = (
                await processor.deadline.wait_for(workspaces.get(team_id), arrival_time())
                if team_id
                else None
            )
        except StillRunning as late:
            raise TokensUnavailable from late
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
    quiet.setLevel(logging.CRITICAL)  # what it would log is logged here, as an event
    app = AsyncApp(
        name="parley",  # else Bolt reads the sources of everything on the stack for a name
        signing_secret=signing_secret,
        request_verification_enabled=False,  # HttpReceiver has verified it, by a clock that is right
        authorize=authorize,  # type: ignore[arg-type]  # None is an answer: Bolt says that the app is not there
        process_before_response=True,
        logger=quiet,
        user_facing_authorize_error_message=translate("slack.not_installed", "en"),
    )
    app.error(_handle_error)
    files = SlackFiles(workspaces, api_base)
    _add_listeners(app, processor, EventListeners(processor, workspaces, files), files)
    return app


async def _handle_error(error: Exception, body: dict[str, Any]) -> BoltResponse:
    """It is not done: an event comes again, and whoever pressed sees Slack's own error.

    What cannot be read would not be better read when it comes again, so that is acknowledged.
    """
    if isinstance(error, ValidationError) or _is_of_bolt(error):
        pass_over(_event_id(body), unreadable_places(error))
        return BoltResponse(status=200)
    if isinstance(error, TokensUnavailable | NotYet | ApiError):
        log.warning("slack.not_now", why=type(error).__name__)
    else:
        log.error("slack.unforeseen", exc_info=error)
    return BoltResponse(status=503)


def _is_of_bolt(error: Exception) -> bool:
    """Bolt itself stumbled over the request's shape; its own refusals are no such errors."""
    if not isinstance(error, LookupError | TypeError | AttributeError):
        return False
    frames = traceback.extract_tb(error.__traceback__)
    return bool(frames) and "slack_bolt" in Path(frames[-1].filename).parts


def _event_id(body: dict[str, Any]) -> str | None:
    """Slack's id of an event; a press or a command has none."""
    found = body.get("event_id")
    return found if isinstance(found, str) else None


def _add_listeners(
    app: AsyncApp, processor: UpdateProcessor, events: EventListeners, files: SlackFiles
) -> None:
    """The first that matches handles it; the last of each kind takes everything else."""
    commands, presses, modals = (
        CommandListeners(processor),
        PressListeners(processor),
        ModalListeners(processor, files),
    )
    picker = PickerListeners(processor)
    own = HomeListeners(processor, commands)
    app.command(ANY_ID)(commands.slash_command)
    app.global_shortcut(NEW_REQUEST)(commands.shortcut)
    app.message_shortcut(MAKE_REQUEST)(commands.shortcut)
    app.action(input_blocks.ADD_LINE)(modals.add_line)
    app.action(re.compile(f"^({home_tab.NEW}|{home_tab.CONTINUE}|{home_tab.CONNECT})$"))(own.pressed)
    app.action(re.compile(f"^{PRESS_ACTION}:"))(presses.pressed)
    app.action(re.compile(f"^{PICK_ACTION}:"))(picker.picked)
    app.options(re.compile(f"^{PICK_ACTION}:"))(picker.options)
    app.action(ANY_ID)(_acknowledge)
    app.view(views.FORM)(modals.form_submitted)
    app.view(views.REVIEW)(modals.review_submitted)
    app.view(views.LINK)(modals.code_submitted)
    app.view(ANY_ID)(_acknowledge)
    app.event("message")(events.message)
    app.event("app_home_opened")(events.home_opened)
    app.event("member_joined_channel")(events.member_joined)
    app.event("channel_id_changed")(events.channel_id_changed)
    app.event("app_uninstalled")(events.app_removed)
    app.event("tokens_revoked")(events.app_removed)
    app.event(ANY_ID)(events.other)


async def _acknowledge(ack: AsyncAck) -> None:
    """A menu or field of which only the sending matters."""
    await ack()
