"""Merkle tree hashing of RFC 9162, section 2.1: the root over all sealed events' digests.

Two kinds of proofs: that a leaf is in a tree, and that a tree begins with all leaves of an earlier one.
"""

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
        return _joined(self._peaks)


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


BLOCK_HEIGHT = 8
BLOCK_LEAVES = 1 << BLOCK_HEIGHT


class BlockTree(MerkleTree):
    """A tree that keeps, while it grows, the root of each block of 256 leaves.

    A block's leaves, read again, then prove any of them: nothing is held for a leaf that is not being proven.
    """

    def __init__(self) -> None:
        super().__init__()
        self._blocks: list[bytes] = []

    def add(self, hashed: bytes, height: int = 0) -> None:
        """Add the next leaf by its hash; subtrees are not taken, because they could span blocks."""
        if height:
            raise ValueError("blocks are made of every leaf")
        self.size += 1
        while self._peaks and self._peaks[-1][0] == height:
            hashed = node_hash(self._peaks.pop()[1], hashed)
            height += 1
            if height == BLOCK_HEIGHT:
                self._blocks.append(hashed)
        self._peaks.append((height, hashed))

    def paths_of_blocks(self, wanted: Collection[int]) -> dict[int, Sequence[bytes]]:
        """From the root of each wanted block, counted from 0, to the root of the tree as it is now."""
        tree = WitnessedTree(wanted)
        for root in (*self._blocks, *self._root_of_last()):
            tree.add(root)
        return tree.proofs()

    def _root_of_last(self) -> Iterable[bytes]:
        """The root of the last block, while it is not full."""
        peaks = [peak for peak in self._peaks if peak[0] < BLOCK_HEIGHT]
        return (_joined(peaks),) if peaks else ()


class ConsistencyTree(MerkleTree):
    """A tree that notes, while it grows to ``second`` leaves, the proof that the ``first`` ones stayed the same."""

    def __init__(self, first: int, second: int) -> None:
        super().__init__()
        self._parts = [(leaves, MerkleTree()) for leaves in _subproof(first, range(second), whole=True)]
        self._growing = sorted(self._parts, key=lambda part: part[0].start, reverse=True)

    def add(self, hashed: bytes, height: int = 0) -> None:
        """Add the next leaf by its hash; subtrees are not taken, because they could span two parts."""
        if height:
            raise ValueError("a consistency proof is made of every leaf")
        while self._growing and self.size >= self._growing[-1][0].stop:
            self._growing.pop()
        if self._growing and self.size in self._growing[-1][0]:
            self._growing[-1][1].add(hashed)
        super().add(hashed)

    def proof(self) -> list[bytes]:
        """The path of RFC 9162, 2.1.4.1; empty between a tree and itself."""
        return [part.root() for _, part in self._parts]


def _subproof(first: int, leaves: range, *, whole: bool) -> list[range]:
    """The leaves under each hash of the path; ``whole`` while the first tree's own root is known to the reader."""
    if not 0 < first <= len(leaves):
        raise ValueError(f"no tree of {first} leaves lies in one of {len(leaves)}")
    if first == len(leaves):
        return [] if whole else [leaves]
    half = 1 << (len(leaves) - 1).bit_length() - 1
    if first <= half:
        return [*_subproof(first, leaves[:half], whole=whole), leaves[half:]]
    return [*_subproof(first - half, leaves[half:], whole=False), leaves[:half]]


class TreesTogether(MerkleTree):
    """Several trees that grow by the same leaves, so that the log is read once for all of them."""

    def __init__(self, trees: Sequence[MerkleTree]) -> None:
        super().__init__()
        self._trees = trees

    def add(self, hashed: bytes, height: int = 0) -> None:
        for tree in self._trees:
            tree.add(hashed, height)
        self.size += 1 << height


def is_consistent(first: tuple[int, bytes], second: tuple[int, bytes], path: Sequence[bytes]) -> bool:
    """Whether the tree of the second size and root begins with that of the first (RFC 9162, 2.1.4.2)."""
    (size, root), (later_size, later_root) = first, second
    if size == later_size:
        return size > 0 and not path and root == later_root
    if not 0 < size < later_size or not path:
        return False
    steps = list(path) if size & (size - 1) else [root, *path]
    place, last = size - 1, later_size - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    found = later_found = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            found, later_found = node_hash(step, found), node_hash(step, later_found)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            later_found = node_hash(later_found, step)
        place, last = place >> 1, last >> 1
    return last == 0 and (found, later_found) == (root, later_root)


def _joined(peaks: Sequence[tuple[int, bytes]]) -> bytes:
    """The root over whole trees of falling height."""
    *larger, (_, root) = peaks
    for _, peak in reversed(larger):
        root = node_hash(peak, root)
    return root


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
