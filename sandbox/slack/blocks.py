"""Whether blocks or a view break a rule: the tables of ``kit.py``, and what holds across blocks."""

from collections.abc import Iterator
from typing import Any

from sandbox.slack import kit
from sandbox.slack.words import Problem

MOST_CHARACTERS = 13_200
"""Undocumented: over all blocks of a message (bolt-js issue 2509)."""
MOST_IN_TABLE = 10_000


def of_message(blocks: Any, pointer: str = "/blocks") -> list[Problem]:
    """What is wrong with the blocks of a message."""
    return [*kit.blocks_of("message").check(blocks, pointer), *_across(blocks, pointer)]


def of_view(view: Any, pointer: str = "/view") -> list[Problem]:
    """What is wrong with a view."""
    if not isinstance(view, dict):
        return [Problem(pointer, "must provide an object", "type", {"expected": "object"})]
    rule = kit.VIEWS.get(str(view.get("type")))
    if rule is None:
        expected = {"expected": sorted(kit.VIEWS)}
        return [Problem(f"{pointer}/type", f"unsupported type: {view.get('type')}", "enum", expected)]
    found = [*rule.check(view, pointer), *_across(view.get("blocks"), f"{pointer}/blocks")]
    if any(each.constraint == "additional_property" and each.pointer == pointer for each in found):
        found.insert(0, Problem(pointer, "failed to match all allowed schemas", "schema"))
    return [*found, *_unsubmittable(view, pointer)]


def _unsubmittable(view: dict[str, Any], pointer: str) -> Iterator[Problem]:
    """A modal that asks something needs a button to send the answer."""
    if view.get("type") != "modal" or view.get("submit") or not isinstance(view.get("blocks"), list):
        return
    for index, block in enumerate(view["blocks"]):
        if isinstance(block, dict) and block.get("type") == "input":
            message = "must define `submit` to use an `input` block in modals"
            yield Problem(f"{pointer}/blocks/{index}/input", message, "required", {"field": "submit"})


def elements_of(block: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """What can be pressed or filled in a block, with its place in it."""
    for name in ("accessory", "element"):
        if isinstance(block.get(name), dict):
            yield f"/{name}", block[name]
    for name in ("elements", "actions"):
        for index, element in enumerate(block.get(name) or [] if block.get("type") != "context" else []):
            if isinstance(element, dict):
                yield f"/{name}/{index}", element


def _across(blocks: Any, pointer: str) -> Iterator[Problem]:
    """Ids that are used twice; texts of a table that are too long together."""
    seen: set[str] = set()
    for index, block in enumerate(blocks if isinstance(blocks, list) else []):
        if not isinstance(block, dict):
            continue
        name = block.get("block_id")
        if isinstance(name, str) and name:
            if name in seen:
                # From memory: that ids must differ is documented, the sentence is not.
                yield Problem(f"{pointer}/{index}/block_id", f"`block_id` {name} already exists", "duplicate")
            seen.add(name)
        yield from _twice(block, f"{pointer}/{index}")
        if block.get("type") == "table" and _characters(block.get("rows")) > MOST_IN_TABLE:
            yield Problem(
                f"{pointer}/{index}/rows", f"must be less than {MOST_IN_TABLE + 1} characters", "max_length"
            )


def _twice(block: dict[str, Any], pointer: str) -> Iterator[Problem]:
    seen: set[str] = set()
    for place, element in elements_of(block):
        name = element.get("action_id")
        if isinstance(name, str) and name:
            if name in seen:
                # From memory, as above.
                message = f"`action_id` {name} already exists"
                yield Problem(f"{pointer}{place}/action_id", message, "duplicate")
            seen.add(name)


def tables(blocks: list[dict[str, Any]]) -> int:
    return sum(block.get("type") == "table" for block in blocks)


def _characters(value: Any) -> int:
    """The characters of every text in there."""
    if isinstance(value, dict):
        own = len(value["text"]) if isinstance(value.get("text"), str) else 0
        return own + sum(_characters(inner) for inner in value.values() if isinstance(inner, dict | list))
    return sum(_characters(inner) for inner in value) if isinstance(value, list) else 0


def too_long(blocks: list[dict[str, Any]]) -> bool:
    return _characters([block for block in blocks if block.get("type") != "table"]) > MOST_CHARACTERS
