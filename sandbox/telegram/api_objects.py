"""Formats messages as the Bot API does."""

from typing import Any

from sandbox.telegram.model import TelegramGroup, TelegramMessage, TelegramPerson
from sandbox.telegram.world_store import TelegramStore

ANONYMOUS = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}


def chat_object(store: TelegramStore, chat_id: int) -> dict[str, Any]:
    group = store.world.groups.get(chat_id)
    return group.as_chat() if group is not None else store.world.people[chat_id].as_chat()


def user_object(store: TelegramStore, sender: int) -> dict[str, Any]:
    person = store.world.people.get(sender)
    return person.as_user() if person is not None else store.bot_by_id(sender).as_user()


def author_fields(store: TelegramStore, item: TelegramMessage) -> dict[str, Any]:
    """Who wrote it; for an anonymous administrator only the group."""
    group = store.world.groups.get(item.chat_id)
    if group is not None and item.sender in group.anonymous:
        return {"from": ANONYMOUS, "sender_chat": group.as_chat()}
    return {"from": user_object(store, item.sender)}


def message_object(store: TelegramStore, item: TelegramMessage, *, deep: bool = True) -> dict[str, Any]:
    """A Message; the message it replies to is included one level deep."""
    result: dict[str, Any] = {
        "message_id": item.message_id,
        "date": item.date,
        "chat": chat_object(store, item.chat_id),
        **author_fields(store, item),
        **item.service,
    }
    if item.edit_date is not None:
        result["edit_date"] = item.edit_date
    if item.thread is not None:
        result |= {"message_thread_id": item.thread, "is_topic_message": True}
    if item.text is not None:
        result["text"] = item.text
    if item.caption is not None:
        result["caption"] = item.caption
    if item.entities:
        result["entities" if item.text is not None else "caption_entities"] = item.entities
    if item.document is not None:
        result["document"] = document_object(store, item.document)
    if item.album is not None:
        result["media_group_id"] = item.album
    if item.keyboard:
        result["reply_markup"] = {"inline_keyboard": item.keyboard}
    replied = store.messages_in(item.room).get(item.reply_to or 0)
    if deep and replied is not None:
        result["reply_to_message"] = message_object(store, replied, deep=False)
    return result


def document_object(store: TelegramStore, file_id: str) -> dict[str, Any]:
    stored = store.world.files[file_id]
    return {
        "file_id": stored.file_id,
        "file_unique_id": stored.file_id[-16:],
        "file_name": stored.name,
        "mime_type": stored.media_type,
        "file_size": stored.size,
    }


def full_chat_object(chat: TelegramPerson | TelegramGroup) -> dict[str, Any]:
    """A ChatFullInfo with the fields that callers use."""
    return {**chat.as_chat(), "accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": _GIFTS}


_GIFTS = {
    "unlimited_gifts": False,
    "limited_gifts": False,
    "unique_gifts": False,
    "premium_subscription": False,
    "gifts_from_channels": False,
}
