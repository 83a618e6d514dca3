"""Playing a person: what they write, press and see."""

import base64
import binascii
import secrets
import time
from typing import Any

from aiohttp import web
from pydantic import BaseModel, ValidationError

from sandbox.telegram import render, wire
from sandbox.telegram.call import Upload
from sandbox.telegram.methods.messages import keep_file
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


class File(BaseModel):
    name: str
    base64: str
    media_type: str = "application/pdf"


class Said(BaseModel):
    text: str | None = None
    document: File | None = None
    chat_id: int | None = None
    reply_to: int | None = None


class Pressed(BaseModel):
    message_id: int
    button: str | None = None
    data: str | None = None


def wrong(words: str, status: int = 422) -> web.Response:
    return web.json_response({"error": words}, status=status)


class People:
    """The people half of the control interface."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/control/people", self.add),
            web.get("/control/people", self.listing),
            web.post("/control/people/{id:-?\\d+}/send", self.send),
            web.post("/control/people/{id:-?\\d+}/press", self.press),
            web.get("/control/people/{id:-?\\d+}/chat", self.chat),
        ]

    def _person(self, request: web.Request) -> Person:
        person = self._store.world.people.get(int(request.match_info["id"]))
        if person is None:
            raise web.HTTPNotFound(text="nobody has this id; POST /control/people first")
        return person

    def _bot(self) -> Bot:
        bot = next(iter(self._store.world.bots.values()), None)
        if bot is None:
            raise web.HTTPConflict(text="no bot is registered; POST /control/bots first")
        return bot

    async def add(self, request: web.Request) -> web.Response:
        """Make a person, or change one; ``started``: has spoken to every bot before."""
        try:
            new = NewPerson.model_validate_json(await request.read())
        except ValidationError as error:
            return wrong(str(error))
        known = self._store.world.people.get(new.id)
        started = known.started if known else []
        if new.started:
            started = [bot.id for bot in self._store.world.bots.values()]
        blocked = known.blocked if known else []
        person = Person(**new.model_dump(exclude={"started"}), started=started, blocked=blocked)
        self._store.world.people[new.id] = person
        await self._store.touch()
        return web.json_response({"id": new.id})

    async def listing(self, request: web.Request) -> web.Response:
        people = [person.model_dump() for person in self._store.world.people.values()]
        return web.json_response(people)

    async def send(self, request: web.Request) -> web.Response:
        """The person writes or drops a file."""
        person, bot = self._person(request), self._bot()
        try:
            said = Said.model_validate_json(await request.read())
            stored = self._stored(said)
        except (ValidationError, binascii.Error) as error:
            return wrong(str(error))
        chat_id = said.chat_id or person.id
        room = f"g:{chat_id}" if chat_id in self._store.world.groups else f"p:{bot.id}:{person.id}"
        if bot.id not in person.started:
            person.started.append(bot.id)
        text = (said.text or "").strip() or None
        item = self._store.add(
            Message(
                message_id=self._store.next_message_id(),
                room=room,
                chat_id=chat_id,
                sender=person.id,
                text=text if stored is None else None,
                caption=text if stored is not None else None,
                entities=render.detected(text, []) if text else [],
                document=stored,
                reply_to=said.reply_to,
            )
        )
        number = await queue(self._store, bot, "message", chat_id, wire.message(self._store, item))
        return web.json_response({"update_id": number, "message_id": item.message_id})

    def _stored(self, said: Said) -> str | None:
        if said.document is None:
            return None
        content = base64.b64decode(said.document.base64, validate=True)
        return keep_file(self._store, Upload(said.document.name, said.document.media_type, content))

    async def press(self, request: web.Request) -> web.Response:
        """The person presses a button and waits for the spinner to end."""
        person, bot = self._person(request), self._bot()
        try:
            pressed = Pressed.model_validate_json(await request.read())
        except ValidationError as error:
            return wrong(str(error))
        item = self._find(person, pressed.message_id)
        if item is None:
            return wrong("this person does not see such a message", 404)
        data = pressed.data or self._data(item, pressed.button or "")
        if data is None:
            return wrong(f"the message has no button {pressed.button!r}", 404)
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
        return web.json_response({"answered": press.answered, "text": press.text, "alert": press.alert})

    async def _answered(self, press: Press) -> None:
        until = time.monotonic() + PATIENCE
        while not press.answered and time.monotonic() < until:
            await self._store.until(until - time.monotonic(), self._store.version)

    def _find(self, person: Person, message_id: int) -> Message | None:
        for room in self._store.rooms_of(person.id):
            if message_id in self._store.room(room):
                return self._store.room(room)[message_id]
        return None

    @staticmethod
    def _data(item: Message, label: str) -> str | None:
        buttons = [button for row in item.keyboard for button in row if "callback_data" in button]
        exact = next((button for button in buttons if button["text"] == label), None)
        near = next((button for button in buttons if label and button["text"].startswith(label)), None)
        found = exact or near
        return str(found["callback_data"]) if found else None

    async def chat(self, request: web.Request) -> web.Response:
        """What the person sees now; with ``after`` and ``wait`` it waits for something new."""
        person = self._person(request)
        version = int(request.query.get("version", -1))
        if version == self._store.version:
            await self._store.until(float(request.query.get("wait", 0)), version)
        after = int(request.query.get("after", 0))
        items = [
            self._seen(person, item)
            for room in self._store.rooms_of(person.id)
            for item in self._store.room(room).values()
            if item.message_id > after
        ]
        items.sort(key=lambda item: int(item["id"]))
        return web.json_response(
            {"version": self._store.version, "messages": items, "commands": self._commands(person)}
        )

    def _commands(self, person: Person) -> list[dict[str, str]]:
        for bot in self._store.world.bots.values():
            for language in (person.language_code or "", ""):
                menu = bot.commands.get(f"default::{language}")
                if menu:
                    return menu
        return []

    def _seen(self, person: Person, item: Message) -> dict[str, Any]:
        words = item.text if item.text is not None else item.caption
        stored = self._store.world.files.get(item.document or "")
        return {
            "id": item.message_id,
            "chat_id": item.chat_id,
            "from": "me" if item.sender == person.id else "bot",
            "text": words or "",
            "html": render.to_html(words or "", item.entities),
            "buttons": [
                [{"text": b["text"], "data": b.get("callback_data"), "style": b.get("style")} for b in row]
                for row in item.keyboard
            ],
            "document": stored.name if stored else None,
            "reply_to": item.reply_to,
            "edits": item.edits,
            "date": item.date,
        }
