"""Block Kit as tables: texts, elements, blocks and views with their limits.

Sources: docs.slack.dev/reference/block-kit, the attributes and limits of slack_sdk.models, and refusals that people
have quoted. New kinds of block that Parley does not use are unknown here.
"""

from sandbox.slack.rules import Anything, Flag, Int, Items, Maybe, Need, Obj, OneOf, Rule, Str

ID = Str(most=255)
DATE = Str(most=10)


def plain(most: int, least: int = 1) -> Rule:
    """A ``plain_text`` object."""
    return OneOf({"plain_text": Obj({"type": Str(), "text": Need(Str(most, least)), "emoji": Flag()})})


def either(most: int, least: int = 1) -> Rule:
    """``plain_text`` or ``mrkdwn``."""
    shared: dict[str, Rule] = {"type": Str(), "text": Need(Str(most, least))}
    return OneOf(
        {
            "plain_text": Obj(shared | {"emoji": Flag()}),
            "mrkdwn": Obj(shared | {"verbatim": Flag()}),
        },
        loose=True,
    )


CONFIRM = Obj(
    {
        "title": Need(plain(100)),
        "text": Need(either(300)),
        "confirm": Need(plain(30)),
        "deny": Need(plain(30)),
        "style": Str(choices=("primary", "danger")),
    }
)


def option(*, url: bool = False) -> Rule:
    fields: dict[str, Rule] = {
        "text": Need(either(75)),
        "value": Need(Str(most=150)),
        "description": either(75),
    }
    return Obj(fields | ({"url": Str(most=3000)} if url else {}))


OPTION = option()
GROUPS = Items(Obj({"label": Need(plain(75)), "options": Need(Items(OPTION, 1, 100))}), 1, 100)
DISPATCH = Obj({"trigger_actions_on": Items(Str(choices=("on_enter_pressed", "on_character_entered")), 1, 2)})
_ANY: dict[str, Rule] = {"type": Str(), "action_id": ID}
_ASKED: dict[str, Rule] = {**_ANY, "placeholder": plain(150), "confirm": CONFIRM, "focus_on_load": Flag()}
_TYPED: dict[str, Rule] = {
    **_ANY,
    "placeholder": plain(150),
    "focus_on_load": Flag(),
    "dispatch_action_config": DISPATCH,
}
_MANY: dict[str, Rule] = {"max_selected_items": Int(1)}
_CHOSEN: dict[str, Rule] = {**_ASKED, "response_url_enabled": Flag()}


def _menus() -> dict[str, Rule]:
    """The selects, for one choice and for many."""
    static: dict[str, Rule] = {**_ASKED, "options": Items(OPTION, 1, 100), "option_groups": GROUPS}
    outside: dict[str, Rule] = {**_ASKED, "min_query_length": Int(0)}
    people = Items(Str())
    rooms: dict[str, Rule] = {"default_to_current_conversation": Flag(), "filter": Anything()}
    both = ("options", "option_groups")
    return {
        "static_select": Obj({**static, "initial_option": OPTION}, either=both),
        "multi_static_select": Obj({**static, **_MANY, "initial_options": Items(OPTION, 1)}, either=both),
        "external_select": Obj({**outside, "initial_option": OPTION}),
        "multi_external_select": Obj({**outside, **_MANY, "initial_options": Items(OPTION, 1)}),
        "users_select": Obj({**_ASKED, "initial_user": Str()}),
        "multi_users_select": Obj({**_ASKED, **_MANY, "initial_users": people}),
        "conversations_select": Obj({**_CHOSEN, **rooms, "initial_conversation": Str()}),
        "multi_conversations_select": Obj({**_ASKED, **rooms, **_MANY, "initial_conversations": people}),
        "channels_select": Obj({**_CHOSEN, "initial_channel": Str()}),
        "multi_channels_select": Obj({**_ASKED, **_MANY, "initial_channels": people}),
    }


def _boxes() -> dict[str, Rule]:
    """What is pressed, ticked or picked from a calendar."""
    ticked = {**_ANY, "options": Need(Items(OPTION, 1, 10)), "confirm": CONFIRM, "focus_on_load": Flag()}
    return {
        "button": Obj(
            {
                **_ANY,
                "text": Need(plain(75)),
                "url": Str(most=3000),
                "value": Str(most=2000),
                "style": Str(choices=("primary", "danger")),
                "confirm": CONFIRM,
                "accessibility_label": Str(most=75),
            }
        ),
        "overflow": Obj({**_ANY, "options": Need(Items(option(url=True), 1, 5)), "confirm": CONFIRM}),
        "datepicker": Obj({**_ASKED, "initial_date": DATE}),
        "timepicker": Obj({**_ASKED, "initial_time": Str(), "timezone": Str()}),
        "datetimepicker": Obj({**_ASKED, "initial_date_time": Int(0)}),
        "radio_buttons": Obj({**ticked, "initial_option": OPTION}),
        "checkboxes": Obj({**ticked, "initial_options": Items(OPTION, 1)}),
    }


def _fields() -> dict[str, Rule]:
    """What is written into."""
    return {
        "plain_text_input": Obj(
            {
                **_TYPED,
                "initial_value": Str(most=3000),
                "multiline": Flag(),
                "min_length": Int(0, 3000),
                "max_length": Int(1, 3000),
            }
        ),
        "number_input": Obj(
            {
                **_TYPED,
                "is_decimal_allowed": Need(Flag()),
                "initial_value": Str(),
                "min_value": Str(),
                "max_value": Str(),
            }
        ),
        "email_text_input": Obj({**_TYPED, "initial_value": Str()}),
        "url_text_input": Obj({**_TYPED, "initial_value": Str()}),
        "file_input": Obj({**_ANY, "filetypes": Items(Str(), 1), "max_files": Int(1, 10)}),
        "rich_text_input": Obj({**_TYPED, "initial_value": Anything()}),
    }


IMAGE: dict[str, Rule] = {
    "type": Str(),
    "image_url": Str(most=3000),
    "slack_file": Anything(),
    "alt_text": Need(Str(most=2000)),
}
MENUS, BOXES, FIELDS = _menus(), _boxes(), _fields()
PICTURE: dict[str, Rule] = {"image": Obj(IMAGE, either=("image_url", "slack_file"))}
IN_ACTIONS = OneOf({**MENUS, **BOXES})
IN_SECTION = OneOf({**MENUS, **BOXES, **PICTURE})
IN_INPUT = OneOf({**MENUS, **{k: v for k, v in BOXES.items() if k not in ("button", "overflow")}, **FIELDS})
IN_CONTEXT = OneOf(
    {
        **PICTURE,
        "plain_text": Obj({"type": Str(), "text": Need(Str(3000, 1)), "emoji": Flag()}),
        "mrkdwn": Obj({"type": Str(), "text": Need(Str(3000, 1)), "verbatim": Flag()}),
    }
)
CELL = OneOf(
    {
        "raw_text": Obj({"type": Str(), "text": Need(Str(least=1))}),
        "raw_number": Obj({"type": Str(), "value": Need(Anything()), "text": Str()}),
        "rich_text": Obj({"type": Str(), "elements": Need(Items(Anything(), 1)), "block_id": ID}),
    }
)
_COLUMN = Obj({"align": Str(choices=("left", "center", "right")), "is_wrapped": Flag()})


def block(fields: dict[str, Rule], either: tuple[str, ...] = ()) -> Rule:
    """A block: every one may have an id."""
    return Obj({"type": Str(), "block_id": ID, **fields}, either=either)


BLOCKS: dict[str, Rule] = {
    "section": block(
        {
            "text": either(3000),
            "fields": Items(either(2000), 1, 10),
            "accessory": IN_SECTION,
            "expand": Flag(),
        },
        ("text", "fields"),
    ),
    "divider": block({}),
    "header": block({"text": Need(plain(150))}),
    "context": block({"elements": Need(Items(IN_CONTEXT, 1, 10))}),
    "actions": block({"elements": Need(Items(IN_ACTIONS, 1, 25))}),
    "image": block({**IMAGE, "title": plain(2000)}, ("image_url", "slack_file")),
    "input": block(
        {
            "label": Need(plain(2000)),
            "element": Need(IN_INPUT),
            "hint": plain(2000),
            "optional": Flag(),
            "dispatch_action": Flag(),
        }
    ),
    "rich_text": block({"elements": Need(Items(Anything()))}),
    "markdown": block({"text": Need(Str(12_000, 1))}),
    "table": block(
        {
            "rows": Need(Items(Items(CELL, 1, 20), 1, 100)),
            "column_settings": Items(Maybe(_COLUMN), 1, 20),
        }
    ),
    "card": block(
        {
            "title": either(150),
            "subtitle": either(150),
            "body": either(200),
            "actions": Items(IN_ACTIONS, 1, 3),
            "hero_image": Obj(IMAGE),
            "icon": Obj(IMAGE),
            "slack_icon": Anything(),
            "subtext": either(150),
        }
    ),
    "alert": block(
        {
            "text": Need(either(3000)),
            "level": Str(choices=("default", "info", "warning", "error", "success")),
        }
    ),
}
EVERYWHERE = {"section", "divider", "header", "context", "actions", "image", "input", "rich_text", "card"}
SURFACES = {
    "message": frozenset(EVERYWHERE | {"markdown", "table"}),
    "modal": frozenset(EVERYWHERE | {"alert"}),
    "home": frozenset(EVERYWHERE),
}
MOST_BLOCKS = {"message": 50, "modal": 100, "home": 100}
_VIEW: dict[str, Rule] = {
    "type": Str(),
    "private_metadata": Str(most=3000),
    "callback_id": ID,
    "external_id": ID,
}


def blocks_of(surface: str) -> Items:
    return Items(OneOf(BLOCKS, SURFACES[surface]), 0, MOST_BLOCKS[surface])


VIEWS: dict[str, Rule] = {
    "modal": Obj(
        {
            **_VIEW,
            "title": Need(plain(24)),
            "blocks": Need(blocks_of("modal")),
            "submit": plain(24),
            "close": plain(24),
            "clear_on_close": Flag(),
            "notify_on_close": Flag(),
        }
    ),
    "home": Obj({**_VIEW, "blocks": Need(blocks_of("home"))}),
}
