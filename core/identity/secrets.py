"""Codes, tokens and passwords: made here, stored only as hashes."""

import asyncio
import hashlib
import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_NOBODY = _HASHER.hash("nobody has this password")


def link_code() -> str:
    """22 URL-safe characters: 132 random bits, small enough for a Telegram deep link."""
    return secrets.token_urlsafe(17)[:22]


def refresh_token() -> str:
    """43 URL-safe characters, 256 bits."""
    return secrets.token_urlsafe(32)


def hash_of(secret: str) -> bytes:
    """How a code or token is stored; it has enough randomness not to need salt."""
    return hashlib.sha256(secret.encode()).digest()


async def hash_password(password: str) -> str:
    """Argon2id, away from the event loop."""
    return await asyncio.to_thread(_HASHER.hash, password)


async def password_fits(stored: str | None, password: str) -> bool:
    """Compare, with the same work for an unknown address."""
    return await asyncio.to_thread(_fits, stored or _NOBODY, password) and stored is not None


def _fits(stored: str, password: str) -> bool:
    try:
        return _HASHER.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False
