"""About the bot itself: who it is, where its updates go, its menu; presses, chats and files."""

import re
import time
from typing import Any

from sandbox.telegram.call import Call
from sandbox.telegram.model import Group, Webhook
from sandbox.telegram.store import Store
from sandbox.telegram.wire import full_chat, sender_of
from sandbox.telegram.words import OTHER_POLLER, QUERY_TOO_OLD, WEBHOOK_ACTIVE, Refusal, bad

LONGEST_SECRET = 256
CALLBACK_LIFE = 120.0
MOST_COMMANDS = 100
_ACTIONS = {
    *("cancel", "typing", "choose_sticker", "find_location", "pick_up_location"),
    *("upload_photo", "upload_document", "upload_video", "upload_video_note", "upload_voice", "upload_audio"),
    *("record_video", "record_video_note", "record_voice", "record_audio"),
}
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_POLLING: dict[int, int] = {}


async def get_me(store: Store, call: Call) -> Any:
    flags = {
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }
    return {**call.bot.user(), **flags}


async def set_webhook(store: Store, call: Call) -> Any:
    secret = call.text("secret_token")
    if len(secret) > LONGEST_SECRET:
        raise bad("secret token is too long", "/secret_token")
    if re.search(r"[^A-Za-z0-9_-]", secret):
        raise bad("secret token contains unallowed characters", "/secret_token")
    url = call.text("url")
    call.bot.webhook = Webhook(url=url, secret=secret) if url else None
    call.bot.allowed = call.json("allowed_updates") or []
    if call.flag("drop_pending_updates"):
        call.bot.waiting.clear()
    await store.touch()
    return True


async def delete_webhook(store: Store, call: Call) -> Any:
    call.bot.webhook = None
    if call.flag("drop_pending_updates"):
        call.bot.waiting.clear()
    await store.touch()
    return True


async def webhook_info(store: Store, call: Call) -> Any:
    hook = call.bot.webhook
    told: dict[str, Any] = {
        "url": hook.url if hook else "",
        "has_custom_certificate": False,
        "pending_update_count": len(call.bot.waiting),
    }
    if hook and hook.last_error:
        told |= {"last_error_date": hook.last_error_at, "last_error_message": hook.last_error}
    return told


async def get_updates(store: Store, call: Call) -> Any:
    bot = call.bot
    if bot.webhook is not None:
        raise Refusal(409, WEBHOOK_ACTIVE)
    turn = _POLLING.get(bot.id, 0) + 1
    _POLLING[bot.id] = turn
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
        await store.until(until - time.monotonic(), store.version)
        if _POLLING[bot.id] != turn:
            raise Refusal(409, OTHER_POLLER)
    return [update.wire() for update in bot.waiting[: call.integer("limit", 100)]]


async def answer_callback(store: Store, call: Call) -> Any:
    press = store.world.presses.get(call.text("callback_query_id"))
    if press is None or press.bot != call.bot.id or press.expired or time.time() - press.at > CALLBACK_LIFE:
        raise bad(QUERY_TOO_OLD, "/callback_query_id")
    if len(call.text("text")) > 200:
        raise bad("MESSAGE_TOO_LONG", "/text")
    press.answered, press.text, press.alert = True, call.text("text"), call.flag("show_alert")
    await store.touch()
    return True


async def set_commands(store: Store, call: Call) -> Any:
    commands = call.json("commands")
    if commands is None:
        commands = []
    if not isinstance(commands, list):
        raise bad("expected an Array of BotCommand", "/commands")
    if len(commands) > MOST_COMMANDS:
        raise bad("BOT_COMMANDS_TOO_MUCH", "/commands")
    for index, item in enumerate(commands):
        for name in ("command", "description"):
            if not isinstance(item, dict):
                raise bad("can't parse BotCommand: expected an Object", f"/commands/{index}")
            if name not in item:
                raise bad(f"can't parse BotCommand: Can't find field \"{name}\"", f"/commands/{index}")
        if not _COMMAND.fullmatch(str(item.get("command", ""))):
            raise bad("BOT_COMMAND_INVALID", f"/commands/{index}/command")
        if not 1 <= len(str(item.get("description", ""))) <= 256:
            raise bad("BOT_COMMAND_DESCRIPTION_INVALID", f"/commands/{index}/description")
    call.bot.commands[_scope(call)] = commands
    await store.touch()
    return True


async def get_commands(store: Store, call: Call) -> Any:
    return call.bot.commands.get(_scope(call), [])


async def delete_commands(store: Store, call: Call) -> Any:
    call.bot.commands.pop(_scope(call), None)
    return True


def _scope(call: Call) -> str:
    scope = call.json("scope") or {"type": "default"}
    return f"{scope.get('type')}:{scope.get('chat_id', '')}:{call.text('language_code')}"


async def set_text(store: Store, call: Call) -> Any:
    written = call.text("short_description") or call.text("description")
    call.bot.texts[f"{call.method}:{call.text('language_code')}"] = written
    return True


async def set_menu(store: Store, call: Call) -> Any:
    call.bot.menus[call.text("chat_id")] = call.json("menu_button") or {}
    return True


async def chat_action(store: Store, call: Call) -> Any:
    if call.text("action").lower() not in _ACTIONS:
        raise bad("wrong parameter action in request", "/action")
    store.place(call.bot, call.chat())
    return True


async def get_chat(store: Store, call: Call) -> Any:
    _, place = store.place(call.bot, call.chat())
    return full_chat(place)


async def get_member(store: Store, call: Call) -> Any:
    number = call.integer("user_id")
    if number <= 0:
        raise bad("invalid user_id specified", "/user_id")
    _, place = store.place(call.bot, call.chat())
    if number != call.bot.id and number not in store.world.people:
        raise bad("user not found", "/user_id")
    members = place.members if isinstance(place, Group) else [place.id, call.bot.id]
    return {"status": "member" if number in members else "left", "user": sender_of(store, number)}


async def get_file(store: Store, call: Call) -> Any:
    if not call.text("file_id"):
        raise bad("file_id not specified", "/file_id")
    stored = store.world.files.get(call.text("file_id"))
    if stored is None:
        raise bad("invalid file_id", "/file_id")
    if stored.size > 20 * 1024 * 1024:
        raise bad("file is too big", "/file_id")
    return {
        "file_id": stored.file_id,
        "file_unique_id": stored.file_id[-16:],
        "file_size": stored.size,
        "file_path": f"documents/{stored.file_id}",
    }
