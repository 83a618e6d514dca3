"""A form's fields as Slack shows them in a modal, each within Slack's limits.

One rule: a block has the name of its field, so that an error stands under the field it is about.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from bots.forms.fieldset import FieldKind, Fieldset, FormField
from bots.slack.text_objects import Block, plain_text

ADD_LINE = "modal:add_line"
MAX_LABEL = 150
MAX_ABOUT = 500
MAX_OPTIONS = 100
MAX_FILES = 10
_INITIAL_KEYS = {
    "plain_text_input": "initial_value",
    "number_input": "initial_value",
    "datepicker": "initial_date",
    "timepicker": "initial_time",
}
"""Where an element holds what is filled in; a menu holds one of its options."""


def fieldset_blocks(fieldset: Fieldset) -> list[Block]:
    """What it is about, then every field."""
    about: Block = {"type": "section", "text": plain_text(fieldset.about, MAX_ABOUT, lines=True)}
    return [*([about] if fieldset.about else []), *(_field_block(field) for field in fieldset.fields)]


def _field_block(field: FormField) -> Block:
    if field.kind is FieldKind.add_line:
        text = plain_text(field.label, 75)
        button: Block = {"type": "button", "action_id": ADD_LINE, "text": text}
        return {"type": "actions", "block_id": field.name, "elements": [button]}
    return input_block(field.name, field.label, _element(field), optional=field.optional)


def _element(field: FormField) -> Block:
    """``good:1`` and ``good:2`` are blocks of one kind of element, ``good``."""
    action_id = field.name.partition(":")[0]
    match field.kind:
        case FieldKind.number:
            return number_input(action_id, field.value, field.maximum)
        case FieldKind.choice:
            return static_select(action_id, field.options, field.value)
        case FieldKind.date:
            return _picker("datepicker", action_id, field.value)
        case FieldKind.time:
            return _picker("timepicker", action_id, field.value)
        case FieldKind.files:
            return {"type": "file_input", "action_id": action_id, "max_files": MAX_FILES}
    multiline = field.kind is FieldKind.long_text
    return text_input(action_id, field.value, multiline=multiline, max_length=field.max_length)


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


def number_input(action_id: str, initial: str, maximum: Decimal) -> Block:
    return {
        "type": "number_input",
        "action_id": action_id,
        "is_decimal_allowed": True,
        "min_value": "0",
        "max_value": f"{maximum:f}",
        "initial_value": initial,
    }


def static_select(action_id: str, options: Sequence[tuple[str, str]], initial: str = "") -> Block:
    shown = {value: {"text": plain_text(named, 75), "value": value} for value, named in options[:MAX_OPTIONS]}
    element: Block = {"type": "static_select", "action_id": action_id, "options": list(shown.values())}
    return element | ({"initial_option": shown[initial]} if initial in shown else {})


def _picker(kind: str, action_id: str, initial: str) -> Block:
    """A day or a time of the day; nothing chosen is none."""
    element: Block = {"type": kind, "action_id": action_id}
    return element | ({_INITIAL_KEYS[kind]: initial} if initial else {})


def with_value(block: dict[str, Any], value: str) -> Block:
    """A block as Slack sent it back, holding what was filled in."""
    if block.get("type") != "input":
        return block
    element = {name: initial for name, initial in block["element"].items() if not name.startswith("initial_")}
    chosen = next((each for each in element.get("options", ()) if each["value"] == value), None)
    name, initial = _INITIAL_KEYS.get(element["type"], "initial_option"), chosen or value
    return {**block, "element": element | ({name: initial} if initial else {})}
