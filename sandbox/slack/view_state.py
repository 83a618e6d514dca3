"""What is filled in in a view, in Slack's form: ``state.values[block_id][action_id]``.

One rule: a value has the same shape as in a real payload for its kind of element.
"""

from collections.abc import Iterator
from typing import Any

from sandbox.slack.block_validation import elements_of
from sandbox.slack.model import Json

TEXT_INPUTS = {
    "plain_text_input": "text",
    "number_input": "number",
    "email_text_input": "email",
    "url_text_input": "url",
    "rich_text_input": "text",
}
_PICKER_KEYS = {
    "datepicker": ("date", "selected_date", "initial_date"),
    "timepicker": ("time", "selected_time", "initial_time"),
    "datetimepicker": ("datetime", "selected_date_time", "initial_date_time"),
    "users_select": ("user", "selected_user", "initial_user"),
    "conversations_select": ("conversation", "selected_conversation", "initial_conversation"),
    "channels_select": ("channel", "selected_channel", "initial_channel"),
    "multi_users_select": ("users", "selected_users", "initial_users"),
}
FILE_INPUT = "file_input"
SINGLE_SELECTS = {"static_select", "external_select", "radio_buttons", "overflow"}
MULTI_SELECTS = {"multi_static_select", "multi_external_select", "checkboxes"}


def iter_fields(view: Json) -> Iterator[tuple[Json, Json]]:
    """Every block and element of a view that has a value."""
    for block in view.get("blocks", []):
        for _, element in elements_of(block):
            if kind_of(element) and element["type"] != "overflow":
                yield block, element


def kind_of(element: Json) -> str:
    """The kind of a field, as the control interface names it; empty for a button."""
    name = element["type"]
    if name in TEXT_INPUTS:
        return TEXT_INPUTS[name]
    if name in _PICKER_KEYS:
        return _PICKER_KEYS[name][0]
    if name == FILE_INPUT:
        return "files"
    return "select" if name in SINGLE_SELECTS else "multi" if name in MULTI_SELECTS else ""


def options_of(element: Json) -> list[Json]:
    """The options of a select, including those in groups."""
    grouped = [each for group in element.get("option_groups") or [] for each in group["options"]]
    return [*(element.get("options") or []), *grouped]


def action_of(element: Json) -> str:
    return str(element.get("action_id") or element["type"])


def initial_state(view: Json) -> Json:
    """A view's values before anybody has filled anything in."""
    state: Json = {}
    for block, element in iter_fields(view):
        state.setdefault(block["block_id"], {})[action_of(element)] = initial_value(element)
    return state


def initial_value(element: Json) -> Json:
    name = element["type"]
    if name in TEXT_INPUTS:
        return {"type": name, "value": element.get("initial_value")}
    if name in _PICKER_KEYS:
        _, key, first = _PICKER_KEYS[name]
        return {"type": name, key: element.get(first, [] if key.endswith("users") else None)}
    if name == FILE_INPUT:
        return {"type": name, "files": []}
    if name in MULTI_SELECTS:
        return {"type": name, "selected_options": element.get("initial_options", [])}
    return {"type": name, "selected_option": element.get("initial_option")}


def value_from_input(element: Json, typed: Any, options: list[Json]) -> Json:
    """The value for what a person enters; raises ValueError when the field does not accept it."""
    name = element["type"]
    if name in TEXT_INPUTS:
        return {"type": name, "value": None if typed in (None, "") else str(typed)}
    if name in _PICKER_KEYS:
        key = _PICKER_KEYS[name][1]
        if key == "selected_date_time":
            return {"type": name, key: int(typed) if typed else None}
        return {"type": name, key: typed or ([] if key.endswith("users") else None)}
    if name == FILE_INPUT:
        return {"type": name, "files": _checked_files(element, typed or [])}
    if name in MULTI_SELECTS:
        wanted = typed if isinstance(typed, list) else [typed] if typed else []
        return {"type": name, "selected_options": [_find_option(each, options) for each in wanted]}
    return {"type": name, "selected_option": _find_option(typed, options) if typed else None}


def _checked_files(element: Json, files: list[Json]) -> list[Json]:
    """As many, and of such kinds, as Slack's client lets a person choose."""
    most, kinds = element.get("max_files", 10), element.get("filetypes")
    if len(files) > most:
        raise ValueError(f"at most {most} files can be chosen")
    for each in files:
        if kinds and each["filetype"] not in kinds:
            raise ValueError(f"{each['name']} is none of {kinds}")
    return files


def _find_option(typed: Any, options: list[Json]) -> Json:
    """The option with this label or value; a label may be truncated."""
    for test in (
        lambda each: typed in (each["value"], each["text"]["text"]),
        lambda each: each["text"]["text"].startswith(str(typed)),
    ):
        found = next((each for each in options if test(each)), None)
        if found is not None:
            return found
    raise ValueError(f"there is no option {typed!r}; there are {[each['text']['text'] for each in options]}")


def displayed_value(value: Json) -> Any:
    """What a field contains, as people read it."""
    for key, current in value.items():
        if key == "type":
            continue
        if key == "selected_option":
            return current["value"] if current else None
        if key == "selected_options":
            return [each["value"] for each in current]
        if key == "files":
            return [each["name"] for each in current]
        return current
    return None


def validation_error(element: Json, value: Json, *, optional: bool) -> str:
    """Why Slack's own client refuses to submit this field, in its wording (from memory); empty if it accepts."""
    current = displayed_value(value)
    if current in (None, "", []):
        return "" if optional else "Please complete this required field."
    if element["type"] == "plain_text_input":
        return _length_error(element, str(current))
    if element["type"] == "number_input":
        return _number_error(element, str(current))
    if element["type"] == "email_text_input" and "@" not in str(current):
        return "Please enter a valid email address."
    return ""


def _length_error(element: Json, current: str) -> str:
    if len(current) < element.get("min_length", 0):
        return f"Must be at least {element['min_length']} characters."
    if len(current) > element.get("max_length", 3000):
        return f"Must be at most {element.get('max_length', 3000)} characters."
    return ""


def _number_error(element: Json, current: str) -> str:
    try:
        number = float(current)
    except ValueError:
        return "Please enter a number."
    if not element["is_decimal_allowed"] and number != int(number):
        return "Please enter a whole number."
    if element.get("min_value") is not None and number < float(element["min_value"]):
        return f"Must be greater than or equal to {element['min_value']}."
    if element.get("max_value") is not None and number > float(element["max_value"]):
        return f"Must be less than or equal to {element['max_value']}."
    return ""
