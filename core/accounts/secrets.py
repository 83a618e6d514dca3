"""Codes and tokens are generated here and stored only as hashes."""

import hashlib
import secrets


def link_code() -> str:
    """22 URL-safe characters: 132 random bits, small enough for a Telegram deep link."""
    return secrets.token_urlsafe(17)[:22]


def refresh_token() -> str:
    """43 URL-safe characters, 256 bits."""
    return secrets.token_urlsafe(32)


def hash_secret(secret: str) -> bytes:
    """The stored form of a code or token; it is random enough to need no salt."""
    return hashlib.sha256(secret.encode()).digest()
