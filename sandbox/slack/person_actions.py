"""What a person does in Slack: messages, commands, presses, modals, shortcuts, the home tab.

One rule: what Slack's own client would not send is not sent, and the person is told why.
"""

import re
from dataclasses import dataclass, field
from typing import Any

from sandbox.slack import app_payloads, render, response_urls
from sandbox.slack.delivery import AppReply, SlackDelivery
from sandbox.slack.errors import SlackRefusal
from sandbox.slack.model import (
    Json,
    ResponseUrl,
    SlackApp,
    SlackConversation,
    SlackMessage,
    SlackPerson,
    SlackStoredFile,
    SlackView,
)
from sandbox.slack.render import RenderedButton
from sandbox.slack.world_store import SLACKBOT, SlackStore


class ActionImpossible(Exception):
    """The person cannot do this: there is nothing of that kind to press, fill in or close."""

    def __init__(self, message: str, status: int = 404) -> None:
        self.status = status
        super().__init__(message)


@dataclass
class ActionOutcome:
    """What the person sees of the action at once."""

    answered: bool = True
    text: str = ""
    more: Json = field(default_factory=dict)

    def as_json(self) -> Json:
        return {"answered": self.answered, "text": self.text, "alert": not self.answered, **self.more}


class PersonActions:
    """Carries out a person's actions."""

    def __init__(self, store: SlackStore, delivery: SlackDelivery) -> None:
        self._store = store
        self._delivery = delivery

    def app_for(self, person: SlackPerson) -> SlackApp:
        """The app of the person's workspace."""
        found = next(self._store.apps_of(person.team_id), None)
        if found is None:
            found = next(iter(self._store.world.apps.values()), None) if person.is_stranger else None
        if found is None:
            raise ActionImpossible("no app is registered; POST /control/slack/apps first", 409)
        return found

    def _channel(self, person: SlackPerson, channel_id: str | None) -> SlackConversation:
        app = self.app_for(person)
        if not channel_id:
            return self._store.direct_channel(app, person)
        found = self._store.world.channels.get(channel_id)
        if found is None or person.id not in found.members:
            raise ActionImpossible("this person is in no such conversation")
        return found

    async def send(
        self,
        person: SlackPerson,
        text: str,
        *,
        chat_id: str | None = None,
        thread: str = "",
        files: list[SlackStoredFile] | None = None,
    ) -> ActionOutcome:
        """Send a message; one that begins with ``/`` is a command."""
        channel = self._channel(person, chat_id)
        if text.startswith("/") and not files:
            return await self.command(person, channel, text)
        app = self.app_for(person)
        first = self._store.messages_in(channel.id).get(thread)
        message = self._store.add(
            SlackMessage(
                ts=self._store.new_timestamp(),
                channel=channel.id,
                user=person.id,
                text=_escaped(text, app),
                thread_ts=(first.thread_ts or first.ts) if first else "",
                files=[each.id for each in files or []],
            )
        )
        for each in files or []:
            each.channels.append(channel.id)
        name = await self._notify_app(app, channel, message)
        return ActionOutcome(more={"message_id": message.ts, "event_id": name})

    async def _notify_app(self, app: SlackApp, channel: SlackConversation, message: SlackMessage) -> str:
        """Notify the app of a message, if its bot is in the conversation."""
        if app.bot_user not in channel.members:
            return ""
        if message.files:
            payload: Json = {"type": "file_shared", "file_id": message.files[0], "channel_id": channel.id}
            payload |= {"user_id": message.user, "file": {"id": message.files[0]}, "event_ts": message.ts}
            await self._delivery.queue_event(app, payload)
        event = app_payloads.message_event(self._store, app, channel, message)
        if channel.kind != "im" and f"<@{app.bot_user}>" in message.text:
            mention = {key: event[key] for key in ("user", "text", "ts", "channel", "event_ts", "team")}
            more = {"thread_ts": message.thread_ts} if message.thread_ts else {}
            await self._delivery.queue_event(app, {"type": "app_mention", **mention, **more})
        return await self._delivery.queue_event(app, event)

    async def command(self, person: SlackPerson, channel: SlackConversation, line: str) -> ActionOutcome:
        """Send a slash command and show what its acknowledgement answers."""
        app, name = self.app_for(person), line.partition(" ")[0]
        if name not in app.commands:
            # From memory: Slackbot's text about an unknown command.
            text = (
                f"`{name}` is not a valid command. "
                'In Slack, all messages that start with "/" are interpreted as commands.'
            )
            return await self._slackbot_says(person, channel, text)
        form = app_payloads.command_form(self._store, app, person, channel, line)
        reply = await self._delivery.command(app, form)
        if reply.error:
            return await self._slackbot_says(person, channel, f'{name} failed with the error "{reply.error}"')
        response = (
            reply.json if isinstance(reply.json, dict) else {"text": reply.body.decode("utf-8", "replace")}
        )
        if response.get("text") or response.get("blocks"):
            response_url = ResponseUrl(
                token="", bot_token=app.bot_token, channel=channel.id, person=person.id
            )
            self._apply_response(app, response_url, response)
        await self._store.touch()
        return ActionOutcome(text=str(response.get("text") or ""))

    def _apply_response(self, app: SlackApp, response_url: ResponseUrl, response: Json) -> None:
        """Apply the answer, or record the refusal: Slack shows nothing when an answer is invalid."""
        try:
            response_urls.apply_response(self._store, app, response_url, response)
        except SlackRefusal as error:
            self._store.record_refusal("acknowledge", error, response)

    async def _slackbot_says(
        self, person: SlackPerson, channel: SlackConversation, text: str
    ) -> ActionOutcome:
        self._store.add(
            SlackMessage(
                ts=self._store.new_timestamp(),
                channel=channel.id,
                user=SLACKBOT,
                bot=True,
                text=text,
                only_for=person.id,
            )
        )
        await self._store.touch()
        return ActionOutcome(answered=False, text=text)

    # ---- presses

    async def press(
        self, person: SlackPerson, place: str, label: str | None, data: str | None, value: Any = None
    ) -> ActionOutcome:
        """Press a button, or an option of a menu, in a message, a modal or the home tab."""
        shown = self._store.world.views.get(place)
        if shown is not None and shown.person == person.id:
            button = _find_button(shown.view["blocks"], label, data)
            action = self._action(button, data)
            app = self._store.world.apps[shown.token]
            if button.option is not None:
                response_url = shown.state.setdefault(button.block["block_id"], {})
                response_url[action["action_id"]] = {
                    key: action[key]
                    for key in action
                    if key in ("type", "selected_option", "selected_options")
                }
            payload = app_payloads.view_action(self._store, app, person, shown, action)
            return self._outcome(await self._delivery.interaction(app, payload), person, "")
        message = self._message(person, place)
        button = _find_button(message.blocks, label, data)
        app = next(a for a in self._store.world.apps.values() if a.bot_user == message.user)
        payload = app_payloads.message_action(self._store, app, person, message, self._action(button, data))
        since = self._store.new_timestamp()
        return self._outcome(await self._delivery.interaction(app, payload), person, since)

    def _message(self, person: SlackPerson, ts: str) -> SlackMessage:
        found = next((each for each in self._store.visible_to(person) if each.ts == ts), None)
        if found is None:
            raise ActionImpossible("this person does not see such a message")
        return found

    def _action(self, button: RenderedButton, data: str | None) -> Json:
        """The action in the payload. Data other than the button's is sent too: a client can be forged."""
        element, option = button.element, button.option
        action: Json = {
            "type": element["type"],
            "action_id": element.get("action_id") or "random",
            "block_id": button.block["block_id"],
            "action_ts": self._store.new_timestamp(),
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

    def _outcome(self, reply: AppReply, person: SlackPerson, since: str) -> ActionOutcome:
        """The error of an unanswered press; else what only this person has been shown since."""
        if reply.error:
            return ActionOutcome(answered=False, text=reply.error)
        payload = [
            each
            for each in self._store.visible_to(person)
            if since and each.only_for == person.id and each.ts > since
        ]
        return ActionOutcome(text="\n".join(render.message_text(each.blocks, each.text) for each in payload))

    # ---- shortcuts and the home tab

    async def shortcut(self, person: SlackPerson, name: str, ts: str | None) -> ActionOutcome:
        app = self.app_for(person)
        message = self._message(person, ts) if ts else None
        payload = app_payloads.shortcut(self._store, app, person, name, message)
        return self._outcome(await self._delivery.interaction(app, payload), person, "")

    async def home(self, person: SlackPerson) -> ActionOutcome:
        """The person opens the app's home tab."""
        app = self.app_for(person)
        name = self._store.world.homes.get(f"{app.bot_token}:{person.id}", "")
        event: Json = {"type": "app_home_opened", "user": person.id, "tab": "home"}
        event |= {
            "channel": self._store.direct_channel(app, person).id,
            "event_ts": self._store.new_timestamp(),
        }
        if name:
            shown: SlackView = self._store.world.views[name]
            event["view"] = {"id": shown.id, "hash": shown.hash, **shown.view}
        payload = await self._delivery.queue_event(app, event)
        return ActionOutcome(more={"event_id": payload})

    async def react(self, person: SlackPerson, ts: str, name: str) -> ActionOutcome:
        message = self._message(person, ts)
        people = message.reactions.setdefault(name, [])
        if person.id not in people:
            people.append(person.id)
        item = {"type": "message", "channel": message.channel, "ts": ts}
        event = {"type": "reaction_added", "user": person.id, "reaction": name, "item": item}
        event |= {"item_user": message.user, "event_ts": self._store.new_timestamp()}
        await self._delivery.queue_event(self.app_for(person), event)
        return ActionOutcome()

    async def edit(self, person: SlackPerson, ts: str, text: str) -> ActionOutcome:
        """The person edits their own message."""
        message, app = self._message(person, ts), self.app_for(person)
        if message.user != person.id:
            raise ActionImpossible("this message is not theirs to edit", 409)
        channel = self._store.world.channels[message.channel]
        before = app_payloads.message_event(self._store, app, channel, message)
        message.text, message.edited, message.edits = (
            _escaped(text, app),
            self._store.new_timestamp(),
            message.edits + 1,
        )
        payload = {"type": "message", "subtype": "message_changed", "hidden": True, "channel": channel.id}
        payload |= {"channel_type": before["channel_type"], "ts": message.edited, "event_ts": message.edited}
        payload |= {
            "message": app_payloads.message_event(self._store, app, channel, message),
            "previous_message": before,
        }
        return ActionOutcome(more={"event_id": await self._delivery.queue_event(app, payload)})


def _escaped(text: str, app: SlackApp) -> str:
    """A typed text as the app receives it: escaped, with the bot's name as a mention."""
    safe = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return re.sub(rf"(?i)@{re.escape(app.name)}\b", f"<@{app.bot_user}>", safe)


def _find_button(blocks: list[Json], label: str | None, data: str | None) -> RenderedButton:
    """Find it by its data, else by its label or a beginning of it; forged data goes with the first button."""
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
    raise ActionImpossible(f"there is no button {label or data!r}")
