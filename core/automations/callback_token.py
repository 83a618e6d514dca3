"""The call-back token that is sent with an event: the worker issues it, n8n carries it, the API reads it.

One rule: it is valid for one event, the actions of its flow and the people whom the event concerns, and only Parley
has the key.
"""

import base64
import datetime as dt
from dataclasses import dataclass
from uuid import UUID

import jwt

AUDIENCE = "parley-hooks"
LIFE = dt.timedelta(hours=24)
LEEWAY_SECONDS = 30
MAX_LENGTH = 15_000
"""Of a header: enough for seven hundred people."""
_ALGORITHM = "HS256"


class BadCallbackToken(ValueError):
    """Not one of our tokens, or expired, or for another purpose."""


@dataclass(frozen=True)
class CallbackClaims:
    """The claims of a token: the event and its type, the allowed call-backs, the correlation id, and who is told."""

    event_id: UUID
    kind: str
    actions: tuple[str, ...]
    correlation_id: str
    people: frozenset[str]
    """By ``person_mark``."""


def person_mark(person_id: UUID) -> str:
    """The random half of an id, short: a token is a header, and two hundred vendors may be concerned."""
    return base64.urlsafe_b64encode(person_id.bytes[8:]).rstrip(b"=").decode()


def issue(claims: CallbackClaims, secret: str, now: dt.datetime) -> str:
    """A token that expires after ``LIFE``."""
    payload = {
        "aud": AUDIENCE,
        "sub": str(claims.event_id),
        "knd": claims.kind,
        "ppl": sorted(claims.people),
        "act": list(claims.actions),
        "cor": claims.correlation_id,
        "exp": now + LIFE,
    }
    return jwt.encode(payload, secret, algorithm=_ALGORITHM)


def read(token: str, secret: str, now: dt.datetime) -> CallbackClaims:
    """The claims of a valid token; BadCallbackToken for any other."""
    if len(token) > MAX_LENGTH:
        raise BadCallbackToken
    try:
        payload = jwt.decode(
            token,
            secret,
            algorithms=[_ALGORITHM],
            audience=AUDIENCE,
            options={"require": ["exp", "aud", "sub"], "strict_aud": True, "verify_exp": False},
        )
        return _claims(payload, now)
    except (jwt.PyJWTError, ValueError) as error:
        raise BadCallbackToken from error


def _claims(payload: dict[str, object], now: dt.datetime) -> CallbackClaims:
    actions, people = payload.get("act"), payload.get("ppl")
    correlation_id, kind = payload.get("cor", ""), payload.get("knd")
    expires = payload["exp"]
    if not isinstance(expires, int) or expires + LEEWAY_SECONDS <= now.timestamp():
        raise BadCallbackToken
    if not isinstance(correlation_id, str) or not isinstance(kind, str):
        raise BadCallbackToken
    return CallbackClaims(
        UUID(str(payload["sub"])), kind, tuple(_strings(actions)), correlation_id, frozenset(_strings(people))
    )


def _strings(claim: object) -> list[str]:
    """A list of strings, or BadCallbackToken."""
    if not isinstance(claim, list) or not all(isinstance(each, str) for each in claim):
        raise BadCallbackToken
    return claim
