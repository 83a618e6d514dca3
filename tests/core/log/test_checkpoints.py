"""Checkpoints: a signed size and root that somebody else keeps; a changed, forged or foreign one is no checkpoint."""

import base64
import hashlib
import random
from collections.abc import Callable, Sequence

import pytest
from asyncpg import IntegrityConstraintViolationError
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from core.log import checkpoint, notes
from core.log.merkle import MerkleTree
from core.log.notes import Checkpoint, note_body, parse, sign
from tests.core.log.log_env import KEY, LogEnv

PUBLIC = KEY.public_key()
ROOT = hashlib.sha256(b"a root").digest()
NOTE = sign(1874, ROOT, KEY).note
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(32))


def root_by_the_book(leaves: Sequence[bytes]) -> bytes:
    """RFC 9162, 2.1.1, word by word."""
    if not leaves:
        return hashlib.sha256().digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    k = 1 << (len(leaves) - 1).bit_length() - 1
    return hashlib.sha256(b"\x01" + root_by_the_book(leaves[:k]) + root_by_the_book(leaves[k:])).digest()


def leaves(count: int) -> list[bytes]:
    return [hashlib.sha256(str(number).encode()).digest() for number in range(count)]


@pytest.mark.parametrize("size", [*range(34), 63, 64, 65, 100, 1000])
def test_the_root_is_what_the_standard_says(size: int) -> None:
    tree = MerkleTree()
    tree.extend(leaves(size))
    assert (tree.size, tree.root()) == (size, root_by_the_book(leaves(size)))


def test_the_root_does_not_depend_on_how_the_tree_grew() -> None:
    whole, grown = MerkleTree(), MerkleTree()
    whole.extend(leaves(77))
    for start, end in ((0, 1), (1, 1), (1, 40), (40, 76), (76, 77)):
        grown.extend(leaves(77)[start:end])
        grown.root()
    assert grown.root() == whole.root()


def test_a_leaf_cannot_pass_as_a_node() -> None:
    """Two leaves, and one leaf that is made of their hashes, have different roots."""
    two, one = MerkleTree(), MerkleTree()
    two.extend(leaves(2))
    one.extend([b"".join(hashlib.sha256(b"\x00" + each).digest() for each in leaves(2))])
    assert two.root() != one.root()


def test_a_checkpoint_is_a_signed_note_that_anybody_with_the_key_can_read() -> None:
    origin, size, root, empty, signature, end = NOTE.split("\n")
    assert (origin, size, base64.b64decode(root), empty, end) == ("parley/log", "1874", ROOT, "", "")
    dash, name, signed = signature.split(" ")
    assert (dash, name) == ("—", origin)
    PUBLIC.verify(base64.b64decode(signed)[4:], f"{origin}\n{size}\n{root}\n".encode())
    assert parse(NOTE, PUBLIC) == Checkpoint(1874, ROOT, NOTE)


def resigned(body: str, key: Ed25519PrivateKey = KEY) -> str:
    """A note whose signature holds, over whatever it says."""
    raw = notes.key_id(key.public_key()) + key.sign(body.encode())
    return f"{body}\n— parley/log {base64.b64encode(raw).decode()}\n"


def by_another_key_under_our_name() -> str:
    raw = notes.key_id(PUBLIC) + OTHER.sign(note_body(1874, ROOT).encode())
    return f"{note_body(1874, ROOT)}\n— parley/log {base64.b64encode(raw).decode()}\n"


NO_NOTE, BAD_SIZE = "not a checkpoint of the log", "not a plain number"
OTHER_KEY, BAD_SIGNATURE = "signed by another key", "signature does not hold"
BAD_BASE64 = "base64|padding|ASCII"
OTHER_ROOT = base64.b64encode(bytes(32)).decode()
FORGED: dict[str, tuple[str, str]] = {
    "nothing": ("", NO_NOTE),
    "words": ("the log is fine", NO_NOTE),
    "another size": (NOTE.replace("1874", "1873"), BAD_SIGNATURE),
    "another root": (
        NOTE.replace(base64.b64encode(ROOT).decode(), base64.b64encode(bytes(32)).decode()),
        BAD_SIGNATURE,
    ),
    "another log": (NOTE.replace("parley/log", "parlay/log"), NO_NOTE),
    "another log, signed": (resigned(note_body(1874, ROOT).replace("parley/log", "parlay/log")), NO_NOTE),
    "no signature": (NOTE.partition("\n\n")[0] + "\n", NO_NOTE),
    "an empty signature": (note_body(1874, ROOT) + "\n— parley/log \n", OTHER_KEY),
    "half a signature": (NOTE[:-20] + "\n", BAD_BASE64),
    "signed by another key": (sign(1874, ROOT, OTHER).note, OTHER_KEY),
    "signed by another key under our name": (by_another_key_under_our_name(), BAD_SIGNATURE),
    "a size with a zero before it, signed": (
        resigned(note_body(1874, ROOT).replace("1874", "01874")),
        BAD_SIZE,
    ),
    "a negative size, signed": (resigned(note_body(1874, ROOT).replace("1874", "-1")), BAD_SIZE),
    "a size in other digits, signed": (resigned(note_body(1874, ROOT).replace("1874", "１８７４")), BAD_SIZE),
    "a size with a space, signed": (resigned(note_body(1874, ROOT).replace("1874", "1874 ")), BAD_SIZE),
    "a short root, signed": (resigned(note_body(1874, ROOT[:31])), OTHER_KEY),
    "one more line, signed": (resigned(note_body(1874, ROOT) + "and more\n"), NO_NOTE),
    "one more line below": (NOTE + "— parley/log AAAA\n", BAD_BASE64),
    "words behind": (NOTE + "trust me", BAD_BASE64),
    "words before": ("\n" + NOTE, NO_NOTE),
    "other line ends": (NOTE.replace("\n", "\r\n"), NO_NOTE),
}
"""Each with why it is refused, so that no forgery is refused for another fault of its own."""


@pytest.mark.parametrize("kind", FORGED)
def test_a_forged_checkpoint_is_refused(kind: str) -> None:
    note, why = FORGED[kind]
    with pytest.raises(ValueError, match=why):
        parse(note, PUBLIC)


def test_what_is_signed_for_a_forgery_is_signed_well() -> None:
    assert parse(resigned(note_body(1874, ROOT)), PUBLIC) == Checkpoint(1874, ROOT, NOTE)


def _swap(note: str, at: int, dice: random.Random) -> str:
    return note[:at] + dice.choice("0123456789ABCXYZabcxyz+/=\n — ") + note[at + 1 :]


def _drop(note: str, at: int, _: random.Random) -> str:
    return note[:at] + note[at + 1 :]


def _double(note: str, at: int, _: random.Random) -> str:
    return note[: at + 1] + note[at:]


def _flip(note: str, at: int, dice: random.Random) -> str:
    return note[:at] + chr(ord(note[at]) ^ (1 << dice.randrange(7))) + note[at + 1 :]


def is_accepted(note: str) -> bool:
    try:
        parse(note, PUBLIC)
    except ValueError:
        return False
    return True


def test_of_ten_thousand_mutated_checkpoints_none_is_accepted() -> None:
    dice = random.Random(9162)
    ways: list[Callable[[str, int, random.Random], str]] = [_swap, _drop, _double, _flip]
    mutants = [dice.choice(ways)(NOTE, dice.randrange(len(NOTE)), dice) for _ in range(10_000)]
    different = [mutant for mutant in mutants if mutant != NOTE]
    assert len(different) > 9_900
    accepted = [mutant for mutant in different if is_accepted(mutant)]
    assert accepted == []


async def test_a_published_root_is_the_root_of_the_sealed_facts(log_env: LogEnv) -> None:
    for words in ("one", "two", "three"):
        await log_env.write(words)
        await log_env.seal()
    await log_env.write("unsealed")
    made = await log_env.publish()
    rows = await log_env.rows("SELECT canonical FROM audit_events WHERE position <= 3 ORDER BY position")
    assert made.size == 3
    assert made.root == root_by_the_book([hashlib.sha256(row.canonical.encode()).digest() for row in rows])


async def test_one_size_is_published_once(log_env: LogEnv) -> None:
    await log_env.write("one")
    await log_env.seal()
    await log_env.publish()
    with pytest.raises(IntegrityConstraintViolationError):
        await log_env.publish()


async def test_a_checkpoint_that_is_longer_than_the_log_cannot_be_published(log_env: LogEnv) -> None:
    await log_env.write("one")
    await log_env.seal()
    async with log_env.sealer.connect() as connection:
        with pytest.raises(IntegrityConstraintViolationError):
            await checkpoint.store(connection, sign(2, ROOT, KEY), log_env.clock.now())
