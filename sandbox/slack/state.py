"""What is filled into a view, as Slack keeps it: ``state.values[block_id][action_id]``.

One rule: a value has the shape that its element's kind has in a real payload.
"""

from collections.abc import Iterator
from typing import Any

from sandbox.slack.blocks import elements_of
from sandbox.slack.model import Json

TYPED = {
    "plain_text_input": "text",
    "number_input": "number",
    "email_text_input": "email",
    "url_text_input": "url",
    "rich_text_input": "text",
}
_KEYS = {
    "datepicker": ("date", "selected_date", "initial_date"),
    "timepicker": ("time", "selected_time", "initial_time"),
    "datetimepicker": ("datetime", "selected_date_time", "initial_date_time"),
    "users_select": ("user", "selected_user", "initial_user"),
    "conversations_select": ("conversation", "selected_conversation", "initial_conversation"),
    "channels_select": ("channel", "selected_channel", "initial_channel"),
    "multi_users_select": ("users", "selected_users", "initial_users"),
}
ONE = {"static_select", "external_select", "radio_buttons", "overflow"}
MANY = {"multi_static_select", "multi_external_select", "checkboxes"}


def fields(view: Json) -> Iterator[tuple[Json, Json]]:
    """Every block and element of a view that holds a value."""
    for block in view.get("blocks", []):
        for _, element in elements_of(block):
            if kind_of(element) and element["type"] != "overflow":
                yield block, element


def kind_of(element: Json) -> str:
    """The kind of a field, as the control interface names it; empty for a button."""
    name = element["type"]
    if name in TYPED:
        return TYPED[name]
    if name in _KEYS:
        return _KEYS[name][0]
    return "select" if name in ONE else "multi" if name in MANY else ""


def options_of(element: Json) -> list[Json]:
    """The options of a select, those of its groups too."""
    grouped = [each for group in element.get("option_groups") or [] for each in group["options"]]
    return [*(element.get("options") or []), *grouped]


def action_of(element: Json) -> str:
    return str(element.get("action_id") or element["type"])


def initial(view: Json) -> Json:
    """A view's values when nobody has filled anything."""
    state: Json = {}
    for block, element in fields(view):
        state.setdefault(block["block_id"], {})[action_of(element)] = blank(element)
    return state


def blank(element: Json) -> Json:
    name = element["type"]
    if name in TYPED:
        return {"type": name, "value": element.get("initial_value")}
    if name in _KEYS:
        _, key, first = _KEYS[name]
        return {"type": name, key: element.get(first, [] if key.endswith("users") else None)}
    if name in MANY:
        return {"type": name, "selected_options": element.get("initial_options", [])}
    return {"type": name, "selected_option": element.get("initial_option")}


def filled(element: Json, written: Any, options: list[Json]) -> Json:
    """The value when a person fills this in; raises ValueError when the field does not take it."""
    name = element["type"]
    if name in TYPED:
        return {"type": name, "value": None if written in (None, "") else str(written)}
    if name in _KEYS:
        key = _KEYS[name][1]
        if key == "selected_date_time":
            return {"type": name, key: int(written) if written else None}
        return {"type": name, key: written or ([] if key.endswith("users") else None)}
    if name in MANY:
        wanted = written if isinstance(written, list) else [written] if written else []
        return {"type": name, "selected_options": [_chosen(each, options) for each in wanted]}
    return {"type": name, "selected_option": _chosen(written, options) if written else None}


def _chosen(written: Any, options: list[Json]) -> Json:
    """The option with this label or value; a label may be cut at its end."""
    for test in (
        lambda each: written in (each["value"], each["text"]["text"]),
        lambda each: each["text"]["text"].startswith(str(written)),
    ):
        found = next((each for each in options if test(each)), None)
        if found is not None:
            return found
    raise ValueError(
        f"there is no option {written!r}; there are {[each['text']['text'] for each in options]}"
    )


def shown(value: Json) -> Any:
    """What a field holds, as a person reads it."""
    for key, held in value.items():
        if key == "type":
            continue
        if key == "selected_option":
            return held["value"] if held else None
        if key == "selected_options":
            return [each["value"] for each in held]
        return held
    return None


def wanting(element: Json, value: Json, *, optional: bool) -> str:
    """Why Slack's own client does not send this field, in its words (from memory); empty when it does."""
    held = shown(value)
    if held in (None, "", []):
        return "" if optional else "Please complete this required field."
    if element["type"] == "plain_text_input":
        return _length(element, str(held))
    if element["type"] == "number_input":
        return _number(element, str(held))
    if element["type"] == "email_text_input" and "@" not in str(held):
        return "Please enter a valid email address."
    return ""


def _length(element: Json, held: str) -> str:
    if len(held) < element.get("min_length", 0):
        return f"Must be at least {element['min_length']} characters."
    if len(held) > element.get("max_length", 3000):
        return f"Must be at most {element.get('max_length', 3000)} characters."
    return ""


def _number(element: Json, held: str) -> str:
    try:
        number = float(held)
    except ValueError:
        return "Please enter a number."
    if not element["is_decimal_allowed"] and number != int(number):
        return "Please enter a whole number."
    if element.get("min_value") is not None and number < float(element["min_value"]):
        return f"Must be greater than or equal to {element['min_value']}."
    if element.get("max_value") is not None and number > float(element["max_value"]):
        return f"Must be less than or equal to {element['max_value']}."
    return ""
