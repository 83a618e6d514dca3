"""People of Telegram, played."""

import secrets
import time
from typing import Any

from pydantic import BaseModel

from sandbox.control.playing import Corrected, Json, Opened, Pressed, Reacted, Said, Submitted, Used, Wrong
from sandbox.telegram import render, wire
from sandbox.telegram.call import Upload
from sandbox.telegram.methods.messages import file_bytes, keep_file
from sandbox.telegram.model import Bot, Message, Person, Press
from sandbox.telegram.store import Store
from sandbox.telegram.updates import queue

PATIENCE = 30.0


class NewPerson(BaseModel):
    id: int
    first_name: str
    last_name: str | None = None
    username: str | None = None
    language_code: str | None = None
    note: str = ""
    started: bool = False


class TelegramPeople:
    """The people who chat on Telegram."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def _person(self, who: str) -> Person:
        person = self._store.world.people.get(int(who))
        if person is None:
            raise Wrong("nobody has this id; POST /control/people first", 404)
        return person

    def _bot(self) -> Bot:
        bot = next(iter(self._store.world.bots.values()), None)
        if bot is None:
            raise Wrong("no bot is registered; POST /control/bots first", 409)
        return bot

    async def add(self, body: bytes) -> Json:
        """Make a person, or change one; ``started``: has spoken to every bot before."""
        new = NewPerson.model_validate_json(body)
        known = self._store.world.people.get(new.id)
        started = known.started if known else []
        if new.started:
            started = [bot.id for bot in self._store.world.bots.values()]
        blocked = known.blocked if known else []
        person = Person(**new.model_dump(exclude={"started"}), started=started, blocked=blocked)
        self._store.world.people[new.id] = person
        await self._store.touch()
        return {"id": new.id}

    def listing(self) -> list[Json]:
        return [
            {**person.model_dump(), "platform": "telegram"} for person in self._store.world.people.values()
        ]

    async def send(self, who: str, said: Said) -> Json:
        """The person writes or drops a file."""
        person, bot = self._person(who), self._bot()
        stored = self._stored(said)
        chat_id = int(said.chat_id or person.id)
        room = f"g:{chat_id}" if chat_id in self._store.world.groups else f"p:{bot.id}:{person.id}"
        if bot.id not in person.started:
            person.started.append(bot.id)
        text = (said.text or "").strip() or None
        thread, reply_to = self._answering(chat_id, room, said)
        item = self._store.add(
            Message(
                message_id=self._store.next_message_id(),
                room=room,
                chat_id=chat_id,
                sender=person.id,
                date=int(self._store.memory.now()),
                text=text if stored is None else None,
                caption=text if stored is not None else None,
                entities=render.detected(text, []) if text else [],
                document=stored,
                reply_to=reply_to,
                thread=thread,
            )
        )
        told = {"answered": True, "text": "", "message_id": item.message_id}
        if not self._is_for(bot, item, said):
            await self._store.touch()
            return told | {"update_id": None}
        number = await queue(self._store, bot, "message", chat_id, wire.message(self._store, item))
        return told | {"update_id": number}

    def _answering(self, chat_id: int, room: str, said: Said) -> tuple[int | None, int | None]:
        """Topic and message; what answers nothing in a topic answers the message that opened it."""
        replied = self._store.room(room).get(int(said.reply_to or 0))
        thread = int(said.thread) if said.thread else (replied.thread if replied else None)
        group = self._store.world.groups.get(chat_id)
        topic = group.topics.get(thread or 0) if group else None
        if thread is not None and topic is None:
            raise Wrong("there is no such topic", 404)
        if topic is not None and not topic["open"]:
            raise Wrong("the topic is closed", 409)
        return thread, int(said.reply_to) if said.reply_to is not None else thread

    def _is_for(self, bot: Bot, item: Message, said: Said) -> bool:
        """In groups a bot is told of commands and of answers to what it said; people's talk is their own."""
        group = self._store.world.groups.get(item.chat_id)
        if group is None:
            return True
        replied = self._store.room(item.room).get(int(said.reply_to or 0))
        spoken_to = (item.text or "").startswith("/") or (replied is not None and replied.sender == bot.id)
        return bot.id in group.members and spoken_to

    def _stored(self, said: Said) -> str | None:
        if said.document is None:
            return None
        upload = Upload(said.document.name, said.document.media_type, said.document.content())
        return keep_file(self._store, upload)

    async def press(self, who: str, pressed: Pressed) -> Json:
        """The person presses a button and waits for the spinner to end."""
        person, bot = self._person(who), self._bot()
        item = self._find(person, pressed.message_id)
        data = pressed.data or self._data(item, pressed.button or "")
        if data is None:
            raise Wrong(f"the message has no button {pressed.button!r}", 404)
        press = Press(
            id=str(secrets.randbits(60)), bot=bot.id, person=person.id, message_id=item.message_id, data=data
        )
        self._store.world.presses[press.id] = press
        body = {
            "id": press.id,
            "from": person.user(),
            "chat_instance": str(hash(item.room) & 0xFFFFFFFF),
            "message": wire.message(self._store, item),
            "data": data,
        }
        await queue(self._store, bot, "callback_query", item.chat_id, body)
        await self._answered(press)
        return {"answered": press.answered, "text": press.text, "alert": press.alert}

    async def _answered(self, press: Press) -> None:
        until = time.monotonic() + PATIENCE
        while not press.answered and time.monotonic() < until:
            await self._store.until(until - time.monotonic(), self._store.version)

    def _find(self, person: Person, message_id: int | str) -> Message:
        number = int(message_id) if str(message_id).isdigit() else 0
        for room in self._store.rooms_of(person.id):
            if number in self._store.room(room):
                return self._store.room(room)[number]
        raise Wrong("this person does not see such a message", 404)

    @staticmethod
    def _data(item: Message, label: str) -> str | None:
        buttons = [button for row in item.keyboard for button in row if "callback_data" in button]
        exact = next((button for button in buttons if button["text"] == label), None)
        near = next((button for button in buttons if label and button["text"].startswith(label)), None)
        found = exact or near
        return str(found["callback_data"]) if found else None

    async def submit(self, who: str, submitted: Submitted) -> Json:
        raise Wrong("Telegram has no modals", 409)

    async def close(self, who: str) -> Json:
        raise Wrong("Telegram has no modals", 409)

    async def shortcut(self, who: str, used: Used) -> Json:
        raise Wrong("Telegram has no shortcuts", 409)

    async def home(self, who: str) -> Json:
        raise Wrong("Telegram has no home tab", 409)

    async def react(self, who: str, reacted: Reacted) -> Json:
        """The person puts an emoji under a message."""
        person, bot = self._person(who), self._bot()
        item = self._find(person, reacted.message_id)
        old, new = item.reactions_of(person.id), [{"type": "emoji", "emoji": reacted.name}]
        item.people_reactions[str(person.id)] = reacted.name
        body: dict[str, Any] = {
            "chat": wire.chat_of(self._store, item.chat_id),
            "message_id": item.message_id,
            "user": person.user(),
            "date": int(self._store.memory.now()),
            "old_reaction": old,
            "new_reaction": new,
        }
        await queue(self._store, bot, "message_reaction", item.chat_id, body)
        return {"answered": True}

    async def correct(self, who: str, corrected: Corrected) -> Json:
        """The person edits what they wrote."""
        person, bot = self._person(who), self._bot()
        item = self._find(person, corrected.message_id)
        if item.sender != person.id or item.text is None:
            raise Wrong("this message is not theirs to edit", 409)
        item.text, item.entities = corrected.text, render.detected(corrected.text, [])
        item.edit_date, item.edits = int(self._store.memory.now()), item.edits + 1
        body = wire.message(self._store, item)
        number = await queue(self._store, bot, "edited_message", item.chat_id, body)
        return {"answered": True, "update_id": number}

    def chat(self, who: str) -> Json:
        """What the person sees now."""
        person = self._person(who)
        items = [
            self._seen(person, item)
            for room in self._store.rooms_of(person.id)
            for item in self._store.room(room).values()
        ]
        items.sort(key=lambda item: int(item["id"]))
        told = {"platform": "telegram", "messages": items, "commands": self._commands(person)}
        return told | {"modal": None, "home": None}

    def file(self, who: str, message_id: str) -> Opened:
        """The document of a message."""
        stored = self._store.world.files.get(self._find(self._person(who), message_id).document or "")
        if stored is None:
            raise Wrong("there is no file in this message", 404)
        return Opened(stored.name, stored.media_type, file_bytes(self._store, stored.file_id))

    def _commands(self, person: Person) -> list[dict[str, str]]:
        """The menu: the one of this chat before the one of all private chats before the one for everybody."""
        for bot in self._store.world.bots.values():
            for scope in (f"chat:{person.id}", "all_private_chats:", "default:"):
                for language in (person.language_code or "", ""):
                    menu = bot.commands.get(f"{scope}:{language}")
                    if menu:
                        return menu
        return []

    def _seen(self, person: Person, item: Message) -> Json:
        words = item.text if item.text is not None else item.caption
        stored = self._store.world.files.get(item.document or "")
        sender = self._store.world.people.get(item.sender)
        return {
            "id": item.message_id,
            "chat_id": item.chat_id,
            "from": "me" if item.sender == person.id else "other" if sender else "bot",
            "name": wire.sender_of(self._store, item.sender)["first_name"],
            "text": words or "",
            "service": next(iter(item.service), ""),
            "pinned": item.pinned,
            "html": render.to_html(words or "", item.entities),
            "buttons": [
                [{"text": b["text"], "data": b.get("callback_data"), "style": b.get("style")} for b in row]
                for row in item.keyboard
            ],
            "document": stored.name if stored else None,
            "reply_to": item.reply_to,
            "thread": item.thread,
            "reactions": [each["emoji"] for each in item.reactions if "emoji" in each],
            "edits": item.edits,
            "date": item.date,
        }
