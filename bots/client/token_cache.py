"""Tokens: the bot's own, and those of the people it acts for.

One rule: the person acts, never the bot. The bot's token only exchanges chat identities, keeps drafts and
remembers messages.
"""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace

from api.contract import endpoints as e
from api.contract.people import ChatIn, ChatTokenOut, MeOut, Platform, ServiceIn
from bots.client.errors import ApiNotFound, ApiUnauthorized, NotLinked
from bots.client.transport import ApiTransport, CallMetadata

LONGEST_SECONDS = 30.0
"""So long somebody is remembered: their language may be changed in the other chat meanwhile."""
SPARE_SECONDS = 30.0
REMEMBERED = 5_000


@dataclass(frozen=True)
class CachedToken:
    """A token until when it is used, and whose it is."""

    token: str
    until: float
    person: MeOut | None = None


class TokenCache:
    """Cached tokens of one process."""

    def __init__(
        self, transport: ApiTransport, key: str, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._transport = transport
        self._key = key
        self._clock = clock
        self._service: CachedToken | None = None
        self._people: OrderedDict[tuple[str, str], CachedToken] = OrderedDict()

    async def service(self, metadata: CallMetadata) -> str:
        """The bot's own token."""
        if self._service is None or self._service.until <= self._clock():
            response = await self._transport.call(
                e.service_token, ServiceIn(key=self._key), metadata=metadata
            )
            self._service = CachedToken(response.access_token, self._expiry(response.expires_in))
        return self._service.token

    async def person(self, platform: Platform, external_id: str, metadata: CallMetadata) -> tuple[str, MeOut]:
        """A linked person's token and who they are, or NotLinked."""
        cached = self._people.get((platform, external_id))
        if cached is None or cached.person is None or cached.until <= self._clock():
            response = await self._exchange(ChatIn(platform=platform, external_id=external_id), metadata)
            until = min(self._expiry(response.expires_in), self._clock() + LONGEST_SECONDS)
            cached = CachedToken(response.access_token, until, response.person)
            self._people[(platform, external_id)] = cached
            while len(self._people) > REMEMBERED:
                self._people.popitem(last=False)
        assert cached.person is not None
        return cached.token, cached.person

    def last_known(self, platform: Platform, external_id: str) -> MeOut | None:
        """Who this was when it was asked last, without asking."""
        cached = self._people.get((platform, external_id))
        return cached.person if cached is not None else None

    def forget(self, platform: Platform, external_id: str) -> None:
        """Somebody's rights may have changed: ask again next time."""
        self._people.pop((platform, external_id), None)

    def forget_service(self) -> None:
        self._service = None

    async def _exchange(self, body: ChatIn, metadata: CallMetadata) -> ChatTokenOut:
        anonymous = replace(metadata, chat="")
        try:
            return await self._request_person_token(body, anonymous)
        except ApiUnauthorized:
            self.forget_service()
            return await self._request_person_token(body, anonymous)

    async def _request_person_token(self, body: ChatIn, metadata: CallMetadata) -> ChatTokenOut:
        with_token = metadata.with_token(await self.service(metadata))
        try:
            return await self._transport.call(e.chat_token, body, metadata=with_token)
        except ApiNotFound as unknown:
            raise NotLinked(unknown.problem, unknown.reference) from unknown

    def _expiry(self, expires_in: int) -> float:
        return self._clock() + max(1.0, expires_in - SPARE_SECONDS)
