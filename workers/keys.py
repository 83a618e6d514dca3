"""The keys of checkpoints: the newest of the installation's Ed25519 keys signs, all of them verify."""

from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


def all_keys(folder: Path) -> list[Ed25519PrivateKey]:
    """Every key of the folder, oldest first."""
    files = sorted(folder.glob("*.pem"), key=lambda path: (path.stat().st_mtime_ns, path.name))
    if not files:
        raise SystemExit(f"there is no signing key in {folder}; start the api first, it makes one")
    return [_read(file) for file in files]


def _read(file: Path) -> Ed25519PrivateKey:
    key = serialization.load_pem_private_key(file.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise SystemExit(f"{file.name} is not an Ed25519 key")
    return key
