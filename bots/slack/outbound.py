"""Sending to Slack: ``bots.cards.sending`` with slack_sdk. Used by the app and by workers; knows no listener.

    chat        "T…:U…"           a person of a workspace; the conversation with them is opened once
                "T…:C…"           a channel of a workspace
    message     "<channel>:<ts>"  as the Web API returned it
    topic       "<ts>"            a thread of a channel; its first message is the title

One rule: a 429 is obeyed and reported, never slept through here; who asks again is the caller's schedule.
"""

from collections.abc import Awaitable, Callable, Mapping

import aiohttp
from redis.asyncio import Redis
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bots.cards.attachment import Attachment
from bots.cards.card import Card
from bots.cards.pace import Pace, Rate
from bots.cards.sending import Blocked, Gone, NotAllowed, RetryLater, Uninstalled
from bots.slack import render
from bots.slack.texts import Block, escaped, plain
from bots.slack.workspaces import NotNow, Workspaces

PAUSE, LONGEST_WAIT, CARRIED = 2.0, 10, 60
"""Seconds: before the next try, until a call counts as lost, until a file does."""
CHAT, ALL = Rate(1.0, 6.0), Rate(1 / 20, 2.0)
"""About one message a second in a conversation; what a workspace takes in all is not published."""
_NOBODY = frozenset(
    {
        "cannot_dm_bot", "channel_not_found", "is_archived", "not_in_channel", "user_disabled",
        "user_not_found", "user_not_visible", "users_not_found",
    }
)  # fmt: skip
_DEAD = frozenset({"account_inactive", "token_revoked"})
"""Slack's words for a token that will not come back."""
NO_TOKEN = _DEAD | {"invalid_auth", "not_authed"}
_GONE = frozenset(
    {"cant_update_message", "edit_window_closed", "message_not_found", "not_found", "thread_not_found"}
)
"""``not_found`` is what is said of a window that was closed."""
_NO_RIGHT = frozenset({"restricted_action", "restricted_action_read_only_channel", "missing_scope"})
_LATER = frozenset(
    {"ratelimited", "rate_limited", "internal_error", "fatal_error", "service_unavailable", "request_timeout"}
)
Send = Callable[[AsyncWebClient], Awaitable[AsyncSlackResponse]]


class Outbound:
    """The app's sending side in every workspace; one session, made on the loop that uses it."""

    def __init__(
        self, workspaces: Workspaces, api_base: str, *, redis: Redis | None = None, paced: bool = True
    ) -> None:
        """``paced`` is off where a person waits for the answer to what they just did."""
        self._workspaces = workspaces
        self._base = f"{api_base.rstrip('/')}/"
        self._pace = Pace(ALL, redis) if paced else None
        self._session: aiohttp.ClientSession | None = None
        self._channels: dict[str, str] = {}

    async def post(self, chat_id: str, card: Card, *, thread_id: str = "") -> str:
        """Send a new card, into a thread when one is named; its message id."""
        return await self._post(chat_id, render.text(card), render.blocks(card), thread_id)

    async def text(self, chat_id: str, words: str, *, silent: bool = False, under: str = "") -> str:
        """Send a plain sentence, into a message's thread when one is named; its message id.

        Slack has no silent messages.
        """
        return await self._post(chat_id, escaped(words), _sentence(words), _thread(under))

    async def file(self, chat_id: str, file: Attachment, *, caption: str = "", under: str = "") -> None:
        """Upload a file and share it with a comment, in a message's thread when one is named."""
        channel = await self._channel(chat_id)

        async def send(client: AsyncWebClient) -> AsyncSlackResponse:
            client.session, client.timeout = None, CARRIED
            return await client.files_upload_v2(
                channel=channel,
                content=file.content,
                filename=file.name,
                title=file.name,
                initial_comment=escaped(caption) or None,
                thread_ts=_thread(under) or None,
            )

        await self.call(chat_id, send, paced=True)

    async def open_topic(self, chat_id: str, title: str) -> str:
        """The first message of a thread; its time is the thread's id."""
        return (await self._post(chat_id, escaped(title), _sentence(title))).partition(":")[2]

    async def rename_topic(self, chat_id: str, thread_id: str, title: str) -> None:
        channel = await self._channel(chat_id)
        await self.call(
            chat_id,
            lambda client: client.chat_update(
                channel=channel, ts=thread_id, text=escaped(title), blocks=_sentence(title)
            ),
            paced=True,
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

        await self.call(chat_id, send, paced=True)

    def digest(self, card: Card) -> bytes:
        return render.digest(card)

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def call(self, chat_id: str, send: Send, *, paced: bool = False) -> AsyncSlackResponse:
        """One call with the token of the chat's workspace, or Gone, Blocked, RetryLater."""
        if paced and self._pace is not None:
            wait = await self._pace.wait("slack", chat_id, CHAT)
            if wait > 0:
                raise RetryLater(wait)
        client = await self.client(chat_id.partition(":")[0])
        try:
            return await send(client)
        except SlackApiError as error:
            raise await self._refused(chat_id, str(client.token), error) from error
        except (TimeoutError, SlackClientError, aiohttp.ClientError) as error:
            raise RetryLater(PAUSE) from error

    async def _refused(self, chat_id: str, token: str, error: SlackApiError) -> Exception:
        """What it means, once whoever has to know of it does: the pace of this chat, the keeper of tokens."""
        outcome = _outcome(error)
        if self._pace is not None and isinstance(outcome, RetryLater):
            await self._pace.hold("slack", chat_id, CHAT, outcome.seconds)
        if word_of(error) in _DEAD and await self._workspaces.lost(chat_id.partition(":")[0], token):
            return RetryLater(PAUSE)
        return outcome

    async def client(self, team_id: str) -> AsyncWebClient:
        """The Web API of one workspace."""
        try:
            workspace = await self._workspaces.of(team_id)
        except NotNow as error:
            raise RetryLater(PAUSE) from error
        if workspace is None:
            raise Uninstalled("the app is not installed there")
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=LONGEST_WAIT))
        return AsyncWebClient(
            workspace.bot_token,
            base_url=self._base,
            session=self._session,
            timeout=LONGEST_WAIT,
            retry_handlers=[],  # a call that may have been heard is not made twice behind our back
        )

    async def _post(self, chat_id: str, words: str, shown: list[Block], thread_id: str = "") -> str:
        channel = await self._channel(chat_id)

        async def send(client: AsyncWebClient) -> AsyncSlackResponse:
            return await client.chat_postMessage(
                channel=channel,
                text=words,
                blocks=shown,
                thread_ts=thread_id or None,
                unfurl_links=False,
                unfurl_media=False,
            )

        sent = await self.call(chat_id, send, paced=True)
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


def _thread(under: str) -> str:
    """The thread below a message is known by that message's time."""
    return under.partition(":")[2]


def _is_person(chat_id: str) -> bool:
    return chat_id.partition(":")[2].startswith(("U", "W"))


def _sentence(words: str) -> list[Block]:
    return [{"type": "section", "text": plain(words, 2_900, lines=True)}]


def _outcome(error: SlackApiError) -> Exception:
    """What a refusal means for us; one that nobody foresaw stays what it is."""
    answer, word = error.response, word_of(error)
    status = getattr(answer, "status_code", 200)
    if status == 429 or word in _LATER or status >= 500:
        return RetryLater(pause_of(getattr(answer, "headers", {})))
    if word in NO_TOKEN:
        return Uninstalled(word)
    if word in _NOBODY:
        return Blocked(word)
    if word in _GONE:
        return Gone(word)
    if word in _NO_RIGHT:
        return NotAllowed(word)
    return error


def reason_of(error: Exception) -> str:
    """What a log may hold of it: its type and Slack's own word, never an answer or an address."""
    word = ""
    if isinstance(error, SlackApiError):
        word = word_of(error)
    elif isinstance(error, Blocked | Gone | NotAllowed):
        word = error.why
    return f"{type(error).__name__} {word}".strip()[:200]


def word_of(error: SlackApiError) -> str:
    """Slack's own word for what was wrong."""
    return str(error.response.get("error", "")) if hasattr(error.response, "get") else ""


def pause_of(headers: Mapping[str, str]) -> float:
    """Retry-After, whatever case the header has."""
    found = {name.lower(): value for name, value in dict(headers).items()}.get("retry-after", "")
    return float(found) if str(found).isdigit() else PAUSE
