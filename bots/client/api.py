"""The API as the bots use it: for a person, with the person's own token; for the bot, with its own.

    api = ApiClient(url, key, session)
    ana = api.for_person("telegram", "1001", sender)
    await ana.approvals.decide(approval, Verdict.approve, key=...)
    await api.for_bot(sender).drafts.show(...)

One rule: a 401 means that rights changed; the token is fetched once more and the call is made again.
"""

import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Mapping
from typing import TypeVar

import aiohttp
from pydantic import BaseModel

from api.contract.endpoints import Endpoint
from api.contract.people import MeOut, Platform
from bots.cards.attachment import Attachment
from bots.client.amendments import AmendmentsApi
from bots.client.analytics import AnalyticsApi
from bots.client.approvals import ApprovalsApi
from bots.client.awards import AwardsApi
from bots.client.delegations import DelegationsApi
from bots.client.errors import ApiUnauthorized
from bots.client.findings import FindingsApi
from bots.client.groups import BotGroupsApi, GroupsApi
from bots.client.orders import OrdersApi
from bots.client.people import DocumentsApi, DraftsApi, InstallationsApi, LinksApi, MessagesApi
from bots.client.quotes import QuotesApi
from bots.client.requests import RequestsApi
from bots.client.rfqs import RfqsApi
from bots.client.token_cache import TokenCache
from bots.client.transport import TIMEOUT_SECONDS, ApiTransport, CallMetadata

BodyT = TypeVar("BodyT", bound=BaseModel | None)
ResponseT = TypeVar("ResponseT", bound=BaseModel | None)
R = TypeVar("R")


class _AuthenticatedApi(ABC):
    """Somebody with a token."""

    def __init__(self, transport: ApiTransport, tokens: TokenCache, metadata: CallMetadata) -> None:
        self._transport = transport
        self._tokens = tokens
        self._metadata = metadata

    @property
    def now(self) -> dt.datetime:
        """The API's time."""
        return self._transport.clock.now()

    async def call(
        self,
        endpoint: Endpoint[BodyT, ResponseT],
        body: BodyT,
        *,
        key: str | None = None,
        path: Mapping[str, object] | None = None,
        query: Mapping[str, str] | None = None,
    ) -> ResponseT:
        return await self._with_token(
            lambda metadata: self._transport.call(
                endpoint, body, metadata=metadata, key=key, path=path, query=query
            )
        )

    async def _with_token(self, ask: Callable[[CallMetadata], Awaitable[R]]) -> R:
        try:
            return await ask(await self._authenticated())
        except ApiUnauthorized:
            self.forget()
            return await ask(await self._authenticated())

    @abstractmethod
    def forget(self) -> None:
        """Ask for a token anew at the next call."""

    @abstractmethod
    async def _authenticated(self) -> CallMetadata:
        """Who calls, with a token that counts."""


class PersonApi(_AuthenticatedApi):
    """The API with the rights of one linked person."""

    def __init__(
        self,
        transport: ApiTransport,
        tokens: TokenCache,
        platform: Platform,
        external_id: str,
        metadata: CallMetadata,
    ) -> None:
        super().__init__(transport, tokens, metadata)
        self._platform: Platform = platform
        self._external_id = external_id
        self.requests = RequestsApi(self)
        self.rfqs = RfqsApi(self)
        self.quotes = QuotesApi(self)
        self.awards = AwardsApi(self)
        self.amendments = AmendmentsApi(self)
        self.approvals = ApprovalsApi(self)
        self.delegations = DelegationsApi(self)
        self.findings = FindingsApi(self)
        self.orders = OrdersApi(self)
        self.documents = DocumentsApi(self)
        self.groups = GroupsApi(self)
        self.analytics = AnalyticsApi(self, self)

    async def me(self) -> MeOut:
        """Who this chat account is, or NotLinked."""
        return (await self._tokens.person(self._platform, self._external_id, self._metadata))[1]

    def forget(self) -> None:
        """Ask anew at the next call who this is: their language or rights have changed."""
        self._tokens.forget(self._platform, self._external_id)

    async def upload(self, path: str, file: Attachment, *, key: str) -> bytes:
        return await self._with_token(
            lambda metadata: self._transport.upload(path, file, metadata=metadata, key=key)
        )

    async def download(self, path: str) -> Attachment:
        return await self._with_token(lambda metadata: self._transport.download(path, metadata=metadata))

    async def _authenticated(self) -> CallMetadata:
        token, _ = await self._tokens.person(self._platform, self._external_id, self._metadata)
        return self._metadata.with_token(token)


class BotApi(_AuthenticatedApi):
    """The API with the bot's own token: drafts, links, messages, installations, groups, and nothing else."""

    def __init__(self, transport: ApiTransport, tokens: TokenCache, metadata: CallMetadata) -> None:
        super().__init__(transport, tokens, metadata)
        self.drafts = DraftsApi(self)
        self.links = LinksApi(self)
        self.messages = MessagesApi(self)
        self.installations = InstallationsApi(self)
        self.groups = BotGroupsApi(self)

    def forget(self) -> None:
        self._tokens.forget_service()

    async def _authenticated(self) -> CallMetadata:
        return self._metadata.with_token(await self._tokens.service(self._metadata))


class ApiClient:
    """One per process, on one session."""

    def __init__(
        self, base_url: str, key: str, session: aiohttp.ClientSession, *, timeout: float = TIMEOUT_SECONDS
    ) -> None:
        self._transport = ApiTransport(base_url, session, timeout=timeout)
        self._tokens = TokenCache(self._transport, key)
        self.clock = self._transport.clock

    def for_person(self, platform: Platform, external_id: str, metadata: CallMetadata) -> PersonApi:
        return PersonApi(self._transport, self._tokens, platform, external_id, metadata)

    def for_bot(self, metadata: CallMetadata) -> BotApi:
        return BotApi(self._transport, self._tokens, metadata)

    def last_known(self, platform: Platform, external_id: str) -> MeOut | None:
        """Who this was when it was asked last; nothing is asked."""
        return self._tokens.last_known(platform, external_id)

    def forget(self, platform: Platform, external_id: str) -> None:
        """Fetch this person's token anew at the next call."""
        self._tokens.forget(platform, external_id)
