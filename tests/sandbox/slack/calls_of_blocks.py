"""The table: Block Kit in messages, modals and home tabs, and blocks.validate."""

from tests.sandbox.slack.row import (
    Row,
    actions,
    asks,
    at,
    button,
    home,
    modal,
    mrkdwn,
    no,
    ok,
    opens,
    options,
    plain,
    post,
    section,
    table,
)

POST, OPEN, BAD, ARGS = "chat.postMessage", "views.open", "invalid_blocks", "invalid_arguments"


def bad(about: str, *blocks: object, says: str, **more: object) -> Row:
    """A message whose blocks are refused."""
    return no(about, POST, post(*blocks), BAD, says, source=more.get("source", "seen"))


def select(**more: object) -> dict[str, object]:
    return {"type": "static_select", "action_id": "s", "placeholder": plain("Choose"), **more}


TEXTS = [
    ok("a section", POST, post(section()), {"message": {"blocks": [{"type": "section"}]}}),
    ok("3000 characters", POST, post(section("x" * 3000))),
    bad("3001", section("x" * 3001), says=at("/blocks/0/text/text", "must be less than 3001 characters")),
    bad(
        "3001: no schema",
        section("x" * 3001),
        says=at("/blocks/0/text", "failed to match all allowed schemas"),
    ),
    bad(
        "a section of nothing", section(""), says=at("/blocks/0/text/text", "must be more than 0 characters")
    ),
    bad(
        "no text and no fields",
        {"type": "section"},
        says=at("/blocks/0/type", "must define either `text` or `fields`"),
    ),
    ok("ten fields", POST, post({"type": "section", "fields": [mrkdwn("f")] * 10})),
    bad(
        "eleven fields",
        {"type": "section", "fields": [mrkdwn("f")] * 11},
        says=at("/blocks/0/fields", "no more than 10 items allowed"),
    ),
    bad(
        "a field of 2001",
        {"type": "section", "fields": [mrkdwn("f" * 2001)]},
        says=at("/blocks/0/fields/0/text", "must be less than 2001 characters"),
    ),
    ok("a header of 150", POST, post({"type": "header", "text": plain("h" * 150)})),
    bad(
        "a header of 151",
        {"type": "header", "text": plain("h" * 151)},
        says=at("/blocks/0/text/text", "must be less than 151 characters"),
    ),
    bad(
        "a header in mrkdwn",
        {"type": "header", "text": mrkdwn("h")},
        says=at("/blocks/0/text/type", "unsupported type: mrkdwn"),
    ),
    ok("ten pieces of context", POST, post({"type": "context", "elements": [mrkdwn("c")] * 10})),
    bad(
        "eleven pieces of context",
        {"type": "context", "elements": [mrkdwn("c")] * 11},
        says=at("/blocks/0/elements", "no more than 10 items allowed"),
    ),
    bad("no such block", {"type": "sections"}, says=at("/blocks/0/type", "unsupported type: sections")),
    bad(
        "a block without a type", {"text": mrkdwn("x")}, says=at("/blocks/0", "missing required field: type")
    ),
    bad("a text without text", {"type": "header"}, says=at("/blocks/0", "missing required field: text")),
    bad("a colour", section(color="red"), says=at("/blocks/0", "invalid additional property: color")),
    ok("fifty blocks", POST, post(*[{"type": "divider"}] * 50)),
    bad("fifty-one blocks", *[{"type": "divider"}] * 51, says=at("/blocks", "no more than 50 items allowed")),
    no(
        "too many characters over all",
        POST,
        post(*[section("x" * 2900)] * 5),
        "msg_blocks_too_long",
        source="seen",
    ),
    bad(
        "a block id of 256",
        section(block_id="b" * 256),
        says=at("/blocks/0/block_id", "must be less than 256 characters"),
    ),
    bad(
        "a block id twice",
        section(block_id="b"),
        section(block_id="b"),
        says=at("/blocks/1/block_id", "`block_id` b already exists"),
        source="memory",
    ),
    ok("markdown", POST, post({"type": "markdown", "text": "**x**"})),
    bad(
        "markdown over 12 000",
        {"type": "markdown", "text": "x" * 12_001},
        says=at("/blocks/0/text", "must be less than 12001 characters"),
    ),
    bad(
        "a picture without words for it",
        {"type": "image", "image_url": "https://example.com/a.png"},
        says=at("/blocks/0", "missing required field: alt_text"),
    ),
]
PRESSED = [
    ok("25 buttons", POST, post(actions(*[button(f"a{n}") for n in range(25)]))),
    bad(
        "26 buttons",
        actions(*[button(f"a{n}") for n in range(26)]),
        says=at("/blocks/0/elements", "no more than 25 items allowed"),
    ),
    bad("no button", actions(), says=at("/blocks/0/elements", "must provide at least 1 items")),
    ok("a label of 75", POST, post(actions(button(text="t" * 75)))),
    bad(
        "a label of 76",
        actions(button(text="t" * 76)),
        says=at("/blocks/0/elements/0/text/text", "must be less than 76 characters"),
    ),
    bad(
        "a value of 2001",
        actions(button(value="v" * 2001)),
        says=at("/blocks/0/elements/0/value", "must be less than 2001 characters"),
    ),
    bad(
        "an action id of 256",
        actions(button("a" * 256)),
        says=at("/blocks/0/elements/0/action_id", "must be less than 256 characters"),
    ),
    bad(
        "an action id twice in a block",
        actions(button("a"), button("a")),
        says=at("/blocks/0/elements/1/action_id", "`action_id` a already exists"),
        source="memory",
    ),
    ok("an action id twice in two blocks", POST, post(actions(button("a")), actions(button("a")))),
    bad(
        "a green button",
        actions(button(style="success")),
        says=at("/blocks/0/elements/0/style", "must be a valid enum value"),
        source="memory",
    ),
    bad(
        "a disabled button",
        actions(button(disabled=True)),
        says=at("/blocks/0/elements/0", "invalid additional property: disabled"),
    ),
    bad(
        "a label in mrkdwn",
        actions({**button(), "text": mrkdwn("x")}),
        says=at("/blocks/0/elements/0/text/type", "unsupported type: mrkdwn"),
    ),
    bad(
        "words for the ear over 75",
        actions(button(accessibility_label="w" * 76)),
        says=at("/blocks/0/elements/0/accessibility_label", "must be less than 76 characters"),
    ),
    ok("a menu of 100", POST, post(actions(select(options=options(100))))),
    bad(
        "a menu of 101",
        actions(select(options=options(101))),
        says=at("/blocks/0/elements/0/options", "no more than 100 items allowed"),
    ),
    bad(
        "a menu of nothing",
        section(accessory=select(options=[])),
        says=at("/blocks/0/accessory/options", "must provide at least 1 items"),
    ),
    bad(
        "an option of 76",
        actions(select(options=[{"text": plain("o" * 76), "value": "1"}])),
        says=at("/blocks/0/elements/0/options/0/text/text", "must be less than 76 characters"),
    ),
    bad(
        "eleven boxes",
        section(accessory={"type": "checkboxes", "action_id": "c", "options": options(11)}),
        says=at("/blocks/0/accessory/options", "no more than 10 items allowed"),
    ),
    bad(
        "an input element among buttons",
        actions({"type": "plain_text_input", "action_id": "w"}),
        says=at("/blocks/0/elements/0/type", "unsupported type: plain_text_input"),
    ),
    bad(
        "a question back without its no",
        actions(
            button(confirm={"title": plain("Sure?"), "text": plain("It is final."), "confirm": plain("Yes")})
        ),
        says=at("/blocks/0/elements/0/confirm", "missing required field: deny"),
    ),
]
TABLES = [
    ok("a table", POST, post(table(3, 4))),
    ok("a column as it is", POST, post({**table(2, 2), "column_settings": [None, {"align": "right"}]})),
    bad("101 rows", table(101, 1), says=at("/blocks/0/rows", "no more than 100 items allowed")),
    bad("21 cells", table(1, 21), says=at("/blocks/0/rows/0", "no more than 20 items allowed")),
    bad(
        "an empty cell", table(1, 1, ""), says=at("/blocks/0/rows/0/0/text", "must be more than 0 characters")
    ),
    no(
        "two tables",
        POST,
        post(table(1, 1), table(1, 1)),
        "invalid_attachments",
        "only_one_table_allowed",
        source="seen",
    ),
]


def view(about: str, shown: dict[str, object], says: str, **more: object) -> Row:
    """A modal that is refused; before its trigger is looked at."""
    return no(about, OPEN, opens(shown, "1.2.3"), ARGS, says, source=more.get("source", "seen"))


VIEWS = [
    view(
        "a title of 25",
        modal(title=plain("t" * 25)),
        at("/view/title/text", "must be less than 25 characters"),
    ),
    view(
        "a submit of 25",
        modal(submit=plain("s" * 25)),
        at("/view/submit/text", "must be less than 25 characters"),
    ),
    view("no title", modal(title=None), at("/view", "missing required field: title")),
    view("no blocks", {"type": "modal", "title": plain("x")}, at("/view", "missing required field: blocks")),
    view(
        "something more",
        modal(submit_disabled=True),
        at("/view", "invalid additional property: submit_disabled"),
    ),
    view(
        "something more: no schema",
        modal(submit_disabled=True),
        at("/view", "failed to match all allowed schemas"),
    ),
    view(
        "101 blocks",
        modal(*[{"type": "divider"}] * 101),
        at("/view/blocks", "no more than 100 items allowed"),
    ),
    view(
        "a memory of 3001",
        modal(private_metadata="m" * 3001),
        at("/view/private_metadata", "must be less than 3001 characters"),
    ),
    view(
        "a question without a button to send it",
        modal(section(), asks(), submit=None),
        at("/view/blocks/1/input", "must define `submit` to use an `input` block in modals"),
    ),
    view("a table", modal(table(1, 1)), at("/view/blocks/0/type", "unsupported type: table")),
    view(
        "a number that may be anything",
        modal(asks({"type": "number_input", "action_id": "n"})),
        at("/view/blocks/0/element", "missing required field: is_decimal_allowed"),
    ),
    view(
        "an empty option",
        modal(asks(select(options=[{"text": plain(""), "value": "1"}]))),
        at("/view/blocks/0/element/options/0/text", "failed to match all allowed schemas"),
    ),
    view("no such surface", {**modal(), "type": "window"}, at("/view/type", "unsupported type: window")),
    no(
        "a home tab with a data chart",
        "views.publish",
        {"user_id": "$rosa", "view": home({"type": "data_visualization"})},
        ARGS,
        at("/view/blocks/0/type", "unsupported type: data_visualization"),
        source="seen",
    ),
    no(
        "a home tab with a title",
        "views.publish",
        {"user_id": "$rosa", "view": home(title=plain("x"))},
        ARGS,
        at("/view", "invalid additional property: title"),
        source="seen",
    ),
]
VALIDATED = [
    ok("good blocks", "blocks.validate", {"blocks": [section()]}),
    ok("a good message", "blocks.validate", {"message": {"blocks": [section()]}}),
    ok("a good view", "blocks.validate", {"view": modal()}),
    no("two things", "blocks.validate", {"blocks": [section()], "view": modal()}, ARGS),
    no("nothing", "blocks.validate", {}, ARGS, "must provide exactly one of `blocks`, `view`, or `message`"),
    no(
        "an unknown kind of text",
        "blocks.validate",
        {"blocks": [{"type": "section", "text": {"type": "invalid", "text": "x"}}]},
        "invalid_blocks",
        "/0/text/type: unsupported type: invalid",
    ),
    no(
        "a bad view",
        "blocks.validate",
        {"view": modal(title=plain("t" * 25))},
        "invalid_view",
        "/title/text: must be less than 25 characters",
    ),
    no(
        "a bad message",
        "blocks.validate",
        {"message": {"blocks": [{"type": "sections"}]}},
        "invalid_message",
        "/blocks/0/type: unsupported type: sections",
    ),
]
OF_BLOCKS = [*TEXTS, *PRESSED, *TABLES, *VIEWS, *VALIDATED]
