"""Sealing a secret before it is stored: AES-256-GCM, bound to whatever it belongs to.

One rule: a sealed secret opens only with its key and only for the thing that it was sealed for, so that a row
which is copied over another one gives nothing away.
"""

import os
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE = 12


class Unopenable(Exception):
    """Another key, another owner, or not what was sealed."""


@dataclass(frozen=True)
class Seal:
    """One key of 32 bytes."""

    key: bytes

    @classmethod
    def of(cls, hexadecimal: str) -> "Seal":
        """From 64 hexadecimal characters."""
        key = bytes.fromhex(hexadecimal)
        if len(key) != 32:
            raise ValueError("a key has 64 hexadecimal characters")
        return cls(key)

    def close(self, secret: str, belongs_to: str) -> bytes:
        nonce = os.urandom(NONCE)
        return nonce + AESGCM(self.key).encrypt(nonce, secret.encode(), belongs_to.encode())

    def open(self, sealed: bytes, belongs_to: str) -> str:
        """The secret, or Unopenable."""
        try:
            plain = AESGCM(self.key).decrypt(sealed[:NONCE], sealed[NONCE:], belongs_to.encode())
        except (InvalidTag, ValueError) as error:
            raise Unopenable from error
        return plain.decode()

    def __repr__(self) -> str:
        return "Seal(…)"
