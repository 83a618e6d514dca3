"""Codes and tokens: made here, stored only as hashes."""

import hashlib
import secrets


def link_code() -> str:
    """22 URL-safe characters: 132 random bits, small enough for a Telegram deep link."""
    return secrets.token_urlsafe(17)[:22]


def refresh_token() -> str:
    """43 URL-safe characters, 256 bits."""
    return secrets.token_urlsafe(32)


def hash_secret(secret: str) -> bytes:
    """How a code or token is stored; it has enough randomness not to need salt."""
    return hashlib.sha256(secret.encode()).digest()
