"""Topics of a forum: created, renamed, closed, reopened; each leaves a service message, as on Telegram."""

from typing import Any

from sandbox.telegram.errors import bad_request
from sandbox.telegram.method_call import TelegramCall
from sandbox.telegram.model import TelegramGroup, TelegramMessage
from sandbox.telegram.world_store import TelegramStore

ICON_COLOR = 7322096
MAX_NAME_LENGTH = 128


async def create_topic(store: TelegramStore, call: TelegramCall) -> Any:
    group = _require_forum(store, call)
    name = call.text("name")
    if not name.strip():
        raise bad_request("name must be non-empty", "/name")
    if len(name) > MAX_NAME_LENGTH:
        raise bad_request("TOPIC_TITLE_INVALID", "/name")
    number = store.next_message_id()
    topic = {"message_thread_id": number, "name": name, "icon_color": ICON_COLOR}
    group.topics[number] = {**topic, "open": True}
    _add_service_message(
        store, call, number, {"forum_topic_created": {"name": name, "icon_color": ICON_COLOR}}, number
    )
    await store.touch()
    return topic


async def rename_topic(store: TelegramStore, call: TelegramCall) -> Any:
    """Rename the topic; an empty name keeps the current one."""
    topic = _require_topic(store, call)
    name = call.text("name")
    if len(name) > MAX_NAME_LENGTH:
        raise bad_request("TOPIC_TITLE_INVALID", "/name")
    if name in ("", topic["name"]):
        raise bad_request("TOPIC_NOT_MODIFIED", "/name")
    topic["name"] = name
    _add_service_message(store, call, topic["message_thread_id"], {"forum_topic_edited": {"name": name}})
    await store.touch()
    return True


async def close_topic(store: TelegramStore, call: TelegramCall) -> Any:
    return await _set_open(store, call, wanted=False)


async def reopen_topic(store: TelegramStore, call: TelegramCall) -> Any:
    return await _set_open(store, call, wanted=True)


async def delete_topic(store: TelegramStore, call: TelegramCall) -> Any:
    """Delete the topic with everything in it."""
    group, topic = _require_forum(store, call), _require_topic(store, call)
    number = topic["message_thread_id"]
    del group.topics[number]
    room = store.messages_in(f"g:{group.id}")
    for message_id in [each for each, item in room.items() if item.thread == number]:
        del room[message_id]
    await store.touch()
    return True


async def _set_open(store: TelegramStore, call: TelegramCall, *, wanted: bool) -> Any:
    topic = _require_topic(store, call)
    if topic["open"] is wanted:
        raise bad_request("TOPIC_NOT_MODIFIED", "/message_thread_id")
    topic["open"] = wanted
    service: dict[str, Any] = {"forum_topic_reopened" if wanted else "forum_topic_closed": {}}
    _add_service_message(store, call, topic["message_thread_id"], service)
    await store.touch()
    return True


def _require_forum(store: TelegramStore, call: TelegramCall) -> TelegramGroup:
    """The forum, if its administrators let the bot manage topics."""
    _, chat = store.require_chat(call.bot, call.chat_id())
    if not isinstance(chat, TelegramGroup) or not chat.forum:
        raise bad_request("the chat is not a forum", "/chat_id")
    if not chat.bot_manages:
        raise bad_request("not enough rights to create a topic", "/chat_id")
    return chat


def _require_topic(store: TelegramStore, call: TelegramCall) -> dict[str, Any]:
    topic = _require_forum(store, call).topics.get(call.integer("message_thread_id"))
    if topic is None:
        raise bad_request("TOPIC_ID_INVALID", "/message_thread_id")
    return topic


def _add_service_message(
    store: TelegramStore, call: TelegramCall, thread: int, service: dict[str, Any], number: int | None = None
) -> None:
    """The service message in the chat; a bot is not notified of its own actions."""
    store.add(
        TelegramMessage(
            message_id=number or store.next_message_id(),
            room=f"g:{call.chat_id()}",
            chat_id=call.chat_id(),
            sender=call.bot.id,
            thread=thread,
            service=service,
        )
    )
