"""Tokens: the bot's own, and those of the people it speaks for.

One rule: the person acts, never the bot. The bot's token only exchanges chat identities, keeps drafts and
remembers messages.
"""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace

from api.contract import endpoints as e
from api.contract.people import ChatIn, ChatTokenOut, MeOut, Platform, ServiceIn
from bots.client.errors import NotFound, NotLinked, SignInAgain
from bots.client.wire import Sender, Wire

LONGEST = 300.0
SPARE = 30.0
REMEMBERED = 5_000


@dataclass(frozen=True)
class Held:
    """A token until when it is used, and whose it is."""

    token: str
    until: float
    person: MeOut | None = None


class Tokens:
    """Cached tokens of one process."""

    def __init__(self, wire: Wire, key: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._wire = wire
        self._key = key
        self._clock = clock
        self._service: Held | None = None
        self._people: OrderedDict[tuple[str, str], Held] = OrderedDict()

    async def service(self, sender: Sender) -> str:
        """The bot's own token."""
        if self._service is None or self._service.until <= self._clock():
            given = await self._wire.call(e.service_token, ServiceIn(key=self._key), sender=sender)
            self._service = Held(given.access_token, self._until(given.expires_in))
        return self._service.token

    async def person(self, platform: Platform, external_id: str, sender: Sender) -> tuple[str, MeOut]:
        """A linked person's token and who they are, or NotLinked."""
        held = self._people.get((platform, external_id))
        if held is None or held.person is None or held.until <= self._clock():
            given = await self._exchange(ChatIn(platform=platform, external_id=external_id), sender)
            lasts = min(self._until(given.expires_in), self._clock() + LONGEST)
            held = Held(given.access_token, lasts, given.person)
            self._people[(platform, external_id)] = held
            while len(self._people) > REMEMBERED:
                self._people.popitem(last=False)
        assert held.person is not None
        return held.token, held.person

    def forget(self, platform: Platform, external_id: str) -> None:
        """Somebody's rights may have changed: ask again next time."""
        self._people.pop((platform, external_id), None)

    def forget_service(self) -> None:
        self._service = None

    async def _exchange(self, body: ChatIn, sender: Sender) -> ChatTokenOut:
        anonymous = replace(sender, chat="")
        try:
            return await self._ask(body, anonymous)
        except SignInAgain:
            self.forget_service()
            return await self._ask(body, anonymous)

    async def _ask(self, body: ChatIn, sender: Sender) -> ChatTokenOut:
        own = sender.bearing(await self.service(sender))
        try:
            return await self._wire.call(e.chat_token, body, sender=own)
        except NotFound as unknown:
            raise NotLinked(unknown.problem, unknown.reference) from unknown

    def _until(self, expires_in: int) -> float:
        return self._clock() + max(1.0, expires_in - SPARE)
