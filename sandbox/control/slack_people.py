"""Plays the people of Slack."""

import mimetypes
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
    SentFile,
    ShortcutAction,
    SubmitAction,
)
from sandbox.slack import render, view_state
from sandbox.slack.api_objects import file_object
from sandbox.slack.delivery import SlackDelivery
from sandbox.slack.methods.view_methods import home_of
from sandbox.slack.model import SlackMessage, SlackPerson, SlackStoredFile, SlackView
from sandbox.slack.person_actions import ActionImpossible, ActionOutcome, PersonActions
from sandbox.slack.person_modals import PersonModals, top_modal
from sandbox.slack.world_store import DEFAULT_TEAM, SlackStore

ANSWER_TIMEOUT_SECONDS = 30.0


class NewSlackPerson(BaseModel):
    id: str
    team_id: str = DEFAULT_TEAM
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

    def __init__(self, store: SlackStore, delivery: SlackDelivery) -> None:
        self._store = store
        self._actions = PersonActions(store, delivery)
        self._modals = PersonModals(store, delivery)

    def _person(self, person_id: str) -> SlackPerson:
        person = self._store.world.people.get(person_id)
        if person is None:
            raise ControlError("nobody has this id; POST /control/people first", 404)
        return person

    async def add(self, body: bytes) -> Json:
        """Create a person, or change one; their workspace is created with them."""
        new = NewSlackPerson.model_validate_json(body)
        self._store.team(new.team_id)
        known = self._store.world.people.get(new.id)
        fields = {name: value if value is not None else "" for name, value in new.model_dump().items()}
        fields["language_code"] = fields["language_code"] or "en"
        self._store.world.people[new.id] = SlackPerson(
            **fields, deactivated=bool(known and known.deactivated)
        )
        await self._store.touch()
        return {"id": new.id}

    def listing(self) -> list[Json]:
        return [{**person.model_dump(), "platform": "slack"} for person in self._store.world.people.values()]

    async def send(self, person_id: str, action: SendAction) -> Json:
        """The person writes, uploads a file, replies in a thread, or types a command."""
        person = self._person(person_id)
        text = (action.text or "").strip()
        files = [self._store_file(person, action.document)] if action.document is not None else []
        if not text and not files:
            raise ControlError("nothing was said")
        chat_id = str(action.chat_id) if action.chat_id is not None else None
        thread = str(action.reply_to) if action.reply_to is not None else ""
        outcome = self._actions.send(person, text, chat_id=chat_id, thread=thread, files=files)
        return await _action_result(outcome)

    def _store_file(self, person: SlackPerson, sent: SentFile) -> SlackStoredFile:
        content, name = sent.content(), sent.name
        stored = SlackStoredFile(
            id=self._store.new_id("F"),
            team_id=self._actions.app_for(person).team_id,
            name=name,
            title=name,
            media_type=sent.media_type or mimetypes.guess_type(name)[0] or "application/octet-stream",
            size=len(content),
            user=person.id,
            uploaded=True,
            completed=True,
        )
        self._store.world.files[stored.id] = stored
        self._store.memory.put_bytes(stored.id, content)
        return stored

    async def press(self, person_id: str, action: PressAction) -> Json:
        person = self._person(person_id)
        if action.values:
            await self._modals.fill(person, action.values)
        return await _action_result(
            self._actions.press(person, str(action.message_id), action.button, action.data)
        )

    async def submit(self, person_id: str, action: SubmitAction) -> Json:
        """Fill in and send the modal; files are sent along as a message's document is."""
        person = self._person(person_id)
        values = {name: self._with_files(person, entered) for name, entered in action.values.items()}
        return await _action_result(self._modals.submit(person, values))

    def _with_files(self, person: SlackPerson, entered: Any) -> Any:
        """Uploaded by Slack's client before the view is sent."""
        if not isinstance(entered, list) or not all(isinstance(each, dict) for each in entered):
            return entered
        stored = (self._store_file(person, SentFile.model_validate(each)) for each in entered)
        return [file_object(self._store, each) for each in stored]

    async def close(self, person_id: str) -> Json:
        return await _action_result(self._modals.close(self._person(person_id)))

    async def shortcut(self, person_id: str, action: ShortcutAction) -> Json:
        return await _action_result(
            self._actions.shortcut(self._person(person_id), action.name, action.message_id)
        )

    async def home(self, person_id: str) -> Json:
        return await _action_result(self._actions.home(self._person(person_id)))

    async def react(self, person_id: str, action: ReactAction) -> Json:
        return await _action_result(
            self._actions.react(self._person(person_id), str(action.message_id), action.name)
        )

    async def edit(self, person_id: str, action: EditAction) -> Json:
        person = self._person(person_id)
        return await _action_result(self._actions.edit(person, str(action.message_id), action.text))

    def chat(self, person_id: str) -> Json:
        """What the person sees now: messages, the top modal, the home tab."""
        person = self._person(person_id)
        items = [self._message_json(person, item) for item in self._store.visible_to(person)]
        items.sort(key=lambda item: float(item["id"]))
        apps = list(self._store.apps_of(person.team_id))
        shown, home = top_modal(self._store, person), None
        if apps:
            home = home_of(self._store, apps[0].bot_token, person)
        return {
            "platform": "slack",
            "messages": items,
            "rooms": self._rooms(person),
            "commands": [
                {"command": each.removeprefix("/"), "description": ""} for a in apps for each in a.commands
            ],
            "modal": self._modal_json(person, shown) if shown else None,
            "home": _home_json(home) if home else None,
        }

    def _rooms(self, person: SlackPerson) -> list[Json]:
        """The channels that the person is in; threads are their messages'."""
        return [
            {
                "id": channel.id,
                "title": channel.name,
                "topics": [],
                "members": [self._name_of(member) for member in channel.members],
            }
            for channel in self._store.world.channels.values()
            if channel.kind != "im" and person.id in channel.members
        ]

    def file(self, person_id: str, message_id: str) -> DownloadedFile:
        """The first file of a message."""
        seen = self._store.visible_to(self._person(person_id))
        item = next((each for each in seen if each.ts == message_id and each.files), None)
        if item is None:
            raise ControlError("there is no file in this message", 404)
        stored = self._store.world.files[item.files[0]]
        return DownloadedFile(stored.name, stored.media_type, self._store.memory.get_bytes(stored.id))

    def _message_json(self, person: SlackPerson, item: SlackMessage) -> Json:
        files = [self._store.world.files[each] for each in item.files]
        blocks = item.blocks + [block for each in item.attachments for block in each.get("blocks", [])]
        return {
            "id": item.ts,
            "chat_id": item.channel,
            "from": "me" if item.user == person.id else "bot" if item.bot else "other",
            "name": self._author_name(item),
            "text": render.message_text(blocks, item.text),
            "fallback": item.text,
            "html": render.to_html(blocks, item.text),
            "buttons": [[button.as_json() for button in row] for row in render.buttons(blocks)],
            "document": files[0].name if files else None,
            "reply_to": item.thread_ts if item.thread_ts not in ("", item.ts) else None,
            "thread": item.thread_ts,
            "ephemeral": bool(item.only_for),
            "blocks": item.blocks,
            "reactions": list(item.reactions),
            "edits": item.edits,
            "date": int(float(item.ts)),
        }

    def _author_name(self, item: SlackMessage) -> str:
        return self._name_of(item.user)

    def _name_of(self, user: str) -> str:
        person = self._store.world.people.get(user)
        if person is not None:
            return person.full_name
        apps = self._store.world.apps.values()
        return next((app.name for app in apps if app.bot_user == user), "Slackbot")

    def _modal_json(self, person: SlackPerson, shown: SlackView) -> Json:
        view = shown.view
        return {
            "view_id": shown.id,
            "title": view["title"]["text"],
            "submit": view["submit"]["text"] if view.get("submit") else None,
            "close": view["close"]["text"] if view.get("close") else "Cancel",
            "html": render.to_html(view["blocks"], ""),
            "fields": [_field_json(shown, block, element) for block, element in view_state.iter_fields(view)],
            "buttons": [
                [button.as_json() for button in row if button.element["type"] in ("button", "overflow")]
                for row in render.buttons(view["blocks"])
            ],
            "notice": shown.notice,
            "depth": len(self._store.world.stacks[person.id]),
        }


def _field_json(shown: SlackView, block: Json, element: Json) -> Json:
    name = view_state.action_of(element)
    label = block.get("label") or block.get("text") or {"text": name}
    value = shown.state.get(block["block_id"], {}).get(name, {"type": element["type"]})
    return {
        "block_id": block["block_id"],
        "action_id": name,
        "label": label["text"],
        "hint": block["hint"]["text"] if block.get("hint") else "",
        "kind": view_state.kind_of(element),
        "value": view_state.displayed_value(value),
        "options": [
            {"text": each["text"]["text"], "value": each["value"]} for each in view_state.options_of(element)
        ],
        "optional": bool(block.get("optional")) or block["type"] != "input",
        "multiline": bool(element.get("multiline")),
        "outside": element["type"].endswith("external_select"),
        "error": shown.errors.get(block["block_id"], ""),
    }


def _home_json(shown: SlackView) -> Json:
    blocks = shown.view["blocks"]
    result: dict[str, Any] = {
        "view_id": shown.id,
        "text": render.message_text(blocks, ""),
        "html": render.to_html(blocks, ""),
    }
    return result | {"buttons": [[button.as_json() for button in row] for row in render.buttons(blocks)]}


async def _action_result(outcome: Any) -> Json:
    """The result of an action; an impossible action is a mistake by the caller."""
    try:
        found: ActionOutcome = await outcome
    except ActionImpossible as error:
        raise ControlError(str(error), error.status) from None
    return found.as_json()
