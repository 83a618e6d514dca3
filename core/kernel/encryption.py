"""Encrypts secrets before they are stored: AES-256-GCM, bound to the owner of the secret.

One rule: a secret can be decrypted only with its key and only for the owner it was encrypted for.

So a row that is copied over another one reveals nothing.
"""

import os
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES = 12


class DecryptionFailed(Exception):
    """Another key, another owner, or not an encrypted secret."""


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
        """The secret, or DecryptionFailed."""
        try:
            plain = AESGCM(self.key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], owner.encode())
        except (InvalidTag, ValueError) as error:
            raise DecryptionFailed from error
        return plain.decode()

    def __repr__(self) -> str:
        return "SecretBox(…)"
