"""The sandbox's OpenID providers on a port of their own, and the same with one thing wrong.

async with a_platform("telegram", BACK) as platform:
    back = await platform.agree(location, "1001")     the address that the browser is sent back to
"""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import jwt
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import rsa

from sandbox.memory import Memory
from sandbox.sign_in import platforms
from sandbox.sign_in.openid_provider import KEY_ID, OpenIdProvider, SignInClient, SignInUser
from sandbox.slack.world_store import SlackStore
from sandbox.telegram.model import TelegramPerson
from sandbox.telegram.world_store import TelegramStore
from tests.bots.bot_env import free_port

CLIENT, SECRET = "4711", "a secret: of+the platform, long enough"


@cache
def made_key(what: str) -> rsa.RSAPrivateKey:
    """Made once, because it takes long."""
    return rsa.generate_private_key(65537, 2048)


@dataclass
class ForgingProvider(OpenIdProvider):
    """Strict as the sandbox's; what a test sets is wrong in the next token or description."""

    changes: dict[str, Any] = field(default_factory=dict)
    """Claims in place of the right ones; None leaves one out."""
    description: dict[str, Any] = field(default_factory=dict)
    signed: Mapping[str, Any] = field(default_factory=dict)
    """Another ``key``, ``algorithm`` or ``headers`` for the signature."""
    kid: str = KEY_ID
    """By which name the key is told and signs."""
    in_pieces: bool = False
    """Its answers come as a slow network brings them."""
    asked: list[str] = field(default_factory=list)
    """What was asked for, by the last word of its address."""

    async def discovery(self, request: web.Request) -> web.StreamResponse:
        return await self._told(request, await super().discovery(request))

    async def token(self, request: web.Request) -> web.StreamResponse:
        return await self._told(request, await super().token(request))

    async def keys(self, request: web.Request) -> web.StreamResponse:
        answer = await super().keys(request)
        body = json.loads(answer.text or "") if isinstance(answer, web.Response) else {}
        for each in body["keys"]:
            each["kid"] = self.kid
        return await self._told(request, web.json_response(body))

    async def _told(self, request: web.Request, whole: web.StreamResponse) -> web.StreamResponse:
        self.asked.append(request.path.rpartition("/")[2])
        if not self.in_pieces or not isinstance(whole, web.Response):
            return whole
        body = (whole.text or "").encode()
        answer = web.StreamResponse(headers={"Content-Type": "application/json"})
        await answer.prepare(request)
        await answer.write(body[: len(body) // 2])
        await asyncio.sleep(0.05)
        await answer.write(body[len(body) // 2 :])
        return answer

    @property
    def key(self) -> rsa.RSAPrivateKey:
        return made_key(self.platform)

    def described(self, issuer: str) -> dict[str, Any]:
        return super().described(issuer) | self.description

    def claims(self, issuer: str, user: SignInUser, nonce: str) -> dict[str, Any]:
        told = super().claims(issuer, user, nonce) | self.changes
        return {name: value for name, value in told.items() if value is not None}

    def sign(self, claims: dict[str, Any]) -> str:
        how = {"key": self.key, "algorithm": "RS256", "headers": {"kid": self.kid}, **self.signed}
        return jwt.encode(claims, **how)


@dataclass
class RunningPlatform:
    provider: ForgingProvider
    url: str

    async def agree(self, location: str, account: str) -> str:
        """The person looks at what they are asked, and agrees; where their browser goes next."""
        asked, chosen = location, f"{location.replace('/auth?', '/agree?')}&as={account}"
        async with aiohttp.ClientSession() as http:
            async with http.get(asked) as page:
                assert page.status == 200, await page.text()
            async with http.get(chosen, allow_redirects=False) as answer:
                assert answer.status == 303, await answer.text()
                back = urlsplit(answer.headers["Location"])
        return f"{back.path}?{back.query}"


@asynccontextmanager
async def a_platform(name: str, back: str, *accounts: str) -> AsyncIterator[RunningPlatform]:
    """A running platform where these people have accounts."""
    client = SignInClient(CLIENT, SECRET, back)
    real = (
        platforms.telegram(TelegramStore(Memory()), client)
        if name == "telegram"
        else platforms.slack(SlackStore(Memory()), client)
    )
    people = [_user(name, client, each) for each in accounts]
    traits = (real.secret_in, real.scopes, real.repeats_nonce)
    provider = ForgingProvider(name, client, lambda: people, *traits)
    app, port = web.Application(), free_port()
    app.add_routes(provider.routes())
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    yield RunningPlatform(provider, f"http://127.0.0.1:{port}/sign-in/{name}")
    await runner.cleanup()


def _user(name: str, client: SignInClient, account: str) -> SignInUser:
    if name == "telegram":
        return platforms.telegram_user(client, TelegramPerson(id=int(account), first_name="Somebody"))
    team, _, user = account.partition(":")
    return platforms.slack_user(team, user, "Somebody")
