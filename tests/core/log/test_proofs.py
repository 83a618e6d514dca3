"""Proofs of RFC 9162, against the book and against another implementation; no damaged one is accepted.

The bundle below is what ``parley-verify`` reads: six events of a log of 23, under a checkpoint of 21.
"""

import copy
import hashlib
import json
import random
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from uuid import UUID

import pytest
from pymerkle import InmemoryTree, verify_inclusion
from pymerkle.proof import InclusionProof, InvalidProof

from core.log.append import canonical_text
from core.log.bundle import NotProven, check
from core.log.commitments import commitment
from core.log.merkle import (
    BLOCK_LEAVES,
    BlockTree,
    ConsistencyTree,
    TreesTogether,
    WitnessedTree,
    is_consistent,
    leaf_hash,
    root_of_proof,
)
from core.log.notes import parse_verifier_key, sign, verifier_key
from tests.core.log.log_env import KEY
from tests.core.log.test_checkpoints import OTHER, leaves, root_by_the_book

PUBLIC = KEY.public_key()
SALT = bytes(range(32))
SIZE, EARLIER, SHOWN = 21, (4, 13), (1, 4, 5, 16, 21, 23)
Bundle = dict[str, Any]


def consistency(first: int, second: int) -> list[bytes]:
    tree = ConsistencyTree(first, second)
    tree.extend(leaves(second))
    assert tree.root() == root_by_the_book(leaves(second))
    return tree.proof()


def rooted(size: int) -> tuple[int, bytes]:
    return size, root_by_the_book(leaves(size))


def test_every_small_tree_is_shown_to_begin_with_every_smaller_one() -> None:
    for second in range(1, 34):
        for first in range(1, second + 1):
            path = consistency(first, second)
            assert is_consistent(rooted(first), rooted(second), path), (first, second)
            assert not is_consistent(rooted(first), (second, bytes(32)), path)
            assert not is_consistent((first, bytes(32)), rooted(second), path)
            assert not is_consistent(rooted(first), rooted(second), [*path, bytes(32)])
            if path:
                assert not is_consistent(rooted(first), rooted(second), path[:-1])


@pytest.mark.parametrize(("first", "second"), [(0, 7), (8, 7), (-1, 7)])
def test_no_tree_is_shown_to_lie_in_a_smaller_one(first: int, second: int) -> None:
    with pytest.raises(ValueError, match="no tree"):
        ConsistencyTree(first, second)
    assert not is_consistent((first, bytes(32)), (second, bytes(32)), [bytes(32)])


def another_tree(size: int) -> InmemoryTree:
    """The same leaves in an implementation that is not ours."""
    tree = InmemoryTree(algorithm="sha256")
    for digest in leaves(size):
        tree.append_entry(digest)
    return tree


def test_another_implementation_has_the_same_roots_and_inclusion_proofs() -> None:
    other = another_tree(33)
    for size in range(1, 34):
        tree = WitnessedTree(range(size))
        tree.extend(leaves(size))
        assert other.get_state(size) == tree.root()
        for index, path in tree.proofs().items():
            theirs = other.prove_inclusion(index + 1, size)
            assert theirs.path == [leaf_hash(leaves(size)[index]), *path]


def test_another_implementation_refuses_the_same_damaged_inclusion_proofs() -> None:
    other, dice = another_tree(SIZE), random.Random(6962)
    root = other.get_state(SIZE)
    for _ in range(300):
        index = dice.randrange(SIZE)
        theirs = other.prove_inclusion(index + 1, SIZE)
        path = _damaged_path([step.hex() for step in theirs.path[1:]], dice)
        steps = [bytes.fromhex(step) for step in path]
        damaged = InclusionProof("sha256", True, SIZE, index + 1, theirs.rule, [theirs.path[0], *steps])
        accepted = root_of_proof(theirs.path[0], index, SIZE, steps) == root
        try:
            verify_inclusion(theirs.path[0], root, damaged)
        except InvalidProof:
            assert not accepted
        else:
            assert accepted, "the damage was none"


def test_another_implementation_shows_the_same_trees_to_be_consistent() -> None:
    """Its paths are written otherwise; its roots are what our proofs lead to."""
    other = another_tree(33)
    for first in range(1, 33):
        path = consistency(first, 33)
        assert is_consistent((first, other.get_state(first)), (33, other.get_state(33)), path)
        other.prove_consistency(first, 33).verify(other.get_state(first), other.get_state(33))


@pytest.mark.parametrize("size", [1, 255, 256, 257, 512, 700, 1024, 1279])
def test_a_block_that_is_read_again_proves_the_same_as_the_whole_tree(size: int) -> None:
    digests = leaves(size)
    whole, blocked = WitnessedTree(range(size)), BlockTree()
    TreesTogether([whole, blocked]).extend(digests)
    assert blocked.root() == whole.root()
    paths = whole.proofs()
    blocks = range((size - 1) // BLOCK_LEAVES + 1)
    outside = blocked.paths_of_blocks(blocks)
    for block in blocks:
        first = block * BLOCK_LEAVES
        inside = digests[first : first + BLOCK_LEAVES]
        again = WitnessedTree(range(len(inside)))
        again.extend(inside)
        for index, path in again.proofs().items():
            assert [*path, *outside[block]] == paths[first + index]
    with pytest.raises(ValueError, match="every leaf"):
        blocked.add(bytes(32), 1)


def an_event(position: int) -> Bundle:
    """An event as a bundle shows it, and the text that was hashed."""
    hashed: dict[str, object] = {
        "id": str(UUID(int=position)),
        "occurred_at": "2026-11-23T09:00:00+00:00",
        "type": "note.taken",
        "actor": str(UUID(int=7)),
        "actor_kind": "person",
        "on_behalf_of": None,
        "channel": "telegram",
        "chat_id": commitment(SALT, "1001"),
        "message_id": None,
        "subject_kind": "note",
        "subject_id": str(UUID(int=99)),
        "subject_version": position,
        "request_id": str(UUID(int=98)),
        "correlation_id": "c",
        "causation_id": None,
        "data": {"words": f"fact {position} é", "amount": "12.50"},
    }
    canonical = canonical_text(hashed)
    alike = ("id", "actor", "actor_kind", "on_behalf_of", "channel", "request_id", "data", "correlation_id")
    shown = {name: hashed[name] for name in (*alike, "causation_id")}
    event = shown | {
        "position": position,
        "action": hashed["type"],
        "occurred_at": "2026-11-23T09:00:00Z",
        "subject": {"kind": "note", "id": hashed["subject_id"], "version": position},
        "digest": hashlib.sha256(canonical.encode()).hexdigest(),
    }
    personal = [{"field": "chat_id", "value": "1001", "salt": SALT.hex()}]
    return {"event": event, "canonical": canonical, "proof": [], "personal": personal}


def _checkpoint(digests: list[bytes], size: int) -> Bundle:
    made = sign(size, root_by_the_book(digests[:size]), KEY)
    return {"size": size, "root": made.root.hex(), "note": made.note}


@pytest.fixture(scope="module")
def bundle() -> Bundle:
    events = {position: an_event(position) for position in range(1, max(SHOWN) + 1)}
    digests = [bytes.fromhex(each["event"]["digest"]) for each in events.values()]
    witnessed = WitnessedTree([position - 1 for position in SHOWN if position <= SIZE])
    grown = [ConsistencyTree(first, SIZE) for first in EARLIER]
    together = TreesTogether([witnessed, *grown])
    together.extend(digests[:SIZE])
    assert together.size == SIZE
    for index, path in witnessed.proofs().items():
        events[index + 1]["proof"] = [step.hex() for step in path]
    earlier = [
        {"checkpoint": _checkpoint(digests, first), "proof": [step.hex() for step in tree.proof()]}
        for first, tree in zip(EARLIER, grown, strict=True)
    ]
    return {
        "format": "parley-bundle/1",
        "keys": [verifier_key(PUBLIC)],
        "checkpoint": _checkpoint(digests, SIZE),
        "earlier": earlier,
        "total": len(SHOWN),
        "events": [events[position] for position in SHOWN],
    }


def test_a_whole_bundle_is_proven(bundle: Bundle) -> None:
    proven = check(
        bundle, [PUBLIC], [bundle["checkpoint"]["note"], bundle["earlier"][0]["checkpoint"]["note"]]
    )
    assert (proven.events, proven.pending, proven.earlier) == (5, 1, EARLIER)
    assert check(bundle) == proven, "and by its own key, when the reader has none"


def test_a_bundle_that_another_key_signed_is_not_proven(bundle: Bundle) -> None:
    with pytest.raises(NotProven, match="another key"):
        check(bundle, [OTHER.public_key()])


def test_a_kept_checkpoint_of_another_log_is_told(bundle: Bundle) -> None:
    with pytest.raises(NotProven, match="another one than the kept checkpoint of 13"):
        check(bundle, [PUBLIC], [sign(13, bytes(32), KEY).note])
    with pytest.raises(NotProven, match="nothing about a log of 12 events, only of 4, 13, 21"):
        check(bundle, [PUBLIC], [sign(12, bytes(32), KEY).note])


@pytest.mark.parametrize(
    "written", ["", "parley/log", "parley/log+00000000+AbC=", "x" * 80, "parley/lag+1+AA=="]
)
def test_a_key_that_is_none_is_refused(written: str) -> None:
    with pytest.raises(ValueError):
        parse_verifier_key(written)
    assert parse_verifier_key(verifier_key(PUBLIC)) == PUBLIC


NO_BUNDLES: Mapping[str, Callable[[Bundle], object]] = {
    "another format": lambda each: each.update(format="parley-bundle/2"),
    "no checkpoint": lambda each: each.update(checkpoint=None),
    "no events at all": lambda each: each.pop("events"),
    "an event twice": lambda each: each["events"].append(each["events"][0]),
    "one event fewer than it was made of": lambda each: each["events"].pop(),
    "a number as an event": lambda each: each.update(events=[7]),
    "a position as text": lambda each: each["events"][0]["event"].update(position="1"),
    "true as a position": lambda each: each["events"][0]["event"].update(position=True),
    "another person": lambda each: each["events"][0]["event"].update(actor=str(UUID(int=8))),
    "another time": lambda each: each["events"][0]["event"].update(occurred_at="2026-11-23T09:00:01Z"),
    "another subject": lambda each: each["events"][0]["event"]["subject"].update(version=2),
    "other data": lambda each: each["events"][0]["event"]["data"].update(amount="1.00"),
    "a text that is no text": lambda each: each["events"][0].update(canonical=None),
    "a proof for what came after": lambda each: each["events"][-1].update(proof=["0" * 64]),
    "a root in capitals": lambda each: each["checkpoint"].update(root=each["checkpoint"]["root"].upper()),
}


@pytest.mark.parametrize("change", NO_BUNDLES)
def test_what_is_no_whole_bundle_is_not_proven(bundle: Bundle, change: str) -> None:
    changed = copy.deepcopy(bundle)
    NO_BUNDLES[change](changed)
    with pytest.raises(NotProven):
        check(changed, [PUBLIC])


def _damaged_text(text: str, dice: random.Random) -> str:
    at = dice.randrange(len(text))
    return dice.choice(
        (
            text[:at] + chr(ord(text[at]) ^ (1 << dice.randrange(7))) + text[at + 1 :],
            text[:at] + text[at + 1 :],
            text[: at + 1] + text[at:],
            text[:at] + dice.choice("0123456789abcdefABCDEF+/=\n — ") + text[at + 1 :],
        )
    )


def _damaged_path(path: list[str], dice: random.Random) -> list[str]:
    at = dice.randrange(len(path))
    other = [*path]
    turned = bytearray(bytes.fromhex(path[at]))
    turned[dice.randrange(32)] ^= 1 << dice.randrange(8)
    other[at] = turned.hex()
    shuffled = dice.sample(path, len(path))
    return dice.choice(
        (other, path[:at] + path[at + 1 :], [*path[:at], path[at], *path[at:]], shuffled, path[::-1])
    )


def _texts_of(bundle: Bundle) -> Iterator[tuple[Bundle, str]]:
    """Every place of the bundle with a text that is proven, as the object and the name in it."""
    yield from ((bundle["checkpoint"], name) for name in ("note", "root"))
    for each in bundle["earlier"]:
        yield from ((each["checkpoint"], name) for name in ("note", "root"))
    for each in bundle["events"]:
        yield each, "canonical"
        yield from ((each["personal"][0], name) for name in ("field", "value", "salt"))
        yield from ((each["event"], name) for name in ("digest", "id", "actor", "action"))


def _damage(bundle: Bundle, dice: random.Random) -> None:
    """One change of one text, number or path, of whatever the bundle has."""
    holders = [each for each in (*bundle["events"], *bundle["earlier"]) if each["proof"]]
    match dice.randrange(3):
        case 0:
            place, name = dice.choice([*_texts_of(bundle)])
            place[name] = _damaged_text(place[name], dice)
        case 1:
            held = dice.choice(holders)
            held["proof"] = _damaged_path(held["proof"], dice)
        case _:
            numbers = [(each["event"], "position") for each in bundle["events"][:-1]]
            numbers += [(each["checkpoint"], "size") for each in (bundle, *bundle["earlier"])]
            place, name = dice.choice(numbers)
            place[name] += dice.choice((-1, 1, 2, 64))


def accepted_of(bundle: Bundle, count: int, seed: int) -> list[Bundle]:
    """The damaged bundles that a reader would believe."""
    dice, found, untouched = random.Random(seed), [], 0
    for _ in range(count):
        damaged = copy.deepcopy(bundle)
        _damage(damaged, dice)
        if damaged == bundle:
            untouched += 1
            continue
        try:
            check(damaged, [PUBLIC])
        except NotProven:
            continue
        found.append(damaged)
    assert untouched < count / 10
    return found


def test_of_some_hundred_damaged_bundles_none_is_accepted(bundle: Bundle) -> None:
    assert accepted_of(bundle, 400, 9162) == []


@pytest.mark.journey
def test_of_ten_thousand_damaged_bundles_none_is_accepted(bundle: Bundle) -> None:
    assert accepted_of(bundle, 11_000, 6962) == []


def test_a_bundle_from_before_it_told_how_many_is_still_proven(bundle: Bundle) -> None:
    older = {name: value for name, value in bundle.items() if name != "total"}
    assert check(older, [PUBLIC]).events == 5


def test_a_bundle_survives_its_way_through_a_file(bundle: Bundle) -> None:
    assert check(json.loads(json.dumps(bundle, indent=1)), [PUBLIC]).events == 5
