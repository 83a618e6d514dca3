"""Sign in with Slack: OpenID Connect's authorisation code with state, nonce and PKCE.

One rule: an id token counts only if Slack's key signed it, for us, for this browser's nonce, and just now.

An account is a team and a user together: a user's id alone may be another workspace's.
"""

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from secrets import token_urlsafe
from urllib.parse import quote, unquote, urlencode

import aiohttp
import jwt

from api.server.settings import ApiSettings
from core.web_sessions.errors import SignInFailed

SECONDS = 10
MOST_BYTES = 64_000
LEEWAY_SECONDS = 30
SCOPE = "openid"
BACK = "/login/slack/back"
REQUIRED = ("exp", "iat", "iss", "aud", "sub", "nonce")
_TEAM, _USER = "https://slack.com/team_id", "https://slack.com/user_id"
_ID = re.compile(r"[A-Z0-9]{2,40}")


@dataclass(frozen=True)
class BegunSignIn:
    """What this browser began; kept in a cookie of its own until it comes back."""

    state: str
    nonce: str
    verifier: str
    wanted: str

    @classmethod
    def new(cls, wanted: str) -> "BegunSignIn":
        return cls(token_urlsafe(32), token_urlsafe(32), token_urlsafe(48), wanted)

    @classmethod
    def read(cls, cookie: str) -> "BegunSignIn":
        """What the cookie says; SignInFailed when it says nothing."""
        parts = cookie.split(".")
        if len(parts) != 4 or not all(parts[:3]):
            raise SignInFailed()
        return cls(parts[0], parts[1], parts[2], unquote(parts[3]))

    @property
    def cookie(self) -> str:
        return ".".join(
            (self.state, self.nonce, self.verifier, quote(self.wanted, safe="").replace(".", "%2E"))
        )

    @property
    def challenge(self) -> str:
        hashed = hashlib.sha256(self.verifier.encode()).digest()
        return base64.urlsafe_b64encode(hashed).rstrip(b"=").decode()


def is_on(settings: ApiSettings) -> bool:
    return bool(settings.slack_sign_in_id and settings.slack_sign_in_secret)


def address(settings: ApiSettings, begun: BegunSignIn) -> str:
    """Where the browser is sent to say who it is."""
    asked = {
        "response_type": "code",
        "scope": SCOPE,
        "client_id": settings.slack_sign_in_id,
        "redirect_uri": _back(settings),
        "state": begun.state,
        "nonce": begun.nonce,
        "code_challenge": begun.challenge,
        "code_challenge_method": "S256",
    }
    return f"{settings.slack_sign_in_url}/openid/connect/authorize?{urlencode(asked)}"


def check_state(begun: BegunSignIn, state: str) -> None:
    """SignInFailed unless the answer belongs to what this browser began."""
    if not hmac.compare_digest(begun.state.encode(), state.encode()):
        raise SignInFailed()


async def account_of(settings: ApiSettings, begun: BegunSignIn, code: str) -> str:
    """The account that Slack names for the code, as ``team:user``; SignInFailed for whatever does not hold."""
    base, secret = settings.slack_sign_in_url, settings.slack_sign_in_secret
    asked = {
        "grant_type": "authorization_code",
        "client_id": settings.slack_sign_in_id,
        "client_secret": secret.get_secret_value() if secret is not None else "",
        "code": code,
        "redirect_uri": _back(settings),
        "code_verifier": begun.verifier,
    }
    try:
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=SECONDS)) as http:
            answer = await _json(http, "POST", f"{base}/api/openid.connect.token", asked)
            keys = await _json(http, "GET", f"{base}/openid/connect/keys", None)
        claims = _claims(settings, str(answer["id_token"]), keys)
        if not hmac.compare_digest(str(claims["nonce"]).encode(), begun.nonce.encode()):
            raise SignInFailed()
        team, user = str(claims[_TEAM]), str(claims[_USER])
    except (aiohttp.ClientError, jwt.PyJWTError, TimeoutError, KeyError, TypeError, ValueError) as error:
        raise SignInFailed() from error
    if not _ID.fullmatch(team) or not _ID.fullmatch(user):
        raise SignInFailed()
    return f"{team}:{user}"


def _claims(settings: ApiSettings, token: str, keys: Mapping[str, object]) -> Mapping[str, object]:
    """What the token says, if one of these keys signed it with the one algorithm that is taken."""
    key = jwt.PyJWKSet.from_dict(dict(keys))[str(jwt.get_unverified_header(token)["kid"])]
    claims: Mapping[str, object] = jwt.decode(
        token,
        key.key,
        algorithms=["RS256"],
        audience=settings.slack_sign_in_id,
        issuer=settings.slack_sign_in_url,
        leeway=LEEWAY_SECONDS,
        options={"require": list(REQUIRED)},
    )
    return claims


async def _json(
    http: aiohttp.ClientSession, method: str, url: str, form: Mapping[str, str] | None
) -> Mapping[str, object]:
    """A small JSON object; a redirect is not followed, because the secret is in the form."""
    async with http.request(method, url, data=form, allow_redirects=False) as response:
        body = await response.content.read(MOST_BYTES)
        if response.status != 200:
            raise SignInFailed()
    found = json.loads(body)
    if not isinstance(found, dict):
        raise SignInFailed()
    return found


def _back(settings: ApiSettings) -> str:
    return f"{settings.public_url.rstrip('/')}{BACK}"
