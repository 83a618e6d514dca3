"""Messages as the Bot API writes them."""

from typing import Any

from sandbox.telegram.model import Group, Message, Person
from sandbox.telegram.store import Store

ANONYMOUS = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}


def chat_of(store: Store, chat_id: int) -> dict[str, Any]:
    group = store.world.groups.get(chat_id)
    return group.chat() if group is not None else store.world.people[chat_id].chat()


def sender_of(store: Store, sender: int) -> dict[str, Any]:
    person = store.world.people.get(sender)
    return person.user() if person is not None else store.bot_by_id(sender).user()


def author(store: Store, item: Message) -> dict[str, Any]:
    """Who wrote it; of an anonymous administrator only that the group did."""
    group = store.world.groups.get(item.chat_id)
    if group is not None and item.sender in group.anonymous:
        return {"from": ANONYMOUS, "sender_chat": group.chat()}
    return {"from": sender_of(store, item.sender)}


def message(store: Store, item: Message, *, deep: bool = True) -> dict[str, Any]:
    """A Message; what it replies to is told one level deep."""
    told: dict[str, Any] = {
        "message_id": item.message_id,
        "date": item.date,
        "chat": chat_of(store, item.chat_id),
        **author(store, item),
        **item.service,
    }
    if item.edit_date is not None:
        told["edit_date"] = item.edit_date
    if item.thread is not None:
        told |= {"message_thread_id": item.thread, "is_topic_message": True}
    if item.text is not None:
        told["text"] = item.text
    if item.caption is not None:
        told["caption"] = item.caption
    if item.entities:
        told["entities" if item.text is not None else "caption_entities"] = item.entities
    if item.document is not None:
        told["document"] = document(store, item.document)
    if item.keyboard:
        told["reply_markup"] = {"inline_keyboard": item.keyboard}
    replied = store.room(item.room).get(item.reply_to or 0)
    if deep and replied is not None:
        told["reply_to_message"] = message(store, replied, deep=False)
    return told


def document(store: Store, file_id: str) -> dict[str, Any]:
    stored = store.world.files[file_id]
    return {
        "file_id": stored.file_id,
        "file_unique_id": stored.file_id[-16:],
        "file_name": stored.name,
        "mime_type": stored.media_type,
        "file_size": stored.size,
    }


def full_chat(place: Person | Group) -> dict[str, Any]:
    """A ChatFullInfo, as far as anybody asks."""
    return {**place.chat(), "accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": _GIFTS}


_GIFTS = {
    "unlimited_gifts": False,
    "limited_gifts": False,
    "unique_gifts": False,
    "premium_subscription": False,
    "gifts_from_channels": False,
}
