"""The table: calls about chats, keyboards, presses, documents and the bot itself, and all the others."""

from typing import Any

from tests.sandbox.calls_of_messages import EDITS, HTML, REPLIES, TEXTS
from tests.sandbox.row import BAD, BUTTON, ENTITIES, TOO_OLD, Row, grid, keys, no, ok, one, say

CHATS = [
    no("nobody", "sendMessage", say("x", 987654), f"{BAD}chat not found"),
    no("a name that nobody has", "sendMessage", say("x", "@nobody_has_this"), f"{BAD}chat not found"),
    no("no chat", "sendMessage", {"text": "x"}, f"{BAD}chat_id is empty"),
    ok("a chat as a string", "sendMessage", say("x", "$me as text"), {"chat": {"type": "private"}}),
    no(
        "has never spoken to the bot",
        "sendMessage",
        say("x", "$never"),
        "Forbidden: bot can't initiate conversation with a user",
        403,
    ),
    no(
        "has blocked the bot",
        "sendMessage",
        say("x", "$blocked"),
        "Forbidden: bot was blocked by the user",
        403,
    ),
    no("is deactivated", "sendMessage", say("x", "$gone"), "Forbidden: user is deactivated", 403),
    ok("a group", "sendMessage", say("x", "$group"), {"chat": {"type": "group"}}),
    no(
        "a group without the bot",
        "sendMessage",
        say("x", "$elsewhere"),
        "Forbidden: bot is not a member of the group chat",
        403,
    ),
    no(
        "a forum without the bot",
        "sendMessage",
        say("x", "$faraway"),
        "Forbidden: bot is not a member of the supergroup chat",
        403,
    ),
    ok(
        "a topic",
        "sendMessage",
        say("x", "$forum", message_thread_id="$topic"),
        {"is_topic_message": True, "chat": {"type": "supergroup", "is_forum": True}},
    ),
    no(
        "a topic that is none",
        "sendMessage",
        say("x", "$forum", message_thread_id=999_999),
        f"{BAD}message thread not found",
    ),
    no(
        "a topic of a private chat",
        "sendMessage",
        say("x", message_thread_id=7),
        f"{BAD}message thread not found",
    ),
    no(
        "no topics there",
        "createForumTopic",
        {"chat_id": "$group", "name": "x"},
        f"{BAD}the chat is not a forum",
    ),
    ok("a new topic", "createForumTopic", {"chat_id": "$forum", "name": "Chairs"}, {"name": "Chairs"}),
    no(
        "a topic with the name that it has",
        "editForumTopic",
        {"chat_id": "$forum", "message_thread_id": "$topic", "name": "Desks"},
        f"{BAD}TOPIC_NOT_MODIFIED",
    ),
    ok(
        "a topic with another name",
        "editForumTopic",
        {"chat_id": "$forum", "message_thread_id": "$topic", "name": "Tables"},
    ),
    no(
        "a topic with too long a name",
        "editForumTopic",
        {"chat_id": "$forum", "message_thread_id": "$topic", "name": "x" * 129},
        f"{BAD}TOPIC_TITLE_INVALID",
    ),
    ok("a topic is closed", "closeForumTopic", {"chat_id": "$forum", "message_thread_id": "$topic"}),
    no(
        "an open topic is opened",
        "reopenForumTopic",
        {"chat_id": "$forum", "message_thread_id": "$topic"},
        f"{BAD}TOPIC_NOT_MODIFIED",
    ),
    no(
        "a topic that is none is closed",
        "closeForumTopic",
        {"chat_id": "$forum", "message_thread_id": 999_999},
        f"{BAD}TOPIC_ID_INVALID",
    ),
    ok("a topic is deleted", "deleteForumTopic", {"chat_id": "$forum", "message_thread_id": "$topic"}),
    no(
        "a topic without a name",
        "createForumTopic",
        {"chat_id": "$forum", "name": ""},
        f"{BAD}name must be non-empty",
    ),
    ok("is typing", "sendChatAction", {"chat_id": "$me", "action": "typing"}),
    no(
        "does nothing known",
        "sendChatAction",
        {"chat_id": "$me", "action": "dance"},
        f"{BAD}wrong parameter action in request",
    ),
    ok("a chat", "getChat", {"chat_id": "$me"}, {"type": "private"}),
    no("a chat of nobody", "getChat", {"chat_id": 987654}, f"{BAD}chat not found"),
    ok("a member", "getChatMember", {"chat_id": "$group", "user_id": "$me"}, {"status": "member"}),
    ok("no member", "getChatMember", {"chat_id": "$group", "user_id": "$never"}, {"status": "left"}),
    no("a member without an id", "getChatMember", {"chat_id": "$group"}, f"{BAD}invalid user_id specified"),
]

KEYBOARDS = [
    ok(
        "a button",
        "sendMessage",
        one(text="Yes", callback_data="y"),
        {"reply_markup": {"inline_keyboard": [[{"text": "Yes", "callback_data": "y"}]]}},
    ),
    ok("a keyboard as text", "sendMessage", say("x", reply_markup='{"inline_keyboard": []}'), {"text": "x"}),
    ok("64 bytes of data", "sendMessage", one(text="x", callback_data="a" * 64), {"text": "Pick"}),
    no("65 bytes of data", "sendMessage", one(text="x", callback_data="a" * 65), f"{BAD}BUTTON_DATA_INVALID"),
    no(
        "bytes, not letters",
        "sendMessage",
        one(text="x", callback_data="é" * 33),
        f"{BAD}BUTTON_DATA_INVALID",
    ),
    no(
        "a button that does nothing",
        "sendMessage",
        one(text="x"),
        f"{BUTTON}Text buttons are unallowed in the inline keyboard",
    ),
    no(
        "empty data is none",
        "sendMessage",
        one(text="x", callback_data=""),
        f"{BUTTON}Text buttons are unallowed in the inline keyboard",
    ),
    no("no label", "sendMessage", one(callback_data="y"), f'{BUTTON}Can\'t find field "text"'),
    no(
        "an empty label",
        "sendMessage",
        one(text="", callback_data="y"),
        f"{BAD}inline keyboard button text must be non-empty",
    ),
    no("no button", "sendMessage", keys(["Yes"]), f"{BUTTON}InlineKeyboardButton must be an Object"),
    no(
        "a row that is none",
        "sendMessage",
        keys({"text": "x"}),
        f'{BAD}field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays',
    ),
    no(
        "no JSON",
        "sendMessage",
        say("x", reply_markup="{"),
        f"{BAD}can't parse reply keyboard markup JSON object",
    ),
    no("no object", "sendMessage", say("x", reply_markup="[]"), f"{BAD}object expected as reply markup"),
    ok("green", "sendMessage", one(text="x", callback_data="y", style="success"), {"text": "Pick"}),
    no(
        "a colour that is none",
        "sendMessage",
        one(text="x", callback_data="y", style="pink"),
        f"{BUTTON}invalid button style specified",
    ),
    ok("100 buttons", "sendMessage", grid(100, 8), {"text": "Pick"}),
    no("101 buttons", "sendMessage", grid(101, 8), f"{BAD}reply markup is too long"),
    no("9 in a row", "sendMessage", grid(9, 9), f"{BAD}reply markup is too long"),
    ok("a web app", "sendMessage", one(text="x", web_app={"url": "https://a.example/"}), {"text": "Pick"}),
    no(
        "a web app in a group",
        "sendMessage",
        keys([{"text": "x", "web_app": {"url": "https://a.example/"}}], chat="$group"),
        f"{BAD}BUTTON_TYPE_INVALID",
    ),
]


PRESSES = [
    ok("answered", "answerCallbackQuery", {"callback_query_id": "$press", "text": "Done"}),
    ok("200 characters", "answerCallbackQuery", {"callback_query_id": "$press", "text": "a" * 200}),
    no(
        "201",
        "answerCallbackQuery",
        {"callback_query_id": "$press", "text": "a" * 201},
        f"{BAD}MESSAGE_TOO_LONG",
    ),
    no("a press that never was", "answerCallbackQuery", {"callback_query_id": "12345"}, TOO_OLD),
    no("no press", "answerCallbackQuery", {}, TOO_OLD),
]

PDF = b"%PDF-1.4\n%%EOF\n"
DOCUMENTS = [
    ok(
        "an upload",
        "sendDocument",
        {"chat_id": "$me", "caption": "<b>Offer</b>", "parse_mode": "HTML"},
        {"caption": "Offer", "document": {"file_name": "document.pdf", "file_size": len(PDF)}},
        files={"document": PDF},
    ),
    ok(
        "an upload under another name",
        "sendDocument",
        {"chat_id": "$me", "document": "attach://paper"},
        {"document": {"file_name": "paper.pdf"}},
        files={"paper": PDF},
    ),
    ok(
        "a file sent again",
        "sendDocument",
        {"chat_id": "$me", "document": "$file"},
        {"document": {"file_id": "$file"}},
    ),
    no("no document", "sendDocument", {"chat_id": "$me"}, f"{BAD}there is no document in the request"),
    no(
        "an attachment that is missing",
        "sendDocument",
        {"chat_id": "$me", "document": "attach://paper"},
        f"{BAD}there is no document in the request",
    ),
    no(
        "an empty file",
        "sendDocument",
        {"chat_id": "$me"},
        f"{BAD}file must be non-empty",
        files={"document": b""},
    ),
    ok(
        "1024 characters of caption",
        "sendDocument",
        {"chat_id": "$me", "document": "$file", "caption": "a" * 1024},
        {"caption": "a" * 1024},
    ),
    no(
        "1025 characters of caption",
        "sendDocument",
        {"chat_id": "$me", "document": "$file", "caption": "a" * 1025},
        f"{BAD}message caption is too long",
    ),
    no(
        "a wrong tag in a caption",
        "sendDocument",
        {"chat_id": "$me", "document": "$file", "caption": "<p>", "parse_mode": "HTML"},
        f'{ENTITIES}Unsupported start tag "p" at byte offset 0',
    ),
    ok("where a file lies", "getFile", {"file_id": "$file"}, {"file_id": "$file", "file_size": len(PDF)}),
    no("no file", "getFile", {}, f"{BAD}file_id not specified"),
    no("a file nobody knows", "getFile", {"file_id": "nothing"}, f"{BAD}invalid file_id"),
]


def menu(*commands: Any, **more: Any) -> dict[str, Any]:
    return {"commands": list(commands), **more}


HELP = {"command": "help", "description": "What I can do"}
THEMSELVES = [
    ok("who it is", "getMe", {}, {"is_bot": True, "can_join_groups": True}),
    no("a method that is none", "sendTelepathy", {}, "Not Found: method not found", 404),
    no("a token that is none", "getMe", {"$token": "1:wrong"}, "Unauthorized", 401),
    ok("a menu", "setMyCommands", menu(HELP)),
    ok("a menu for a language", "setMyCommands", menu(HELP, language_code="de")),
    ok("no menu yet", "getMyCommands", {"language_code": "fr"}, []),
    ok("32 letters", "setMyCommands", menu(HELP | {"command": "a" * 32})),
    no("33 letters", "setMyCommands", menu(HELP | {"command": "a" * 33}), f"{BAD}BOT_COMMAND_INVALID"),
    no("capitals", "setMyCommands", menu(HELP | {"command": "Help"}), f"{BAD}BOT_COMMAND_INVALID"),
    no(
        "257 letters of description",
        "setMyCommands",
        menu(HELP | {"description": "a" * 257}),
        f"{BAD}BOT_COMMAND_DESCRIPTION_INVALID",
    ),
    no(
        "no description",
        "setMyCommands",
        menu({"command": "help"}),
        f"{BAD}can't parse BotCommand: Can't find field \"description\"",
    ),
    no("no list", "setMyCommands", {"commands": {}}, f"{BAD}expected an Array of BotCommand"),
    no("no JSON", "setMyCommands", {"commands": "["}, f"{BAD}can't parse commands JSON object"),
    no(
        "101 commands",
        "setMyCommands",
        menu(*[{"command": f"c{n}", "description": "x"} for n in range(101)]),
        f"{BAD}BOT_COMMANDS_TOO_MUCH",
    ),
    ok("a webhook", "setWebhook", {"url": "https://a.example/hook", "secret_token": "aZ09_-" * 42 + "1234"}),
    no(
        "257 characters of secret",
        "setWebhook",
        {"url": "https://a.example/hook", "secret_token": "a" * 257},
        f"{BAD}secret token is too long",
    ),
    no(
        "a secret with a space",
        "setWebhook",
        {"url": "https://a.example/hook", "secret_token": "a b"},
        f"{BAD}secret token contains unallowed characters",
    ),
    ok("no webhook", "getWebhookInfo", {}, {"url": "", "has_custom_certificate": False}),
    ok("no webhook to delete", "deleteWebhook", {}),
    ok("from the end", "getUpdates", {"offset": -1}, [{"message": {"text": "Good morning"}}]),
    ok("one at a time", "getUpdates", {"limit": 1}, [{"message": {"text": "Is anybody there?"}}]),
]

CALLS: list[Row] = [
    *TEXTS,
    *HTML,
    *CHATS,
    *KEYBOARDS,
    *REPLIES,
    *EDITS,
    *PRESSES,
    *DOCUMENTS,
    *THEMSELVES,
]
