"""The signing keys: Ed25519 files in one folder; the newest signs, all of them verify.

One rule: an old key stays until every token it signed has expired, so that changing keys refuses nobody.
"""

import base64
import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

import structlog
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

log = structlog.get_logger()

Seen = tuple[tuple[int, int, str], ...]


@dataclass(frozen=True)
class SigningKey:
    """One key pair and its id, which is derived from the public key."""

    kid: str
    private: Ed25519PrivateKey
    public: Ed25519PublicKey

    def jwk(self) -> dict[str, str]:
        """The public key as in RFC 8037."""
        x = base64.urlsafe_b64encode(_raw(self.public)).rstrip(b"=").decode()
        return {"kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": self.kid, "x": x}


class KeyRing:
    """The keys of a folder, oldest first; a key that is added or taken away counts at once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._seen: Seen = ()
        self._keys: dict[str, SigningKey] = {}
        self._read()

    @property
    def current(self) -> SigningKey:
        """The newest, which signs."""
        self._read()
        return next(reversed(self._keys.values()))

    def public(self, kid: str) -> Ed25519PublicKey | None:
        self._read()
        key = self._keys.get(kid)
        return key.public if key else None

    def all_public(self) -> list[Ed25519PublicKey]:
        """Newest first."""
        self._read()
        return [key.public for key in reversed(self._keys.values())]

    def jwks(self) -> dict[str, list[dict[str, str]]]:
        self._read()
        return {"keys": [key.jwk() for key in self._keys.values()]}

    def _read(self) -> None:
        """Read the folder again if it has changed; what cannot be read, such as half a file, changes nothing yet.

        ValueError at the start, when there is nothing to go on with.
        """
        try:
            seen = _files(self._folder)
            if seen and seen != self._seen:
                keys = [_read(self._folder / name) for *_, name in seen]
                self._keys = {key.kid: key for key in keys}
                self._seen = seen
        except (ValueError, OSError) as error:
            if not self._keys:
                raise
            log.warning("keys.unreadable", why=type(error).__name__)


def load_keys(folder: Path) -> KeyRing:
    """All keys of the folder; creates the first one when it is empty."""
    folder.mkdir(parents=True, exist_ok=True)
    if not _files(folder):
        add_key(folder)
    return KeyRing(folder)


def _files(folder: Path) -> Seen:
    """When each key was written, its size and its name; the newest is last."""
    found = ((path.stat(), path.name) for path in folder.glob("*.pem"))
    return tuple(sorted((stat.st_mtime_ns, stat.st_size, name) for stat, name in found))


def add_key(folder: Path) -> Path:
    """Add a key that only this user can read."""
    private = Ed25519PrivateKey.generate()
    pem = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = folder / f"{_kid(private.public_key())}.pem"
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(pem)
    return path


def _read(path: Path) -> SigningKey:
    private = serialization.load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(private, Ed25519PrivateKey):
        raise ValueError(
            f"{path.name} is not an Ed25519 key; make one with ./parley up in an empty keys folder"
        )
    public = private.public_key()
    return SigningKey(_kid(public), private, public)


def _raw(public: Ed25519PublicKey) -> bytes:
    return public.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)


def _kid(public: Ed25519PublicKey) -> str:
    return hashlib.sha256(_raw(public)).hexdigest()[:16]
