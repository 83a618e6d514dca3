"""What Slack sends to an app: event envelopes, slash commands and interactions."""

from typing import Any

from sandbox.slack import api_objects
from sandbox.slack.model import Json, SlackApp, SlackConversation, SlackMessage, SlackPerson, SlackView
from sandbox.slack.world_store import SlackStore

VERIFICATION = "the-deprecated-verification-token"


def event_envelope(store: SlackStore, app: SlackApp, event: Json, name: str) -> Json:
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


def message_event(
    store: SlackStore, app: SlackApp, channel: SlackConversation, message: SlackMessage
) -> Json:
    """A message event."""
    kind = {"im": "im", "channel": "channel", "group": "group"}[channel.kind]
    payload = api_objects.message_object(store, app, message)
    return payload | {"channel": channel.id, "channel_type": kind, "event_ts": message.ts}


def command_form(
    store: SlackStore, app: SlackApp, person: SlackPerson, channel: SlackConversation, line: str
) -> dict[str, str]:
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
        "response_url": store.new_response_url(app, person, channel.id),
        "trigger_id": store.new_trigger(app, person).id,
    }


def _handle(person: SlackPerson) -> str:
    return person.username or person.full_name.lower().replace(" ", "_")


def _interaction_base(store: SlackStore, app: SlackApp, person: SlackPerson) -> Json:
    """The fields that every interaction has."""
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


def _channel_ref(channel: SlackConversation) -> Json:
    return {"id": channel.id, "name": "directmessage" if channel.kind == "im" else channel.name}


def message_action(
    store: SlackStore, app: SlackApp, person: SlackPerson, message: SlackMessage, action: Json
) -> Json:
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
    payload = {
        "type": "block_actions",
        **_interaction_base(store, app, person),
        "container": container,
        "trigger_id": store.new_trigger(app, person).id,
        "channel": _channel_ref(channel),
        "state": {"values": {}},
        "response_url": store.new_response_url(app, person, channel.id, **more),
        "actions": [action],
    }
    # An ephemeral message is not included: the app gets only its container.
    return (
        payload
        if message.only_for
        else payload | {"message": api_objects.message_object(store, app, message)}
    )


def view_action(
    store: SlackStore, app: SlackApp, person: SlackPerson, shown: SlackView, action: Json
) -> Json:
    """A press in a modal or on the home tab."""
    return {
        "type": "block_actions",
        **_interaction_base(store, app, person),
        "container": {"type": "view", "view_id": shown.id},
        "trigger_id": store.new_trigger(app, person, shown.id).id,
        "view": api_objects.view_object(store, shown),
        "state": {"values": shown.state},
        "actions": [action],
    }


def view_submission(store: SlackStore, app: SlackApp, person: SlackPerson, shown: SlackView) -> Json:
    return {
        "type": "view_submission",
        **_interaction_base(store, app, person),
        "trigger_id": store.new_trigger(app, person, shown.id).id,
        "view": api_objects.view_object(store, shown),
        "response_urls": [],
    }


def view_closed(
    store: SlackStore, app: SlackApp, person: SlackPerson, shown: SlackView, *, cleared: bool
) -> Json:
    payload = {
        "type": "view_closed",
        **_interaction_base(store, app, person),
        "view": api_objects.view_object(store, shown),
    }
    return payload | {"is_cleared": cleared}


def shortcut(
    store: SlackStore, app: SlackApp, person: SlackPerson, name: str, message: SlackMessage | None
) -> Json:
    """A shortcut: global, or on a message."""
    shared = {
        **_interaction_base(store, app, person),
        "callback_id": name,
        "trigger_id": store.new_trigger(app, person).id,
        "action_ts": store.new_timestamp(),
    }
    if message is None:
        return {"type": "shortcut", **shared}
    channel = store.world.channels[message.channel]
    return {
        "type": "message_action",
        **shared,
        "channel": _channel_ref(channel),
        "message_ts": message.ts,
        "message": api_objects.message_object(store, app, message),
        "response_url": store.new_response_url(app, person, channel.id),
    }


def block_suggestion(
    store: SlackStore,
    app: SlackApp,
    person: SlackPerson,
    shown: SlackView | None,
    block: Json,
    element: Json,
    typed: str,
) -> Json:
    """The request of an external select while somebody types."""
    payload = {
        "type": "block_suggestion",
        **_interaction_base(store, app, person),
        "action_id": element["action_id"],
        "block_id": block["block_id"],
        "value": typed,
    }
    if shown is None:
        return payload
    return payload | {
        "container": {"type": "view", "view_id": shown.id},
        "view": api_objects.view_object(store, shown),
    }
