"""What every update passes: who it is, their lane, the words when something went wrong, and Slack's patience.

One rule: the effect first, then Slack's answer; what takes longer than Slack waits goes on, and its outcome
follows. Nothing is raised into Bolt, which would answer 404 to what was done, but that an event is not done yet.
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
from bots.slack.members import Member, Members, Outsider
from bots.slack.outbound import Outbound
from bots.slack.patience import Late, NotYet, Patience, arrived
from bots.slack.telling import Tell, told
from bots.talk.correlation import begin
from bots.talk.done import Done
from bots.talk.errors import sentence
from bots.talk.lanes import Lanes
from bots.talk.place import Group, Place
from bots.talk.turn import Guest, Turn
from bots.talk.voice import PatientVoice

log = structlog.get_logger()

Work = Callable[[Guest], Awaitable[str]]
"""Does what was asked for; the words are for this person only."""
_UNKNOWN = (errors.Late, RetryLater)
"""How an event ends that is better done once more than given up."""


@dataclass(frozen=True)
class Channel:
    """A channel, public or private, as Slack names it."""

    id: str = ""
    name: str = ""

    def group(self, team_id: str) -> Group | None:
        """As a group that can be bound; a conversation of a few people cannot."""
        if not self.id.startswith(("C", "G")) or self.name.startswith("mpdm-"):
            return None
        name = clean(self.name).strip()[:80] or self.id
        return Group(f"{team_id}:{self.id}", f"#{name}", GroupKind.channel)


@dataclass(frozen=True)
class Coming:
    """One update, before anybody is known."""

    team_id: str
    user_id: str
    key: str
    """The same for an update that is delivered again."""
    message_id: str = ""
    channel: Channel = Channel()
    """Where it happened; nothing when that is the conversation with us, or nowhere."""
    since: float = field(default_factory=arrived)
    """When it came: Slack waits three seconds from then on."""
    comes_again: bool = False
    """Whether Slack delivers it once more when we say that it is not done."""

    @property
    def external_id(self) -> str:
        return f"{self.team_id}:{self.user_id}"


class Desk:
    """One per process."""

    def __init__(self, client: ApiClient, outbound: Outbound, done: Done, patience: Patience) -> None:
        self.client = client
        self.outbound = outbound
        self.done = done
        self.patience = patience
        self.members = Members(outbound)
        self._lanes = Lanes()
        self._locales: dict[str, str] = {}

    async def handle(self, coming: Coming, work: Work, *places: Tell) -> str | None:
        """Do it, and give back the private words; None when it takes longer, then they are told at its end."""
        try:
            return await self.patience.within(self.words(coming, work), coming.since)
        except Late as late:
            log.info("slack.late", key=coming.key)
            self.patience.begin(_at_last(late.work, places))
            return None

    async def say(self, coming: Coming, words: str, *places: Tell) -> None:
        """Before Slack is answered; it goes on beside when that would take too long."""
        with contextlib.suppress(Late):
            await self.patience.within(told(words, *places), coming.since)

    def later(self, words: str, *places: Tell) -> None:
        """Say it beside Slack's answer, which must not wait for it."""
        self.patience.begin(told(words, *places))

    def locale(self, coming: Coming) -> str:
        """As this person was spoken to last."""
        return self._locales.get(coming.external_id, "en")

    async def turn(self, guest: Guest) -> Turn:
        """The person behind the account, or NotLinked."""
        turn = await guest.turn()
        self._locales[guest.place.external_id] = turn.locale
        return turn

    async def words(self, coming: Coming, work: Work) -> str:
        """Do it in this person's lane; what they are told, whatever went wrong. NotYet: it comes again."""
        async with self._lanes.lane(coming.external_id):
            begin()
            try:
                return await work(await self._guest(coming))
            except Outsider:
                log.info("update.refused", code="outsider")
                return translate("slack.outsider", self.locale(coming))
            except _UNKNOWN as error:
                if coming.comes_again:
                    raise NotYet from error
                return sentence(error, self.locale(coming))
            except Exception as error:  # noqa: BLE001 - the outermost handler: the person is told, whatever it was
                return sentence(error, self.locale(coming))

    async def _guest(self, coming: Coming) -> Guest:
        member = await self.members.admit(coming.team_id, coming.user_id)
        self._locales.setdefault(member.external_id, member.locale)
        return self.guest_of(member, coming)

    def guest_of(self, member: Member, coming: Coming) -> Guest:
        root = f"sl:{coming.team_id}"
        return Guest(
            client=self.client,
            voice=PatientVoice(self.outbound, member.external_id),
            place=Place(
                "slack",
                member.external_id,
                "",
                member.external_id,
                coming.message_id,
                coming.channel.group(coming.team_id),
            ),
            root=root,
            key=f"{root}:{coming.key}",
            locale=member.locale,
            account=member.name,
            language=member.language,
        )


async def _at_last(work: "asyncio.Task[str]", places: tuple[Tell, ...]) -> None:
    words = await work
    if words:
        await told(words, *places)
