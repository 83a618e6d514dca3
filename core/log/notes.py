"""Signed notes: a checkpoint as anybody with the public key reads it (C2SP tlog-checkpoint, Ed25519).

One rule: a note is valid only if it is exactly as we write it.
"""

import base64
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

ORIGIN = "parley/log"


@dataclass(frozen=True)
class Checkpoint:
    """The size of the log at one moment, and its Merkle root."""

    size: int
    root: bytes
    note: str


def note_body(size: int, root: bytes) -> str:
    """The three signed lines: origin, size, root."""
    return f"{ORIGIN}\n{size}\n{base64.b64encode(root).decode()}\n"


def key_id(public: Ed25519PublicKey) -> bytes:
    """The four bytes that identify a key in a signed note."""
    raw = public.public_bytes(Encoding.Raw, PublicFormat.Raw)
    return hashlib.sha256(ORIGIN.encode() + b"\n\x01" + raw).digest()[:4]


def sign(size: int, root: bytes, key: Ed25519PrivateKey) -> Checkpoint:
    """A signed note over size and root."""
    body = note_body(size, root)
    return Checkpoint(size, root, _note(body, key_id(key.public_key()) + key.sign(body.encode())))


def _note(body: str, signature: bytes) -> str:
    return f"{body}\n— {ORIGIN} {base64.b64encode(signature).decode()}\n"


def parse(note: str, public: Ed25519PublicKey) -> Checkpoint:
    """The checkpoint of a note with a valid signature; ValueError for any other note."""
    body, separator, tail = note.partition("\n\n")
    lines = body.split("\n")
    mark = f"— {ORIGIN} "
    if not separator or len(lines) != 3 or lines[0] != ORIGIN or not tail.startswith(mark):
        raise ValueError("this is not a checkpoint of the log")
    if not lines[1].isdigit() or str(int(lines[1])) != lines[1]:
        raise ValueError("the checkpoint's size is not a plain number")
    signed = base64.b64decode(tail[len(mark) :].strip(), validate=True)
    root = base64.b64decode(lines[2], validate=True)
    if _note(f"{body}\n", signed) != note:
        raise ValueError("the checkpoint is not written as one")
    if signed[:4] != key_id(public) or len(root) != 32:
        raise ValueError("the checkpoint was signed by another key")
    try:
        public.verify(signed[4:], f"{body}\n".encode())
    except InvalidSignature as error:
        raise ValueError("the checkpoint's signature does not hold") from error
    return Checkpoint(int(lines[1]), root, note)


def verifier_key(public: Ed25519PublicKey) -> str:
    """The public key as C2SP's signed notes write it: name, key id, and the key with its algorithm's byte."""
    raw = b"\x01" + public.public_bytes(Encoding.Raw, PublicFormat.Raw)
    return f"{ORIGIN}+{key_id(public).hex()}+{base64.b64encode(raw).decode()}"


def parse_verifier_key(written: str) -> Ed25519PublicKey:
    """The public key of that text; ValueError for any other text."""
    name, _, rest = written.strip().partition("+")
    _, _, encoded = rest.partition("+")
    raw = base64.b64decode(encoded, validate=True)
    if name != ORIGIN or len(raw) != 33 or raw[0] != 1:
        raise ValueError(f"this is no Ed25519 key of {ORIGIN}")
    public = Ed25519PublicKey.from_public_bytes(raw[1:])
    if verifier_key(public) != written.strip():
        raise ValueError("the key and its id do not belong together")
    return public


def parse_any(note: str, keys: Iterable[Ed25519PublicKey]) -> Checkpoint:
    """The checkpoint of a note that one of these keys signed; ValueError for any other note."""
    problem = ValueError("there is no key to read the checkpoint with")
    for key in keys:
        try:
            return parse(note, key)
        except ValueError as error:
            problem = error
    raise problem
