"""Sealing a secret before it is stored: AES-256-GCM, bound to whatever it belongs to.

One rule: a sealed secret opens only with its key and only for the thing that it was sealed for, so that a row
which is copied over another one gives nothing away.
"""

import os
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES = 12


class DecryptionFailed(Exception):
    """Another key, another owner, or not what was sealed."""


@dataclass(frozen=True)
class SecretBox:
    """One key of 32 bytes."""

    key: bytes

    @classmethod
    def from_hex(cls, hexadecimal: str) -> "SecretBox":
        """From 64 hexadecimal characters."""
        key = bytes.fromhex(hexadecimal)
        if len(key) != 32:
            raise ValueError("a key has 64 hexadecimal characters")
        return cls(key)

    def encrypt(self, secret: str, owner: str) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        return nonce + AESGCM(self.key).encrypt(nonce, secret.encode(), owner.encode())

    def decrypt(self, sealed: bytes, owner: str) -> str:
        """The secret, or Unopenable."""
        try:
            plain = AESGCM(self.key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], owner.encode())
        except (InvalidTag, ValueError) as error:
            raise DecryptionFailed from error
        return plain.decode()

    def __repr__(self) -> str:
        return "SecretBox(…)"
