"""Plays the people of Telegram."""

import secrets
import time
from typing import Any

from pydantic import BaseModel

from sandbox.control.person_contract import (
    ControlError,
    DownloadedFile,
    EditAction,
    Json,
    PressAction,
    ReactAction,
    SendAction,
    ShortcutAction,
    SubmitAction,
)
from sandbox.telegram import api_objects, login_buttons, render
from sandbox.telegram.method_call import TelegramUpload
from sandbox.telegram.methods.message_methods import file_bytes, store_file
from sandbox.telegram.model import TelegramBot, TelegramMessage, TelegramPerson, TelegramPress
from sandbox.telegram.updates import queue_update
from sandbox.telegram.world_store import TelegramStore

ANSWER_TIMEOUT_SECONDS = 30.0


class NewTelegramPerson(BaseModel):
    id: int
    first_name: str
    last_name: str | None = None
    username: str | None = None
    language_code: str | None = None
    email: str = ""
    note: str = ""
    started: bool = False


class TelegramPeople:
    """The people who chat on Telegram."""

    def __init__(self, store: TelegramStore) -> None:
        self._store = store

    def _person(self, person_id: str) -> TelegramPerson:
        person = self._store.world.people.get(int(person_id))
        if person is None:
            raise ControlError("nobody has this id; POST /control/people first", 404)
        return person

    def _bot(self) -> TelegramBot:
        bot = next(iter(self._store.world.bots.values()), None)
        if bot is None:
            raise ControlError("no bot is registered; POST /control/bots first", 409)
        return bot

    async def add(self, body: bytes) -> Json:
        """Create a person, or change one; ``started``: they have already started every bot."""
        new = NewTelegramPerson.model_validate_json(body)
        known = self._store.world.people.get(new.id)
        started = known.started if known else []
        if new.started:
            started = [bot.id for bot in self._store.world.bots.values()]
        blocked = known.blocked if known else []
        person = TelegramPerson(**new.model_dump(exclude={"started"}), started=started, blocked=blocked)
        self._store.world.people[new.id] = person
        await self._store.touch()
        return {"id": new.id}

    def listing(self) -> list[Json]:
        return [
            {**person.model_dump(), "platform": "telegram"} for person in self._store.world.people.values()
        ]

    async def send(self, person_id: str, action: SendAction) -> Json:
        """The person writes or uploads a file."""
        person, bot = self._person(person_id), self._bot()
        stored = self._store_file(action)
        chat_id = int(action.chat_id or person.id)
        room = f"g:{chat_id}" if chat_id in self._store.world.groups else f"p:{bot.id}:{person.id}"
        if bot.id not in person.started:
            person.started.append(bot.id)
        text = (action.text or "").strip() or None
        thread, reply_to = self._thread_and_reply(chat_id, room, action)
        item = self._store.add(
            TelegramMessage(
                message_id=self._store.next_message_id(),
                room=room,
                chat_id=chat_id,
                sender=person.id,
                date=int(self._store.memory.now()),
                text=text if stored is None else None,
                caption=text if stored is not None else None,
                entities=render.detect_entities(text, []) if text else [],
                document=stored,
                album=action.album,
                reply_to=reply_to,
                thread=thread,
            )
        )
        result = {"answered": True, "text": "", "message_id": item.message_id}
        if not self._reaches_bot(bot, item, action):
            await self._store.touch()
            return result | {"update_id": None}
        number = await queue_update(
            self._store, bot, "message", chat_id, api_objects.message_object(self._store, item)
        )
        return result | {"update_id": number}

    def _thread_and_reply(self, chat_id: int, room: str, action: SendAction) -> tuple[int | None, int | None]:
        """The topic and the message replied to; in a topic, any other message replies to the opening one."""
        replied = self._store.messages_in(room).get(int(action.reply_to or 0))
        thread = int(action.thread) if action.thread else (replied.thread if replied else None)
        group = self._store.world.groups.get(chat_id)
        topic = group.topics.get(thread or 0) if group else None
        if thread is not None and topic is None:
            raise ControlError("there is no such topic", 404)
        if topic is not None and not topic["open"]:
            raise ControlError("the topic is closed", 409)
        return thread, int(action.reply_to) if action.reply_to is not None else thread

    def _reaches_bot(self, bot: TelegramBot, item: TelegramMessage, action: SendAction) -> bool:
        """In groups a bot receives only commands and replies to its own messages."""
        group = self._store.world.groups.get(item.chat_id)
        if group is None:
            return True
        replied = self._store.messages_in(item.room).get(int(action.reply_to or 0))
        addressed = (item.text or "").startswith("/") or (replied is not None and replied.sender == bot.id)
        return bot.id in group.members and addressed

    def _store_file(self, action: SendAction) -> str | None:
        if action.document is None:
            return None
        upload = TelegramUpload(action.document.name, action.document.media_type, action.document.content())
        return store_file(self._store, upload)

    async def press(self, person_id: str, action: PressAction) -> Json:
        """The person presses a button and waits for the bot's answer."""
        person, bot = self._person(person_id), self._bot()
        item = self._find_message(person, action.message_id)
        if (login := login_buttons.pressed(item, action.button or "")) is not None:
            return {
                "answered": True,
                "text": "",
                "opens": login_buttons.address(bot, person, login, self._now()),
            }
        data = action.data or self._button_data(item, action.button or "")
        if data is None:
            raise ControlError(f"the message has no button {action.button!r}", 404)
        press = TelegramPress(
            id=str(secrets.randbits(60)), bot=bot.id, person=person.id, message_id=item.message_id, data=data
        )
        self._store.world.presses[press.id] = press
        body = {
            "id": press.id,
            "from": person.as_user(),
            "chat_instance": str(hash(item.room) & 0xFFFFFFFF),
            "message": api_objects.message_object(self._store, item),
            "data": data,
        }
        await queue_update(self._store, bot, "callback_query", item.chat_id, body)
        await self._wait_for_answer(press)
        return {"answered": press.answered, "text": press.text, "alert": press.alert}

    def _now(self) -> int:
        return int(self._store.memory.now())

    async def _wait_for_answer(self, press: TelegramPress) -> None:
        until = time.monotonic() + ANSWER_TIMEOUT_SECONDS
        while not press.answered and time.monotonic() < until:
            await self._store.wait_for_change(until - time.monotonic(), self._store.version)

    def _find_message(self, person: TelegramPerson, message_id: int | str) -> TelegramMessage:
        number = int(message_id) if str(message_id).isdigit() else 0
        for room in self._store.rooms_of(person.id):
            if number in self._store.messages_in(room):
                return self._store.messages_in(room)[number]
        raise ControlError("this person does not see such a message", 404)

    @staticmethod
    def _button_data(item: TelegramMessage, label: str) -> str | None:
        buttons = [button for row in item.keyboard for button in row if "callback_data" in button]
        exact = next((button for button in buttons if button["text"] == label), None)
        near = next((button for button in buttons if label and button["text"].startswith(label)), None)
        found = exact or near
        return str(found["callback_data"]) if found else None

    async def submit(self, person_id: str, action: SubmitAction) -> Json:
        raise ControlError("Telegram has no modals", 409)

    async def close(self, person_id: str) -> Json:
        raise ControlError("Telegram has no modals", 409)

    async def shortcut(self, person_id: str, action: ShortcutAction) -> Json:
        raise ControlError("Telegram has no shortcuts", 409)

    async def home(self, person_id: str) -> Json:
        raise ControlError("Telegram has no home tab", 409)

    async def react(self, person_id: str, action: ReactAction) -> Json:
        """The person adds an emoji reaction to a message."""
        person, bot = self._person(person_id), self._bot()
        item = self._find_message(person, action.message_id)
        old, new = item.reactions_of(person.id), [{"type": "emoji", "emoji": action.name}]
        item.people_reactions[str(person.id)] = action.name
        body: dict[str, Any] = {
            "chat": api_objects.chat_object(self._store, item.chat_id),
            "message_id": item.message_id,
            "user": person.as_user(),
            "date": int(self._store.memory.now()),
            "old_reaction": old,
            "new_reaction": new,
        }
        await queue_update(self._store, bot, "message_reaction", item.chat_id, body)
        return {"answered": True}

    async def edit(self, person_id: str, action: EditAction) -> Json:
        """The person edits their own message."""
        person, bot = self._person(person_id), self._bot()
        item = self._find_message(person, action.message_id)
        if item.sender != person.id or item.text is None:
            raise ControlError("this message is not theirs to edit", 409)
        item.text, item.entities = action.text, render.detect_entities(action.text, [])
        item.edit_date, item.edits = int(self._store.memory.now()), item.edits + 1
        body = api_objects.message_object(self._store, item)
        number = await queue_update(self._store, bot, "edited_message", item.chat_id, body)
        return {"answered": True, "update_id": number}

    def chat(self, person_id: str) -> Json:
        """What the person sees now."""
        person = self._person(person_id)
        items = [
            self._message_json(person, item)
            for room in self._store.rooms_of(person.id)
            for item in self._store.messages_in(room).values()
        ]
        items.sort(key=lambda item: int(item["id"]))
        result = {"platform": "telegram", "messages": items, "commands": self._commands(person)}
        return result | {"rooms": self._rooms(person), "modal": None, "home": None}

    def _rooms(self, person: TelegramPerson) -> list[Json]:
        """The groups that the person is in; one that became a supergroup is only that."""
        return [
            {
                "id": group.id,
                "title": group.title,
                "topics": [
                    {"id": number, "name": topic["name"], "open": topic["open"]}
                    for number, topic in group.topics.items()
                ],
                "members": [
                    api_objects.user_object(self._store, member)["first_name"] for member in group.members
                ],
            }
            for group in self._store.world.groups.values()
            if person.id in group.members and group.migrated_to is None
        ]

    def file(self, person_id: str, message_id: str) -> DownloadedFile:
        """The document of a message."""
        stored = self._store.world.files.get(
            self._find_message(self._person(person_id), message_id).document or ""
        )
        if stored is None:
            raise ControlError("there is no file in this message", 404)
        return DownloadedFile(stored.name, stored.media_type, file_bytes(self._store, stored.file_id))

    def _commands(self, person: TelegramPerson) -> list[dict[str, str]]:
        """The menu: this chat's own, else that of all private chats, else the default one."""
        for bot in self._store.world.bots.values():
            for scope in (f"chat:{person.id}", "all_private_chats:", "default:"):
                for language in (person.language_code or "", ""):
                    menu = bot.commands.get(f"{scope}:{language}")
                    if menu:
                        return menu
        return []

    def _message_json(self, person: TelegramPerson, item: TelegramMessage) -> Json:
        text = item.text if item.text is not None else item.caption
        stored = self._store.world.files.get(item.document or "")
        sender = self._store.world.people.get(item.sender)
        return {
            "id": item.message_id,
            "chat_id": item.chat_id,
            "from": "me" if item.sender == person.id else "other" if sender else "bot",
            "name": api_objects.user_object(self._store, item.sender)["first_name"],
            "text": text or "",
            "service": next(iter(item.service), ""),
            "pinned": item.pinned,
            "html": render.to_html(text or "", item.entities),
            "buttons": [
                [
                    {"text": b["text"], "data": b.get("callback_data"), "style": b.get("style")}
                    | ({"login": True} if "login_url" in b else {})
                    for b in row
                ]
                for row in item.keyboard
            ],
            "document": stored.name if stored else None,
            "reply_to": item.reply_to,
            "thread": item.thread,
            "reactions": [each["emoji"] for each in item.reactions if "emoji" in each],
            "edits": item.edits,
            "date": item.date,
        }
