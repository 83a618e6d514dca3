"""What a person does in Slack: write, type a command, press, fill a modal, close it, use a shortcut, open the home tab.

One rule: what Slack's own client would not send, is not sent; the person is told why.
"""

import re
from dataclasses import dataclass, field
from typing import Any

from sandbox.slack import payloads, render, respond
from sandbox.slack.delivery import Delivery, Reply
from sandbox.slack.model import App, Channel, Json, Message, Person, ResponseUrl, StoredFile, View
from sandbox.slack.render import Button
from sandbox.slack.store import SLACKBOT, Store
from sandbox.slack.words import Refusal


class Impossible(Exception):
    """The person cannot do this: there is nothing such to press, fill or close."""

    def __init__(self, words: str, status: int = 404) -> None:
        self.status = status
        super().__init__(words)


@dataclass
class Outcome:
    """What the person sees of it at once."""

    answered: bool = True
    text: str = ""
    more: Json = field(default_factory=dict)

    def told(self) -> Json:
        return {"answered": self.answered, "text": self.text, "alert": not self.answered, **self.more}


class Acting:
    """A person's hands."""

    def __init__(self, store: Store, delivery: Delivery) -> None:
        self._store = store
        self._delivery = delivery

    def app(self, person: Person) -> App:
        """The app of the person's workspace."""
        found = next(self._store.apps_of(person.team_id), None)
        if found is None:
            found = next(iter(self._store.world.apps.values()), None) if person.is_stranger else None
        if found is None:
            raise Impossible("no app is registered; POST /control/slack/apps first", 409)
        return found

    def _channel(self, person: Person, written: str | None) -> Channel:
        app = self.app(person)
        if not written:
            return self._store.im(app, person)
        found = self._store.world.channels.get(written)
        if found is None or person.id not in found.members:
            raise Impossible("this person is in no such conversation")
        return found

    async def say(
        self,
        person: Person,
        text: str,
        *,
        chat_id: str | None = None,
        thread: str = "",
        files: list[StoredFile] | None = None,
    ) -> Outcome:
        """A message; one that begins with ``/`` is a command."""
        channel = self._channel(person, chat_id)
        if text.startswith("/") and not files:
            return await self.command(person, channel, text)
        app = self.app(person)
        first = self._store.room(channel.id).get(thread)
        message = self._store.add(
            Message(
                ts=self._store.ts(),
                channel=channel.id,
                user=person.id,
                text=_sent(text, app),
                thread_ts=(first.thread_ts or first.ts) if first else "",
                files=[each.id for each in files or []],
            )
        )
        for each in files or []:
            each.channels.append(channel.id)
        name = await self._heard(app, channel, message)
        return Outcome(more={"message_id": message.ts, "event_id": name})

    async def _heard(self, app: App, channel: Channel, message: Message) -> str:
        """What the app is told of a message: only where its bot is."""
        if app.bot_user not in channel.members:
            return ""
        if message.files:
            told: Json = {"type": "file_shared", "file_id": message.files[0], "channel_id": channel.id}
            told |= {"user_id": message.user, "file": {"id": message.files[0]}, "event_ts": message.ts}
            await self._delivery.queue(app, told)
        event = payloads.said(self._store, app, channel, message)
        if channel.kind != "im" and f"<@{app.bot_user}>" in message.text:
            mention = {key: event[key] for key in ("user", "text", "ts", "channel", "event_ts", "team")}
            more = {"thread_ts": message.thread_ts} if message.thread_ts else {}
            await self._delivery.queue(app, {"type": "app_mention", **mention, **more})
        return await self._delivery.queue(app, event)

    async def command(self, person: Person, channel: Channel, line: str) -> Outcome:
        """A slash command and what is answered in its acknowledgement."""
        app, name = self.app(person), line.partition(" ")[0]
        if name not in app.commands:
            # From memory: Slackbot's words about a command that is none.
            words = (
                f"`{name}` is not a valid command. "
                'In Slack, all messages that start with "/" are interpreted as commands.'
            )
            return await self._slackbot(person, channel, words)
        form = payloads.command(self._store, app, person, channel, line)
        reply = await self._delivery.command(app, form)
        if reply.error:
            return await self._slackbot(person, channel, f'{name} failed with the error "{reply.error}"')
        said = reply.json if isinstance(reply.json, dict) else {"text": reply.body.decode("utf-8", "replace")}
        if said.get("text") or said.get("blocks"):
            where = ResponseUrl(token="", bot_token=app.bot_token, channel=channel.id, person=person.id)
            self._checked(app, where, said)
        await self._store.touch()
        return Outcome(text=str(said.get("text") or ""))

    def _checked(self, app: App, where: ResponseUrl, said: Json) -> None:
        """Say it, or keep the refusal: Slack shows nothing when an answer is no good."""
        try:
            respond.say(self._store, app, where, said)
        except Refusal as error:
            self._store.refuse("acknowledge", error, said)

    async def _slackbot(self, person: Person, channel: Channel, words: str) -> Outcome:
        self._store.add(
            Message(
                ts=self._store.ts(),
                channel=channel.id,
                user=SLACKBOT,
                bot=True,
                text=words,
                only_for=person.id,
            )
        )
        await self._store.touch()
        return Outcome(answered=False, text=words)

    # ---- presses

    async def press(
        self, person: Person, place: str, label: str | None, data: str | None, value: Any = None
    ) -> Outcome:
        """A button, or an option of a menu, in a message, a modal or the home tab."""
        shown = self._store.world.views.get(place)
        if shown is not None and shown.person == person.id:
            button = _button(shown.view["blocks"], label, data)
            action = self._action(button, data)
            app = self._store.world.apps[shown.token]
            if button.option is not None:
                where = shown.state.setdefault(button.block["block_id"], {})
                where[action["action_id"]] = {
                    key: action[key]
                    for key in action
                    if key in ("type", "selected_option", "selected_options")
                }
            payload = payloads.on_view(self._store, app, person, shown, action)
            return self._outcome(await self._delivery.interaction(app, payload), person, "")
        message = self._message(person, place)
        button = _button(message.blocks, label, data)
        app = next(a for a in self._store.world.apps.values() if a.bot_user == message.user)
        payload = payloads.on_message(self._store, app, person, message, self._action(button, data))
        since = self._store.ts()
        return self._outcome(await self._delivery.interaction(app, payload), person, since)

    def _message(self, person: Person, ts: str) -> Message:
        found = next((each for each in self._store.seen_by(person) if each.ts == ts), None)
        if found is None:
            raise Impossible("this person does not see such a message")
        return found

    def _action(self, button: Button, data: str | None) -> Json:
        """The action as it is told; other data than the button has is sent too: a client can be forged."""
        element, option = button.element, button.option
        action: Json = {
            "type": element["type"],
            "action_id": element.get("action_id") or "random",
            "block_id": button.block["block_id"],
            "action_ts": self._store.ts(),
        }
        if option is not None:
            chosen = option if data in (None, option["value"]) else {**option, "value": data}
            many = element["type"].startswith("multi_") or element["type"] == "checkboxes"
            return action | ({"selected_options": [chosen]} if many else {"selected_option": chosen})
        action["text"] = element["text"]
        for name in ("value", "style"):
            if name in element:
                action[name] = element[name]
        if data is not None and data != element.get("action_id"):
            action["value"] = data
        return action

    def _outcome(self, reply: Reply, person: Person, since: str) -> Outcome:
        """The word for a press that was not answered; else what only this person was told meanwhile."""
        if reply.error:
            return Outcome(answered=False, text=reply.error)
        told = [
            each
            for each in self._store.seen_by(person)
            if since and each.only_for == person.id and each.ts > since
        ]
        return Outcome(text="\n".join(render.text_of(each.blocks, each.text) for each in told))

    # ---- shortcuts and the home tab

    async def shortcut(self, person: Person, name: str, ts: str | None) -> Outcome:
        app = self.app(person)
        message = self._message(person, ts) if ts else None
        payload = payloads.shortcut(self._store, app, person, name, message)
        return self._outcome(await self._delivery.interaction(app, payload), person, "")

    async def home(self, person: Person) -> Outcome:
        """The person opens the app's home tab."""
        app = self.app(person)
        name = self._store.world.homes.get(f"{app.bot_token}:{person.id}", "")
        event: Json = {"type": "app_home_opened", "user": person.id, "tab": "home"}
        event |= {"channel": self._store.im(app, person).id, "event_ts": self._store.ts()}
        if name:
            shown: View = self._store.world.views[name]
            event["view"] = {"id": shown.id, "hash": shown.hash, **shown.view}
        told = await self._delivery.queue(app, event)
        return Outcome(more={"event_id": told})

    async def react(self, person: Person, ts: str, name: str) -> Outcome:
        message = self._message(person, ts)
        people = message.reactions.setdefault(name, [])
        if person.id not in people:
            people.append(person.id)
        item = {"type": "message", "channel": message.channel, "ts": ts}
        event = {"type": "reaction_added", "user": person.id, "reaction": name, "item": item}
        event |= {"item_user": message.user, "event_ts": self._store.ts()}
        await self._delivery.queue(self.app(person), event)
        return Outcome()

    async def correct(self, person: Person, ts: str, text: str) -> Outcome:
        """The person edits what they wrote."""
        message, app = self._message(person, ts), self.app(person)
        if message.user != person.id:
            raise Impossible("this message is not theirs to edit", 409)
        channel = self._store.world.channels[message.channel]
        before = payloads.said(self._store, app, channel, message)
        message.text, message.edited, message.edits = _sent(text, app), self._store.ts(), message.edits + 1
        told = {"type": "message", "subtype": "message_changed", "hidden": True, "channel": channel.id}
        told |= {"channel_type": before["channel_type"], "ts": message.edited, "event_ts": message.edited}
        told |= {"message": payloads.said(self._store, app, channel, message), "previous_message": before}
        return Outcome(more={"event_id": await self._delivery.queue(app, told)})


def _sent(text: str, app: App) -> str:
    """What a person typed, as it reaches the app: escaped, the bot's name as a mention."""
    safe = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return re.sub(rf"(?i)@{re.escape(app.name)}\b", f"<@{app.bot_user}>", safe)


def _button(blocks: list[Json], label: str | None, data: str | None) -> Button:
    """By what it carries, else by its label, whole or as it begins; forged data goes with the first."""
    found = [button for row in render.buttons(blocks) for button in row]
    for fits in (
        lambda button: data is not None and data in (button.data, button.element.get("action_id")),
        lambda button: label is not None and button.text == label,
        lambda button: bool(label) and button.text.startswith(str(label)),
        lambda button: data is not None and label is None,
    ):
        chosen = next((button for button in found if fits(button)), None)
        if chosen is not None:
            return chosen
    raise Impossible(f"there is no button {label or data!r}")
