"""Sending an update's reply: beside what was pressed, in a modal, or in the private chat.

One rule: a reply that cannot be sent to one place is sent to the next; failing everywhere undoes nothing.
"""

from collections.abc import Awaitable, Callable

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bots.cards.attachment import Attachment
from bots.cards.card import Card
from bots.cards.sending import Blocked, Gone, NotAllowed, RetryLater
from bots.dialog.responder import RetryingResponder, with_retries
from bots.slack.outbound import SlackOutbound, reason_of, retry_after
from bots.slack.text_objects import escape_mrkdwn

log = structlog.get_logger()

ReplyTarget = Callable[[str], Awaitable[None]]
UNDELIVERED = (SlackApiError, Blocked, Gone, NotAllowed, RetryLater)
"""The errors with which Slack refuses a message."""


def ephemeral(response_url: str) -> ReplyTarget:
    """Only the person who pressed or typed sees it, wherever that was."""

    async def send(text: str) -> None:
        client = AsyncWebhookClient(response_url, timeout=10, retry_handlers=[])
        try:
            answer = await client.send(
                text=escape_mrkdwn(text, 2_900), response_type="ephemeral", replace_original=False
            )
        except TimeoutError as error:  # it may have arrived: not again here, each try is one of the five
            raise Gone("response_url: no answer") from error
        except (SlackClientError, aiohttp.ClientError) as error:
            raise RetryLater(retry_after({})) from error
        if answer.status_code == 429 or answer.status_code >= 500:
            raise RetryLater(retry_after(answer.headers))
        if answer.status_code != 200:
            raise Gone(f"response_url: {answer.status_code}")

    return send


class ThreadResponder(RetryingResponder):
    """Replies below the message in whose thread somebody wrote."""

    def __init__(self, outbound: SlackOutbound, chat_id: str, thread: str) -> None:
        """``thread`` is the conversation and time of the message above it, as ids of messages are."""
        super().__init__(outbound, chat_id)
        self._thread = thread

    async def post(self, card: Card) -> str:
        ts = self._thread.partition(":")[2]
        return await with_retries(lambda: self._outbound.post(self._chat_id, card, thread_id=ts))

    async def text(self, text: str) -> str:
        return await with_retries(lambda: self._outbound.text(self._chat_id, text, reply_to=self._thread))

    async def file(self, file: Attachment, *, caption: str = "", reply_to: str = "") -> None:
        await super().file(file, caption=caption, reply_to=self._thread)


def in_dm(outbound: SlackOutbound, external_id: str, thread: str = "") -> ReplyTarget:
    """In the private chat with the person, below the message in whose thread they wrote."""

    async def send(text: str) -> None:
        await outbound.text(external_id, text, reply_to=thread)

    return send


async def send_reply(text: str, *targets: ReplyTarget, unless: tuple[type[Exception], ...] = ()) -> None:
    """Send it to the first target that takes it, after the pauses that each asks for.

    Failing to send it undoes nothing, and is raised only for the errors in ``unless``, after which it is sent again.
    """
    *before, last = targets
    for target in before:
        try:
            return await _send_once(text, target)
        except UNDELIVERED as error:
            log.info("slack.said_elsewhere", why=reason_of(error))
    try:
        return await _send_once(text, last)
    except unless:
        raise
    except Exception as error:  # noqa: BLE001 - what was asked for is done; only the sentence is lost
        log.warning("slack.untold", why=reason_of(error))


async def _send_once(text: str, target: ReplyTarget) -> None:
    await with_retries(lambda: target(text))
