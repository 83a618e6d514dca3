"""Sending, editing and deleting messages."""

import secrets
import time
from collections.abc import Callable
from typing import Any

from sandbox.telegram.api_objects import message_object
from sandbox.telegram.errors import NOT_MODIFIED, bad_request
from sandbox.telegram.known_values import REACTIONS
from sandbox.telegram.message_checks import (
    check_login_buttons,
    check_web_app,
    checked_caption,
    checked_keyboard,
    checked_text,
)
from sandbox.telegram.method_call import TelegramCall, TelegramUpload
from sandbox.telegram.model import TelegramGroup, TelegramMessage, TelegramStoredFile
from sandbox.telegram.world_store import TelegramStore

MAX_DELETED = 100


async def send_message(store: TelegramStore, call: TelegramCall) -> Any:
    text, entities = checked_text(call)
    return await _add_message(store, call, text=text, entities=entities)


async def send_document(store: TelegramStore, call: TelegramCall) -> Any:
    upload, known = call.upload("document"), call.text("document")
    if upload is None and (not known or known.startswith("attach://")):
        raise bad_request("there is no document in the request", "/document")
    if upload is None and known not in store.world.files:
        raise bad_request("wrong file identifier/HTTP URL specified", "/document")
    if upload is not None and not upload.content:
        raise bad_request("file must be non-empty", "/document")
    caption, entities = checked_caption(call)
    store.require_chat(call.bot, call.chat_id())
    stored = known if upload is None else store_file(store, upload)
    return await _add_message(store, call, document=stored, caption=caption, entities=entities)


async def _add_message(store: TelegramStore, call: TelegramCall, **parts: Any) -> dict[str, Any]:
    """Like the real server, parse the content first and the chat afterwards."""
    keyboard = checked_keyboard(call) or []
    room, _ = store.require_chat(call.bot, call.chat_id())
    check_web_app(store, call, keyboard)
    check_login_buttons(call.bot, keyboard)
    thread = call.integer("message_thread_id") or None
    _check_thread(store, call, thread)
    item = store.add(
        TelegramMessage(
            reply_to=_reply_target(store, call, room),
            message_id=store.next_message_id(),
            room=room,
            chat_id=call.chat_id(),
            sender=call.bot.id,
            keyboard=keyboard,
            thread=thread,
            **parts,
        )
    )
    await store.touch()
    return message_object(store, item)


def _reply_target(store: TelegramStore, call: TelegramCall, room: str) -> int | None:
    """The message replied to; a deleted one only when the bot allows it."""
    reply = call.json("reply_parameters", "reply parameters") or {}
    number = reply.get("message_id")
    if number is None or number in store.messages_in(room):
        return number
    if reply.get("allow_sending_without_reply"):
        return None
    raise bad_request("message to be replied not found", "/reply_parameters/message_id")


def _check_thread(store: TelegramStore, call: TelegramCall, thread: int | None) -> None:
    group = store.world.groups.get(call.integer("chat_id"))
    if thread is not None and (group is None or thread not in group.topics):
        raise bad_request("message thread not found", "/message_thread_id")


def store_file(store: TelegramStore, upload: TelegramUpload) -> str:
    """Store an upload; its bytes are next to the state file."""
    file_id = f"BQAC{secrets.token_urlsafe(24)}"
    store.world.files[file_id] = TelegramStoredFile(
        file_id=file_id, name=upload.name, media_type=upload.media_type, size=len(upload.content)
    )
    store.memory.put_bytes(file_id, upload.content)
    return file_id


def file_bytes(store: TelegramStore, file_id: str) -> bytes:
    if file_id not in store.world.files:
        raise bad_request("wrong file_id or the file is temporarily unavailable", "/file_id")
    return store.memory.get_bytes(file_id)


def _own_message(store: TelegramStore, call: TelegramCall) -> TelegramMessage:
    """The bot's own message that will be changed."""
    if not call.text("chat_id") and not call.integer("message_id"):
        raise bad_request("message identifier is not specified", "/message_id")
    room, _ = store.require_chat(call.bot, call.chat_id())
    item = store.messages_in(room).get(call.integer("message_id"))
    if item is None:
        raise bad_request("message to edit not found", "/message_id")
    if item.sender != call.bot.id:
        raise bad_request("message can't be edited", "/message_id")
    return item


async def edit_text(store: TelegramStore, call: TelegramCall) -> Any:
    text, entities = checked_text(call)
    return await _edit(store, call, "text", lambda item: item.text, text=text, entities=entities)


async def edit_caption(store: TelegramStore, call: TelegramCall) -> Any:
    caption, entities = checked_caption(call)
    return await _edit(store, call, "caption", lambda item: item.document, caption=caption, entities=entities)


async def edit_markup(store: TelegramStore, call: TelegramCall) -> Any:
    return await _edit(store, call, "reply_markup", lambda _: "")


async def _edit(
    store: TelegramStore,
    call: TelegramCall,
    name: str,
    part: Callable[[TelegramMessage], str | None],
    **parts: Any,
) -> dict[str, Any]:
    """Change these fields and the keyboard, if the message has such a ``part`` and anything would differ."""
    changes = {**parts, "keyboard": checked_keyboard(call) or []}
    item = _own_message(store, call)
    if part(item) is None:
        raise bad_request(f"there is no {name} in the message to edit", "/message_id")
    check_web_app(store, call, changes["keyboard"])
    check_login_buttons(call.bot, changes["keyboard"])
    if all(getattr(item, each) == value for each, value in changes.items()):
        raise bad_request(NOT_MODIFIED, f"/{name}")
    for each, value in changes.items():
        setattr(item, each, value)
    return await _mark_edited(store, item)


async def _mark_edited(store: TelegramStore, item: TelegramMessage) -> dict[str, Any]:
    item.edit_date = int(time.time())
    item.edits += 1
    await store.touch()
    return message_object(store, item)


async def delete(store: TelegramStore, call: TelegramCall) -> Any:
    if not call.integer("message_id"):
        raise bad_request("message identifier is not specified", "/message_id")
    room, _ = store.require_chat(call.bot, call.chat_id())
    if store.messages_in(room).pop(call.integer("message_id"), None) is None:
        raise bad_request("message to delete not found", "/message_id")
    await store.touch()
    return True


async def delete_many(store: TelegramStore, call: TelegramCall) -> Any:
    numbers = call.json("message_ids")
    if not numbers:
        raise bad_request("message identifiers are not specified", "/message_ids")
    if not isinstance(numbers, list):
        raise bad_request("expected an Array of message identifiers", "/message_ids")
    if len(numbers) > MAX_DELETED:
        raise bad_request("too many message identifiers specified", "/message_ids")
    room, _ = store.require_chat(call.bot, call.chat_id())
    for number in numbers:
        store.messages_in(room).pop(int(number), None)
    await store.touch()
    return True


async def react(store: TelegramStore, call: TelegramCall) -> Any:
    room, _ = store.require_chat(call.bot, call.chat_id())
    item = store.messages_in(room).get(call.integer("message_id"))
    if item is None:
        raise bad_request("message to react not found", "/message_id")
    item.reactions = _checked_reactions(call)
    await store.touch()
    return True


def _checked_reactions(call: TelegramCall) -> list[dict[str, Any]]:
    """At most one, of those that Telegram offers; a bot pays for none."""
    reactions = call.json("reaction") or []
    if not isinstance(reactions, list) or not all(isinstance(each, dict) for each in reactions):
        raise bad_request("expected an Array of ReactionType", "/reaction")
    for index, each in enumerate(reactions):
        kind, emoji = each.get("type"), each.get("emoji")
        if kind not in ("emoji", "custom_emoji", "paid"):
            raise bad_request(
                "can't parse ReactionType: unsupported type specified", f"/reaction/{index}/type"
            )
        if kind != "custom_emoji" and emoji not in REACTIONS:
            raise bad_request("REACTION_INVALID", f"/reaction/{index}")
    if len(reactions) > 1:
        raise bad_request("REACTIONS_TOO_MANY", "/reaction")
    return reactions


async def pin(store: TelegramStore, call: TelegramCall) -> Any:
    verb = "pin" if call.method.lower() == "pinchatmessage" else "unpin"
    room, chat = store.require_chat(call.bot, call.chat_id())
    if isinstance(chat, TelegramGroup) and not chat.bot_manages:
        raise bad_request("not enough rights to manage pinned messages in the chat", "/chat_id")
    item = store.messages_in(room).get(call.integer("message_id"))
    if item is None:
        raise bad_request(f"message to {verb} not found", "/message_id")
    if verb == "pin" and not item.pinned:
        service = {"pinned_message": message_object(store, item, deep=False)}
        store.add(
            TelegramMessage(
                message_id=store.next_message_id(),
                room=room,
                chat_id=item.chat_id,
                sender=call.bot.id,
                thread=item.thread,
                service=service,
            )
        )
    item.pinned = verb == "pin"
    await store.touch()
    return True


async def copy(store: TelegramStore, call: TelegramCall) -> Any:
    source, _ = store.require_chat(call.bot, call.chat_id("from_chat_id"))
    item = store.messages_in(source).get(call.integer("message_id"))
    if item is None:
        raise bad_request("message to copy not found", "/message_id")
    parts = {"text": item.text, "caption": item.caption, "entities": item.entities, "document": item.document}
    sent = await _add_message(store, call, **parts)
    return {"message_id": sent["message_id"]}
