"""How long links and codes count, how often one may ask and try, and what a code is.

One rule: a code counts only with the ticket of the browser that asked for it.
"""

import datetime as dt
import hashlib
import hmac
import secrets
from collections.abc import Sequence

from core.kernel.errors import NotFound
from core.people.model import Person
from core.vendor_links.model import CodeAttempt, VendorLink
from core.vendor_links.states import LinkState

LINK_LIFE = dt.timedelta(days=30)
KEPT_AFTERWARDS = dt.timedelta(days=90)
COLLEAGUES_KEPT = dt.timedelta(days=365)
CODE_LIFE = dt.timedelta(minutes=10)
HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)
MOST_ATTEMPTS = 5
MOST_CODES_PER_HOUR = 5
MOST_CODES_PER_DAY = 10
"""Fifty guesses a day at one of a million codes, for whoever has somebody's link and not their messages."""
MOST_LINKS_PER_HOUR = 5
MOST_COLLEAGUES_PER_HOUR = 5
_DIGITS = 6


def new_code() -> str:
    """Six digits."""
    return f"{secrets.randbelow(10**_DIGITS):0{_DIGITS}d}"


def hash_code(ticket_hash: bytes, code: str) -> bytes:
    """The stored form of a code: without the browser's ticket it opens nothing, whoever reads it."""
    return hashlib.sha256(ticket_hash + code.encode()).digest()


def is_right(attempt: CodeAttempt, ticket_hash: bytes, code: str) -> bool:
    """Compared in constant time; a code that was not sent yet is never right."""
    stored = attempt.code_hash or b""
    return hmac.compare_digest(stored, hash_code(ticket_hash, code)) and bool(stored)


def no_more_until(asked: Sequence[dt.datetime], now: dt.datetime) -> dt.datetime | None:
    """When the next code may be asked for; None: now. ``asked``: when there were others, the newest first."""
    limits = ((HOUR, MOST_CODES_PER_HOUR), (DAY, MOST_CODES_PER_DAY))
    free = [asked[most - 1] + span for span, most in limits if len(asked) >= most]
    return max((moment for moment in free if moment > now), default=None)


def state_of(link: VendorLink, now: dt.datetime) -> LinkState:
    """What became of it; ended by somebody counts before anything that time did."""
    if link.revoked_at is not None:
        return LinkState.ended
    if link.replaced_at is not None:
        return LinkState.replaced
    return LinkState.open if link.is_open(now) else LinkState.expired


def check_is_contact(person: Person | None) -> Person:
    """The active contact of a vendor, or NotFound."""
    if person is None or not person.active or person.vendor_id is None:
        raise NotFound(what="link")
    return person


def may_be_renewed(link: VendorLink) -> bool:
    """What procurement has revoked stays revoked, also for whoever asks for a new one."""
    return link.revoked_at is None
