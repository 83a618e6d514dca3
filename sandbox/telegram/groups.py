"""What happens to chats that nobody says anything for: a bot is blocked, taken out, or the group is upgraded."""

from typing import Any

from sandbox.telegram import wire
from sandbox.telegram.model import Bot, Group, Message, Person
from sandbox.telegram.store import Store
from sandbox.telegram.updates import queue


async def blocked(store: Store, person: Person) -> None:
    """The person blocks every bot; each hears of it once."""
    for bot in store.world.bots.values():
        if bot.id not in person.blocked:
            person.blocked.append(bot.id)
            await _tell(store, bot, person, old="member", new="kicked")


async def unblocked(store: Store, person: Person) -> None:
    """The person takes it back."""
    for bot in store.world.bots.values():
        if bot.id in person.blocked:
            person.blocked.remove(bot.id)
            await _tell(store, bot, person, old="kicked", new="member")


async def put(store: Store, group: Group) -> None:
    """A group as it is from now on; a bot that was put into it or taken out of it hears of that."""
    known = store.world.groups.get(group.id)
    before = set(known.members) if known else set()
    if known is not None:
        kept = {name: getattr(known, name) for name in ("topics", "supergroup", "migrated_to")}
        group = group.model_copy(update=kept)
    store.world.groups[group.id] = group
    adder = next((each for each in group.members if each in store.world.people), None)
    for bot in store.world.bots.values():
        was, now = bot.id in before, bot.id in group.members
        if was is now or adder is None:
            continue
        old, new = (
            ("member", "kicked") if was else ("left", "administrator" if group.bot_manages else "member")
        )
        await _tell(store, bot, store.world.people[adder], old=old, new=new, chat=group.chat())


async def _tell(
    store: Store, bot: Bot, person: Person, *, old: str, new: str, chat: dict[str, Any] | None = None
) -> None:
    now = int(store.memory.now())
    members = {
        name: {"user": bot.user(), "status": status, **_RIGHTS.get(status, {})}
        for name, status in (("old_chat_member", old), ("new_chat_member", new))
    }
    place = chat or person.chat()
    body = {"chat": place, "from": person.user(), "date": now, **members}
    await queue(store, bot, "my_chat_member", place["id"], body)


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


async def migrate(store: Store, number: int) -> int:
    """A group becomes a supergroup: another number, the old one is told where it went."""
    group = store.world.groups[number]
    fresh = group.model_copy(
        update={"id": -1_000_000_000_000 + number, "supergroup": True, "migrated_to": None}
    )
    store.world.groups[fresh.id] = fresh
    group.migrated_to = fresh.id
    by = next((each for each in group.members if each in store.world.people), 0)
    for bot in [each for each in store.world.bots.values() if each.id in group.members]:
        for chat, told in (
            (number, {"migrate_to_chat_id": fresh.id}),
            (fresh.id, {"migrate_from_chat_id": number}),
        ):
            service = store.add(
                Message(
                    message_id=store.next_message_id(),
                    room=f"g:{chat}",
                    chat_id=chat,
                    sender=by or bot.id,
                    service=told,
                )
            )
            await queue(store, bot, "message", chat, wire.message(store, service))
    return fresh.id
