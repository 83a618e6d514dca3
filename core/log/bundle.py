"""Checking an exported bundle: events, proofs, checkpoints and public keys, and nothing else. No database.

One rule: what is not proven is not accepted, and neither is a hash that is written in another form than ours.

A bundle proves that its events stand in the log at their places, word for word, under a signed checkpoint, and that
this log begins with all that earlier checkpoints covered. It does not prove that none of a thing is left out: between
their positions stand the events of others.
"""

import datetime as dt
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from core.log.commitments import commitment
from core.log.merkle import is_consistent, leaf_hash, root_of_proof
from core.log.notes import Checkpoint, parse_any, parse_verifier_key

FORMAT = "parley-bundle/1"
_HASH = re.compile(r"[0-9a-f]{64}")
_SHOWN = {
    "id": "id",
    "action": "type",
    "actor": "actor",
    "actor_kind": "actor_kind",
    "on_behalf_of": "on_behalf_of",
    "request_id": "request_id",
    "channel": "channel",
    "data": "data",
    "correlation_id": "correlation_id",
    "causation_id": "causation_id",
}
"""The fields of an event as a bundle shows it, and their names in the text that was hashed."""


class NotProven(ValueError):
    """The bundle does not prove what it says."""


@dataclass(frozen=True)
class Proven:
    """What a bundle proves: so many events under a checkpoint; ``pending`` ones came after it and prove nothing."""

    checkpoint: Checkpoint
    events: int
    pending: int
    earlier: tuple[int, ...]


def check(
    bundle: Mapping[str, Any],
    keys: Sequence[Ed25519PublicKey] = (),
    kept: Sequence[str] = (),
) -> Proven:
    """Check everything; NotProven says what does not hold.

    ``keys`` are those that the reader trusts; without them the bundle's own are used, which prove only that it was not
    damaged. ``kept`` are notes that the reader kept: each must be of this log.
    """
    try:
        return _check(bundle, keys or [parse_verifier_key(each) for each in bundle["keys"]], kept)
    except NotProven:
        raise
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise NotProven(f"this is no whole bundle: {error}") from error


def _check(bundle: Mapping[str, Any], keys: Sequence[Ed25519PublicKey], kept: Sequence[str]) -> Proven:
    if bundle["format"] != FORMAT:
        raise NotProven(f"this is no {FORMAT}")
    if bundle["checkpoint"] is None:
        raise NotProven("no checkpoint covers the events yet; export the bundle again in a minute")
    newest = _checkpoint(bundle["checkpoint"], keys)
    earlier = {}
    for each in bundle["earlier"]:
        made = _checkpoint(each["checkpoint"], keys)
        path = [_hash(step) for step in each["proof"]]
        if not is_consistent((made.size, made.root), (newest.size, newest.root), path):
            raise NotProven(f"the log does not begin with what the checkpoint of {made.size} events covered")
        earlier[made.size] = made
    for note in kept:
        _check_kept(parse_any(note, keys), {**earlier, newest.size: newest})
    proven = [_is_proven(each, newest) for each in bundle["events"]]
    positions = [each["event"]["position"] for each in bundle["events"]]
    if len(set(positions)) < len(positions):
        raise NotProven("an event is in the bundle twice")
    total = bundle.get("total", len(positions))
    if total != len(positions):
        raise NotProven(f"the bundle holds {len(positions)} of the {total} events that it was made of")
    return Proven(newest, proven.count(True), proven.count(False), tuple(sorted(earlier)))


def _checkpoint(told: Mapping[str, Any], keys: Sequence[Ed25519PublicKey]) -> Checkpoint:
    made = parse_any(told["note"], keys)
    if (made.size, made.root) != (told["size"], _hash(told["root"])) or made.size < 1:
        raise NotProven("a checkpoint says something else than its note")
    return made


def _check_kept(made: Checkpoint, known: Mapping[int, Checkpoint]) -> None:
    same = known.get(made.size)
    if same is None:
        sizes = ", ".join(str(size) for size in sorted(known))
        raise NotProven(f"the bundle proves nothing about a log of {made.size} events, only of {sizes}")
    if same.root != made.root:
        raise NotProven(f"the log is another one than the kept checkpoint of {made.size} events says")


def _is_proven(told: Mapping[str, Any], newest: Checkpoint) -> bool:
    """False for an event after the checkpoint; NotProven when its proof does not hold."""
    event, position = told["event"], told["event"]["position"]
    if type(position) is not int or position < 1:
        raise NotProven("an event has no position")
    digest = hashlib.sha256(told["canonical"].encode()).digest()
    if digest != _hash(event["digest"]):
        raise NotProven(f"the text of event {position} is not the one that was hashed")
    hashed = json.loads(told["canonical"])
    _check_shown(event, hashed, position)
    for value in told["personal"]:
        if commitment(_hash(value["salt"]), value["value"]) != hashed[value["field"]]:
            raise NotProven(f"event {position} was committed to another {value['field']}")
    if position > newest.size:
        if told["proof"]:
            raise NotProven(f"event {position} comes after the checkpoint and cannot have a proof")
        return False
    path = [_hash(step) for step in told["proof"]]
    if root_of_proof(leaf_hash(digest), position - 1, newest.size, path) != newest.root:
        raise NotProven(f"event {position} does not stand at its place in the log")
    return True


def _check_shown(event: Mapping[str, Any], hashed: Mapping[str, Any], position: int) -> None:
    subject = {
        "kind": hashed["subject_kind"],
        "id": hashed["subject_id"],
        "version": hashed["subject_version"],
    }
    shown = {name: event[name] for name in _SHOWN} | {"subject": event["subject"]}
    wanted = {name: hashed[there] for name, there in _SHOWN.items()} | {"subject": subject}
    wrong = [name for name, value in wanted.items() if not _same(shown[name], value)]
    if _moment(event["occurred_at"]) != _moment(hashed["occurred_at"]):
        wrong.append("time")
    if wrong:
        raise NotProven(f"event {position} shows another {wrong[0]} than was hashed")


def _same(shown: object, hashed: object) -> bool:
    """Equal, of the same types: JSON's true is no 1."""
    return json.dumps(shown, sort_keys=True) == json.dumps(hashed, sort_keys=True)


def _moment(written: str) -> dt.datetime:
    return dt.datetime.fromisoformat(written)


def _hash(written: str) -> bytes:
    if not _HASH.fullmatch(written):
        raise NotProven("a hash is not written as 64 small hexadecimal digits")
    return bytes.fromhex(written)
