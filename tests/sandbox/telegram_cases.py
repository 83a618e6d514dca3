"""The table: calls about chats, keyboards, presses, documents and the bot itself, and all the others."""

from typing import Any

from tests.sandbox.telegram_case import (
    BAD,
    BUTTON,
    ENTITIES,
    TOO_OLD,
    TelegramCase,
    accepted,
    button_grid,
    button_message,
    keyboard_message,
    refused,
    text_message,
)
from tests.sandbox.telegram_message_cases import EDITS, HTML, REPLIES, TEXTS

CHATS = [
    refused("nobody", "sendMessage", text_message("x", 987654), f"{BAD}chat not found"),
    refused(
        "a name that nobody has", "sendMessage", text_message("x", "@nobody_has_this"), f"{BAD}chat not found"
    ),
    refused("no chat", "sendMessage", {"text": "x"}, f"{BAD}chat_id is empty"),
    accepted(
        "a chat as a string", "sendMessage", text_message("x", "$me as text"), {"chat": {"type": "private"}}
    ),
    refused(
        "has never spoken to the bot",
        "sendMessage",
        text_message("x", "$never"),
        "Forbidden: bot can't initiate conversation with a user",
        403,
    ),
    refused(
        "has blocked the bot",
        "sendMessage",
        text_message("x", "$blocked"),
        "Forbidden: bot was blocked by the user",
        403,
    ),
    refused(
        "is deactivated", "sendMessage", text_message("x", "$gone"), "Forbidden: user is deactivated", 403
    ),
    accepted("a group", "sendMessage", text_message("x", "$group"), {"chat": {"type": "group"}}),
    refused(
        "a group without the bot",
        "sendMessage",
        text_message("x", "$elsewhere"),
        "Forbidden: bot is not a member of the group chat",
        403,
    ),
    refused(
        "a forum without the bot",
        "sendMessage",
        text_message("x", "$faraway"),
        "Forbidden: bot is not a member of the supergroup chat",
        403,
    ),
    accepted(
        "a topic",
        "sendMessage",
        text_message("x", "$forum", message_thread_id="$topic"),
        {"is_topic_message": True, "chat": {"type": "supergroup", "is_forum": True}},
    ),
    refused(
        "a topic that is none",
        "sendMessage",
        text_message("x", "$forum", message_thread_id=999_999),
        f"{BAD}message thread not found",
    ),
    refused(
        "a topic of a private chat",
        "sendMessage",
        text_message("x", message_thread_id=7),
        f"{BAD}message thread not found",
    ),
    refused(
        "no topics there",
        "createForumTopic",
        {"chat_id": "$group", "name": "x"},
        f"{BAD}the chat is not a forum",
    ),
    accepted("a new topic", "createForumTopic", {"chat_id": "$forum", "name": "Chairs"}, {"name": "Chairs"}),
    refused(
        "a topic with the name that it has",
        "editForumTopic",
        {"chat_id": "$forum", "message_thread_id": "$topic", "name": "Desks"},
        f"{BAD}TOPIC_NOT_MODIFIED",
    ),
    accepted(
        "a topic with another name",
        "editForumTopic",
        {"chat_id": "$forum", "message_thread_id": "$topic", "name": "Tables"},
    ),
    refused(
        "a topic with too long a name",
        "editForumTopic",
        {"chat_id": "$forum", "message_thread_id": "$topic", "name": "x" * 129},
        f"{BAD}TOPIC_TITLE_INVALID",
    ),
    accepted("a topic is closed", "closeForumTopic", {"chat_id": "$forum", "message_thread_id": "$topic"}),
    refused(
        "an open topic is opened",
        "reopenForumTopic",
        {"chat_id": "$forum", "message_thread_id": "$topic"},
        f"{BAD}TOPIC_NOT_MODIFIED",
    ),
    refused(
        "a topic that is none is closed",
        "closeForumTopic",
        {"chat_id": "$forum", "message_thread_id": 999_999},
        f"{BAD}TOPIC_ID_INVALID",
    ),
    accepted("a topic is deleted", "deleteForumTopic", {"chat_id": "$forum", "message_thread_id": "$topic"}),
    refused(
        "a topic without a name",
        "createForumTopic",
        {"chat_id": "$forum", "name": ""},
        f"{BAD}name must be non-empty",
    ),
    accepted("is typing", "sendChatAction", {"chat_id": "$me", "action": "typing"}),
    refused(
        "does nothing known",
        "sendChatAction",
        {"chat_id": "$me", "action": "dance"},
        f"{BAD}wrong parameter action in request",
    ),
    accepted("a chat", "getChat", {"chat_id": "$me"}, {"type": "private"}),
    refused("a chat of nobody", "getChat", {"chat_id": 987654}, f"{BAD}chat not found"),
    accepted("a member", "getChatMember", {"chat_id": "$group", "user_id": "$me"}, {"status": "member"}),
    accepted("no member", "getChatMember", {"chat_id": "$group", "user_id": "$never"}, {"status": "left"}),
    refused(
        "a member without an id", "getChatMember", {"chat_id": "$group"}, f"{BAD}invalid user_id specified"
    ),
]

KEYBOARDS = [
    accepted(
        "a button",
        "sendMessage",
        button_message(text="Yes", callback_data="y"),
        {"reply_markup": {"inline_keyboard": [[{"text": "Yes", "callback_data": "y"}]]}},
    ),
    accepted(
        "a keyboard as text",
        "sendMessage",
        text_message("x", reply_markup='{"inline_keyboard": []}'),
        {"text": "x"},
    ),
    accepted(
        "64 bytes of data", "sendMessage", button_message(text="x", callback_data="a" * 64), {"text": "Pick"}
    ),
    refused(
        "65 bytes of data",
        "sendMessage",
        button_message(text="x", callback_data="a" * 65),
        f"{BAD}BUTTON_DATA_INVALID",
    ),
    refused(
        "bytes, not letters",
        "sendMessage",
        button_message(text="x", callback_data="é" * 33),
        f"{BAD}BUTTON_DATA_INVALID",
    ),
    refused(
        "a button that does nothing",
        "sendMessage",
        button_message(text="x"),
        f"{BUTTON}Text buttons are unallowed in the inline keyboard",
    ),
    refused(
        "empty data is none",
        "sendMessage",
        button_message(text="x", callback_data=""),
        f"{BUTTON}Text buttons are unallowed in the inline keyboard",
    ),
    refused(
        "no label", "sendMessage", button_message(callback_data="y"), f'{BUTTON}Can\'t find field "text"'
    ),
    refused(
        "an empty label",
        "sendMessage",
        button_message(text="", callback_data="y"),
        f"{BAD}inline keyboard button text must be non-empty",
    ),
    refused(
        "no button",
        "sendMessage",
        keyboard_message(["Yes"]),
        f"{BUTTON}InlineKeyboardButton must be an Object",
    ),
    refused(
        "a row that is none",
        "sendMessage",
        keyboard_message({"text": "x"}),
        f'{BAD}field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays',
    ),
    refused(
        "no JSON",
        "sendMessage",
        text_message("x", reply_markup="{"),
        f"{BAD}can't parse reply keyboard markup JSON object",
    ),
    refused(
        "no object",
        "sendMessage",
        text_message("x", reply_markup="[]"),
        f"{BAD}object expected as reply markup",
    ),
    accepted(
        "green", "sendMessage", button_message(text="x", callback_data="y", style="success"), {"text": "Pick"}
    ),
    refused(
        "a colour that is none",
        "sendMessage",
        button_message(text="x", callback_data="y", style="pink"),
        f"{BUTTON}invalid button style specified",
    ),
    accepted("100 buttons", "sendMessage", button_grid(100, 8), {"text": "Pick"}),
    refused("101 buttons", "sendMessage", button_grid(101, 8), f"{BAD}reply markup is too long"),
    refused("9 in a row", "sendMessage", button_grid(9, 9), f"{BAD}reply markup is too long"),
    accepted(
        "a web app",
        "sendMessage",
        button_message(text="x", web_app={"url": "https://a.example/"}),
        {"text": "Pick"},
    ),
    *(
        refused(
            f"a link to {url}",
            "sendMessage",
            button_message(text="x", url=url),
            f"{BAD}inline keyboard button URL '{url}' is invalid: {why}",
        )
        for url, why in (
            ("javascript:alert(1)", "Wrong port number specified in the URL"),
            ("ftp://a.example/x", "Unsupported URL protocol"),
            ("nowhere", "Wrong HTTP URL"),
        )
    ),
    accepted(
        "a link into Telegram",
        "sendMessage",
        button_message(text="x", url="tg://resolve?domain=a"),
        {"text": "Pick"},
    ),
    *(
        refused(
            f"a web app at {url}",
            "sendMessage",
            button_message(text="x", web_app={"url": url}),
            f"{BAD}inline keyboard button Web App URL '{url}' is invalid: {why}",
        )
        for url, why in (
            ("http://a.example/", "Only HTTPS links are allowed"),
            ("javascript:alert(1)", "Wrong port number specified in the URL"),
        )
    ),
    accepted(
        "256 characters to copy",
        "sendMessage",
        button_message(text="x", copy_text={"text": "c" * 256}),
        {"text": "Pick"},
    ),
    refused(
        "257 characters to copy",
        "sendMessage",
        button_message(text="x", copy_text={"text": "c" * 257}),
        f"{BAD}BUTTON_COPY_TEXT_INVALID",
    ),
    refused(
        "a web app in a group",
        "sendMessage",
        keyboard_message([{"text": "x", "web_app": {"url": "https://a.example/"}}], chat="$group"),
        f"{BAD}BUTTON_TYPE_INVALID",
    ),
    accepted(
        "a login button to the bot's domain",
        "sendMessage",
        button_message(text="x", login_url={"url": "$login"}),
        {"text": "Pick"},
    ),
    refused(
        "a login button without an address",
        "sendMessage",
        button_message(text="x", login_url={}),
        f'{BUTTON}Can\'t find field "url"',
    ),
    refused(
        "a login button by http",
        "sendMessage",
        button_message(text="x", login_url={"url": "http://parley.example/login"}),
        f"{BAD}inline keyboard button login URL 'http://parley.example/login' is invalid: "
        "Only HTTPS links are allowed",
    ),
    refused(
        "a login button to a person",
        "sendMessage",
        button_message(text="x", login_url={"url": "tg://user?id=1"}),
        f"{BAD}link to a user can't be used in login URL buttons",
    ),
    refused(
        "a login button to another domain",
        "sendMessage",
        button_message(text="x", login_url={"url": "https://elsewhere.example/login"}),
        f"{BAD}BOT_DOMAIN_INVALID",
    ),
    refused(
        "a login button of another bot",
        "sendMessage",
        button_message(text="x", login_url={"url": "https://parley.example/", "bot_username": "no_such_bot"}),
        f'{BAD}bot "no_such_bot" not found',
    ),
    refused(
        "a login button that asks for writing in words",
        "sendMessage",
        button_message(
            text="x", login_url={"url": "https://parley.example/", "request_write_access": "true"}
        ),
        f'{BUTTON}Field "request_write_access" must be of type Boolean',
    ),
]


PRESSES = [
    accepted("answered", "answerCallbackQuery", {"callback_query_id": "$press", "text": "Done"}),
    accepted("200 characters", "answerCallbackQuery", {"callback_query_id": "$press", "text": "a" * 200}),
    refused(
        "201",
        "answerCallbackQuery",
        {"callback_query_id": "$press", "text": "a" * 201},
        f"{BAD}MESSAGE_TOO_LONG",
    ),
    refused("a press that never was", "answerCallbackQuery", {"callback_query_id": "12345"}, TOO_OLD),
    refused("no press", "answerCallbackQuery", {}, TOO_OLD),
]

PDF = b"%PDF-1.4\n%%EOF\n"
DOCUMENTS = [
    accepted(
        "an upload",
        "sendDocument",
        {"chat_id": "$me", "caption": "<b>Offer</b>", "parse_mode": "HTML"},
        {"caption": "Offer", "document": {"file_name": "document.pdf", "file_size": len(PDF)}},
        files={"document": PDF},
    ),
    accepted(
        "an upload under another name",
        "sendDocument",
        {"chat_id": "$me", "document": "attach://paper"},
        {"document": {"file_name": "paper.pdf"}},
        files={"paper": PDF},
    ),
    accepted(
        "a file sent again",
        "sendDocument",
        {"chat_id": "$me", "document": "$file"},
        {"document": {"file_id": "$file"}},
    ),
    refused("no document", "sendDocument", {"chat_id": "$me"}, f"{BAD}there is no document in the request"),
    refused(
        "an attachment that is missing",
        "sendDocument",
        {"chat_id": "$me", "document": "attach://paper"},
        f"{BAD}there is no document in the request",
    ),
    refused(
        "an empty file",
        "sendDocument",
        {"chat_id": "$me"},
        f"{BAD}file must be non-empty",
        files={"document": b""},
    ),
    accepted(
        "1024 characters of caption",
        "sendDocument",
        {"chat_id": "$me", "document": "$file", "caption": "a" * 1024},
        {"caption": "a" * 1024},
    ),
    refused(
        "1025 characters of caption",
        "sendDocument",
        {"chat_id": "$me", "document": "$file", "caption": "a" * 1025},
        f"{BAD}message caption is too long",
    ),
    refused(
        "a wrong tag in a caption",
        "sendDocument",
        {"chat_id": "$me", "document": "$file", "caption": "<p>", "parse_mode": "HTML"},
        f'{ENTITIES}Unsupported start tag "p" at byte offset 0',
    ),
    accepted(
        "where a file lies", "getFile", {"file_id": "$file"}, {"file_id": "$file", "file_size": len(PDF)}
    ),
    refused("no file", "getFile", {}, f"{BAD}file_id not specified"),
    refused("a file nobody knows", "getFile", {"file_id": "nothing"}, f"{BAD}invalid file_id"),
]


def menu(*commands: Any, **more: Any) -> dict[str, Any]:
    return {"commands": list(commands), **more}


HELP = {"command": "help", "description": "What I can do"}
BOT_SETTINGS = [
    accepted("who it is", "getMe", {}, {"is_bot": True, "can_join_groups": True}),
    refused("a method that is none", "sendTelepathy", {}, "Not Found: method not found", 404),
    refused("a token that is none", "getMe", {"$token": "1:wrong"}, "Unauthorized", 401),
    accepted("a menu", "setMyCommands", menu(HELP)),
    accepted("a menu for a language", "setMyCommands", menu(HELP, language_code="de")),
    refused(
        "a menu for a whole locale",
        "setMyCommands",
        menu(HELP, language_code="de-DE"),
        f"{BAD}invalid language code specified",
    ),
    refused(
        "a menu for no language", "setMyCommands", menu(HELP, language_code="xx"), f"{BAD}LANG_CODE_INVALID"
    ),
    accepted("no menu yet", "getMyCommands", {"language_code": "fr"}, []),
    accepted("32 letters", "setMyCommands", menu(HELP | {"command": "a" * 32})),
    refused("33 letters", "setMyCommands", menu(HELP | {"command": "a" * 33}), f"{BAD}BOT_COMMAND_INVALID"),
    refused("capitals", "setMyCommands", menu(HELP | {"command": "Help"}), f"{BAD}BOT_COMMAND_INVALID"),
    refused(
        "257 letters of description",
        "setMyCommands",
        menu(HELP | {"description": "a" * 257}),
        f"{BAD}BOT_COMMAND_DESCRIPTION_INVALID",
    ),
    refused(
        "no description",
        "setMyCommands",
        menu({"command": "help"}),
        f"{BAD}can't parse BotCommand: Can't find field \"description\"",
    ),
    refused("no list", "setMyCommands", {"commands": {}}, f"{BAD}expected an Array of BotCommand"),
    refused("no JSON", "setMyCommands", {"commands": "["}, f"{BAD}can't parse commands JSON object"),
    refused(
        "101 commands",
        "setMyCommands",
        menu(*[{"command": f"c{n}", "description": "x"} for n in range(101)]),
        f"{BAD}BOT_COMMANDS_TOO_MUCH",
    ),
    accepted(
        "a webhook", "setWebhook", {"url": "https://a.example/hook", "secret_token": "aZ09_-" * 42 + "1234"}
    ),
    refused(
        "257 characters of secret",
        "setWebhook",
        {"url": "https://a.example/hook", "secret_token": "a" * 257},
        f"{BAD}secret token is too long",
    ),
    refused(
        "a secret with a space",
        "setWebhook",
        {"url": "https://a.example/hook", "secret_token": "a b"},
        f"{BAD}secret token contains unallowed characters",
    ),
    accepted("no webhook", "getWebhookInfo", {}, {"url": "", "has_custom_certificate": False}),
    accepted("no webhook to delete", "deleteWebhook", {}),
    accepted("from the end", "getUpdates", {"offset": -1}, [{"message": {"text": "Good morning"}}]),
    accepted("one at a time", "getUpdates", {"limit": 1}, [{"message": {"text": "Is anybody there?"}}]),
]

CASES: list[TelegramCase] = [
    *TEXTS,
    *HTML,
    *CHATS,
    *KEYBOARDS,
    *REPLIES,
    *EDITS,
    *PRESSES,
    *DOCUMENTS,
    *BOT_SETTINGS,
]
