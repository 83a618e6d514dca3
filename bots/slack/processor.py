"""What every update passes: who it is, one update per person at a time, error messages, and Slack's deadline.

One rule: the effect first, then Slack's answer; what takes longer than Slack waits goes on, and its outcome
follows. Only NotYet may escape to Bolt, which would answer 404 to anything else.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import structlog

from api.contract.groups import GroupKind
from api.text import translate
from bots.cards.clean import clean
from bots.cards.sending import RetryLater
from bots.client import errors
from bots.client.api import ApiClient
from bots.dialog.context import Context, UnlinkedContext
from bots.dialog.correlation import new_correlation_id
from bots.dialog.error_text import error_text
from bots.dialog.handled_updates import HandledUpdates
from bots.dialog.keyed_lock import KeyedLock
from bots.dialog.open_questions import OpenQuestions
from bots.dialog.origin import GroupOrigin, Origin
from bots.dialog.responder import RetryingResponder
from bots.slack.ack_deadline import AckDeadline, NotYet, StillRunning, arrival_time
from bots.slack.members import MemberDirectory, Outsider, WorkspaceMember
from bots.slack.outbound import SlackOutbound
from bots.slack.replies import ReplyTarget, ThreadResponder, send_reply
from bots.update_metrics import handling

log = structlog.get_logger()

Work = Callable[[UnlinkedContext], Awaitable[str]]
"""Does what was asked for; the text it returns is for this person only."""
_OUTCOME_UNKNOWN = (errors.ApiTimeout, RetryLater)
"""How an event ends that is better done once more than given up."""


@dataclass(frozen=True)
class ChannelRef:
    """A channel, public or private, as Slack names it."""

    id: str = ""
    name: str = ""

    def group(self, team_id: str) -> GroupOrigin | None:
        """As a group that can be bound; a conversation of a few people cannot."""
        if not self.id.startswith(("C", "G")) or self.name.startswith("mpdm-"):
            return None
        name = clean(self.name).strip()[:80] or self.id
        return GroupOrigin(f"{team_id}:{self.id}", f"#{name}", GroupKind.channel)


@dataclass(frozen=True)
class SlackUpdate:
    """One update, before anybody is known."""

    team_id: str
    user_id: str
    key: str
    """The same for an update that is delivered again."""
    message_id: str = ""
    thread: str = ""
    """The message below which it was written; nothing for what stands in the conversation itself."""
    channel: ChannelRef = ChannelRef()
    """Where it happened; nothing when that is the conversation with us, or nowhere."""
    arrived_at: float = field(default_factory=arrival_time)
    """When it came: Slack waits three seconds from then on."""
    will_be_retried: bool = False
    """Whether Slack delivers it once more when it gets an error."""

    @property
    def external_id(self) -> str:
        return f"{self.team_id}:{self.user_id}"


class UpdateProcessor:
    """One per process."""

    def __init__(
        self,
        client: ApiClient,
        outbound: SlackOutbound,
        handled_updates: HandledUpdates,
        deadline: AckDeadline,
    ) -> None:
        self.client = client
        self.outbound = outbound
        self.handled_updates = handled_updates
        self.deadline = deadline
        self.members = MemberDirectory(outbound)
        self._locks = KeyedLock()
        self._questions = OpenQuestions(handled_updates.bot, handled_updates.redis)
        self._locales: dict[str, str] = {}

    async def handle(self, update: SlackUpdate, work: Work, *targets: ReplyTarget) -> str | None:
        """Do it and return the private reply; None when it takes longer: then the reply is sent at its end."""
        try:
            return await self.deadline.wait_for(self.process(update, work), update.arrived_at)
        except StillRunning as late:
            log.info("slack.late", key=update.key)
            self.deadline.start(_reply_when_done(late.task, targets))
            return None

    def once(self, update: SlackUpdate, work: Work) -> Work:
        """The work of an update that Slack sends once: one that somebody recorded and sends again is not done again.

        Presses and submissions need no such memory: the message or the form behind them knows what was done.
        """

        async def unless_done(unlinked: UnlinkedContext) -> str:
            if await self.handled_updates.contains(update.key):
                log.info("update.refused", code="replayed")
                return ""
            answer = await work(unlinked)
            await self.handled_updates.add(update.key)
            return answer

        return unless_done

    async def reply(self, update: SlackUpdate, text: str, *targets: ReplyTarget) -> None:
        """Send it before Slack is answered; it goes on in the background when that would take too long."""
        with contextlib.suppress(StillRunning):
            await self.deadline.wait_for(send_reply(text, *targets), update.arrived_at)

    def reply_later(self, text: str, *targets: ReplyTarget) -> None:
        """Send it in the background; Slack's answer must not wait for it."""
        self.deadline.start(send_reply(text, *targets))

    def locale(self, update: SlackUpdate) -> str:
        """The language of this person's last update."""
        return self._locales.get(update.external_id, "en")

    async def context(self, unlinked: UnlinkedContext) -> Context:
        """The person behind the account, or NotLinked."""
        ctx = await unlinked.to_context()
        self._locales[unlinked.origin.external_id] = ctx.locale
        return ctx

    async def process(self, update: SlackUpdate, work: Work) -> str:
        """Do it after this person's earlier updates; the private reply, whatever went wrong. NotYet: it comes again."""
        with handling("slack"):
            return await self._process_in_turn(update, work)

    async def _process_in_turn(self, update: SlackUpdate, work: Work) -> str:
        async with self._locks.hold(update.external_id):
            new_correlation_id()
            try:
                return await work(await self._unlinked(update))
            except Outsider:
                log.info("update.refused", code="outsider")
                return translate("slack.outsider", self.locale(update))
            except _OUTCOME_UNKNOWN as error:
                if update.will_be_retried:
                    raise NotYet from error
                return error_text(error, self.locale(update))
            except Exception as error:  # noqa: BLE001 - the outermost handler: the person is told, whatever it was
                return error_text(error, self.locale(update))

    async def _unlinked(self, update: SlackUpdate) -> UnlinkedContext:
        member = await self.members.admit(update.team_id, update.user_id)
        self._locales.setdefault(member.external_id, member.locale)
        return self.unlinked_context(member, update)

    def unlinked_context(self, member: WorkspaceMember, update: SlackUpdate) -> UnlinkedContext:
        key_prefix = f"sl:{update.team_id}"
        return UnlinkedContext(
            client=self.client,
            responder=ThreadResponder(self.outbound, member.external_id, update.thread)
            if update.thread
            else RetryingResponder(self.outbound, member.external_id),
            origin=Origin(
                "slack",
                member.external_id,
                "",
                member.external_id,
                update.message_id,
                update.channel.group(update.team_id),
            ),
            key_prefix=key_prefix,
            update_key=f"{key_prefix}:{update.key}",
            locale=member.locale,
            account_name=member.name,
            questions=self._questions,
            language=member.language,
        )


async def _reply_when_done(work: "asyncio.Task[str]", targets: tuple[ReplyTarget, ...]) -> None:
    text = await work
    if text:
        await send_reply(text, *targets)
