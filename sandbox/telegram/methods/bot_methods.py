"""The bot itself: its name, webhook and menu; presses, chats and files."""

import re
import time
from typing import Any

from sandbox.telegram.api_objects import full_chat_object, user_object
from sandbox.telegram.errors import OTHER_POLLER, QUERY_TOO_OLD, WEBHOOK_ACTIVE, TelegramRefusal, bad_request
from sandbox.telegram.known_values import LANGUAGES
from sandbox.telegram.method_call import TelegramCall
from sandbox.telegram.model import TelegramGroup, TelegramWebhook
from sandbox.telegram.world_store import TelegramStore

MAX_SECRET_LENGTH = 256
CALLBACK_LIFETIME_SECONDS = 120.0
MAX_COMMANDS = 100
_ACTIONS = {
    *("cancel", "typing", "choose_sticker", "find_location", "pick_up_location"),
    *("upload_photo", "upload_document", "upload_video", "upload_video_note", "upload_voice", "upload_audio"),
    *("record_video", "record_video_note", "record_voice", "record_audio"),
}
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_POLL_NUMBERS: dict[int, int] = {}


async def get_me(store: TelegramStore, call: TelegramCall) -> Any:
    flags = {
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }
    return {**call.bot.as_user(), **flags}


async def set_webhook(store: TelegramStore, call: TelegramCall) -> Any:
    secret = call.text("secret_token")
    if len(secret) > MAX_SECRET_LENGTH:
        raise bad_request("secret token is too long", "/secret_token")
    if re.search(r"[^A-Za-z0-9_-]", secret):
        raise bad_request("secret token contains unallowed characters", "/secret_token")
    url = call.text("url")
    call.bot.webhook = TelegramWebhook(url=url, secret=secret) if url else None
    call.bot.allowed = call.json("allowed_updates") or []
    if call.flag("drop_pending_updates"):
        call.bot.waiting.clear()
    await store.touch()
    return True


async def delete_webhook(store: TelegramStore, call: TelegramCall) -> Any:
    call.bot.webhook = None
    if call.flag("drop_pending_updates"):
        call.bot.waiting.clear()
    await store.touch()
    return True


async def webhook_info(store: TelegramStore, call: TelegramCall) -> Any:
    hook = call.bot.webhook
    result: dict[str, Any] = {
        "url": hook.url if hook else "",
        "has_custom_certificate": False,
        "pending_update_count": len(call.bot.waiting),
    }
    if hook and hook.last_error:
        result |= {"last_error_date": hook.last_error_at, "last_error_message": hook.last_error}
    return result


async def get_updates(store: TelegramStore, call: TelegramCall) -> Any:
    bot = call.bot
    if bot.webhook is not None:
        raise TelegramRefusal(409, WEBHOOK_ACTIVE)
    poll_number = _POLL_NUMBERS.get(bot.id, 0) + 1
    _POLL_NUMBERS[bot.id] = poll_number
    await store.touch()
    offset = call.integer("offset")
    if offset < 0:
        bot.waiting = bot.waiting[offset:]
    elif offset:
        bot.waiting = [update for update in bot.waiting if update.update_id >= offset]
    if call.json("allowed_updates") is not None:
        bot.allowed = call.json("allowed_updates")
    until = time.monotonic() + min(call.integer("timeout"), 50)
    while not bot.waiting and time.monotonic() < until:
        await store.wait_for_change(until - time.monotonic(), store.version)
        if _POLL_NUMBERS[bot.id] != poll_number:
            raise TelegramRefusal(409, OTHER_POLLER)
    return [update.as_update() for update in bot.waiting[: call.integer("limit", 100)]]


async def answer_callback(store: TelegramStore, call: TelegramCall) -> Any:
    press = store.world.presses.get(call.text("callback_query_id"))
    if (
        press is None
        or press.bot != call.bot.id
        or press.expired
        or time.time() - press.at > CALLBACK_LIFETIME_SECONDS
    ):
        raise bad_request(QUERY_TOO_OLD, "/callback_query_id")
    if len(call.text("text")) > 200:
        raise bad_request("MESSAGE_TOO_LONG", "/text")
    press.answered, press.text, press.alert = True, call.text("text"), call.flag("show_alert")
    await store.touch()
    return True


async def set_commands(store: TelegramStore, call: TelegramCall) -> Any:
    commands = call.json("commands")
    if commands is None:
        commands = []
    if not isinstance(commands, list):
        raise bad_request("expected an Array of BotCommand", "/commands")
    if len(commands) > MAX_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH", "/commands")
    for index, item in enumerate(commands):
        for name in ("command", "description"):
            if not isinstance(item, dict):
                raise bad_request("can't parse BotCommand: expected an Object", f"/commands/{index}")
            if name not in item:
                raise bad_request(
                    f"can't parse BotCommand: Can't find field \"{name}\"", f"/commands/{index}"
                )
        if not _COMMAND.fullmatch(str(item.get("command", ""))):
            raise bad_request("BOT_COMMAND_INVALID", f"/commands/{index}/command")
        if not 1 <= len(str(item.get("description", ""))) <= 256:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID", f"/commands/{index}/description")
    call.bot.commands[_scope(call)] = commands
    await store.touch()
    return True


async def get_commands(store: TelegramStore, call: TelegramCall) -> Any:
    return call.bot.commands.get(_scope(call), [])


async def delete_commands(store: TelegramStore, call: TelegramCall) -> Any:
    call.bot.commands.pop(_scope(call), None)
    return True


def checked_language(call: TelegramCall) -> str:
    """Two small letters of ISO 639-1, or nothing."""
    code = call.text("language_code")
    if code and not re.fullmatch(r"[a-z]{2}", code):
        raise bad_request("invalid language code specified", "/language_code")
    if code and code not in LANGUAGES:
        raise bad_request("LANG_CODE_INVALID", "/language_code")
    return code


def _scope(call: TelegramCall) -> str:
    scope = call.json("scope") or {"type": "default"}
    return f"{scope.get('type')}:{scope.get('chat_id', '')}:{checked_language(call)}"


async def set_text(store: TelegramStore, call: TelegramCall) -> Any:
    text = call.text("short_description") or call.text("description")
    call.bot.texts[f"{call.method}:{checked_language(call)}"] = text
    return True


async def set_menu(store: TelegramStore, call: TelegramCall) -> Any:
    call.bot.menus[call.text("chat_id")] = call.json("menu_button") or {}
    return True


async def chat_action(store: TelegramStore, call: TelegramCall) -> Any:
    if call.text("action").lower() not in _ACTIONS:
        raise bad_request("wrong parameter action in request", "/action")
    store.require_chat(call.bot, call.chat_id())
    return True


async def get_chat(store: TelegramStore, call: TelegramCall) -> Any:
    _, chat = store.require_chat(call.bot, call.chat_id())
    return full_chat_object(chat)


async def get_member(store: TelegramStore, call: TelegramCall) -> Any:
    number = call.integer("user_id")
    if number <= 0:
        raise bad_request("invalid user_id specified", "/user_id")
    _, chat = store.require_chat(call.bot, call.chat_id())
    if number != call.bot.id and number not in store.world.people:
        raise bad_request("user not found", "/user_id")
    members = chat.members if isinstance(chat, TelegramGroup) else [chat.id, call.bot.id]
    return {"status": "member" if number in members else "left", "user": user_object(store, number)}


async def get_file(store: TelegramStore, call: TelegramCall) -> Any:
    if not call.text("file_id"):
        raise bad_request("file_id not specified", "/file_id")
    stored = store.world.files.get(call.text("file_id"))
    if stored is None:
        raise bad_request("invalid file_id", "/file_id")
    if stored.size > 20 * 1024 * 1024:
        raise bad_request("file is too big", "/file_id")
    return {
        "file_id": stored.file_id,
        "file_unique_id": stored.file_id[-16:],
        "file_size": stored.size,
        "file_path": f"documents/{stored.file_id}",
    }
