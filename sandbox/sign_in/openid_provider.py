"""A strict OpenID provider: discovery, consent, one code for one token, and keys.

    /sign-in/telegram/.well-known/openid-configuration
    /sign-in/telegram/auth?…                 a page on which one chooses who one is
    /sign-in/telegram/agree?…&as=1001        what the choice does: back to the application with a code
    /sign-in/telegram/token, …/jwks.json

One rule: a code counts once, for the client, address and challenge that it was asked with; everything else is refused.
"""

import base64
import hashlib
import hmac
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from html import escape
from secrets import token_urlsafe
from typing import Any
from urllib.parse import unquote, urlencode

import jwt
from aiohttp import BasicAuth, web
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from sandbox.page.page_routes import HEADERS

TOKEN_SECONDS = 300
KEY_ID = "oidc-1"
NEEDED = ("client_id", "redirect_uri", "response_type", "scope", "state", "nonce", "code_challenge")
FEWEST_SIGNS = 32
"""Of a state and a nonce: fewer could be guessed."""


@dataclass(frozen=True)
class SignInClient:
    """An application as the platform knows it."""

    id: str
    secret: str
    back: str


@dataclass(frozen=True)
class SignInUser:
    """Somebody who has an account there, and what a token says of them."""

    id: str
    name: str
    claims: Mapping[str, Any]


@dataclass
class OpenIdProvider:
    """One platform; ``users`` are asked for at each call, because people come and go."""

    platform: str
    client: SignInClient
    users: Callable[[], Sequence[SignInUser]]
    secret_in: str
    """How the client proves itself: client_secret_basic or client_secret_post."""
    scopes: frozenset[str] = frozenset({"openid"})
    repeats_nonce: bool = True
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)

    @cached_property
    def key(self) -> rsa.RSAPrivateKey:
        """Made when it is first needed, because it takes long."""
        return rsa.generate_private_key(65537, 2048)

    def routes(self) -> list[web.RouteDef]:
        at = f"/sign-in/{self.platform}"
        return [
            web.get(f"{at}/.well-known/openid-configuration", self.discovery),
            web.get(f"{at}/auth", self.ask),
            web.get(f"{at}/agree", self.agree),
            web.post(f"{at}/token", self.token),
            web.get(f"{at}/jwks.json", self.keys),
        ]

    def issuer(self, request: web.Request) -> str:
        return f"{request.url.origin()}/sign-in/{self.platform}"

    async def discovery(self, request: web.Request) -> web.StreamResponse:
        issuer = self.issuer(request)
        return web.json_response(self.described(issuer))

    def described(self, issuer: str) -> dict[str, Any]:
        return {
            "issuer": issuer,
            "authorization_endpoint": f"{issuer}/auth",
            "token_endpoint": f"{issuer}/token",
            "jwks_uri": f"{issuer}/jwks.json",
            "response_types_supported": ["code"],
            "scopes_supported": sorted(self.scopes),
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": [self.secret_in],
            "code_challenge_methods_supported": ["S256"],
        }

    async def ask(self, request: web.Request) -> web.Response:
        """Who are you? A link each, without script."""
        asked = self._asked(request)
        choices = "".join(
            f'<li><a class="button" href="agree?{escape(urlencode({**asked, "as": each.id}))}">'
            f"{escape(each.name)}</a></li>"
            for each in self.users()
        )
        page = (
            '<!doctype html><html lang="en"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            f"<title>Log in with {escape(self.platform.capitalize())} · Parley sandbox</title>"
            '<link rel="stylesheet" href="/page/base.css"></head><body class="mailbox"><main>'
            f"<h1>Log in with {escape(self.platform.capitalize())}</h1>"
            f"<p>This stands in for the platform. Who are you?</p><ul>{choices}</ul></main></body></html>"
        )
        return web.Response(text=page, content_type="text/html", charset="utf-8", headers=HEADERS)

    async def agree(self, request: web.Request) -> web.Response:
        """The person agrees; their browser goes back with a code."""
        asked = self._asked(request)
        user = next((each for each in self.users() if each.id == request.query.get("as")), None)
        if user is None:
            raise web.HTTPBadRequest(text="nobody has this id")
        code = token_urlsafe(24)
        self.codes[code] = {**asked, "user": user.id}
        back = f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"
        raise web.HTTPSeeOther(back)

    def _asked(self, request: web.Request) -> dict[str, str]:
        """What the application asks for, or a page that says what is wrong with it."""
        asked = {name: request.query.get(name, "") for name in NEEDED}
        checks = {
            "client_id": asked["client_id"] == self.client.id,
            "redirect_uri": asked["redirect_uri"] == self.client.back,
            "response_type": asked["response_type"] == "code",
            "scope": "openid" in asked["scope"].split() and set(asked["scope"].split()) <= self.scopes,
            "code_challenge_method": request.query.get("code_challenge_method") == "S256",
            "state": len(asked["state"]) >= FEWEST_SIGNS,
            "nonce": len(asked["nonce"]) >= FEWEST_SIGNS,
            "code_challenge": len(asked["code_challenge"]) == 43,
        }
        self._refuse(checks)
        return {**asked, "code_challenge_method": "S256"}

    def _refuse(self, checks: Mapping[str, bool]) -> None:
        wrong = [name for name, fits in checks.items() if not fits]
        if wrong:
            self.refused += wrong
            raise web.HTTPBadRequest(
                text=f'{{"error": "invalid_request", "error_description": "{", ".join(wrong)}"}}',
                content_type="application/json",
            )

    async def token(self, request: web.Request) -> web.StreamResponse:
        """One token for one code; a wrong call uses the code up too."""
        sent = {name: str(value) for name, value in (await request.post()).items()}
        asked = self.codes.pop(sent.get("code", ""), {})
        hashed = hashlib.sha256(sent.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(hashed).rstrip(b"=").decode()
        self._refuse(
            {
                "grant_type": sent.get("grant_type") == "authorization_code",
                "client": self._is_client(request, sent),
                "code": bool(asked),
                "redirect_uri": sent.get("redirect_uri") == self.client.back,
                "code_verifier": hmac.compare_digest(challenge, asked.get("code_challenge", "")),
            }
        )
        user = next(each for each in self.users() if each.id == asked["user"])
        claims = self.claims(self.issuer(request), user, asked["nonce"])
        answer = {"access_token": token_urlsafe(24), "token_type": "Bearer", "expires_in": TOKEN_SECONDS}
        return web.json_response({**answer, "id_token": self.sign(claims)})

    def _is_client(self, request: web.Request, sent: Mapping[str, str]) -> bool:
        """By a header or by the form, as the platform has it; never by both."""
        header = request.headers.get("Authorization", "")
        if self.secret_in == "client_secret_post":
            given = (sent.get("client_id", ""), sent.get("client_secret", ""))
        elif header and "client_secret" not in sent:
            basic = BasicAuth.decode(header)
            given = (unquote(basic.login), unquote(basic.password))
        else:
            return False
        return given == (self.client.id, self.client.secret) and not (
            self.secret_in == "client_secret_post" and header
        )

    def claims(self, issuer: str, user: SignInUser, nonce: str) -> dict[str, Any]:
        now = int(time.time())
        told = {"iss": issuer, "aud": self.client.id, "iat": now, "exp": now + TOKEN_SECONDS}
        repeated = {"nonce": nonce} if self.repeats_nonce else {}
        return {"sub": user.id, **told, **repeated, **user.claims}

    def sign(self, claims: dict[str, Any]) -> str:
        return jwt.encode(claims, self.key, algorithm="RS256", headers={"kid": KEY_ID})

    async def keys(self, request: web.Request) -> web.StreamResponse:
        public = RSAAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
        return web.json_response({"keys": [{**public, "kid": KEY_ID, "alg": "RS256", "use": "sig"}]})
