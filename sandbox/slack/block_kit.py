"""Block Kit as tables: texts, elements, blocks and views with their limits.

Sources: docs.slack.dev/reference/block-kit, the attributes and limits of slack_sdk.models, and refusals that
people have quoted. Newer kinds of block that Parley does not use are unknown here.
"""

from sandbox.slack.schema_rules import (
    AnyValue,
    Array,
    Boolean,
    Integer,
    Nullable,
    Object,
    OneOfTypes,
    Required,
    Rule,
    String,
)

ID = String(maximum=255)
DATE = String(maximum=10)


def plain_text(maximum: int, minimum: int = 1) -> Rule:
    """A ``plain_text`` object."""
    return OneOfTypes(
        {
            "plain_text": Object(
                {"type": String(), "text": Required(String(maximum, minimum)), "emoji": Boolean()}
            )
        }
    )


def any_text(maximum: int, minimum: int = 1) -> Rule:
    """``plain_text`` or ``mrkdwn``."""
    shared: dict[str, Rule] = {"type": String(), "text": Required(String(maximum, minimum))}
    return OneOfTypes(
        {
            "plain_text": Object(shared | {"emoji": Boolean()}),
            "mrkdwn": Object(shared | {"verbatim": Boolean()}),
        },
        reports_schema=True,
    )


CONFIRM = Object(
    {
        "title": Required(plain_text(100)),
        "text": Required(any_text(300)),
        "confirm": Required(plain_text(30)),
        "deny": Required(plain_text(30)),
        "style": String(choices=("primary", "danger")),
    }
)


def option(*, url: bool = False) -> Rule:
    fields: dict[str, Rule] = {
        "text": Required(any_text(75)),
        "value": Required(String(maximum=150)),
        "description": any_text(75),
    }
    return Object(fields | ({"url": String(maximum=3000)} if url else {}))


OPTION = option()
GROUPS = Array(
    Object({"label": Required(plain_text(75)), "options": Required(Array(OPTION, 1, 100))}), 1, 100
)
DISPATCH = Object(
    {"trigger_actions_on": Array(String(choices=("on_enter_pressed", "on_character_entered")), 1, 2)}
)
_ELEMENT: dict[str, Rule] = {"type": String(), "action_id": ID}
_PICKER: dict[str, Rule] = {
    **_ELEMENT,
    "placeholder": plain_text(150),
    "confirm": CONFIRM,
    "focus_on_load": Boolean(),
}
_TEXT_INPUT: dict[str, Rule] = {
    **_ELEMENT,
    "placeholder": plain_text(150),
    "focus_on_load": Boolean(),
    "dispatch_action_config": DISPATCH,
}
_MULTIPLE: dict[str, Rule] = {"max_selected_items": Integer(1)}
_CONVERSATION_PICKER: dict[str, Rule] = {**_PICKER, "response_url_enabled": Boolean()}


def _menus() -> dict[str, Rule]:
    """The selects, for one choice and for many."""
    static: dict[str, Rule] = {**_PICKER, "options": Array(OPTION, 1, 100), "option_groups": GROUPS}
    external: dict[str, Rule] = {**_PICKER, "min_query_length": Integer(0)}
    people = Array(String())
    conversations: dict[str, Rule] = {"default_to_current_conversation": Boolean(), "filter": AnyValue()}
    both = ("options", "option_groups")
    return {
        "static_select": Object({**static, "initial_option": OPTION}, one_required=both),
        "multi_static_select": Object(
            {**static, **_MULTIPLE, "initial_options": Array(OPTION, 1)}, one_required=both
        ),
        "external_select": Object({**external, "initial_option": OPTION}),
        "multi_external_select": Object({**external, **_MULTIPLE, "initial_options": Array(OPTION, 1)}),
        "users_select": Object({**_PICKER, "initial_user": String()}),
        "multi_users_select": Object({**_PICKER, **_MULTIPLE, "initial_users": people}),
        "conversations_select": Object(
            {**_CONVERSATION_PICKER, **conversations, "initial_conversation": String()}
        ),
        "multi_conversations_select": Object(
            {**_PICKER, **conversations, **_MULTIPLE, "initial_conversations": people}
        ),
        "channels_select": Object({**_CONVERSATION_PICKER, "initial_channel": String()}),
        "multi_channels_select": Object({**_PICKER, **_MULTIPLE, "initial_channels": people}),
    }


def _buttons_and_pickers() -> dict[str, Rule]:
    """Elements to press, tick or pick from a calendar."""
    ticked = {
        **_ELEMENT,
        "options": Required(Array(OPTION, 1, 10)),
        "confirm": CONFIRM,
        "focus_on_load": Boolean(),
    }
    return {
        "button": Object(
            {
                **_ELEMENT,
                "text": Required(plain_text(75)),
                "url": String(maximum=3000),
                "value": String(maximum=2000),
                "style": String(choices=("primary", "danger")),
                "confirm": CONFIRM,
                "accessibility_label": String(maximum=75),
            }
        ),
        "overflow": Object(
            {**_ELEMENT, "options": Required(Array(option(url=True), 1, 5)), "confirm": CONFIRM}
        ),
        "datepicker": Object({**_PICKER, "initial_date": DATE}),
        "timepicker": Object({**_PICKER, "initial_time": String(), "timezone": String()}),
        "datetimepicker": Object({**_PICKER, "initial_date_time": Integer(0)}),
        "radio_buttons": Object({**ticked, "initial_option": OPTION}),
        "checkboxes": Object({**ticked, "initial_options": Array(OPTION, 1)}),
    }


def _inputs() -> dict[str, Rule]:
    """Elements to type into."""
    return {
        "plain_text_input": Object(
            {
                **_TEXT_INPUT,
                "initial_value": String(maximum=3000),
                "multiline": Boolean(),
                "min_length": Integer(0, 3000),
                "max_length": Integer(1, 3000),
            }
        ),
        "number_input": Object(
            {
                **_TEXT_INPUT,
                "is_decimal_allowed": Required(Boolean()),
                "initial_value": String(),
                "min_value": String(),
                "max_value": String(),
            }
        ),
        "email_text_input": Object({**_TEXT_INPUT, "initial_value": String()}),
        "url_text_input": Object({**_TEXT_INPUT, "initial_value": String()}),
        "file_input": Object({**_ELEMENT, "filetypes": Array(String(), 1), "max_files": Integer(1, 10)}),
        "rich_text_input": Object({**_TEXT_INPUT, "initial_value": AnyValue()}),
    }


IMAGE: dict[str, Rule] = {
    "type": String(),
    "image_url": String(maximum=3000),
    "slack_file": AnyValue(),
    "alt_text": Required(String(maximum=2000)),
}
MENUS, BUTTONS_AND_PICKERS, INPUTS = _menus(), _buttons_and_pickers(), _inputs()
PICTURE: dict[str, Rule] = {"image": Object(IMAGE, one_required=("image_url", "slack_file"))}
IN_ACTIONS = OneOfTypes({**MENUS, **BUTTONS_AND_PICKERS})
IN_SECTION = OneOfTypes({**MENUS, **BUTTONS_AND_PICKERS, **PICTURE})
IN_INPUT = OneOfTypes(
    {**MENUS, **{k: v for k, v in BUTTONS_AND_PICKERS.items() if k not in ("button", "overflow")}, **INPUTS}
)
IN_CONTEXT = OneOfTypes(
    {
        **PICTURE,
        "plain_text": Object({"type": String(), "text": Required(String(3000, 1)), "emoji": Boolean()}),
        "mrkdwn": Object({"type": String(), "text": Required(String(3000, 1)), "verbatim": Boolean()}),
    }
)
CELL = OneOfTypes(
    {
        "raw_text": Object({"type": String(), "text": Required(String(minimum=1))}),
        "raw_number": Object({"type": String(), "value": Required(AnyValue()), "text": String()}),
        "rich_text": Object({"type": String(), "elements": Required(Array(AnyValue(), 1)), "block_id": ID}),
    }
)
_COLUMN = Object({"align": String(choices=("left", "center", "right")), "is_wrapped": Boolean()})


def block(fields: dict[str, Rule], one_required: tuple[str, ...] = ()) -> Rule:
    """A block; every block may have an id."""
    return Object({"type": String(), "block_id": ID, **fields}, one_required=one_required)


BLOCKS: dict[str, Rule] = {
    "section": block(
        {
            "text": any_text(3000),
            "fields": Array(any_text(2000), 1, 10),
            "accessory": IN_SECTION,
            "expand": Boolean(),
        },
        ("text", "fields"),
    ),
    "divider": block({}),
    "header": block({"text": Required(plain_text(150))}),
    "context": block({"elements": Required(Array(IN_CONTEXT, 1, 10))}),
    "actions": block({"elements": Required(Array(IN_ACTIONS, 1, 25))}),
    "image": block({**IMAGE, "title": plain_text(2000)}, ("image_url", "slack_file")),
    "input": block(
        {
            "label": Required(plain_text(2000)),
            "element": Required(IN_INPUT),
            "hint": plain_text(2000),
            "optional": Boolean(),
            "dispatch_action": Boolean(),
        }
    ),
    "rich_text": block({"elements": Required(Array(AnyValue()))}),
    "markdown": block({"text": Required(String(12_000, 1))}),
    "table": block(
        {
            "rows": Required(Array(Array(CELL, 1, 20), 1, 100)),
            "column_settings": Array(Nullable(_COLUMN), 1, 20),
        }
    ),
    "card": block(
        {
            "title": any_text(150),
            "subtitle": any_text(150),
            "body": any_text(200),
            "actions": Array(IN_ACTIONS, 1, 3),
            "hero_image": Object(IMAGE),
            "icon": Object(IMAGE),
            "slack_icon": AnyValue(),
            "subtext": any_text(150),
        }
    ),
    "alert": block(
        {
            "text": Required(any_text(3000)),
            "level": String(choices=("default", "info", "warning", "error", "success")),
        }
    ),
}
COMMON_BLOCKS = {"section", "divider", "header", "context", "actions", "image", "input", "rich_text", "card"}
SURFACES = {
    "message": frozenset(COMMON_BLOCKS | {"markdown", "table"}),
    "modal": frozenset(COMMON_BLOCKS | {"alert"}),
    "home": frozenset(COMMON_BLOCKS),
}
MAX_BLOCKS = {"message": 50, "modal": 100, "home": 100}
_VIEW: dict[str, Rule] = {
    "type": String(),
    "private_metadata": String(maximum=3000),
    "callback_id": ID,
    "external_id": ID,
}


def blocks_of(surface: str) -> Array:
    return Array(OneOfTypes(BLOCKS, SURFACES[surface]), 0, MAX_BLOCKS[surface])


VIEWS: dict[str, Rule] = {
    "modal": Object(
        {
            **_VIEW,
            "title": Required(plain_text(24)),
            "blocks": Required(blocks_of("modal")),
            "submit": plain_text(24),
            "close": plain_text(24),
            "clear_on_close": Boolean(),
            "notify_on_close": Boolean(),
        }
    ),
    "home": Object({**_VIEW, "blocks": Required(blocks_of("home"))}),
}
