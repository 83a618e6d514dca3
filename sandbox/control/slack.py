"""People of Slack, played."""

import mimetypes
from typing import Any

from pydantic import BaseModel

from sandbox.control.playing import Corrected, Json, Opened, Pressed, Reacted, Said, Submitted, Used, Wrong
from sandbox.slack import render, state
from sandbox.slack.acting import Acting, Impossible, Outcome
from sandbox.slack.delivery import Delivery
from sandbox.slack.methods.views import home_of
from sandbox.slack.modals import Modals, top
from sandbox.slack.model import Message, Person, StoredFile, View
from sandbox.slack.store import HOME, Store

PATIENCE = 30.0


class NewPerson(BaseModel):
    id: str
    team_id: str = HOME
    first_name: str
    last_name: str | None = ""
    username: str | None = ""
    language_code: str | None = "en"
    email: str = ""
    tz: str = "Europe/Berlin"
    note: str = ""
    is_admin: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    is_stranger: bool = False


class SlackPeople:
    """The people who chat on Slack."""

    def __init__(self, store: Store, delivery: Delivery) -> None:
        self._store = store
        self._acting = Acting(store, delivery)
        self._modals = Modals(store, delivery)

    def _person(self, who: str) -> Person:
        person = self._store.world.people.get(who)
        if person is None:
            raise Wrong("nobody has this id; POST /control/people first", 404)
        return person

    async def add(self, body: bytes) -> Json:
        """Make a person, or change one; their workspace is made with them."""
        new = NewPerson.model_validate_json(body)
        self._store.team(new.team_id)
        known = self._store.world.people.get(new.id)
        given = {name: value if value is not None else "" for name, value in new.model_dump().items()}
        given["language_code"] = given["language_code"] or "en"
        self._store.world.people[new.id] = Person(**given, deactivated=bool(known and known.deactivated))
        await self._store.touch()
        return {"id": new.id}

    def listing(self) -> list[Json]:
        return [{**person.model_dump(), "platform": "slack"} for person in self._store.world.people.values()]

    async def send(self, who: str, said: Said) -> Json:
        """The person writes, drops a file, answers in a thread, or types a command."""
        person = self._person(who)
        text = (said.text or "").strip()
        files = self._stored(person, said)
        if not text and not files:
            raise Wrong("nothing was said")
        chat_id = str(said.chat_id) if said.chat_id is not None else None
        thread = str(said.reply_to) if said.reply_to is not None else ""
        outcome = self._acting.say(person, text, chat_id=chat_id, thread=thread, files=files)
        return await _done(outcome)

    def _stored(self, person: Person, said: Said) -> list[StoredFile]:
        if said.document is None:
            return []
        content, name = said.document.content(), said.document.name
        stored = StoredFile(
            id=self._store.name("F"),
            team_id=self._acting.app(person).team_id,
            name=name,
            title=name,
            media_type=said.document.media_type
            or mimetypes.guess_type(name)[0]
            or "application/octet-stream",
            size=len(content),
            user=person.id,
            uploaded=True,
            completed=True,
        )
        self._store.world.files[stored.id] = stored
        self._store.memory.put_bytes(stored.id, content)
        return [stored]

    async def press(self, who: str, pressed: Pressed) -> Json:
        person = self._person(who)
        return await _done(self._acting.press(person, str(pressed.message_id), pressed.button, pressed.data))

    async def submit(self, who: str, submitted: Submitted) -> Json:
        return await _done(self._modals.submit(self._person(who), submitted.values))

    async def close(self, who: str) -> Json:
        return await _done(self._modals.close(self._person(who)))

    async def shortcut(self, who: str, used: Used) -> Json:
        return await _done(self._acting.shortcut(self._person(who), used.name, used.message_id))

    async def home(self, who: str) -> Json:
        return await _done(self._acting.home(self._person(who)))

    async def react(self, who: str, reacted: Reacted) -> Json:
        return await _done(self._acting.react(self._person(who), str(reacted.message_id), reacted.name))

    async def correct(self, who: str, corrected: Corrected) -> Json:
        person = self._person(who)
        return await _done(self._acting.correct(person, str(corrected.message_id), corrected.text))

    def chat(self, who: str) -> Json:
        """What the person sees now: messages, the modal in front, the home tab."""
        person = self._person(who)
        items = [self._seen(person, item) for item in self._store.seen_by(person)]
        items.sort(key=lambda item: float(item["id"]))
        apps = list(self._store.apps_of(person.team_id))
        shown, home = top(self._store, person), None
        if apps:
            home = home_of(self._store, apps[0].bot_token, person)
        return {
            "platform": "slack",
            "messages": items,
            "commands": [
                {"command": each.removeprefix("/"), "description": ""} for a in apps for each in a.commands
            ],
            "modal": self._modal(person, shown) if shown else None,
            "home": _home(home) if home else None,
        }

    def file(self, who: str, message_id: str) -> Opened:
        """The first file of a message."""
        seen = self._store.seen_by(self._person(who))
        item = next((each for each in seen if each.ts == message_id and each.files), None)
        if item is None:
            raise Wrong("there is no file in this message", 404)
        stored = self._store.world.files[item.files[0]]
        return Opened(stored.name, stored.media_type, self._store.memory.get_bytes(stored.id))

    def _seen(self, person: Person, item: Message) -> Json:
        files = [self._store.world.files[each] for each in item.files]
        blocks = item.blocks + [block for each in item.attachments for block in each.get("blocks", [])]
        return {
            "id": item.ts,
            "chat_id": item.channel,
            "from": "me" if item.user == person.id else "bot" if item.bot else "other",
            "name": self._name(item),
            "text": render.text_of(blocks, item.text),
            "fallback": item.text,
            "html": render.to_html(blocks, item.text),
            "buttons": [[button.told() for button in row] for row in render.buttons(blocks)],
            "document": files[0].name if files else None,
            "reply_to": item.thread_ts if item.thread_ts not in ("", item.ts) else None,
            "thread": item.thread_ts,
            "ephemeral": bool(item.only_for),
            "blocks": item.blocks,
            "reactions": list(item.reactions),
            "edits": item.edits,
            "date": int(float(item.ts)),
        }

    def _name(self, item: Message) -> str:
        person = self._store.world.people.get(item.user)
        if person is not None:
            return person.called
        apps = self._store.world.apps.values()
        return next((app.name for app in apps if app.bot_user == item.user), "Slackbot")

    def _modal(self, person: Person, shown: View) -> Json:
        view = shown.view
        return {
            "view_id": shown.id,
            "title": view["title"]["text"],
            "submit": view["submit"]["text"] if view.get("submit") else None,
            "close": view["close"]["text"] if view.get("close") else "Cancel",
            "html": render.to_html(view["blocks"], ""),
            "fields": [_field(shown, block, element) for block, element in state.fields(view)],
            "buttons": [
                [button.told() for button in row if button.element["type"] in ("button", "overflow")]
                for row in render.buttons(view["blocks"])
            ],
            "notice": shown.notice,
            "depth": len(self._store.world.stacks[person.id]),
        }


def _field(shown: View, block: Json, element: Json) -> Json:
    name = state.action_of(element)
    label = block.get("label") or block.get("text") or {"text": name}
    held = shown.state.get(block["block_id"], {}).get(name, {"type": element["type"]})
    return {
        "block_id": block["block_id"],
        "action_id": name,
        "label": label["text"],
        "hint": block["hint"]["text"] if block.get("hint") else "",
        "kind": state.kind_of(element),
        "value": state.shown(held),
        "options": [
            {"text": each["text"]["text"], "value": each["value"]} for each in state.options_of(element)
        ],
        "optional": bool(block.get("optional")) or block["type"] != "input",
        "multiline": bool(element.get("multiline")),
        "outside": element["type"].endswith("external_select"),
        "error": shown.errors.get(block["block_id"], ""),
    }


def _home(shown: View) -> Json:
    blocks = shown.view["blocks"]
    told: dict[str, Any] = {
        "view_id": shown.id,
        "text": render.text_of(blocks, ""),
        "html": render.to_html(blocks, ""),
    }
    return told | {"buttons": [[button.told() for button in row] for row in render.buttons(blocks)]}


async def _done(outcome: Any) -> Json:
    """What came of it; what cannot be done is a mistake of whoever plays."""
    try:
        found: Outcome = await outcome
    except Impossible as error:
        raise Wrong(str(error), error.status) from None
    return found.told()
