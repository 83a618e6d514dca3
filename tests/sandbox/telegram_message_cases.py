"""Calls about texts, their HTML, answers to them and changes of them."""

from typing import Any

from tests.sandbox.telegram_case import (
    BAD,
    ENTITIES,
    KEYBOARD,
    NOT_MODIFIED,
    OTHER_KEYBOARD,
    accepted,
    entity,
    html_message,
    refused,
    text_message,
)

TEXTS = [
    accepted("plain text", "sendMessage", text_message("Hello"), {"text": "Hello"}),
    accepted("a method's case does not matter", "sendmessage", text_message("Hello"), {"text": "Hello"}),
    accepted("a number as text", "sendMessage", text_message(42), {"text": "42"}),
    accepted("spaces at both ends are cut", "sendMessage", text_message("  a b \n"), {"text": "a b"}),
    accepted("4096 characters", "sendMessage", text_message("a" * 4096), {"text": "a" * 4096}),
    accepted(
        "4096 characters outside the basic plane",
        "sendMessage",
        text_message("😀" * 4096),
        {"text": "😀" * 4096},
    ),
    accepted(
        "tags do not count", "sendMessage", html_message("<b>" + "a" * 4096 + "</b>"), {"text": "a" * 4096}
    ),
    refused("4097 characters", "sendMessage", text_message("a" * 4097), f"{BAD}message is too long"),
    accepted("32 768 bytes in tags", "sendMessage", html_message("<b></b>" * 4681 + "a"), {"text": "a"}),
    refused(
        "more than 32 768 bytes", "sendMessage", html_message("<b></b>" * 4682), f"{BAD}text is too long"
    ),
    refused("empty text", "sendMessage", text_message(""), f"{BAD}message text is empty"),
    refused("no text", "sendMessage", {"chat_id": "$me"}, f"{BAD}message text is empty"),
    refused("only spaces", "sendMessage", text_message(" \n "), f"{BAD}text must be non-empty"),
    refused("only tags", "sendMessage", html_message("<b></b>"), f"{BAD}text must be non-empty"),
    refused(
        "a parse mode that is none",
        "sendMessage",
        text_message("a", parse_mode="BBCode"),
        f"{BAD}unsupported parse_mode",
    ),
    refused(
        "the text is read before the chat",
        "sendMessage",
        text_message("", 987654),
        f"{BAD}message text is empty",
    ),
]

HTML = [
    accepted(
        "bold and italic",
        "sendMessage",
        html_message("<b>one</b> <i>two</i>"),
        {"text": "one two", "entities": [entity("bold", 0, 3), entity("italic", 4, 3)]},
    ),
    accepted(
        "offsets are UTF-16 units",
        "sendMessage",
        html_message("😀 <b>x</b>"),
        {"text": "😀 x", "entities": [entity("bold", 3, 1)]},
    ),
    accepted("a link", "sendMessage", html_message('<a href="https://a.example/">x</a>'), {"text": "x"}),
    accepted(
        "references", "sendMessage", html_message("&lt;b&gt; &amp; &quot;&#65;&#x42;"), {"text": '<b> & "AB'}
    ),
    accepted(
        "a reference that is none stays", "sendMessage", html_message("5 &euro; &"), {"text": "5 &euro; &"}
    ),
    accepted(
        "tags in capitals", "sendMessage", html_message("<B>x</b>"), {"entities": [entity("bold", 0, 1)]}
    ),
    accepted(
        "an end tag without a name",
        "sendMessage",
        html_message("<b>x</>"),
        {"entities": [entity("bold", 0, 1)]},
    ),
    accepted(
        "strike", "sendMessage", html_message("<del>x</del>"), {"entities": [entity("strikethrough", 0, 1)]}
    ),
    accepted(
        "a spoiler",
        "sendMessage",
        html_message('<span class="tg-spoiler">x</span>'),
        {"entities": [entity("spoiler", 0, 1)]},
    ),
    accepted(
        "a folded quotation",
        "sendMessage",
        html_message("<blockquote expandable>x</blockquote>"),
        {"entities": [entity("expandable_blockquote", 0, 1)]},
    ),
    accepted(
        "a program with its language",
        "sendMessage",
        html_message('<pre><code class="language-sql">x</code></pre>'),
        {"entities": [entity("pre", 0, 1, language="sql")]},
    ),
    accepted(
        "a command is found in the text",
        "sendMessage",
        text_message("/help"),
        {"entities": [entity("bot_command", 0, 5)]},
    ),
    refused(
        "div",
        "sendMessage",
        html_message("a<div>b</div>"),
        f'{ENTITIES}Unsupported start tag "div" at byte offset 1',
    ),
    refused(
        "br", "sendMessage", html_message("a<br/>"), f'{ENTITIES}Unsupported start tag "br/" at byte offset 1'
    ),
    refused(
        "a bare <",
        "sendMessage",
        html_message("1 < 2 > 0"),
        f'{ENTITIES}Unsupported start tag "" at byte offset 2',
    ),
    refused(
        "offsets are bytes",
        "sendMessage",
        html_message("é<h1>"),
        f'{ENTITIES}Unsupported start tag "h1" at byte offset 2',
    ),
    refused(
        "never closed",
        "sendMessage",
        html_message("<b>x"),
        f'{ENTITIES}Can\'t find end tag corresponding to start tag "b"',
    ),
    refused(
        "closed in the wrong order",
        "sendMessage",
        html_message("<b><i>x</b></i>"),
        f'{ENTITIES}Unmatched end tag at byte offset 7, expected "</i>", found "</b>"',
    ),
    refused(
        "a wrong end in capitals",
        "sendMessage",
        html_message("<b>x</I>"),
        f'{ENTITIES}Unmatched end tag at byte offset 4, expected "</b>", found "</i>"',
    ),
    refused(
        "an end without a start",
        "sendMessage",
        html_message("x</b>"),
        f"{ENTITIES}Unexpected end tag at byte offset 1",
    ),
    refused(
        "a start cut off",
        "sendMessage",
        html_message("x<b"),
        f"{ENTITIES}Unclosed start tag at byte offset 1",
    ),
    refused(
        "an end cut off",
        "sendMessage",
        html_message("<b>x</b"),
        f"{ENTITIES}Unclosed end tag at byte offset 4",
    ),
    refused(
        "no attribute name",
        "sendMessage",
        html_message('<a ="x">y</a>'),
        f'{ENTITIES}Empty attribute name in the tag "a" at byte offset 0',
    ),
    refused(
        "an attribute cut off",
        "sendMessage",
        html_message('x<a href="y'),
        f"{ENTITIES}Unclosed start tag at byte offset 1",
    ),
    refused(
        "a value cut off",
        "sendMessage",
        html_message("x<a href="),
        f'{ENTITIES}Unclosed start tag "a" at byte offset 1',
    ),
    refused(
        "an address without quotes",
        "sendMessage",
        html_message("<a href=http://x>y</a>"),
        f"{ENTITIES}Unexpected end of name token at byte offset 8",
    ),
    refused(
        "a span that is no spoiler",
        "sendMessage",
        html_message('<span class="red">x</span>'),
        f'{ENTITIES}Tag "span" must have class "tg-spoiler" at byte offset 0',
    ),
]


def own_message(name: str, **more: Any) -> dict[str, Any]:
    return {"chat_id": "$me", "message_id": name, **more}


REPLIES = [
    accepted(
        "an answer to a message",
        "sendMessage",
        text_message("x", reply_parameters={"message_id": "$theirs"}),
        {"reply_to_message": {"text": "Good morning"}},
    ),
    refused(
        "an answer to nothing",
        "sendMessage",
        text_message("x", reply_parameters={"message_id": 999_999}),
        f"{BAD}message to be replied not found",
    ),
    accepted(
        "an answer to nothing, sent all the same",
        "sendMessage",
        text_message("x", reply_parameters={"message_id": 999_999, "allow_sending_without_reply": True}),
        {"text": "x"},
    ),
    accepted("a copy", "copyMessage", own_message("$theirs", from_chat_id="$me"), {}),
    refused(
        "a copy of nothing",
        "copyMessage",
        own_message("0", from_chat_id="$me"),
        f"{BAD}message to copy not found",
    ),
    accepted(
        "a reaction",
        "setMessageReaction",
        own_message("$theirs", reaction=[{"type": "emoji", "emoji": "👍"}]),
    ),
    *(
        refused(
            f"a reaction that is {about}",
            "setMessageReaction",
            own_message("$theirs", reaction=reaction),
            f"{BAD}{why}",
        )
        for about, reaction, why in (
            ("not offered", [{"type": "emoji", "emoji": "🥑"}], "REACTION_INVALID"),
            ("no emoji", [{"type": "emoji", "emoji": "ok"}], "REACTION_INVALID"),
            (
                "double",
                [{"type": "emoji", "emoji": "👍"}, {"type": "emoji", "emoji": "👀"}],
                "REACTIONS_TOO_MANY",
            ),
            ("of no kind", [{"type": "gif"}], "can't parse ReactionType: unsupported type specified"),
        )
    ),
    refused(
        "a reaction to nothing",
        "setMessageReaction",
        own_message("999999"),
        f"{BAD}message to react not found",
    ),
    accepted("pinned", "pinChatMessage", own_message("$mine")),
    refused("nothing to pin", "pinChatMessage", own_message("999999"), f"{BAD}message to pin not found"),
    refused(
        "nothing to unpin", "unpinChatMessage", own_message("999999"), f"{BAD}message to unpin not found"
    ),
]

EDITS = [
    accepted("other words", "editMessageText", own_message("$mine", text="Bye"), {"text": "Bye"}),
    accepted(
        "a keyboard added",
        "editMessageText",
        own_message("$mine", text="Hello", reply_markup=KEYBOARD),
        {"text": "Hello"},
    ),
    accepted(
        "the same words without the keyboard",
        "editMessageText",
        own_message("$card", text="Pick"),
        {"text": "Pick"},
    ),
    refused("the same words", "editMessageText", own_message("$mine", text="Hello"), NOT_MODIFIED),
    refused(
        "the same card",
        "editMessageText",
        own_message("$card", text="Pick", reply_markup=KEYBOARD),
        NOT_MODIFIED,
    ),
    refused(
        "words of nothing",
        "editMessageText",
        own_message("999999", text="x"),
        f"{BAD}message to edit not found",
    ),
    refused("of no message", "editMessageText", {"text": "x"}, f"{BAD}message identifier is not specified"),
    refused(
        "somebody else's words",
        "editMessageText",
        own_message("$theirs", text="x"),
        f"{BAD}message can't be edited",
    ),
    refused("no words", "editMessageText", own_message("$mine", text=""), f"{BAD}message text is empty"),
    refused(
        "too many words",
        "editMessageText",
        own_message("$mine", text="a" * 4097),
        f"{BAD}message is too long",
    ),
    refused(
        "words of a document",
        "editMessageText",
        own_message("$paper", text="x"),
        f"{BAD}there is no text in the message to edit",
    ),
    accepted(
        "another caption", "editMessageCaption", own_message("$paper", caption="Offer"), {"caption": "Offer"}
    ),
    refused(
        "a caption of 1025",
        "editMessageCaption",
        own_message("$paper", caption="a" * 1025),
        f"{BAD}message caption is too long",
    ),
    refused(
        "a caption of a text",
        "editMessageCaption",
        own_message("$mine", caption="x"),
        f"{BAD}there is no caption in the message to edit",
    ),
    accepted(
        "other buttons",
        "editMessageReplyMarkup",
        own_message("$card", reply_markup=OTHER_KEYBOARD),
        {"text": "Pick"},
    ),
    refused(
        "the same buttons",
        "editMessageReplyMarkup",
        own_message("$card", reply_markup=KEYBOARD),
        NOT_MODIFIED,
    ),
    refused(
        "buttons of nothing",
        "editMessageReplyMarkup",
        own_message("999999"),
        f"{BAD}message to edit not found",
    ),
    refused(
        "somebody else's buttons",
        "editMessageReplyMarkup",
        own_message("$theirs"),
        f"{BAD}message can't be edited",
    ),
    accepted("deleted", "deleteMessage", own_message("$mine")),
    refused("nothing to delete", "deleteMessage", own_message("999999"), f"{BAD}message to delete not found"),
    refused("which one", "deleteMessage", {"chat_id": "$me"}, f"{BAD}message identifier is not specified"),
    accepted("some are there", "deleteMessages", {"chat_id": "$me", "message_ids": ["$mine", 999_999]}),
    refused(
        "none named", "deleteMessages", {"chat_id": "$me"}, f"{BAD}message identifiers are not specified"
    ),
    refused(
        "101 at once",
        "deleteMessages",
        {"chat_id": "$me", "message_ids": list(range(1, 102))},
        f"{BAD}too many message identifiers specified",
    ),
]
