"""Commitments: what stands in an event in place of a personal value.

One rule: whoever has the salt and the value can show that they belong to the event; whoever has neither learns nothing.
"""

import hashlib
import hmac

COMMITTED = "hmac-sha256:"
SALT_BYTES = 32


def commitment(salt: bytes, value: str) -> str:
    """HMAC-SHA256 of the value under a random salt, so that few possible values are no help in guessing."""
    return COMMITTED + hmac.new(salt, value.encode(), hashlib.sha256).hexdigest()
