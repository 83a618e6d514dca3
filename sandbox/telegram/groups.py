"""What happens to chats that nobody says anything for: a bot is blocked, a group becomes a supergroup."""

from sandbox.telegram import wire
from sandbox.telegram.model import Bot, Message, Person
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


async def _tell(store: Store, bot: Bot, person: Person, *, old: str, new: str) -> None:
    now = int(store.memory.now())
    members = {
        name: {"user": bot.user(), "status": status} | ({"until_date": 0} if status == "kicked" else {})
        for name, status in (("old_chat_member", old), ("new_chat_member", new))
    }
    body = {"chat": person.chat(), "from": person.user(), "date": now, **members}
    await queue(store, bot, "my_chat_member", person.id, body)


async def migrate(store: Store, number: int) -> int:
    """A group becomes a supergroup: another number, the old one is told where it went."""
    group = store.world.groups[number]
    fresh = group.model_copy(
        update={"id": -1_000_000_000_000 + number, "supergroup": True, "migrated_to": None}
    )
    store.world.groups[fresh.id] = fresh
    group.migrated_to = fresh.id
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
                    sender=bot.id,
                    service=told,
                )
            )
            await queue(store, bot, "message", chat, wire.message(store, service))
    return fresh.id
