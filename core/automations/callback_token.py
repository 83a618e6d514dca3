"""The call-back token that is sent with an event: the worker issues it, n8n carries it, the API reads it.

One rule: it is valid for one event and the actions of its flow, and only Parley has the key.
"""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

import jwt

AUDIENCE = "parley-hooks"
LIFE = dt.timedelta(hours=24)
LEEWAY_SECONDS = 30
MAX_LENGTH = 4096
_ALGORITHM = "HS256"


class BadCallbackToken(ValueError):
    """Not one of our tokens, or expired, or for another purpose."""


@dataclass(frozen=True)
class CallbackClaims:
    """The claims of a token: the event, the allowed call-backs, and the correlation id."""

    event_id: UUID
    actions: tuple[str, ...]
    correlation_id: str


def issue(claims: CallbackClaims, secret: str, now: dt.datetime) -> str:
    """A token that expires after ``LIFE``."""
    payload = {
        "aud": AUDIENCE,
        "sub": str(claims.event_id),
        "act": list(claims.actions),
        "cor": claims.correlation_id,
        "exp": now + LIFE,
    }
    return jwt.encode(payload, secret, algorithm=_ALGORITHM)


def read(token: str, secret: str) -> CallbackClaims:
    """The claims of a valid token; BadCallbackToken for any other."""
    if len(token) > MAX_LENGTH:
        raise BadCallbackToken
    try:
        payload = jwt.decode(
            token,
            secret,
            algorithms=[_ALGORITHM],
            audience=AUDIENCE,
            leeway=LEEWAY_SECONDS,
            options={"require": ["exp", "aud", "sub"], "strict_aud": True},
        )
        return _claims(payload)
    except (jwt.PyJWTError, ValueError) as error:
        raise BadCallbackToken from error


def _claims(payload: dict[str, object]) -> CallbackClaims:
    actions, correlation_id = payload.get("act"), payload.get("cor", "")
    if not isinstance(actions, list) or not isinstance(correlation_id, str):
        raise BadCallbackToken
    if not all(isinstance(action, str) for action in actions):
        raise BadCallbackToken
    return CallbackClaims(UUID(str(payload["sub"])), tuple(actions), correlation_id)
