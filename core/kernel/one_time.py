"""Secrets that are shown once and stored as hashes: codes, tickets, links and tokens.

One rule: they are made here, by the operating system's randomness; whoever reads the database can use none of them.

Using one up is ``core.db.used_once``.
"""

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass, field


@dataclass(frozen=True)
class OneTimeSecret:
    """What its reader gets (never printed), what is stored of it, and until when it counts."""

    secret: str = field(repr=False)
    expires_at: dt.datetime

    @classmethod
    def new(cls, now: dt.datetime, life: dt.timedelta) -> "OneTimeSecret":
        """256 random bits in 43 signs that may stand in an address."""
        return cls(new_secret(), now + life)

    @classmethod
    def short(cls, now: dt.datetime, life: dt.timedelta) -> "OneTimeSecret":
        """132 random bits in 22 signs: as much as a deep link of a chat carries."""
        return cls(secrets.token_urlsafe(17)[:22], now + life)

    @property
    def hashed(self) -> bytes:
        return hash_secret(self.secret)


def new_secret() -> str:
    """43 signs, 256 bits, for what another table gives its life."""
    return secrets.token_urlsafe(32)


def hash_secret(secret: str) -> bytes:
    """The stored form; a secret of ours is random enough to need no salt."""
    return hashlib.sha256(secret.encode()).digest()
