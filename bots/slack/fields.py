"""The fields of a modal, each within Slack's limits.

One rule: a block is named by what is asked, because an answer that cannot be taken is said under that name.
"""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from bots.slack.texts import Block, plain

LABEL = 150
MOST_OPTIONS = 100


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
