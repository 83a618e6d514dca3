"""OpenID Connect's authorisation code with discovery, state, nonce and PKCE, for platforms that say who somebody is.

One rule: an id token counts only if the platform's key signed it, for us, for what this browser began, and just now.

A nonce has to come back from a platform that repeats them, and may be no other one anywhere. Where a platform leaves it
out, the code is bound to this browser by PKCE (RFC 9700, 2.1.1), and the token comes from the platform itself.
"""

import asyncio
import base64
import datetime as dt
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from secrets import token_urlsafe
from typing import Any, Generic, TypeVar
from urllib.parse import quote, unquote, urlencode, urlsplit

import aiohttp
import jwt
from pydantic import SecretStr

from core.web_sessions.errors import SignInFailed

T = TypeVar("T")
SECONDS = 10
KEPT_SECONDS = 300
MOST_BYTES = 64_000
LEEWAY_SECONDS = 30
DISCOVERY = "/.well-known/openid-configuration"
REQUIRED = ("exp", "iat", "iss", "aud", "sub")
ALGORITHMS = ("RS256", "ES256", "ES256K", "EdDSA")
"""What may sign an id token: only with a key that nobody but the platform has."""
_FAILURES = (
    aiohttp.ClientError,
    jwt.PyJWTError,
    TimeoutError,
    KeyError,
    TypeError,
    ValueError,
    OverflowError,
)


@dataclass(frozen=True)
class Provider:
    """A platform where we are registered; ``account`` reads from its claims who it is, as chats are linked here."""

    platform: str
    client: str
    secret: SecretStr
    issuer: str
    scope: str
    back: str
    account: Callable[[Mapping[str, object]], str]
    repeats_nonce: bool

    @property
    def name(self) -> str:
        return self.platform.capitalize()

    def failed(self) -> SignInFailed:
        return SignInFailed(platform=self.name)


@dataclass(frozen=True)
class BegunSignIn:
    """What this browser began where; kept in a cookie of its own until it comes back."""

    platform: str
    state: str
    nonce: str
    verifier: str
    wanted: str

    @classmethod
    def new(cls, platform: str, wanted: str) -> "BegunSignIn":
        return cls(platform, token_urlsafe(32), token_urlsafe(32), token_urlsafe(48), wanted)

    @classmethod
    def read(cls, provider: Provider, cookie: str) -> "BegunSignIn":
        """What the cookie says; SignInFailed when it says nothing, or was begun elsewhere."""
        parts = cookie.split(".")
        if len(parts) != 5 or not all(parts[:4]) or parts[0] != provider.platform:
            raise provider.failed()
        return cls(parts[0], parts[1], parts[2], parts[3], unquote(parts[4]))

    @property
    def cookie(self) -> str:
        wanted = quote(self.wanted, safe="").replace(".", "%2E")
        return ".".join((self.platform, self.state, self.nonce, self.verifier, wanted))

    @property
    def challenge(self) -> str:
        hashed = hashlib.sha256(self.verifier.encode()).digest()
        return base64.urlsafe_b64encode(hashed).rstrip(b"=").decode()


@dataclass(frozen=True)
class Discovered:
    """What the platform says of itself: its addresses, what signs, and where it wants our secret."""

    authorise: str
    token: str
    keys: str
    algorithms: tuple[str, ...]
    secret_in_form: bool


class KeptAnswers(Generic[T]):
    """What platforms tell everybody, by its address, for some minutes: no visitor makes us ask again and again."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[T, float]] = {}

    def of(self, url: str) -> T | None:
        answer, until = self._kept.get(url, (None, 0.0))
        return answer if time.monotonic() < until else None

    def keep(self, url: str, answer: T) -> None:
        self._kept[url] = answer, time.monotonic() + KEPT_SECONDS


@dataclass(frozen=True)
class KnownPlatforms:
    """What one process of the API knows of the platforms."""

    described: KeptAnswers[Discovered] = field(default_factory=KeptAnswers)
    keys: KeptAnswers[Mapping[str, Any]] = field(default_factory=KeptAnswers)


async def address(known: KnownPlatforms, provider: Provider, begun: BegunSignIn) -> str:
    """Where the browser is sent to say who it is."""
    try:
        async with asyncio.timeout(SECONDS), aiohttp.ClientSession() as http:
            found = await _discover(known, provider, http)
    except _FAILURES as error:
        raise provider.failed() from error
    asked = {
        "response_type": "code",
        "scope": provider.scope,
        "client_id": provider.client,
        "redirect_uri": provider.back,
        "state": begun.state,
        "nonce": begun.nonce,
        "code_challenge": begun.challenge,
        "code_challenge_method": "S256",
    }
    return f"{found.authorise}?{urlencode(asked)}"


def check_state(provider: Provider, begun: BegunSignIn, state: str) -> None:
    """SignInFailed unless the answer belongs to what this browser began."""
    if not hmac.compare_digest(begun.state.encode(), state.encode()):
        raise provider.failed()


async def account_of(
    known: KnownPlatforms, provider: Provider, begun: BegunSignIn, code: str, now: dt.datetime
) -> str:
    """The account that the platform names for the code; SignInFailed for whatever does not hold.

    ``now`` is PostgreSQL's time, whatever this machine's clock shows.
    """
    try:
        async with asyncio.timeout(SECONDS), aiohttp.ClientSession() as http:
            found = await _discover(known, provider, http)
            answer = await _exchanged(provider, found, begun, code, http)
            token = str(answer["id_token"])
            kid = str(jwt.get_unverified_header(token)["kid"])
            keys = known.keys.of(found.keys)
            if keys is None or kid not in {each["kid"] for each in keys["keys"]}:
                keys = await _json(provider, http, found.keys)
                known.keys.keep(found.keys, keys)
        claims = _claims(provider, found, token, jwt.PyJWKSet.from_dict(dict(keys))[kid])
        _check_times(provider, claims, now.timestamp())
        _check_nonce(provider, begun, claims)
        return provider.account(claims)
    except _FAILURES as error:
        raise provider.failed() from error


def _check_times(provider: Provider, claims: Mapping[str, object], now: float) -> None:
    """SignInFailed for a token that is over or begins later; half a minute between the clocks is forgiven."""
    begins = max(_moment(claims["iat"]), _moment(claims.get("nbf", claims["iat"])))
    if not begins - LEEWAY_SECONDS <= now < _moment(claims["exp"]) + LEEWAY_SECONDS:
        raise provider.failed()


def _moment(claim: object) -> float:
    """Seconds since 1970; TypeError for what is no number."""
    if isinstance(claim, bool) or not isinstance(claim, int | float):
        raise TypeError("a time of a token is a number")
    return float(claim)


def _check_nonce(provider: Provider, begun: BegunSignIn, claims: Mapping[str, object]) -> None:
    """SignInFailed for another nonce than this browser's, and for none where the platform repeats them."""
    if "nonce" not in claims and not provider.repeats_nonce:
        return
    if not hmac.compare_digest(str(claims["nonce"]).encode(), begun.nonce.encode()):
        raise provider.failed()


async def _discover(known: KnownPlatforms, provider: Provider, http: aiohttp.ClientSession) -> Discovered:
    """Its own description; what does not hold is not kept."""
    url = f"{provider.issuer}{DISCOVERY}"
    found = known.described.of(url)
    if found is None:
        found = _described(provider, await _json(provider, http, url))
        known.described.keep(url, found)
    return found


def _described(provider: Provider, told: Mapping[str, Any]) -> Discovered:
    """Everything that gets our secret or is believed has to be where the issuer is."""
    authorise, token, keys = (
        str(told[name]) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")
    )
    elsewhere = {_origin(each) for each in (authorise, token, keys)} - {_origin(provider.issuer)}
    if told["issuer"] != provider.issuer or elsewhere:
        raise provider.failed()
    signing = _strings(told.get("id_token_signing_alg_values_supported")) or ("RS256",)
    proving = _strings(told.get("token_endpoint_auth_methods_supported")) or ("client_secret_basic",)
    taken = tuple(each for each in ALGORITHMS if each in signing)
    return Discovered(authorise, token, keys, taken, "client_secret_post" in proving)


async def _exchanged(
    provider: Provider, found: Discovered, begun: BegunSignIn, code: str, http: aiohttp.ClientSession
) -> Mapping[str, Any]:
    """What the platform gives for the code, once."""
    secret = provider.secret.get_secret_value()
    asked = {
        "grant_type": "authorization_code",
        "client_id": provider.client,
        "code": code,
        "redirect_uri": provider.back,
        "code_verifier": begun.verifier,
    }
    if found.secret_in_form:
        return await _json(provider, http, found.token, form={**asked, "client_secret": secret})
    basic = aiohttp.encode_basic_auth(quote(provider.client, safe=""), quote(secret, safe=""))
    return await _json(provider, http, found.token, form=asked, headers={"Authorization": basic})


def _claims(provider: Provider, found: Discovered, token: str, key: jwt.PyJWK) -> Mapping[str, object]:
    """What the token says, if this key signed it as it signs; whether it counts now is not looked at."""
    claims: Mapping[str, object] = jwt.decode(
        token,
        key,
        algorithms=list(found.algorithms),
        audience=provider.client,
        issuer=provider.issuer,
        options={
            "require": list(REQUIRED),
            "strict_aud": True,
            "verify_exp": False,  # times are compared with PostgreSQL's clock, by _check_times
            "verify_iat": False,
            "verify_nbf": False,
        },
    )
    return claims


async def _json(
    provider: Provider,
    http: aiohttp.ClientSession,
    url: str,
    *,
    form: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Mapping[str, Any]:
    """A small JSON object; a redirect is not followed, because our secret may go with it."""
    method = "GET" if form is None else "POST"
    async with http.request(method, url, data=form, headers=headers, allow_redirects=False) as response:
        body = bytearray()
        async for piece in response.content.iter_any():
            body += piece
            if len(body) > MOST_BYTES:
                raise provider.failed()
        if response.status != 200:
            raise provider.failed()
    found = json.loads(body)
    if not isinstance(found, dict):
        raise provider.failed()
    return found


def _strings(told: object) -> tuple[str, ...]:
    return tuple(each for each in told if isinstance(each, str)) if isinstance(told, list) else ()


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc
