"""Sending, editing and deleting messages."""

import hashlib
import secrets
import time
from typing import Any

from sandbox.telegram.call import Call, Upload
from sandbox.telegram.checks import caption_of, keyboard_of, text_of
from sandbox.telegram.model import Message, StoredFile
from sandbox.telegram.store import Store
from sandbox.telegram.wire import message
from sandbox.telegram.words import NOT_MODIFIED, bad


async def send_message(store: Store, call: Call) -> Any:
    room, _ = store.place(call.bot, call.integer("chat_id"))
    text, entities = text_of(call)
    return await _add(store, call, room, text=text, entities=entities)


async def send_document(store: Store, call: Call) -> Any:
    room, _ = store.place(call.bot, call.integer("chat_id"))
    upload = call.upload("document")
    caption, _ = caption_of(call)
    if upload is None and call.text("document") not in store.world.files:
        raise bad("there is no document in the request", "/document")
    stored = call.text("document") if upload is None else keep_file(store, upload)
    return await _add(store, call, room, document=stored, caption=caption)


async def _add(store: Store, call: Call, room: str, **parts: Any) -> dict[str, Any]:
    reply = call.json("reply_parameters") or {}
    thread = call.integer("message_thread_id") or None
    _check_thread(store, call, thread)
    item = store.add(
        Message(
            message_id=store.next_message_id(),
            room=room,
            chat_id=call.integer("chat_id"),
            sender=call.bot.id,
            keyboard=keyboard_of(call) or [],
            reply_to=reply.get("message_id"),
            thread=thread,
            **parts,
        )
    )
    await store.touch()
    return message(store, item)


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
    if store.files is not None:
        store.files.mkdir(parents=True, exist_ok=True)
        (store.files / hashlib.sha256(file_id.encode()).hexdigest()).write_bytes(upload.content)
    return file_id


def file_bytes(store: Store, file_id: str) -> bytes:
    if store.files is None or file_id not in store.world.files:
        raise bad("wrong file_id or the file is temporarily unavailable", "/file_id")
    return (store.files / hashlib.sha256(file_id.encode()).hexdigest()).read_bytes()


def _own(store: Store, call: Call) -> Message:
    """The bot's own message that is to be changed."""
    room, _ = store.place(call.bot, call.integer("chat_id"))
    item = store.room(room).get(call.integer("message_id"))
    if item is None:
        raise bad("message to edit not found", "/message_id")
    if item.sender != call.bot.id:
        raise bad("message can't be edited", "/message_id")
    return item


async def edit_text(store: Store, call: Call) -> Any:
    item = _own(store, call)
    text, entities = text_of(call)
    keyboard = keyboard_of(call) or []
    if (text, entities, keyboard) == (item.text, item.entities, item.keyboard):
        raise bad(NOT_MODIFIED, "/text")
    item.text, item.entities, item.keyboard = text, entities, keyboard
    return await _edited(store, item)


async def edit_caption(store: Store, call: Call) -> Any:
    item = _own(store, call)
    caption, _ = caption_of(call)
    keyboard = keyboard_of(call) or []
    if (caption, keyboard) == (item.caption, item.keyboard):
        raise bad(NOT_MODIFIED, "/caption")
    item.caption, item.keyboard = caption, keyboard
    return await _edited(store, item)


async def edit_markup(store: Store, call: Call) -> Any:
    item = _own(store, call)
    keyboard = keyboard_of(call) or []
    if keyboard == item.keyboard:
        raise bad(NOT_MODIFIED, "/reply_markup")
    item.keyboard = keyboard
    return await _edited(store, item)


async def _edited(store: Store, item: Message) -> dict[str, Any]:
    item.edit_date = int(time.time())
    item.edits += 1
    await store.touch()
    return message(store, item)


async def delete(store: Store, call: Call) -> Any:
    room, _ = store.place(call.bot, call.integer("chat_id"))
    if store.room(room).pop(call.integer("message_id"), None) is None:
        raise bad("message to delete not found", "/message_id")
    await store.touch()
    return True


async def delete_many(store: Store, call: Call) -> Any:
    room, _ = store.place(call.bot, call.integer("chat_id"))
    for number in call.json("message_ids") or []:
        store.room(room).pop(int(number), None)
    await store.touch()
    return True


async def react(store: Store, call: Call) -> Any:
    room, _ = store.place(call.bot, call.integer("chat_id"))
    item = store.room(room).get(call.integer("message_id"))
    if item is None:
        raise bad("message to react not found", "/message_id")
    item.reactions = call.json("reaction") or []
    await store.touch()
    return True


async def pin(store: Store, call: Call) -> Any:
    room, _ = store.place(call.bot, call.integer("chat_id"))
    item = store.room(room).get(call.integer("message_id"))
    if item is None:
        raise bad("message to pin not found", "/message_id")
    item.pinned = call.method.lower() == "pinchatmessage"
    await store.touch()
    return True


async def copy(store: Store, call: Call) -> Any:
    source, _ = store.place(call.bot, call.integer("from_chat_id"))
    item = store.room(source).get(call.integer("message_id"))
    if item is None:
        raise bad("message to copy not found", "/message_id")
    room, _ = store.place(call.bot, call.integer("chat_id"))
    sent = await _add(store, call, room, text=item.text, entities=item.entities, document=item.document)
    return {"message_id": sent["message_id"]}
