"""Changes of chats that no message causes: a bot is blocked or removed, or a group is upgraded."""

from typing import Any

from sandbox.telegram import api_objects
from sandbox.telegram.model import TelegramBot, TelegramGroup, TelegramMessage, TelegramPerson
from sandbox.telegram.updates import queue_update
from sandbox.telegram.world_store import TelegramStore


async def block_bots(store: TelegramStore, person: TelegramPerson) -> None:
    """The person blocks every bot; each is notified once."""
    for bot in store.world.bots.values():
        if bot.id not in person.blocked:
            person.blocked.append(bot.id)
            await _queue_member_update(store, bot, person, old="member", new="kicked")


async def unblock_bots(store: TelegramStore, person: TelegramPerson) -> None:
    """The person unblocks them."""
    for bot in store.world.bots.values():
        if bot.id in person.blocked:
            person.blocked.remove(bot.id)
            await _queue_member_update(store, bot, person, old="kicked", new="member")


async def put_group(store: TelegramStore, group: TelegramGroup) -> None:
    """Create or change a group; a bot that was added or removed is notified."""
    known = store.world.groups.get(group.id)
    before = set(known.members) if known else set()
    if known is not None:
        preserved = {name: getattr(known, name) for name in ("topics", "supergroup", "migrated_to")}
        group = group.model_copy(update=preserved)
    store.world.groups[group.id] = group
    adder = next((each for each in group.members if each in store.world.people), None)
    for bot in store.world.bots.values():
        was, now = bot.id in before, bot.id in group.members
        if was is now or adder is None:
            continue
        old, new = (
            ("member", "kicked") if was else ("left", "administrator" if group.bot_manages else "member")
        )
        await _queue_member_update(
            store, bot, store.world.people[adder], old=old, new=new, chat=group.as_chat()
        )


async def _queue_member_update(
    store: TelegramStore,
    bot: TelegramBot,
    person: TelegramPerson,
    *,
    old: str,
    new: str,
    chat: dict[str, Any] | None = None,
) -> None:
    now = int(store.memory.now())
    members = {
        name: {"user": bot.as_user(), "status": status, **_RIGHTS.get(status, {})}
        for name, status in (("old_chat_member", old), ("new_chat_member", new))
    }
    target_chat = chat or person.as_chat()
    body = {"chat": target_chat, "from": person.as_user(), "date": now, **members}
    await queue_update(store, bot, "my_chat_member", target_chat["id"], body)


_RIGHTS: dict[str, dict[str, Any]] = {
    "kicked": {"until_date": 0},
    "administrator": {
        "can_be_edited": False,
        **{
            f"can_{right}": right in ("manage_chat", "manage_topics", "pin_messages")
            for right in (
                *("manage_chat", "delete_messages", "manage_video_chats", "restrict_members"),
                *("promote_members", "change_info", "invite_users", "post_stories", "edit_stories"),
                *("delete_stories", "pin_messages", "manage_topics", "send_welcome_messages"),
            )
        },
        "is_anonymous": False,
    },
}


async def migrate_group(store: TelegramStore, number: int) -> int:
    """A group becomes a supergroup with another number; the old chat is told the new one."""
    group = store.world.groups[number]
    supergroup = group.model_copy(
        update={"id": -1_000_000_000_000 + number, "supergroup": True, "migrated_to": None}
    )
    store.world.groups[supergroup.id] = supergroup
    group.migrated_to = supergroup.id
    by = next((each for each in group.members if each in store.world.people), 0)
    for bot in [each for each in store.world.bots.values() if each.id in group.members]:
        for chat, service_fields in (
            (number, {"migrate_to_chat_id": supergroup.id}),
            (supergroup.id, {"migrate_from_chat_id": number}),
        ):
            service = store.add(
                TelegramMessage(
                    message_id=store.next_message_id(),
                    room=f"g:{chat}",
                    chat_id=chat,
                    sender=by or bot.id,
                    service=service_fields,
                )
            )
            await queue_update(store, bot, "message", chat, api_objects.message_object(store, service))
    return supergroup.id
