"""Who somebody is may change in the other chat: a bot asks again after half a minute."""

from dataclasses import dataclass, field
from typing import Any, cast
from uuid import UUID

from api.contract import endpoints as e
from api.contract.people import ChatTokenOut, MeOut, ServiceTokenOut
from bots.client.token_cache import LONGEST_SECONDS, TokenCache
from bots.client.transport import ApiTransport, CallMetadata

METADATA = CallMetadata(channel="slack")


@dataclass
class OnePerson:
    """The API, which knows one person; their language is changed from elsewhere."""

    locale: str = "en"
    asked: list[str] = field(default_factory=list)

    async def call(self, endpoint: Any, body: object, **more: object) -> object:
        self.asked.append(endpoint.name)
        if endpoint is e.service_token:
            return ServiceTokenOut(access_token="bot", expires_in=3600)
        person = MeOut(
            id=UUID(int=1),
            name="Rosa",
            email=None,
            locale=self.locale,
            zone="UTC",
            roles=("requester",),
            permissions=(),
            vendor_id=None,
            cost_centres=(),
            base_currency="USD",
        )
        return ChatTokenOut(access_token="rosa", expires_in=3600, person=person)


async def test_a_language_that_was_changed_elsewhere_is_known_half_a_minute_later() -> None:
    api, now = OnePerson(), [0.0]
    cache = TokenCache(cast("ApiTransport", api), "k" * 64, clock=lambda: now[0])

    async def locale() -> str:
        return (await cache.person("slack", "T1:U1", METADATA))[1].locale

    assert await locale() == "en"
    api.locale = "de"
    now[0] = LONGEST_SECONDS - 1
    assert await locale() == "en", "one chat is not asked about at every press"
    now[0] = LONGEST_SECONDS + 1
    assert await locale() == "de"
    assert api.asked.count(e.chat_token.name) == 2
    assert LONGEST_SECONDS <= 30
