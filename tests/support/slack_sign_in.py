"""A strict stand-in for Slack's OpenID Connect: it refuses whatever Slack would refuse.

    async with a_slack("client", "secret", "http://…/login/slack/back") as slack:
        back = await slack.authorise(location, "T01", "U02")     the address that the browser is sent back to

One rule: a code counts once, for the redirect address, client and challenge that it was asked with.
"""

import base64
import hashlib
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from secrets import token_urlsafe
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from tests.bots.bot_env import free_port

KEY_ID = "slack-1"


@cache
def _key() -> rsa.RSAPrivateKey:
    """Made once, because it takes long."""
    return rsa.generate_private_key(65537, 2048)


@dataclass
class SlackStandIn:
    """``changes`` are claims that the next token has instead of the right ones; None leaves one out."""

    client: str
    secret: str
    back: str
    url: str = ""
    key: rsa.RSAPrivateKey = field(default_factory=_key)
    signing_key: rsa.RSAPrivateKey | None = None
    changes: dict[str, Any] = field(default_factory=dict)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)

    def authorise(self, location: str, team: str, user: str) -> str:
        """The person agrees; where their browser goes next."""
        address = urlsplit(location)
        asked = {name: values[0] for name, values in parse_qs(address.query).items()}
        assert address.path == "/openid/connect/authorize"
        assert location.startswith(self.url)
        assert asked["response_type"] == "code"
        assert "openid" in asked["scope"].split()
        assert (asked["client_id"], asked["redirect_uri"]) == (self.client, self.back)
        assert asked["code_challenge_method"] == "S256"
        assert len(asked["state"]) >= 32
        assert len(asked["nonce"]) >= 32
        code = token_urlsafe(24)
        self.codes[code] = {**asked, "team": team, "user": user}
        return f"{urlsplit(self.back).path}?{urlencode({'code': code, 'state': asked['state']})}"

    async def token(self, request: web.Request) -> web.Response:
        sent = dict(await request.post())
        asked = self.codes.pop(str(sent.get("code")), None)
        challenge = base64.urlsafe_b64encode(
            hashlib.sha256(str(sent.get("code_verifier", "")).encode()).digest()
        )
        checks = {
            "grant": sent.get("grant_type") == "authorization_code",
            "client": (sent.get("client_id"), sent.get("client_secret")) == (self.client, self.secret),
            "code": asked is not None,
            "redirect": sent.get("redirect_uri") == self.back,
            "verifier": asked is not None and challenge.rstrip(b"=").decode() == asked["code_challenge"],
        }
        wrong = [name for name, fits in checks.items() if not fits]
        if wrong or asked is None:
            self.refused += wrong
            return web.json_response({"ok": False, "error": "invalid_grant"}, status=400)
        now = int(time.time())
        claims = {
            "iss": self.url,
            "aud": self.client,
            "sub": asked["user"],
            "iat": now,
            "exp": now + 300,
            "nonce": asked["nonce"],
            "https://slack.com/team_id": asked["team"],
            "https://slack.com/user_id": asked["user"],
        } | self.changes
        told = {name: value for name, value in claims.items() if value is not None}
        signed = jwt.encode(told, self.signing_key or self.key, algorithm="RS256", headers={"kid": KEY_ID})
        return web.json_response({"ok": True, "access_token": "xoxp-1", "id_token": signed})

    async def keys(self, request: web.Request) -> web.Response:
        public = RSAAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
        return web.json_response({"keys": [{**public, "kid": KEY_ID, "alg": "RS256", "use": "sig"}]})


@asynccontextmanager
async def a_slack(client: str, secret: str, back: str) -> AsyncIterator[SlackStandIn]:
    """A running stand-in."""
    slack, app, port = SlackStandIn(client, secret, back), web.Application(), free_port()
    slack.url = f"http://127.0.0.1:{port}"
    app.router.add_post("/api/openid.connect.token", slack.token)
    app.router.add_get("/openid/connect/keys", slack.keys)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    yield slack
    await runner.cleanup()
