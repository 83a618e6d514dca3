"""The fields of a modal, each within Slack's limits.

One rule: a block is named by what is asked, because an answer that cannot be taken is said under that name.
"""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from bots.slack.text_objects import Block, plain_text

MAX_LABEL = 150
MAX_OPTIONS = 100
_INITIAL_KEYS = {
    "plain_text_input": "initial_value",
    "number_input": "initial_value",
    "datepicker": "initial_date",
    "timepicker": "initial_time",
}
"""Where an element holds what is filled in; a menu holds one of its options."""


def format_quantity(value: Decimal | None, unit: str = "") -> str:
    if value is None:
        return ""
    return f"{value:f}" if unit in ("", "pcs") else f"{value:f} {unit}"


def input_block(block_id: str, label: str, element: Block, *, optional: bool = False) -> Block:
    block: Block = {
        "type": "input",
        "block_id": block_id,
        "label": plain_text(label, MAX_LABEL),
        "element": element,
    }
    return block | ({"optional": True} if optional else {})


def text_input(action_id: str, initial: str = "", *, multiline: bool = False, max_length: int = 500) -> Block:
    element: Block = {"type": "plain_text_input", "action_id": action_id, "max_length": max_length}
    if multiline:
        element["multiline"] = True
    return element | ({"initial_value": initial[:max_length]} if initial else {})


def number_input(action_id: str, initial: Decimal, maximum: Decimal) -> Block:
    return {
        "type": "number_input",
        "action_id": action_id,
        "is_decimal_allowed": True,
        "min_value": "0",
        "max_value": f"{maximum:f}",
        "initial_value": f"{initial:f}",
    }


def static_select(action_id: str, options: Sequence[tuple[str, str]], initial: str = "") -> Block:
    shown = {value: {"text": plain_text(named, 75), "value": value} for value, named in options[:MAX_OPTIONS]}
    element: Block = {"type": "static_select", "action_id": action_id, "options": list(shown.values())}
    return element | ({"initial_option": shown[initial]} if initial in shown else {})


def date_picker(action_id: str, initial: dt.date | None = None) -> Block:
    element: Block = {"type": "datepicker", "action_id": action_id}
    return element | ({"initial_date": initial.isoformat()} if initial else {})


def time_picker(action_id: str, initial: str = "") -> Block:
    """A time of the day; nothing chosen is none."""
    element: Block = {"type": "timepicker", "action_id": action_id}
    return element | ({"initial_time": initial} if initial else {})


def with_value(block: dict[str, Any], value: str) -> Block:
    """A block as Slack sent it back, holding what was filled in."""
    if block.get("type") != "input":
        return block
    element = {name: initial for name, initial in block["element"].items() if not name.startswith("initial_")}
    chosen = next((each for each in element.get("options", ()) if each["value"] == value), None)
    name, initial = _INITIAL_KEYS.get(element["type"], "initial_option"), chosen or value
    return {**block, "element": element | ({name: initial} if initial else {})}
