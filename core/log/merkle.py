"""Merkle tree hashing of RFC 9162, section 2.1: the root over all sealed events' digests, and single ones' proofs."""

import hashlib
from collections.abc import Collection, Iterable, Sequence


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


class WitnessedTree(MerkleTree):
    """A tree that notes, while it grows, the inclusion proof of each of the ``wanted`` leaves, counted from 0."""

    def __init__(self, wanted: Collection[int]) -> None:
        super().__init__()
        self._paths: dict[int, list[bytes]] = {index: [] for index in wanted}
        self._inside: list[list[int]] = []

    def add(self, hashed: bytes, height: int = 0) -> None:
        """Add the next leaf by its hash; subtrees are not taken, because they would hide leaves."""
        if height:
            raise ValueError("a witness looks at every leaf")
        inside = [self.size] if self.size in self._paths else []
        self.size += 1
        while self._peaks and self._peaks[-1][0] == height:
            left, within = self._peaks.pop()[1], self._inside.pop()
            self._note(within, hashed)
            self._note(inside, left)
            hashed, inside, height = node_hash(left, hashed), within + inside, height + 1
        self._peaks.append((height, hashed))
        self._inside.append(inside)

    def proofs(self) -> dict[int, Sequence[bytes]]:
        """Each wanted leaf's path to the root of the tree as it is now; call it once, at the end."""
        if self._peaks:
            root, inside = self._peaks[-1][1], self._inside[-1]
            for (_, peak), within in zip(self._peaks[-2::-1], self._inside[-2::-1], strict=True):
                self._note(within, root)
                self._note(inside, peak)
                root, inside = node_hash(peak, root), within + inside
        return dict(self._paths)

    def _note(self, leaves: Iterable[int], sibling: bytes) -> None:
        for leaf in leaves:
            self._paths[leaf].append(sibling)


def root_of_proof(hashed: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """The root that a leaf's proof leads to (RFC 9162, 2.1.3.2); None when the path cannot be of such a tree."""
    if not 0 <= index < size:
        return None
    place, last, found = index, size - 1, hashed
    for sibling in path:
        if last == 0:
            return None
        if place & 1 or place == last:
            found = node_hash(sibling, found)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        place, last = place >> 1, last >> 1
    return found if last == 0 else None
