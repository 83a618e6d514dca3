"""The API as the bots use it: for a person, with the person's own token; for the bot, with its own.

    api = ApiClient(url, key, session)
    ana = api.for_person("telegram", "1001", sender)
    await ana.approvals.decide(approval, Verdict.approve, key=...)
    await api.for_bot(sender).drafts.show(...)

One rule: a 401 means that rights changed; the token is fetched once more and the call is made again.
"""

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Mapping
from typing import TypeVar

import aiohttp
from pydantic import BaseModel

from api.contract.endpoints import Endpoint
from api.contract.people import MeOut, Platform
from bots.cards.attachment import Attachment
from bots.client.approvals import Approvals
from bots.client.awards import Awards
from bots.client.delegations import Delegations
from bots.client.errors import SignInAgain
from bots.client.groups import Groups, KnownGroups
from bots.client.orders import Orders
from bots.client.people import Documents, Drafts, Installations, Links, Messages
from bots.client.quotes import Quotes
from bots.client.requests import Requests
from bots.client.rfqs import Rfqs
from bots.client.tokens import Tokens
from bots.client.wire import PATIENCE, Sender, Wire

BodyT = TypeVar("BodyT", bound=BaseModel | None)
ResponseT = TypeVar("ResponseT", bound=BaseModel | None)
R = TypeVar("R")


class _Bearer(ABC):
    """Somebody with a token."""

    def __init__(self, wire: Wire, tokens: Tokens, sender: Sender) -> None:
        self._wire = wire
        self._tokens = tokens
        self._sender = sender

    async def call(
        self,
        endpoint: Endpoint[BodyT, ResponseT],
        body: BodyT,
        *,
        key: str | None = None,
        path: Mapping[str, object] | None = None,
        query: Mapping[str, str] | None = None,
    ) -> ResponseT:
        return await self._signed_in(
            lambda sender: self._wire.call(endpoint, body, sender=sender, key=key, path=path, query=query)
        )

    async def _signed_in(self, ask: Callable[[Sender], Awaitable[R]]) -> R:
        try:
            return await ask(await self._bearing())
        except SignInAgain:
            self.forget()
            return await ask(await self._bearing())

    @abstractmethod
    def forget(self) -> None:
        """Ask for a token anew at the next call."""

    @abstractmethod
    async def _bearing(self) -> Sender:
        """Who calls, with a token that counts."""


class PersonApi(_Bearer):
    """The API with the rights of one linked person."""

    def __init__(
        self, wire: Wire, tokens: Tokens, platform: Platform, external_id: str, sender: Sender
    ) -> None:
        super().__init__(wire, tokens, sender)
        self._platform: Platform = platform
        self._external_id = external_id
        self.requests = Requests(self)
        self.rfqs = Rfqs(self)
        self.quotes = Quotes(self)
        self.awards = Awards(self)
        self.approvals = Approvals(self)
        self.delegations = Delegations(self)
        self.orders = Orders(self)
        self.documents = Documents(self)
        self.groups = Groups(self)

    async def me(self) -> MeOut:
        """Who this chat account is, or NotLinked."""
        return (await self._tokens.person(self._platform, self._external_id, self._sender))[1]

    def forget(self) -> None:
        """Ask anew at the next call who this is: their language or rights have changed."""
        self._tokens.forget(self._platform, self._external_id)

    async def upload(self, path: str, file: Attachment, *, key: str) -> bytes:
        return await self._signed_in(lambda sender: self._wire.upload(path, file, sender=sender, key=key))

    async def download(self, path: str) -> Attachment:
        return await self._signed_in(lambda sender: self._wire.download(path, sender=sender))

    async def _bearing(self) -> Sender:
        token, _ = await self._tokens.person(self._platform, self._external_id, self._sender)
        return self._sender.bearing(token)


class BotApi(_Bearer):
    """The API with the bot's own token: drafts, links, messages, installations, groups, and nothing else."""

    def __init__(self, wire: Wire, tokens: Tokens, sender: Sender) -> None:
        super().__init__(wire, tokens, sender)
        self.drafts = Drafts(self)
        self.links = Links(self)
        self.messages = Messages(self)
        self.installations = Installations(self)
        self.groups = KnownGroups(self)

    def forget(self) -> None:
        self._tokens.forget_service()

    async def _bearing(self) -> Sender:
        return self._sender.bearing(await self._tokens.service(self._sender))


class ApiClient:
    """One per process, on one session."""

    def __init__(
        self, base_url: str, key: str, session: aiohttp.ClientSession, *, patience: float = PATIENCE
    ) -> None:
        self._wire = Wire(base_url, session, patience=patience)
        self._tokens = Tokens(self._wire, key)

    def for_person(self, platform: Platform, external_id: str, sender: Sender) -> PersonApi:
        return PersonApi(self._wire, self._tokens, platform, external_id, sender)

    def for_bot(self, sender: Sender) -> BotApi:
        return BotApi(self._wire, self._tokens, sender)

    def forget(self, platform: Platform, external_id: str) -> None:
        """Fetch this person's token anew at the next call."""
        self._tokens.forget(platform, external_id)
