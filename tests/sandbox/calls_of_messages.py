"""Calls about texts, their HTML, answers to them and changes of them."""

from typing import Any

from tests.sandbox.row import (
    BAD,
    ENTITIES,
    KEYBOARD,
    NOT_MODIFIED,
    OTHER_KEYBOARD,
    entity,
    html,
    no,
    ok,
    say,
)

TEXTS = [
    ok("plain text", "sendMessage", say("Hello"), {"text": "Hello"}),
    ok("a method's case does not matter", "sendmessage", say("Hello"), {"text": "Hello"}),
    ok("a number as text", "sendMessage", say(42), {"text": "42"}),
    ok("spaces at both ends are cut", "sendMessage", say("  a b \n"), {"text": "a b"}),
    ok("4096 characters", "sendMessage", say("a" * 4096), {"text": "a" * 4096}),
    ok("4096 characters outside the basic plane", "sendMessage", say("😀" * 4096), {"text": "😀" * 4096}),
    ok("tags do not count", "sendMessage", html("<b>" + "a" * 4096 + "</b>"), {"text": "a" * 4096}),
    no("4097 characters", "sendMessage", say("a" * 4097), f"{BAD}message is too long"),
    ok("32 768 bytes in tags", "sendMessage", html("<b></b>" * 4681 + "a"), {"text": "a"}),
    no("more than 32 768 bytes", "sendMessage", html("<b></b>" * 4682), f"{BAD}text is too long"),
    no("empty text", "sendMessage", say(""), f"{BAD}message text is empty"),
    no("no text", "sendMessage", {"chat_id": "$me"}, f"{BAD}message text is empty"),
    no("only spaces", "sendMessage", say(" \n "), f"{BAD}text must be non-empty"),
    no("only tags", "sendMessage", html("<b></b>"), f"{BAD}text must be non-empty"),
    no(
        "a parse mode that is none",
        "sendMessage",
        say("a", parse_mode="BBCode"),
        f"{BAD}unsupported parse_mode",
    ),
    no("the text is read before the chat", "sendMessage", say("", 987654), f"{BAD}message text is empty"),
]

HTML = [
    ok(
        "bold and italic",
        "sendMessage",
        html("<b>one</b> <i>two</i>"),
        {"text": "one two", "entities": [entity("bold", 0, 3), entity("italic", 4, 3)]},
    ),
    ok(
        "offsets are UTF-16 units",
        "sendMessage",
        html("😀 <b>x</b>"),
        {"text": "😀 x", "entities": [entity("bold", 3, 1)]},
    ),
    ok("a link", "sendMessage", html('<a href="https://a.example/">x</a>'), {"text": "x"}),
    ok("references", "sendMessage", html("&lt;b&gt; &amp; &quot;&#65;&#x42;"), {"text": '<b> & "AB'}),
    ok("a reference that is none stays", "sendMessage", html("5 &euro; &"), {"text": "5 &euro; &"}),
    ok("tags in capitals", "sendMessage", html("<B>x</b>"), {"entities": [entity("bold", 0, 1)]}),
    ok("an end tag without a name", "sendMessage", html("<b>x</>"), {"entities": [entity("bold", 0, 1)]}),
    ok("strike", "sendMessage", html("<del>x</del>"), {"entities": [entity("strikethrough", 0, 1)]}),
    ok(
        "a spoiler",
        "sendMessage",
        html('<span class="tg-spoiler">x</span>'),
        {"entities": [entity("spoiler", 0, 1)]},
    ),
    ok(
        "a folded quotation",
        "sendMessage",
        html("<blockquote expandable>x</blockquote>"),
        {"entities": [entity("expandable_blockquote", 0, 1)]},
    ),
    ok(
        "a program with its language",
        "sendMessage",
        html('<pre><code class="language-sql">x</code></pre>'),
        {"entities": [entity("pre", 0, 1, language="sql")]},
    ),
    ok(
        "a command is found in the text",
        "sendMessage",
        say("/help"),
        {"entities": [entity("bot_command", 0, 5)]},
    ),
    no(
        "div", "sendMessage", html("a<div>b</div>"), f'{ENTITIES}Unsupported start tag "div" at byte offset 1'
    ),
    no("br", "sendMessage", html("a<br/>"), f'{ENTITIES}Unsupported start tag "br/" at byte offset 1'),
    no("a bare <", "sendMessage", html("1 < 2 > 0"), f'{ENTITIES}Unsupported start tag "" at byte offset 2'),
    no(
        "offsets are bytes",
        "sendMessage",
        html("é<h1>"),
        f'{ENTITIES}Unsupported start tag "h1" at byte offset 2',
    ),
    no(
        "never closed",
        "sendMessage",
        html("<b>x"),
        f'{ENTITIES}Can\'t find end tag corresponding to start tag "b"',
    ),
    no(
        "closed in the wrong order",
        "sendMessage",
        html("<b><i>x</b></i>"),
        f'{ENTITIES}Unmatched end tag at byte offset 7, expected "</i>", found "</b>"',
    ),
    no(
        "a wrong end in capitals",
        "sendMessage",
        html("<b>x</I>"),
        f'{ENTITIES}Unmatched end tag at byte offset 4, expected "</b>", found "</i>"',
    ),
    no(
        "an end without a start",
        "sendMessage",
        html("x</b>"),
        f"{ENTITIES}Unexpected end tag at byte offset 1",
    ),
    no("a start cut off", "sendMessage", html("x<b"), f"{ENTITIES}Unclosed start tag at byte offset 1"),
    no("an end cut off", "sendMessage", html("<b>x</b"), f"{ENTITIES}Unclosed end tag at byte offset 4"),
    no(
        "no attribute name",
        "sendMessage",
        html('<a ="x">y</a>'),
        f'{ENTITIES}Empty attribute name in the tag "a" at byte offset 0',
    ),
    no(
        "an attribute cut off",
        "sendMessage",
        html('x<a href="y'),
        f"{ENTITIES}Unclosed start tag at byte offset 1",
    ),
    no(
        "a value cut off",
        "sendMessage",
        html("x<a href="),
        f'{ENTITIES}Unclosed start tag "a" at byte offset 1',
    ),
    no(
        "an address without quotes",
        "sendMessage",
        html("<a href=http://x>y</a>"),
        f"{ENTITIES}Unexpected end of name token at byte offset 8",
    ),
    no(
        "a span that is no spoiler",
        "sendMessage",
        html('<span class="red">x</span>'),
        f'{ENTITIES}Tag "span" must have class "tg-spoiler" at byte offset 0',
    ),
]


def of(name: str, **more: Any) -> dict[str, Any]:
    return {"chat_id": "$me", "message_id": name, **more}


REPLIES = [
    ok(
        "an answer to a message",
        "sendMessage",
        say("x", reply_parameters={"message_id": "$theirs"}),
        {"reply_to_message": {"text": "Good morning"}},
    ),
    no(
        "an answer to nothing",
        "sendMessage",
        say("x", reply_parameters={"message_id": 999_999}),
        f"{BAD}message to be replied not found",
    ),
    ok(
        "an answer to nothing, sent all the same",
        "sendMessage",
        say("x", reply_parameters={"message_id": 999_999, "allow_sending_without_reply": True}),
        {"text": "x"},
    ),
    ok("a copy", "copyMessage", of("$theirs", from_chat_id="$me"), {}),
    no("a copy of nothing", "copyMessage", of("0", from_chat_id="$me"), f"{BAD}message to copy not found"),
    ok("a reaction", "setMessageReaction", of("$theirs", reaction=[{"type": "emoji", "emoji": "👍"}])),
    no("a reaction to nothing", "setMessageReaction", of("999999"), f"{BAD}message to react not found"),
    ok("pinned", "pinChatMessage", of("$mine")),
    no("nothing to pin", "pinChatMessage", of("999999"), f"{BAD}message to pin not found"),
    no("nothing to unpin", "unpinChatMessage", of("999999"), f"{BAD}message to unpin not found"),
]

EDITS = [
    ok("other words", "editMessageText", of("$mine", text="Bye"), {"text": "Bye"}),
    ok(
        "a keyboard added",
        "editMessageText",
        of("$mine", text="Hello", reply_markup=KEYBOARD),
        {"text": "Hello"},
    ),
    ok("the same words without the keyboard", "editMessageText", of("$card", text="Pick"), {"text": "Pick"}),
    no("the same words", "editMessageText", of("$mine", text="Hello"), NOT_MODIFIED),
    no("the same card", "editMessageText", of("$card", text="Pick", reply_markup=KEYBOARD), NOT_MODIFIED),
    no("words of nothing", "editMessageText", of("999999", text="x"), f"{BAD}message to edit not found"),
    no("of no message", "editMessageText", {"text": "x"}, f"{BAD}message identifier is not specified"),
    no("somebody else's words", "editMessageText", of("$theirs", text="x"), f"{BAD}message can't be edited"),
    no("no words", "editMessageText", of("$mine", text=""), f"{BAD}message text is empty"),
    no("too many words", "editMessageText", of("$mine", text="a" * 4097), f"{BAD}message is too long"),
    no(
        "words of a document",
        "editMessageText",
        of("$paper", text="x"),
        f"{BAD}there is no text in the message to edit",
    ),
    ok("another caption", "editMessageCaption", of("$paper", caption="Offer"), {"caption": "Offer"}),
    no(
        "a caption of 1025",
        "editMessageCaption",
        of("$paper", caption="a" * 1025),
        f"{BAD}message caption is too long",
    ),
    no(
        "a caption of a text",
        "editMessageCaption",
        of("$mine", caption="x"),
        f"{BAD}there is no caption in the message to edit",
    ),
    ok("other buttons", "editMessageReplyMarkup", of("$card", reply_markup=OTHER_KEYBOARD), {"text": "Pick"}),
    no("the same buttons", "editMessageReplyMarkup", of("$card", reply_markup=KEYBOARD), NOT_MODIFIED),
    no("buttons of nothing", "editMessageReplyMarkup", of("999999"), f"{BAD}message to edit not found"),
    no("somebody else's buttons", "editMessageReplyMarkup", of("$theirs"), f"{BAD}message can't be edited"),
    ok("deleted", "deleteMessage", of("$mine")),
    no("nothing to delete", "deleteMessage", of("999999"), f"{BAD}message to delete not found"),
    no("which one", "deleteMessage", {"chat_id": "$me"}, f"{BAD}message identifier is not specified"),
    ok("some are there", "deleteMessages", {"chat_id": "$me", "message_ids": ["$mine", 999_999]}),
    no("none named", "deleteMessages", {"chat_id": "$me"}, f"{BAD}message identifiers are not specified"),
    no(
        "101 at once",
        "deleteMessages",
        {"chat_id": "$me", "message_ids": list(range(1, 102))},
        f"{BAD}too many message identifiers specified",
    ),
]
