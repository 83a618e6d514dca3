"""Saying an update's last words: beside what was pressed, in a window, or in the conversation.

One rule: what cannot be said in one place is said in the next; failing everywhere undoes nothing.
"""

from collections.abc import Awaitable, Callable

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bots.cards.sending import Blocked, Gone, NotAllowed, RetryLater
from bots.slack.outbound import Outbound, pause_of, reason_of
from bots.slack.texts import escaped
from bots.talk.voice import patiently

log = structlog.get_logger()

Tell = Callable[[str], Awaitable[None]]
UNSAID = (SlackApiError, Blocked, Gone, NotAllowed, RetryLater)
"""What Slack answers to words that it does not take."""


def privately(response_url: str) -> Tell:
    """Only the person who pressed or typed sees it, wherever that was."""

    async def tell(words: str) -> None:
        client = AsyncWebhookClient(response_url, timeout=10, retry_handlers=[])
        try:
            answer = await client.send(
                text=escaped(words, 2_900), response_type="ephemeral", replace_original=False
            )
        except TimeoutError as error:  # it may have been said: not again here, each try is one of the five
            raise Gone("response_url: no answer") from error
        except (SlackClientError, aiohttp.ClientError) as error:
            raise RetryLater(pause_of({})) from error
        if answer.status_code == 429 or answer.status_code >= 500:
            raise RetryLater(pause_of(answer.headers))
        if answer.status_code != 200:
            raise Gone(f"response_url: {answer.status_code}")

    return tell


def in_dm(outbound: Outbound, external_id: str) -> Tell:
    """In the conversation with the person."""

    async def tell(words: str) -> None:
        await outbound.text(external_id, words)

    return tell


async def told(words: str, *places: Tell, unless: tuple[type[Exception], ...] = ()) -> None:
    """Say it in the first place that takes it, after the pauses that each asks for.

    Failing to say it undoes nothing, and is raised only where it can be said again: ``unless`` this is why.
    """
    *before, last = places
    for place in before:
        try:
            return await _once(words, place)
        except UNSAID as error:
            log.info("slack.said_elsewhere", why=reason_of(error))
    try:
        return await _once(words, last)
    except unless:
        raise
    except Exception as error:  # noqa: BLE001 - what was asked for is done; only the sentence is lost
        log.warning("slack.untold", why=reason_of(error))


async def _once(words: str, place: Tell) -> None:
    await patiently(lambda: place(words))
