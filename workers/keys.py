"""The key that signs checkpoints: the newest of the installation's Ed25519 keys."""

from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


def newest_key(folder: Path) -> Ed25519PrivateKey:
    """The newest key of the folder; the api makes the first one when it starts."""
    files = sorted(folder.glob("*.pem"), key=lambda path: (path.stat().st_mtime_ns, path.name))
    if not files:
        raise SystemExit(f"there is no signing key in {folder}; start the api first, it makes one")
    key = serialization.load_pem_private_key(files[-1].read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise SystemExit(f"{files[-1].name} is not an Ed25519 key")
    return key
