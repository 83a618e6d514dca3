"""How a page is told where in the log it stands.

One rule: a vendor reads nothing from it, not even how much has happened between two of its looks.
"""

import base64
import binascii
import hmac
import secrets
from uuid import UUID

_PART = 8
_SIZE = 3 * _PART


class ChangeMarks:
    """Positions as text: to staff as they are, to vendors under a key that ends with the process."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)

    def of(self, vendor_id: UUID | None, position: int) -> str:
        if vendor_id is None:
            return str(position)
        nonce = secrets.token_bytes(_PART)
        hidden = nonce + _xor(position.to_bytes(_PART), self._made("hide", nonce))
        return base64.urlsafe_b64encode(hidden + self._made("own", hidden)).decode()

    def position(self, vendor_id: UUID | None, told: str) -> int | None:
        """The position that a mark stands for; a vendor's that another process made is before everything."""
        if vendor_id is None or not told:
            return int(told) if told.isascii() and told.isdecimal() and len(told) <= 18 else None
        try:
            raw = base64.b64decode(told.encode(), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            return 0
        hidden, own = raw[: 2 * _PART], raw[2 * _PART :]
        if len(raw) != _SIZE or not hmac.compare_digest(own, self._made("own", hidden)):
            return 0
        return int.from_bytes(_xor(hidden[_PART:], self._made("hide", hidden[:_PART])))

    def _made(self, purpose: str, of: bytes) -> bytes:
        return hmac.digest(self._key, purpose.encode() + of, "sha256")[:_PART]


def _xor(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))
