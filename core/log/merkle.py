"""Merkle tree hashing of RFC 9162, section 2.1: the root over all sealed events' digests."""

import hashlib
from collections.abc import Iterable


def leaf_hash(data: bytes) -> bytes:
    """A leaf's hash; its first byte distinguishes it from a node's."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


class MerkleTree:
    """A tree that only grows; keeps the roots of its full subtrees, so a million leaves need twenty hashes."""

    def __init__(self) -> None:
        self.size = 0
        self._peaks: list[tuple[int, bytes]] = []

    def extend(self, digests: Iterable[bytes]) -> None:
        """Add the next leaves."""
        for digest in digests:
            self.add(leaf_hash(digest))

    def add(self, hashed: bytes, height: int = 0) -> None:
        """Add the next leaf by its hash, or the root of the next 2^height leaves where such a subtree begins."""
        if self.size % (1 << height):
            raise ValueError(f"no subtree of {1 << height} leaves begins at {self.size}")
        self.size += 1 << height
        while self._peaks and self._peaks[-1][0] == height:
            hashed = node_hash(self._peaks.pop()[1], hashed)
            height += 1
        self._peaks.append((height, hashed))

    def root(self) -> bytes:
        """The root of the tree as it is; SHA-256 of nothing for an empty one."""
        if not self._peaks:
            return hashlib.sha256(b"").digest()
        root = self._peaks[-1][1]
        for _, peak in reversed(self._peaks[:-1]):
            root = node_hash(peak, root)
        return root
