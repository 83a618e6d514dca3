"""Checks blocks and views: the tables of ``block_kit.py``, and rules across several blocks."""

from collections.abc import Iterator
from typing import Any

from sandbox.slack import block_kit
from sandbox.slack.errors import BlockProblem

MAX_CHARACTERS = 13_200
"""Undocumented: over all blocks of a message (bolt-js issue 2509)."""
MAX_TABLE_CHARACTERS = 10_000


def check_message_blocks(blocks: Any, pointer: str = "/blocks") -> list[BlockProblem]:
    """The problems of a message's blocks."""
    return [*block_kit.blocks_of("message").check(blocks, pointer), *_check_across_blocks(blocks, pointer)]


def check_view(view: Any, pointer: str = "/view") -> list[BlockProblem]:
    """The problems of a view."""
    if not isinstance(view, dict):
        return [BlockProblem(pointer, "must provide an object", "type", {"expected": "object"})]
    rule = block_kit.VIEWS.get(str(view.get("type")))
    if rule is None:
        expected = {"expected": sorted(block_kit.VIEWS)}
        return [BlockProblem(f"{pointer}/type", f"unsupported type: {view.get('type')}", "enum", expected)]
    found = [*rule.check(view, pointer), *_check_across_blocks(view.get("blocks"), f"{pointer}/blocks")]
    if any(each.constraint == "additional_property" and each.pointer == pointer for each in found):
        found.insert(0, BlockProblem(pointer, "failed to match all allowed schemas", "schema"))
    return [*found, *_check_submit(view, pointer)]


def _check_submit(view: dict[str, Any], pointer: str) -> Iterator[BlockProblem]:
    """A modal with inputs needs a submit button."""
    if view.get("type") != "modal" or view.get("submit") or not isinstance(view.get("blocks"), list):
        return
    for index, block in enumerate(view["blocks"]):
        if isinstance(block, dict) and block.get("type") == "input":
            message = "must define `submit` to use an `input` block in modals"
            yield BlockProblem(f"{pointer}/blocks/{index}/input", message, "required", {"field": "submit"})


def elements_of(block: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The elements of a block that can be pressed or filled in, with their position."""
    for name in ("accessory", "element"):
        if isinstance(block.get(name), dict):
            yield f"/{name}", block[name]
    for name in ("elements", "actions"):
        for index, element in enumerate(block.get(name) or [] if block.get("type") != "context" else []):
            if isinstance(element, dict):
                yield f"/{name}/{index}", element


def _check_across_blocks(blocks: Any, pointer: str) -> Iterator[BlockProblem]:
    """Ids that are used twice; texts of a table that are too long together."""
    seen: set[str] = set()
    for index, block in enumerate(blocks if isinstance(blocks, list) else []):
        if not isinstance(block, dict):
            continue
        name = block.get("block_id")
        if isinstance(name, str) and name:
            if name in seen:
                # From memory: that ids must differ is documented, the sentence is not.
                yield BlockProblem(
                    f"{pointer}/{index}/block_id", f"`block_id` {name} already exists", "duplicate"
                )
            seen.add(name)
        yield from _check_action_ids(block, f"{pointer}/{index}")
        if block.get("type") == "table" and _count_characters(block.get("rows")) > MAX_TABLE_CHARACTERS:
            yield BlockProblem(
                f"{pointer}/{index}/rows",
                f"must be less than {MAX_TABLE_CHARACTERS + 1} characters",
                "max_length",
            )


def _check_action_ids(block: dict[str, Any], pointer: str) -> Iterator[BlockProblem]:
    seen: set[str] = set()
    for place, element in elements_of(block):
        name = element.get("action_id")
        if isinstance(name, str) and name:
            if name in seen:
                # From memory, as above.
                message = f"`action_id` {name} already exists"
                yield BlockProblem(f"{pointer}{place}/action_id", message, "duplicate")
            seen.add(name)


def count_tables(blocks: list[dict[str, Any]]) -> int:
    return sum(block.get("type") == "table" for block in blocks)


def _count_characters(value: Any) -> int:
    """The characters of all texts together."""
    if isinstance(value, dict):
        own = len(value["text"]) if isinstance(value.get("text"), str) else 0
        return own + sum(
            _count_characters(inner) for inner in value.values() if isinstance(inner, dict | list)
        )
    return sum(_count_characters(inner) for inner in value) if isinstance(value, list) else 0


def is_too_long(blocks: list[dict[str, Any]]) -> bool:
    return _count_characters([block for block in blocks if block.get("type") != "table"]) > MAX_CHARACTERS
