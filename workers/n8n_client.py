"""Posting an event to n8n: CloudEvents 1.0 in JSON, signed twice, with a token for calling back about it.

One rule: n8n gets no login and no role, only a call-back token (core/automations/callback_token.py).
"""

import base64
import datetime as dt
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from functools import lru_cache
from uuid import UUID

import aiohttp
import jwt
from standardwebhooks import Webhook

from core.automations.callback_token import CallbackClaims, issue, person_mark
from core.kernel.trace import continued
from core.log.cloudevents import as_json_bytes
from core.log.stored import StoredEvent
from workers.outcome import DeliveryFailed, DeliveryPostponed, DeliveryRejected
from workers.runtime import Runtime

HOOK_LIFE = dt.timedelta(seconds=60)
RETRY_UNTIL_READY = dt.timedelta(seconds=3)
MOST_READ = 65_536
"""Bytes of an answer, none of which matters."""


@dataclass(frozen=True)
class Flow:
    """One workflow: the name of its webhook, and the call-backs that it may make."""

    path: str
    actions: Sequence[str]


async def post_event(
    runtime: Runtime,
    flow: Flow,
    event: StoredEvent,
    data: dict[str, object],
    *,
    people: Iterable[UUID],
    checkpoint: str | None = None,
) -> None:
    """Post the event to its workflow, which may tell these people of it.

    Every answer except 2xx and 410 is retried on the schedule. The newest checkpoint goes along: n8n keeps it with its
    runs, where nobody who rewrites the log has written.
    """
    settings = runtime.settings
    if not settings.n8n_url:
        return
    if not settings.n8n_is_ready:
        raise DeliveryPostponed(RETRY_UNTIL_READY, "n8n is not ready")
    extensions = {
        "callback": f"{settings.callback_url or settings.api_url}/hooks/n8n",
        "callbacktoken": _callback_token(runtime, flow, event, people),
        **({"checkpoint": checkpoint} if checkpoint is not None else {}),
    }
    body = as_json_bytes(event, data, extensions)
    url = f"{settings.n8n_url}/webhook/parley/{flow.path}"
    try:
        async with runtime.http.post(
            url, data=body, headers=_headers(runtime, event, body), allow_redirects=False
        ) as answer:
            await _read_whole(answer)
            _check_response(answer, runtime.clock.now())
    except (aiohttp.ClientError, TimeoutError) as error:
        raise DeliveryFailed(f"n8n did not answer: {type(error).__name__}") from error


async def _read_whole(answer: aiohttp.ClientResponse) -> None:
    """ClientPayloadError when its end is missing, as then nobody knows what was done; of a long one not all is read."""
    left = MOST_READ
    while left > 0 and (part := await answer.content.readany()):
        left -= len(part)


def _check_response(answer: aiohttp.ClientResponse, now: dt.datetime) -> None:
    if 200 <= answer.status < 300:
        return
    if answer.status == 410:
        raise DeliveryRejected("n8n answered 410: this flow is gone")
    raise DeliveryFailed(
        f"n8n answered {answer.status}", _retry_after(answer.headers.get("Retry-After", ""), now)
    )


def _retry_after(header: str, now: dt.datetime) -> float | None:
    """Retry-After in seconds or as a date (RFC 9110); None when it names no future time."""
    if header.isascii() and header.isdigit():
        return float(header)
    try:
        until = parsedate_to_datetime(header)
    except ValueError:
        return None
    wait = (until.astimezone(dt.UTC) - now).total_seconds()
    return wait if wait > 0 else None


def _callback_token(runtime: Runtime, flow: Flow, event: StoredEvent, people: Iterable[UUID]) -> str:
    secret = runtime.settings.callback_secret
    assert secret is not None
    told = frozenset(person_mark(each) for each in people)
    claims = CallbackClaims(event.id, event.type, tuple(flow.actions), event.correlation_id, told)
    return issue(claims, secret.get_secret_value(), runtime.clock.now())


def _headers(runtime: Runtime, event: StoredEvent, body: bytes) -> dict[str, str]:
    secret = runtime.settings.n8n_hook_secret
    assert secret is not None
    raw, now = secret.get_secret_value(), runtime.clock.now()
    return {
        "Content-Type": "application/json",
        "Authorization": f"Bearer {_bearer(raw, now.replace(second=now.second // 10 * 10, microsecond=0))}",
        "webhook-id": str(event.id),
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": _signer(raw).sign(str(event.id), now, body.decode()),
        "X-Correlation-Id": event.correlation_id,
        "traceparent": continued(event.traceparent),
    }


@lru_cache(maxsize=4)
def _bearer(secret: str, begin: dt.datetime) -> str:
    """One for all posts of ten seconds: it says who posts, and the signature says what."""
    return jwt.encode({"aud": "n8n", "exp": begin + HOOK_LIFE}, secret, algorithm="HS256")


@lru_cache(maxsize=4)
def _signer(secret: str) -> Webhook:
    return Webhook(base64.b64encode(hashlib.sha256(secret.encode()).digest()).decode())
