"""The vault: keys, checkpoints and secrets of an installation in one encrypted file, apart from the database's copy.

One rule: whoever holds the database's copy alone reads no token and signs no checkpoint.

The file is a gzipped tar under AES-256-GCM; the key comes from the passphrase by scrypt.
"""

import contextlib
import io
import os
import tarfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from backup.errors import BackupError
from backup.repository import write_durably

LEAST_CHARACTERS = 16
_HEADER = b"parley vault 1\n"
_SALT_BYTES, _NONCE_BYTES = 16, 12
_SCRYPT_COST = 2**16
"""64 MB and about a fifth of a second per guess."""


def check_passphrase(passphrase: str) -> str:
    """The passphrase, if it is long enough to be worth encrypting with."""
    if len(passphrase) < LEAST_CHARACTERS:
        raise BackupError(
            f"the passphrase of backups needs {LEAST_CHARACTERS} characters: type 'openssl rand -base64 24 "
            "> passphrase', keep a copy elsewhere, and name it in PARLEY_BACKUP_PASSPHRASE_FILE"
        )
    return passphrase


def lock(content: Mapping[str, bytes], passphrase: str) -> bytes:
    """The vault of these files by their paths."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as tar:
        for name, body in sorted(content.items()):
            entry = tarfile.TarInfo(name)
            entry.size = len(body)
            tar.addfile(entry, io.BytesIO(body))
    salt, nonce = os.urandom(_SALT_BYTES), os.urandom(_NONCE_BYTES)
    return _HEADER + salt + nonce + AESGCM(_key(passphrase, salt)).encrypt(nonce, packed.getvalue(), _HEADER)


def unlock(vault: bytes, passphrase: str) -> dict[str, bytes]:
    """The files by their paths; BackupError for another passphrase or a file that was changed."""
    start = len(_HEADER)
    salt = vault[start : start + _SALT_BYTES]
    nonce = vault[start + _SALT_BYTES : start + _SALT_BYTES + _NONCE_BYTES]
    try:
        sealed = vault[start + _SALT_BYTES + _NONCE_BYTES :]
        packed = AESGCM(_key(passphrase, salt)).decrypt(nonce, sealed, vault[:start])
    except (InvalidTag, ValueError):
        raise BackupError(
            "the vault does not open: give the passphrase with which the backup was made"
        ) from None
    with tarfile.open(fileobj=io.BytesIO(packed), mode="r:gz") as tar:
        return dict(_files(tar))


def _files(tar: tarfile.TarFile) -> Iterator[tuple[str, bytes]]:
    for entry in tar:
        body = tar.extractfile(entry)
        if body is not None:
            yield entry.name, body.read()


def read_places(places: Mapping[str, Path]) -> dict[str, bytes]:
    """Every file of these places, each a folder or one file, by the place's name and its own path in it."""
    found = {name: place.read_bytes() for name, place in places.items() if place.is_file()}
    for name, place in places.items():
        for file in sorted(place.rglob("*")):
            with contextlib.suppress(
                FileNotFoundError
            ):  # a note that was being written has its final name by now
                if file.is_file():
                    found[f"{name}/{file.relative_to(place)}"] = file.read_bytes()
    return found


def write_missing(content: Mapping[str, bytes], name: str, folder: Path) -> list[Path]:
    """Write what the vault has of this folder and the folder has not; returns files that are there and differ."""
    differing = []
    for path, body in content.items():
        if not path.startswith(f"{name}/"):
            continue
        target = (folder / path.removeprefix(f"{name}/")).resolve()
        if not target.is_relative_to(folder.resolve()):
            continue
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            write_durably(target, body)
        elif target.read_bytes() != body:
            differing.append(target)
    return differing


def _key(passphrase: str, salt: bytes) -> bytes:
    return Scrypt(salt=salt, length=32, n=_SCRYPT_COST, r=8, p=1).derive(passphrase.encode())
