"""The Telegram world."""

from collections.abc import Iterable

from sandbox.memory import Memory, PlatformStore
from sandbox.telegram.errors import MIGRATED, TelegramRefusal, bad_request, forbidden
from sandbox.telegram.model import TelegramBot, TelegramGroup, TelegramMessage, TelegramPerson, TelegramWorld


class TelegramStore(PlatformStore):
    """The world of Telegram."""

    platform = "telegram"

    def __init__(self, memory: Memory | None = None) -> None:
        super().__init__(memory)
        self.world = self.memory.world(self.platform, TelegramWorld)

    def bot_by_token(self, token: str) -> TelegramBot:
        bot = self.world.bots.get(token)
        if bot is None:
            raise TelegramRefusal(401)
        return bot

    def bot_by_id(self, bot_id: int) -> TelegramBot:
        return next(bot for bot in self.world.bots.values() if bot.id == bot_id)

    def require_chat(self, bot: TelegramBot, chat_id: int) -> tuple[str, TelegramPerson | TelegramGroup]:
        """The conversation that a bot may write into, or the refusal in the server's wording."""
        group = self.world.groups.get(chat_id)
        if group is not None:
            if group.migrated_to is not None:
                raise TelegramRefusal(400, MIGRATED, "/chat_id", {"migrate_to_chat_id": group.migrated_to})
            if bot.id not in group.members:
                raise forbidden(f"bot is not a member of the {group.as_chat()['type']} chat")
            return f"g:{group.id}", group
        person = self.world.people.get(chat_id)
        if person is None:
            raise bad_request("chat not found", "/chat_id")
        if person.deactivated:
            raise forbidden("user is deactivated")
        if bot.id in person.blocked:
            raise forbidden("bot was blocked by the user")
        if bot.id not in person.started:
            raise forbidden("bot can't initiate conversation with a user")
        return f"p:{bot.id}:{person.id}", person

    def messages_in(self, name: str) -> dict[int, TelegramMessage]:
        return self.world.rooms.setdefault(name, {})

    def add(self, message: TelegramMessage) -> TelegramMessage:
        """Give the message its number and add it to its conversation."""
        self.messages_in(message.room)[message.message_id] = message
        return message

    def next_message_id(self) -> int:
        number = self.world.next_message
        self.world.next_message += 1
        return number

    def rooms_of(self, person: int) -> Iterable[str]:
        """The conversations that a person sees."""
        for name in self.world.rooms:
            if name.endswith(f":{person}") and name.startswith("p:"):
                yield name
        for group in self.world.groups.values():
            if person in group.members:
                yield f"g:{group.id}"
