"""Topics of a forum: made, renamed, closed and opened again; each leaves a service message, as on the real server."""

from typing import Any

from sandbox.telegram.call import Call
from sandbox.telegram.model import Group, Message
from sandbox.telegram.store import Store
from sandbox.telegram.words import bad

COLOUR = 7322096
LONGEST_NAME = 128


async def make_topic(store: Store, call: Call) -> Any:
    group = _forum(store, call)
    name = call.text("name")
    if not name.strip():
        raise bad("name must be non-empty", "/name")
    if len(name) > LONGEST_NAME:
        raise bad("TOPIC_TITLE_INVALID", "/name")
    number = store.next_message_id()
    topic = {"message_thread_id": number, "name": name, "icon_color": COLOUR}
    group.topics[number] = {**topic, "open": True}
    _note(store, call, number, {"forum_topic_created": {"name": name, "icon_color": COLOUR}}, number)
    await store.touch()
    return topic


async def rename_topic(store: Store, call: Call) -> Any:
    """Another name; an empty one keeps the present one."""
    topic = _topic(store, call)
    name = call.text("name")
    if len(name) > LONGEST_NAME:
        raise bad("TOPIC_TITLE_INVALID", "/name")
    if name in ("", topic["name"]):
        raise bad("TOPIC_NOT_MODIFIED", "/name")
    topic["name"] = name
    _note(store, call, topic["message_thread_id"], {"forum_topic_edited": {"name": name}})
    await store.touch()
    return True


async def close_topic(store: Store, call: Call) -> Any:
    return await _open(store, call, wanted=False)


async def reopen_topic(store: Store, call: Call) -> Any:
    return await _open(store, call, wanted=True)


async def delete_topic(store: Store, call: Call) -> Any:
    """The topic with everything in it."""
    group, topic = _forum(store, call), _topic(store, call)
    number = topic["message_thread_id"]
    del group.topics[number]
    room = store.room(f"g:{group.id}")
    for message_id in [each for each, item in room.items() if item.thread == number]:
        del room[message_id]
    await store.touch()
    return True


async def _open(store: Store, call: Call, *, wanted: bool) -> Any:
    topic = _topic(store, call)
    if topic["open"] is wanted:
        raise bad("TOPIC_NOT_MODIFIED", "/message_thread_id")
    topic["open"] = wanted
    told: dict[str, Any] = {"forum_topic_reopened" if wanted else "forum_topic_closed": {}}
    _note(store, call, topic["message_thread_id"], told)
    await store.touch()
    return True


def _forum(store: Store, call: Call) -> Group:
    """The forum, whose administrators let the bot manage topics."""
    _, place = store.place(call.bot, call.chat())
    if not isinstance(place, Group) or not place.forum:
        raise bad("the chat is not a forum", "/chat_id")
    if not place.bot_manages:
        raise bad("not enough rights to create a topic", "/chat_id")
    return place


def _topic(store: Store, call: Call) -> dict[str, Any]:
    topic = _forum(store, call).topics.get(call.integer("message_thread_id"))
    if topic is None:
        raise bad("TOPIC_ID_INVALID", "/message_thread_id")
    return topic


def _note(store: Store, call: Call, thread: int, told: dict[str, Any], number: int | None = None) -> None:
    """What people see of it in the chat; a bot is not told of what it did itself."""
    store.add(
        Message(
            message_id=number or store.next_message_id(),
            room=f"g:{call.chat()}",
            chat_id=call.chat(),
            sender=call.bot.id,
            thread=thread,
            service=told,
        )
    )
