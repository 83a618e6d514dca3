"""The table: Block Kit in messages, modals and home tabs, and blocks.validate."""

from tests.sandbox.slack.slack_case import (
    SlackCase,
    accepted,
    actions,
    block_message,
    button,
    home,
    input_block,
    modal,
    mrkdwn,
    open_view,
    options,
    plain,
    pointed,
    refused,
    section,
    table,
)

POST, OPEN, BAD, ARGS = "chat.postMessage", "views.open", "invalid_blocks", "invalid_arguments"


def refused_blocks(about: str, *blocks: object, sentence: str, **more: object) -> SlackCase:
    """A message whose blocks are refused."""
    return refused(about, POST, block_message(*blocks), BAD, sentence, source=more.get("source", "seen"))


def select(**more: object) -> dict[str, object]:
    return {"type": "static_select", "action_id": "s", "placeholder": plain("Choose"), **more}


TEXTS = [
    accepted("a section", POST, block_message(section()), {"message": {"blocks": [{"type": "section"}]}}),
    accepted("3000 characters", POST, block_message(section("x" * 3000))),
    refused_blocks(
        "3001",
        section("x" * 3001),
        sentence=pointed("/blocks/0/text/text", "must be less than 3001 characters"),
    ),
    refused_blocks(
        "3001: no schema",
        section("x" * 3001),
        sentence=pointed("/blocks/0/text", "failed to match all allowed schemas"),
    ),
    refused_blocks(
        "a section of nothing",
        section(""),
        sentence=pointed("/blocks/0/text/text", "must be more than 0 characters"),
    ),
    refused_blocks(
        "no text and no fields",
        {"type": "section"},
        sentence=pointed("/blocks/0/type", "must define either `text` or `fields`"),
    ),
    accepted("ten fields", POST, block_message({"type": "section", "fields": [mrkdwn("f")] * 10})),
    refused_blocks(
        "eleven fields",
        {"type": "section", "fields": [mrkdwn("f")] * 11},
        sentence=pointed("/blocks/0/fields", "no more than 10 items allowed"),
    ),
    refused_blocks(
        "a field of 2001",
        {"type": "section", "fields": [mrkdwn("f" * 2001)]},
        sentence=pointed("/blocks/0/fields/0/text", "must be less than 2001 characters"),
    ),
    accepted("a header of 150", POST, block_message({"type": "header", "text": plain("h" * 150)})),
    refused_blocks(
        "a header of 151",
        {"type": "header", "text": plain("h" * 151)},
        sentence=pointed("/blocks/0/text/text", "must be less than 151 characters"),
    ),
    refused_blocks(
        "a header in mrkdwn",
        {"type": "header", "text": mrkdwn("h")},
        sentence=pointed("/blocks/0/text/type", "unsupported type: mrkdwn"),
    ),
    accepted(
        "ten pieces of context", POST, block_message({"type": "context", "elements": [mrkdwn("c")] * 10})
    ),
    refused_blocks(
        "eleven pieces of context",
        {"type": "context", "elements": [mrkdwn("c")] * 11},
        sentence=pointed("/blocks/0/elements", "no more than 10 items allowed"),
    ),
    refused_blocks(
        "no such block",
        {"type": "sections"},
        sentence=pointed("/blocks/0/type", "unsupported type: sections"),
    ),
    refused_blocks(
        "a block without a type",
        {"text": mrkdwn("x")},
        sentence=pointed("/blocks/0", "missing required field: type"),
    ),
    refused_blocks(
        "a text without text",
        {"type": "header"},
        sentence=pointed("/blocks/0", "missing required field: text"),
    ),
    refused_blocks(
        "a colour", section(color="red"), sentence=pointed("/blocks/0", "invalid additional property: color")
    ),
    accepted("fifty blocks", POST, block_message(*[{"type": "divider"}] * 50)),
    refused_blocks(
        "fifty-one blocks",
        *[{"type": "divider"}] * 51,
        sentence=pointed("/blocks", "no more than 50 items allowed"),
    ),
    refused(
        "too many characters over all",
        POST,
        block_message(*[section("x" * 2900)] * 5),
        "msg_blocks_too_long",
        source="seen",
    ),
    refused_blocks(
        "a block id of 256",
        section(block_id="b" * 256),
        sentence=pointed("/blocks/0/block_id", "must be less than 256 characters"),
    ),
    refused_blocks(
        "a block id twice",
        section(block_id="b"),
        section(block_id="b"),
        sentence=pointed("/blocks/1/block_id", "`block_id` b already exists"),
        source="memory",
    ),
    accepted("markdown", POST, block_message({"type": "markdown", "text": "**x**"})),
    refused_blocks(
        "markdown over 12 000",
        {"type": "markdown", "text": "x" * 12_001},
        sentence=pointed("/blocks/0/text", "must be less than 12001 characters"),
    ),
    refused_blocks(
        "a picture without words for it",
        {"type": "image", "image_url": "https://example.com/a.png"},
        sentence=pointed("/blocks/0", "missing required field: alt_text"),
    ),
]
PRESSED = [
    accepted("25 buttons", POST, block_message(actions(*[button(f"a{n}") for n in range(25)]))),
    refused_blocks(
        "26 buttons",
        actions(*[button(f"a{n}") for n in range(26)]),
        sentence=pointed("/blocks/0/elements", "no more than 25 items allowed"),
    ),
    refused_blocks(
        "no button", actions(), sentence=pointed("/blocks/0/elements", "must provide at least 1 items")
    ),
    accepted("a label of 75", POST, block_message(actions(button(text="t" * 75)))),
    refused_blocks(
        "a label of 76",
        actions(button(text="t" * 76)),
        sentence=pointed("/blocks/0/elements/0/text/text", "must be less than 76 characters"),
    ),
    refused_blocks(
        "a value of 2001",
        actions(button(value="v" * 2001)),
        sentence=pointed("/blocks/0/elements/0/value", "must be less than 2001 characters"),
    ),
    refused_blocks(
        "an action id of 256",
        actions(button("a" * 256)),
        sentence=pointed("/blocks/0/elements/0/action_id", "must be less than 256 characters"),
    ),
    refused_blocks(
        "an action id twice in a block",
        actions(button("a"), button("a")),
        sentence=pointed("/blocks/0/elements/1/action_id", "`action_id` a already exists"),
        source="memory",
    ),
    accepted(
        "an action id twice in two blocks", POST, block_message(actions(button("a")), actions(button("a")))
    ),
    refused_blocks(
        "a green button",
        actions(button(style="success")),
        sentence=pointed("/blocks/0/elements/0/style", "must be a valid enum value"),
        source="memory",
    ),
    refused_blocks(
        "a disabled button",
        actions(button(disabled=True)),
        sentence=pointed("/blocks/0/elements/0", "invalid additional property: disabled"),
    ),
    refused_blocks(
        "a label in mrkdwn",
        actions({**button(), "text": mrkdwn("x")}),
        sentence=pointed("/blocks/0/elements/0/text/type", "unsupported type: mrkdwn"),
    ),
    refused_blocks(
        "words for the ear over 75",
        actions(button(accessibility_label="w" * 76)),
        sentence=pointed("/blocks/0/elements/0/accessibility_label", "must be less than 76 characters"),
    ),
    accepted("a menu of 100", POST, block_message(actions(select(options=options(100))))),
    refused_blocks(
        "a menu of 101",
        actions(select(options=options(101))),
        sentence=pointed("/blocks/0/elements/0/options", "no more than 100 items allowed"),
    ),
    refused_blocks(
        "a menu of nothing",
        section(accessory=select(options=[])),
        sentence=pointed("/blocks/0/accessory/options", "must provide at least 1 items"),
    ),
    refused_blocks(
        "an option of 76",
        actions(select(options=[{"text": plain("o" * 76), "value": "1"}])),
        sentence=pointed("/blocks/0/elements/0/options/0/text/text", "must be less than 76 characters"),
    ),
    refused_blocks(
        "eleven boxes",
        section(accessory={"type": "checkboxes", "action_id": "c", "options": options(11)}),
        sentence=pointed("/blocks/0/accessory/options", "no more than 10 items allowed"),
    ),
    refused_blocks(
        "an input element among buttons",
        actions({"type": "plain_text_input", "action_id": "w"}),
        sentence=pointed("/blocks/0/elements/0/type", "unsupported type: plain_text_input"),
    ),
    refused_blocks(
        "a question back without its no",
        actions(
            button(confirm={"title": plain("Sure?"), "text": plain("It is final."), "confirm": plain("Yes")})
        ),
        sentence=pointed("/blocks/0/elements/0/confirm", "missing required field: deny"),
    ),
]
TABLES = [
    accepted("a table", POST, block_message(table(3, 4))),
    accepted(
        "a column as it is",
        POST,
        block_message({**table(2, 2), "column_settings": [None, {"align": "right"}]}),
    ),
    refused_blocks(
        "101 rows", table(101, 1), sentence=pointed("/blocks/0/rows", "no more than 100 items allowed")
    ),
    refused_blocks(
        "21 cells", table(1, 21), sentence=pointed("/blocks/0/rows/0", "no more than 20 items allowed")
    ),
    refused_blocks(
        "an empty cell",
        table(1, 1, ""),
        sentence=pointed("/blocks/0/rows/0/0/text", "must be more than 0 characters"),
    ),
    refused(
        "two tables",
        POST,
        block_message(table(1, 1), table(1, 1)),
        "invalid_attachments",
        "only_one_table_allowed",
        source="seen",
    ),
]


def refused_view(about: str, shown: dict[str, object], sentence: str, **more: object) -> SlackCase:
    """A modal that is refused; before its trigger is looked at."""
    return refused(about, OPEN, open_view(shown, "1.2.3"), ARGS, sentence, source=more.get("source", "seen"))


VIEWS = [
    refused_view(
        "a title of 25",
        modal(title=plain("t" * 25)),
        pointed("/view/title/text", "must be less than 25 characters"),
    ),
    refused_view(
        "a submit of 25",
        modal(submit=plain("s" * 25)),
        pointed("/view/submit/text", "must be less than 25 characters"),
    ),
    refused_view("no title", modal(title=None), pointed("/view", "missing required field: title")),
    refused_view(
        "no blocks",
        {"type": "modal", "title": plain("x")},
        pointed("/view", "missing required field: blocks"),
    ),
    refused_view(
        "something more",
        modal(submit_disabled=True),
        pointed("/view", "invalid additional property: submit_disabled"),
    ),
    refused_view(
        "something more: no schema",
        modal(submit_disabled=True),
        pointed("/view", "failed to match all allowed schemas"),
    ),
    refused_view(
        "101 blocks",
        modal(*[{"type": "divider"}] * 101),
        pointed("/view/blocks", "no more than 100 items allowed"),
    ),
    refused_view(
        "a memory of 3001",
        modal(private_metadata="m" * 3001),
        pointed("/view/private_metadata", "must be less than 3001 characters"),
    ),
    refused_view(
        "a question without a button to send it",
        modal(section(), input_block(), submit=None),
        pointed("/view/blocks/1/input", "must define `submit` to use an `input` block in modals"),
    ),
    refused_view("a table", modal(table(1, 1)), pointed("/view/blocks/0/type", "unsupported type: table")),
    refused_view(
        "a number that may be anything",
        modal(input_block({"type": "number_input", "action_id": "n"})),
        pointed("/view/blocks/0/element", "missing required field: is_decimal_allowed"),
    ),
    refused_view(
        "an empty option",
        modal(input_block(select(options=[{"text": plain(""), "value": "1"}]))),
        pointed("/view/blocks/0/element/options/0/text", "failed to match all allowed schemas"),
    ),
    refused_view(
        "no such surface", {**modal(), "type": "window"}, pointed("/view/type", "unsupported type: window")
    ),
    refused(
        "a home tab with a data chart",
        "views.publish",
        {"user_id": "$rosa", "view": home({"type": "data_visualization"})},
        ARGS,
        pointed("/view/blocks/0/type", "unsupported type: data_visualization"),
        source="seen",
    ),
    refused(
        "a home tab with a title",
        "views.publish",
        {"user_id": "$rosa", "view": home(title=plain("x"))},
        ARGS,
        pointed("/view", "invalid additional property: title"),
        source="seen",
    ),
]
VALIDATED = [
    accepted("good blocks", "blocks.validate", {"blocks": [section()]}),
    accepted("a good message", "blocks.validate", {"message": {"blocks": [section()]}}),
    accepted("a good view", "blocks.validate", {"view": modal()}),
    refused("two things", "blocks.validate", {"blocks": [section()], "view": modal()}, ARGS),
    refused(
        "nothing", "blocks.validate", {}, ARGS, "must provide exactly one of `blocks`, `view`, or `message`"
    ),
    refused(
        "an unknown kind of text",
        "blocks.validate",
        {"blocks": [{"type": "section", "text": {"type": "invalid", "text": "x"}}]},
        "invalid_blocks",
        "/0/text/type: unsupported type: invalid",
    ),
    refused(
        "a bad view",
        "blocks.validate",
        {"view": modal(title=plain("t" * 25))},
        "invalid_view",
        "/title/text: must be less than 25 characters",
    ),
    refused(
        "a bad message",
        "blocks.validate",
        {"message": {"blocks": [{"type": "sections"}]}},
        "invalid_message",
        "/blocks/0/type: unsupported type: sections",
    ),
]
BLOCK_CASES = [*TEXTS, *PRESSED, *TABLES, *VIEWS, *VALIDATED]
