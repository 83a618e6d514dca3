"""What an app is told: event envelopes, slash commands and interactions, in Slack's shapes."""

from typing import Any

from sandbox.slack import wire
from sandbox.slack.model import App, Channel, Json, Message, Person, View
from sandbox.slack.store import Store

VERIFICATION = "the-deprecated-verification-token"


def envelope(store: Store, app: App, event: Json, name: str) -> Json:
    """An event, as it is posted to the events address."""
    return {
        "token": VERIFICATION,
        "team_id": app.team_id,
        "context_team_id": app.team_id,
        "api_app_id": app.app_id,
        "event": event,
        "type": "event_callback",
        "event_id": name,
        "event_time": int(store.memory.now()),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": app.team_id,
                "user_id": app.bot_user,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": False,
    }


def said(store: Store, app: App, channel: Channel, message: Message) -> Json:
    """A message event."""
    kind = {"im": "im", "channel": "channel", "group": "group"}[channel.kind]
    told = wire.message(store, app, message)
    return told | {"channel": channel.id, "channel_type": kind, "event_ts": message.ts}


def command(store: Store, app: App, person: Person, channel: Channel, line: str) -> dict[str, str]:
    """The form of a slash command."""
    name, _, text = line.partition(" ")
    return {
        "token": VERIFICATION,
        "team_id": app.team_id,
        "team_domain": store.team(app.team_id).domain,
        "channel_id": channel.id,
        "channel_name": "directmessage" if channel.kind == "im" else channel.name,
        "user_id": person.id,
        "user_name": _handle(person),
        "command": name,
        "text": text.strip(),
        "api_app_id": app.app_id,
        "is_enterprise_install": "false",
        "response_url": store.answer_url(app, person, channel.id),
        "trigger_id": store.trigger(app, person).id,
    }


def _handle(person: Person) -> str:
    return person.username or person.called.lower().replace(" ", "_")


def _shared(store: Store, app: App, person: Person) -> Json:
    """What every interaction carries."""
    return {
        "user": {
            "id": person.id,
            "username": _handle(person),
            "name": _handle(person),
            "team_id": person.team_id,
        },
        "api_app_id": app.app_id,
        "token": VERIFICATION,
        "team": {"id": app.team_id, "domain": store.team(app.team_id).domain},
        "enterprise": None,
        "is_enterprise_install": False,
    }


def _where(channel: Channel) -> Json:
    return {"id": channel.id, "name": "directmessage" if channel.kind == "im" else channel.name}


def on_message(store: Store, app: App, person: Person, message: Message, action: Json) -> Json:
    """A press in a message."""
    channel = store.world.channels[message.channel]
    more: dict[str, Any] = {"ts": message.ts, "ephemeral": bool(message.only_for)}
    container = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": channel.id,
        "is_ephemeral": bool(message.only_for),
    }
    if message.thread_ts:
        container["thread_ts"] = more["thread_ts"] = message.thread_ts
    told = {
        "type": "block_actions",
        **_shared(store, app, person),
        "container": container,
        "trigger_id": store.trigger(app, person).id,
        "channel": _where(channel),
        "state": {"values": {}},
        "response_url": store.answer_url(app, person, channel.id, **more),
        "actions": [action],
    }
    # An ephemeral message is not told: the app gets its container only.
    return told if message.only_for else told | {"message": wire.message(store, app, message)}


def on_view(store: Store, app: App, person: Person, shown: View, action: Json) -> Json:
    """A press in a modal or on the home tab."""
    return {
        "type": "block_actions",
        **_shared(store, app, person),
        "container": {"type": "view", "view_id": shown.id},
        "trigger_id": store.trigger(app, person, shown.id).id,
        "view": wire.view(store, shown),
        "state": {"values": shown.state},
        "actions": [action],
    }


def submission(store: Store, app: App, person: Person, shown: View) -> Json:
    return {
        "type": "view_submission",
        **_shared(store, app, person),
        "trigger_id": store.trigger(app, person, shown.id).id,
        "view": wire.view(store, shown),
        "response_urls": [],
    }


def closed(store: Store, app: App, person: Person, shown: View, *, cleared: bool) -> Json:
    told = {"type": "view_closed", **_shared(store, app, person), "view": wire.view(store, shown)}
    return told | {"is_cleared": cleared}


def shortcut(store: Store, app: App, person: Person, name: str, message: Message | None) -> Json:
    """A shortcut: global, or on a message."""
    shared = {
        **_shared(store, app, person),
        "callback_id": name,
        "trigger_id": store.trigger(app, person).id,
        "action_ts": store.ts(),
    }
    if message is None:
        return {"type": "shortcut", **shared}
    channel = store.world.channels[message.channel]
    return {
        "type": "message_action",
        **shared,
        "channel": _where(channel),
        "message_ts": message.ts,
        "message": wire.message(store, app, message),
        "response_url": store.answer_url(app, person, channel.id),
    }


def suggestion(
    store: Store, app: App, person: Person, shown: View | None, block: Json, element: Json, typed: str
) -> Json:
    """What an external select asks for while somebody types."""
    told = {
        "type": "block_suggestion",
        **_shared(store, app, person),
        "action_id": element["action_id"],
        "block_id": block["block_id"],
        "value": typed,
    }
    if shown is None:
        return told
    return told | {"container": {"type": "view", "view_id": shown.id}, "view": wire.view(store, shown)}
