"""The fields of a modal, each within Slack's limits.

One rule: a block is named by what is asked, because an answer that cannot be taken is said under that name.
"""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from bots.slack.texts import Block, plain

LABEL = 150
MOST_OPTIONS = 100
_HELD = {
    "plain_text_input": "initial_value",
    "number_input": "initial_value",
    "datepicker": "initial_date",
    "timepicker": "initial_time",
}
"""Where an element holds what is filled in; a menu holds one of its options."""


def plainly(value: Decimal | None, unit: str = "") -> str:
    if value is None:
        return ""
    return f"{value:f}" if unit in ("", "pcs") else f"{value:f} {unit}"


def field(block_id: str, label: str, element: Block, *, optional: bool = False) -> Block:
    block: Block = {"type": "input", "block_id": block_id, "label": plain(label, LABEL), "element": element}
    return block | ({"optional": True} if optional else {})


def text(action_id: str, held: str = "", *, multiline: bool = False, most: int = 500) -> Block:
    element: Block = {"type": "plain_text_input", "action_id": action_id, "max_length": most}
    if multiline:
        element["multiline"] = True
    return element | ({"initial_value": held[:most]} if held else {})


def number(action_id: str, held: Decimal, most: Decimal) -> Block:
    return {
        "type": "number_input",
        "action_id": action_id,
        "is_decimal_allowed": True,
        "min_value": "0",
        "max_value": f"{most:f}",
        "initial_value": f"{held:f}",
    }


def select(action_id: str, options: Sequence[tuple[str, str]], held: str = "") -> Block:
    shown = {value: {"text": plain(named, 75), "value": value} for value, named in options[:MOST_OPTIONS]}
    element: Block = {"type": "static_select", "action_id": action_id, "options": list(shown.values())}
    return element | ({"initial_option": shown[held]} if held in shown else {})


def date(action_id: str, held: dt.date | None = None) -> Block:
    element: Block = {"type": "datepicker", "action_id": action_id}
    return element | ({"initial_date": held.isoformat()} if held else {})


def time(action_id: str, held: str = "") -> Block:
    """A time of the day; nothing chosen is none."""
    element: Block = {"type": "timepicker", "action_id": action_id}
    return element | ({"initial_time": held} if held else {})


def refilled(block: dict[str, Any], value: str) -> Block:
    """A block as Slack sent it back, holding what was filled in."""
    if block.get("type") != "input":
        return block
    element = {name: held for name, held in block["element"].items() if not name.startswith("initial_")}
    chosen = next((each for each in element.get("options", ()) if each["value"] == value), None)
    name, held = _HELD.get(element["type"], "initial_option"), chosen or value
    return {**block, "element": element | ({name: held} if held else {})}
