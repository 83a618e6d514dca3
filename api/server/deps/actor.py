"""Turns a bearer token into an actor, with the facts of this one call."""

from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from api.server.tokens import AccessTokens, actor_of
from core.access.actor import Actor, Channel, Evidence
from core.kernel.errors import Unauthenticated
from core.kernel.ids import new_id
from core.kernel.trace import continued

_BEARER = HTTPBearer(auto_error=False, description="A ten-minute access token, EdDSA.", bearerFormat="JWT")
MAX_HEADER_LENGTH = 80


async def tokens_of(request: Request) -> AccessTokens:
    tokens: AccessTokens = request.app.state.tokens
    return tokens


TokensDep = Annotated[AccessTokens, Depends(tokens_of)]


async def bearer_of(request: Request) -> HTTPAuthorizationCredentials | None:
    """The token of a request that FastAPI did not take apart."""
    return await _BEARER(request)


CredentialsDep = Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)]


def caller(request: Request, tokens: AccessTokens, credentials: HTTPAuthorizationCredentials | None) -> Actor:
    """Who calls; Unauthenticated without a valid token."""
    if credentials is None:
        raise Unauthenticated()
    found = actor_of(tokens.read(credentials.credentials))
    request.state.locale = found.locale
    return found.with_call(
        found.channel, _evidence(request, found), correlation_of(request), trace_of(request)
    )


def correlation_of(request: Request) -> str:
    """The id that the bot created, or a new one."""
    header = request.headers.get("x-correlation-id", "")
    return (
        header[:MAX_HEADER_LENGTH] if header.isascii() and header.isprintable() and header else str(new_id())
    )


def trace_of(request: Request) -> str:
    """The caller's trace, with a span for this call; a new one without."""
    return continued(request.headers.get("traceparent"))


def _evidence(request: Request, found: Actor) -> Evidence | None:
    """Which message the command came from; accepted only with tokens issued for a chat."""
    chat, separator, message = request.headers.get("x-parley-chat", "").rpartition(":")
    if found.channel not in (Channel.telegram, Channel.slack) or not separator:
        return None
    return Evidence(chat[:MAX_HEADER_LENGTH], message[:MAX_HEADER_LENGTH])
