"""Sending, editing and deleting messages."""

import secrets
import time
from collections.abc import Callable
from typing import Any

from sandbox.telegram.call import Call, Upload
from sandbox.telegram.checks import caption_of, check_web_app, keyboard_of, text_of
from sandbox.telegram.model import Group, Message, StoredFile
from sandbox.telegram.store import Store
from sandbox.telegram.wire import message
from sandbox.telegram.words import NOT_MODIFIED, bad

MOST_DELETED = 100


async def send_message(store: Store, call: Call) -> Any:
    text, entities = text_of(call)
    return await _add(store, call, text=text, entities=entities)


async def send_document(store: Store, call: Call) -> Any:
    upload, known = call.upload("document"), call.text("document")
    if upload is None and (not known or known.startswith("attach://")):
        raise bad("there is no document in the request", "/document")
    if upload is None and known not in store.world.files:
        raise bad("wrong file identifier/HTTP URL specified", "/document")
    if upload is not None and not upload.content:
        raise bad("file must be non-empty", "/document")
    caption, entities = caption_of(call)
    store.place(call.bot, call.chat())
    stored = known if upload is None else keep_file(store, upload)
    return await _add(store, call, document=stored, caption=caption, entities=entities)


async def _add(store: Store, call: Call, **parts: Any) -> dict[str, Any]:
    """What is said is read first, then where; as the real server does."""
    keyboard = keyboard_of(call) or []
    room, _ = store.place(call.bot, call.chat())
    check_web_app(store, call, keyboard)
    thread = call.integer("message_thread_id") or None
    _check_thread(store, call, thread)
    item = store.add(
        Message(
            reply_to=_replied(store, call, room),
            message_id=store.next_message_id(),
            room=room,
            chat_id=call.chat(),
            sender=call.bot.id,
            keyboard=keyboard,
            thread=thread,
            **parts,
        )
    )
    await store.touch()
    return message(store, item)


def _replied(store: Store, call: Call, room: str) -> int | None:
    """The message that is answered; gone ones only when the bot allows it."""
    reply = call.json("reply_parameters", "reply parameters") or {}
    number = reply.get("message_id")
    if number is None or number in store.room(room):
        return number
    if reply.get("allow_sending_without_reply"):
        return None
    raise bad("message to be replied not found", "/reply_parameters/message_id")


def _check_thread(store: Store, call: Call, thread: int | None) -> None:
    group = store.world.groups.get(call.integer("chat_id"))
    if thread is not None and (group is None or thread not in group.topics):
        raise bad("message thread not found", "/message_thread_id")


def keep_file(store: Store, upload: Upload) -> str:
    """Remember an upload; its bytes lie beside the state file."""
    file_id = f"BQAC{secrets.token_urlsafe(24)}"
    store.world.files[file_id] = StoredFile(
        file_id=file_id, name=upload.name, media_type=upload.media_type, size=len(upload.content)
    )
    store.memory.put_bytes(file_id, upload.content)
    return file_id


def file_bytes(store: Store, file_id: str) -> bytes:
    if file_id not in store.world.files:
        raise bad("wrong file_id or the file is temporarily unavailable", "/file_id")
    return store.memory.get_bytes(file_id)


def _own(store: Store, call: Call) -> Message:
    """The bot's own message that is to be changed."""
    if not call.text("chat_id") and not call.integer("message_id"):
        raise bad("message identifier is not specified", "/message_id")
    room, _ = store.place(call.bot, call.chat())
    item = store.room(room).get(call.integer("message_id"))
    if item is None:
        raise bad("message to edit not found", "/message_id")
    if item.sender != call.bot.id:
        raise bad("message can't be edited", "/message_id")
    return item


async def edit_text(store: Store, call: Call) -> Any:
    text, entities = text_of(call)
    return await _edit(store, call, "text", lambda item: item.text, text=text, entities=entities)


async def edit_caption(store: Store, call: Call) -> Any:
    caption, entities = caption_of(call)
    return await _edit(store, call, "caption", lambda item: item.document, caption=caption, entities=entities)


async def edit_markup(store: Store, call: Call) -> Any:
    return await _edit(store, call, "reply_markup", lambda _: "")


async def _edit(
    store: Store, call: Call, name: str, part: Callable[[Message], str | None], **parts: Any
) -> dict[str, Any]:
    """Change these parts and the keyboard, if the message has such a ``part`` and anything would be different."""
    fresh = {**parts, "keyboard": keyboard_of(call) or []}
    item = _own(store, call)
    if part(item) is None:
        raise bad(f"there is no {name} in the message to edit", "/message_id")
    check_web_app(store, call, fresh["keyboard"])
    if all(getattr(item, each) == value for each, value in fresh.items()):
        raise bad(NOT_MODIFIED, f"/{name}")
    for each, value in fresh.items():
        setattr(item, each, value)
    return await _edited(store, item)


async def _edited(store: Store, item: Message) -> dict[str, Any]:
    item.edit_date = int(time.time())
    item.edits += 1
    await store.touch()
    return message(store, item)


async def delete(store: Store, call: Call) -> Any:
    if not call.integer("message_id"):
        raise bad("message identifier is not specified", "/message_id")
    room, _ = store.place(call.bot, call.chat())
    if store.room(room).pop(call.integer("message_id"), None) is None:
        raise bad("message to delete not found", "/message_id")
    await store.touch()
    return True


async def delete_many(store: Store, call: Call) -> Any:
    numbers = call.json("message_ids")
    if not numbers:
        raise bad("message identifiers are not specified", "/message_ids")
    if not isinstance(numbers, list):
        raise bad("expected an Array of message identifiers", "/message_ids")
    if len(numbers) > MOST_DELETED:
        raise bad("too many message identifiers specified", "/message_ids")
    room, _ = store.place(call.bot, call.chat())
    for number in numbers:
        store.room(room).pop(int(number), None)
    await store.touch()
    return True


async def react(store: Store, call: Call) -> Any:
    room, _ = store.place(call.bot, call.chat())
    item = store.room(room).get(call.integer("message_id"))
    if item is None:
        raise bad("message to react not found", "/message_id")
    item.reactions = call.json("reaction") or []
    await store.touch()
    return True


async def pin(store: Store, call: Call) -> Any:
    verb = "pin" if call.method.lower() == "pinchatmessage" else "unpin"
    room, place = store.place(call.bot, call.chat())
    if isinstance(place, Group) and not place.bot_manages:
        raise bad("not enough rights to manage pinned messages in the chat", "/chat_id")
    item = store.room(room).get(call.integer("message_id"))
    if item is None:
        raise bad(f"message to {verb} not found", "/message_id")
    if verb == "pin" and not item.pinned:
        told = {"pinned_message": message(store, item, deep=False)}
        store.add(
            Message(
                message_id=store.next_message_id(),
                room=room,
                chat_id=item.chat_id,
                sender=call.bot.id,
                thread=item.thread,
                service=told,
            )
        )
    item.pinned = verb == "pin"
    await store.touch()
    return True


async def copy(store: Store, call: Call) -> Any:
    source, _ = store.place(call.bot, call.chat("from_chat_id"))
    item = store.room(source).get(call.integer("message_id"))
    if item is None:
        raise bad("message to copy not found", "/message_id")
    parts = {"text": item.text, "caption": item.caption, "entities": item.entities, "document": item.document}
    sent = await _add(store, call, **parts)
    return {"message_id": sent["message_id"]}
