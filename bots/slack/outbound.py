"""Sending to Slack: ``bots.cards.sending`` with slack_sdk. Used by the app and by workers; knows no listener.

    chat        "T…:U…"           a person of a workspace; the conversation with them is opened once
                "T…:C…"           a channel of a workspace
    message     "<channel>:<ts>"  as the Web API returned it
    topic       "<ts>"            a thread of a channel; its first message is the title

One rule: after a 429 nothing waits here; RetryLater tells the caller when to try again.
"""

from collections.abc import Awaitable, Callable, Mapping

import aiohttp
from redis.asyncio import Redis
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bots.cards.attachment import Attachment
from bots.cards.card import Card
from bots.cards.rate_limit import SendRate, SendRateLimiter
from bots.cards.sending import Blocked, Gone, NotAllowed, RetryLater, Uninstalled
from bots.slack import render
from bots.slack.text_objects import Block, escape_mrkdwn, plain_text
from bots.slack.workspace_tokens import TokensUnavailable, WorkspaceTokens

PAUSE_SECONDS, TIMEOUT_SECONDS, FILE_TIMEOUT_SECONDS = 2.0, 10, 60
"""Seconds: before the next try, until a call counts as lost, until a file does."""
CHAT_RATE, OVERALL_RATE = SendRate(1.0, 6.0), SendRate(1 / 20, 2.0)
"""About one message a second in a conversation; what a workspace takes in all is not published."""
_NOBODY = frozenset(
    {
        "cannot_dm_bot", "channel_not_found", "is_archived", "not_in_channel", "user_disabled",
        "user_not_found", "user_not_visible", "users_not_found",
    }
)  # fmt: skip
_DEAD_TOKEN = frozenset({"account_inactive", "token_revoked"})
"""Slack's errors for a token that is dead for good."""
NO_TOKEN = _DEAD_TOKEN | {"invalid_auth", "not_authed"}
_GONE = frozenset(
    {"cant_update_message", "edit_window_closed", "message_not_found", "not_found", "thread_not_found"}
)
"""``not_found`` is Slack's error for a modal that was closed."""
_NO_RIGHT = frozenset({"restricted_action", "restricted_action_read_only_channel", "missing_scope"})
_LATER = frozenset(
    {"ratelimited", "rate_limited", "internal_error", "fatal_error", "service_unavailable", "request_timeout"}
)
Send = Callable[[AsyncWebClient], Awaitable[AsyncSlackResponse]]


class SlackOutbound:
    """The app's sending side in every workspace; one session, made on the loop that uses it."""

    opens_pages = False
    """Slack has no button that says who pressed it to the page that it opens."""

    def __init__(
        self,
        workspaces: WorkspaceTokens,
        api_base: str,
        *,
        redis: Redis | None = None,
        rate_limited: bool = True,
    ) -> None:
        """``rate_limited`` is off where a person waits for the answer to what they just did."""
        self._workspaces = workspaces
        self._base = f"{api_base.rstrip('/')}/"
        self._rate_limiter = SendRateLimiter(OVERALL_RATE, redis) if rate_limited else None
        self._session: aiohttp.ClientSession | None = None
        self._channels: dict[str, str] = {}

    async def post(self, chat_id: str, card: Card, *, thread_id: str = "") -> str:
        """Send a new card, into a thread when one is named; its message id."""
        return await self._post(chat_id, render.text(card), render.blocks(card), thread_id)

    async def text(self, chat_id: str, text: str, *, silent: bool = False, reply_to: str = "") -> str:
        """Send a plain sentence, into a message's thread when one is named; its message id.

        Slack has no silent messages.
        """
        return await self._post(chat_id, escape_mrkdwn(text), _text_blocks(text), _thread_ts(reply_to))

    async def file(self, chat_id: str, file: Attachment, *, caption: str = "", reply_to: str = "") -> None:
        """Upload a file and share it with a comment, in a message's thread when one is named."""
        channel = await self._channel(chat_id)

        async def send(client: AsyncWebClient) -> AsyncSlackResponse:
            client.session, client.timeout = None, FILE_TIMEOUT_SECONDS
            return await client.files_upload_v2(
                channel=channel,
                content=file.content,
                filename=file.name,
                title=file.name,
                initial_comment=escape_mrkdwn(caption) or None,
                thread_ts=_thread_ts(reply_to) or None,
            )

        await self.call(chat_id, send, rate_limited=True)

    async def open_topic(self, chat_id: str, title: str) -> str:
        """The first message of a thread; its time is the thread's id."""
        return (await self._post(chat_id, escape_mrkdwn(title), _text_blocks(title))).partition(":")[2]

    async def rename_topic(self, chat_id: str, thread_id: str, title: str) -> None:
        channel = await self._channel(chat_id)
        await self.call(
            chat_id,
            lambda client: client.chat_update(
                channel=channel, ts=thread_id, text=escape_mrkdwn(title), blocks=_text_blocks(title)
            ),
            rate_limited=True,
        )

    async def close_topic(self, chat_id: str, thread_id: str, *, closed: bool) -> None:
        """Nothing: threads are never closed, the title says that it has ended."""

    async def pin(self, chat_id: str, message_id: str) -> None:
        """Nothing: a card in a thread stands below its title anyway."""

    async def edit(self, chat_id: str, message_id: str, card: Card) -> None:
        """Bring a card up to date; a channel may be known by another id since it was posted."""
        known, _, ts = message_id.partition(":")
        channel = known if _is_person(chat_id) else await self._channel(chat_id)

        async def send(client: AsyncWebClient) -> AsyncSlackResponse:
            return await client.chat_update(
                channel=channel, ts=ts, text=render.text(card), blocks=render.blocks(card)
            )

        await self.call(chat_id, send, rate_limited=True)

    def fingerprint(self, card: Card) -> bytes:
        return render.fingerprint(card)

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def call(self, chat_id: str, send: Send, *, rate_limited: bool = False) -> AsyncSlackResponse:
        """One call with the token of the chat's workspace, or Gone, Blocked, RetryLater."""
        if rate_limited and self._rate_limiter is not None:
            wait = await self._rate_limiter.acquire("slack", chat_id, CHAT_RATE)
            if wait > 0:
                raise RetryLater(wait)
        client = await self.client(chat_id.partition(":")[0])
        try:
            return await send(client)
        except SlackApiError as error:
            raise await self._refusal(chat_id, str(client.token), error) from error
        except (TimeoutError, SlackClientError, aiohttp.ClientError) as error:
            raise RetryLater(PAUSE_SECONDS) from error

    async def _refusal(self, chat_id: str, token: str, error: SlackApiError) -> Exception:
        """What it means, once whoever has to know of it does: the pace of this chat, the keeper of tokens."""
        sending_error = _sending_error(error)
        if isinstance(sending_error, Blocked):
            self._channels.pop(chat_id, None)  # they may be back, in another conversation
        if self._rate_limiter is not None and isinstance(sending_error, RetryLater):
            await self._rate_limiter.pause("slack", chat_id, CHAT_RATE, sending_error.seconds)
        if error_code(error) in _DEAD_TOKEN and await self._workspaces.report_dead(
            chat_id.partition(":")[0], token
        ):
            return RetryLater(PAUSE_SECONDS)
        return sending_error

    async def client(self, team_id: str) -> AsyncWebClient:
        """The Web API of one workspace."""
        try:
            workspace = await self._workspaces.get(team_id)
        except TokensUnavailable as error:
            raise RetryLater(PAUSE_SECONDS) from error
        if workspace is None:
            raise Uninstalled("the app is not installed there")
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=TIMEOUT_SECONDS))
        return AsyncWebClient(
            workspace.bot_token,
            base_url=self._base,
            session=self._session,
            timeout=TIMEOUT_SECONDS,
            retry_handlers=[],  # a call that may have arrived is not repeated without our knowledge
        )

    async def _post(self, chat_id: str, text: str, blocks: list[Block], thread_id: str = "") -> str:
        channel = await self._channel(chat_id)

        async def send(client: AsyncWebClient) -> AsyncSlackResponse:
            return await client.chat_postMessage(
                channel=channel,
                text=text,
                blocks=blocks,
                thread_ts=thread_id or None,
                unfurl_links=False,
                unfurl_media=False,
            )

        sent = await self.call(chat_id, send, rate_limited=True)
        return f"{sent['channel']}:{sent['ts']}"

    async def _channel(self, chat_id: str) -> str:
        """The conversation with a person, opened once; a channel is its own."""
        name = chat_id.partition(":")[2]
        if not _is_person(chat_id):
            return name
        if chat_id not in self._channels:
            opened = await self.call(chat_id, lambda client: client.conversations_open(users=name))
            self._channels[chat_id] = str(opened["channel"]["id"])
        return self._channels[chat_id]


def _thread_ts(reply_to: str) -> str:
    """The thread below a message is known by that message's time."""
    return reply_to.partition(":")[2]


def _is_person(chat_id: str) -> bool:
    return chat_id.partition(":")[2].startswith(("U", "W"))


def _text_blocks(text: str) -> list[Block]:
    return [{"type": "section", "text": plain_text(text, 2_900, lines=True)}]


def _sending_error(error: SlackApiError) -> Exception:
    """What a refusal means for us; one that nobody foresaw stays what it is."""
    answer, code = error.response, error_code(error)
    status = getattr(answer, "status_code", 200)
    if status == 429 or code in _LATER or status >= 500:
        return RetryLater(retry_after(getattr(answer, "headers", {})))
    if code in NO_TOKEN:
        return Uninstalled(code)
    if code in _NOBODY:
        return Blocked(code)
    if code in _GONE:
        return Gone(code)
    if code in _NO_RIGHT:
        return NotAllowed(code)
    return error


def reason_of(error: Exception) -> str:
    """What a log may hold of it: its type and Slack's own word, never an answer or an address."""
    code = ""
    if isinstance(error, SlackApiError):
        code = error_code(error)
    elif isinstance(error, Blocked | Gone | NotAllowed):
        code = error.reason
    return f"{type(error).__name__} {code}".strip()[:200]


def error_code(error: SlackApiError) -> str:
    """Slack's own word for what was wrong."""
    return str(error.response.get("error", "")) if hasattr(error.response, "get") else ""


def retry_after(headers: Mapping[str, str]) -> float:
    """Retry-After, whatever case the header has."""
    found = {name.lower(): value for name, value in dict(headers).items()}.get("retry-after", "")
    return float(found) if str(found).isdigit() else PAUSE_SECONDS
