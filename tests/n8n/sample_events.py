"""Events as Parley posts them to n8n: signed, structured CloudEvents with people in two languages."""

import base64
import datetime as dt
import hashlib
import json
from typing import Any
from uuid import UUID, uuid4

import jwt
from standardwebhooks import Webhook

from core.kernel.clock import SystemClock

SECRET = "a test secret of more than thirty-two bytes"
JsonEvent = dict[str, Any]
JsonPerson = dict[str, Any]

OFFICER: JsonPerson = {
    "person_id": str(UUID(int=1)),
    "name": "Olga Officer",
    "locale": "en",
    "roles": ["officer"],
}
MANAGER: JsonPerson = {
    "person_id": str(UUID(int=2)),
    "name": "Manfred Manager",
    "locale": "de",
    "roles": ["manager"],
}
FINANCE: JsonPerson = {
    "person_id": str(UUID(int=3)),
    "name": "Fiona Finance",
    "locale": "en",
    "roles": ["finance"],
}
VENDOR_EN: JsonPerson = {
    "person_id": str(UUID(int=4)),
    "name": "Vera Vendor",
    "locale": "en",
    "roles": ["vendor"],
}
VENDOR_DE: JsonPerson = {
    "person_id": str(UUID(int=5)),
    "name": "Volker Vendor",
    "locale": "de-AT",
    "roles": ["vendor"],
}


def event(kind: str, callback: str, **data: Any) -> JsonEvent:
    """One event; its call-back token is the word the receiver expects for it."""
    event_id = str(uuid4())
    return {
        "specversion": "1.0",
        "id": event_id,
        "source": "parley",
        "type": kind,
        "subject": f"{kind.partition('.')[0]}/{uuid4()}",
        "time": SystemClock().now().isoformat(),
        "datacontenttype": "application/json",
        "callback": callback,
        "callbacktoken": f"token-of-{event_id}",
        "data": {"recipients": [], "candidates": [], "links": {}} | data,
    }


def quote_submitted(callback: str) -> JsonEvent:
    facts = {"rfq_number": "RFQ-2026-0007", "vendor_name": "Acme & Söhne", "revision": 2}
    return event("quote.submitted", callback, **facts, recipients=[OFFICER, MANAGER])


def rfq_sent(callback: str) -> JsonEvent:
    facts = {"rfq_number": "RFQ-2026-0008", "quote_by": "2026-12-01T16:30:00+02:00"}
    return event("rfq.sent", callback, **facts, recipients=[VENDOR_EN, VENDOR_DE, OFFICER])


def order_generated(callback: str) -> JsonEvent:
    facts = {"number": "PO-2026-0003", "vendor_name": "Acme", "total": "1234567.50", "currency": "EUR"}
    return event("order.generated", callback, **facts, recipients=[MANAGER])


def approval_overdue(callback: str, reminder: int) -> JsonEvent:
    facts = {"request_number": "REQ-2026-0002", "amount": "12500.00", "currency": "USD"}
    people = {"recipients": [MANAGER, OFFICER], "candidates": [MANAGER]}
    return event("approval.overdue", callback, **facts, reminder=reminder, **people)


def approval_opened(callback: str) -> JsonEvent:
    facts = {"approval_id": str(uuid4()), "amount": "12500.00", "currency": "USD"}
    return event("approval.opened", callback, **facts, candidates=[MANAGER, FINANCE])


def signed(body: JsonEvent, secret: str = SECRET, seconds: int = 60) -> tuple[bytes, dict[str, str]]:
    """The bytes and headers of one delivery: JWT for n8n's webhook, Standard Webhooks for everybody else."""
    raw = json.dumps(body).encode()
    now = SystemClock().now()
    claims = {"iss": "parley", "aud": "n8n", "jti": body["id"], "iat": now, "exp": now + _span(seconds)}
    key = base64.b64encode(hashlib.sha256(secret.encode()).digest()).decode()
    headers = {
        "Authorization": f"Bearer {jwt.encode(claims, secret, algorithm='HS256')}",
        "Content-Type": "application/json",
        "webhook-id": body["id"],
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(key).sign(body["id"], now, raw.decode()),
        "X-Correlation-Id": f"correlation-{body['id']}",
    }
    return raw, headers


def _span(seconds: int) -> dt.timedelta:
    return dt.timedelta(seconds=seconds)
