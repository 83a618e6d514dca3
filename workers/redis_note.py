"""The newest checkpoint in Redis: one more place that whoever rewrites the database and its files would have to know.

One rule: it is a witness and nothing else; without Redis, or after it was emptied, it says nothing.
"""

import contextlib
from collections.abc import Sequence

import redis
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from core.log.notes import Checkpoint, parse_any
from core.log.witnesses import Witness

KEY = "parley:log:checkpoint"
NAME = "Redis"


class RedisNote:
    """The note under one key."""

    def __init__(self, client: "redis.Redis") -> None:
        self._client = client

    def witness(self, keys: Sequence[Ed25519PublicKey]) -> Witness:
        """What lies there; a note of another installation that shares this Redis is none of ours."""
        with contextlib.suppress(redis.RedisError, ValueError):
            note = self._client.get(KEY)
            if isinstance(note, bytes):
                return Witness(NAME, (parse_any(note.decode(), keys),))
        return Witness(NAME)

    def write(self, newest: Checkpoint) -> None:
        with contextlib.suppress(redis.RedisError):
            self._client.set(KEY, newest.note)
