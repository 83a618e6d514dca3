"""Formats people, conversations, messages, files and views as the Web API does."""

from sandbox.slack.model import (
    Json,
    SlackApp,
    SlackConversation,
    SlackMessage,
    SlackPerson,
    SlackStoredFile,
    SlackTeam,
    SlackView,
)
from sandbox.slack.world_store import SlackStore


def team_object(team: SlackTeam) -> Json:
    return {
        "id": team.id,
        "name": team.name,
        "domain": team.domain,
        "email_domain": "",
        "url": f"https://{team.domain}.slack.com/",
        "icon": {"image_default": True},
    }


def user_object(person: SlackPerson) -> Json:
    """A user object."""
    handle = person.username or person.full_name.lower().replace(" ", "_")
    profile = {
        "real_name": person.full_name,
        "display_name": handle,
        "first_name": person.first_name,
        "last_name": person.last_name,
        "team": person.team_id,
    } | ({"email": person.email} if person.email else {})
    result: Json = {
        "id": person.id,
        "team_id": person.team_id,
        "name": handle,
        "deleted": person.deactivated,
        "real_name": person.full_name,
        "tz": person.tz,
        "profile": profile,
        "is_bot": False,
        "is_app_user": False,
        "updated": 0,
    }
    if not person.deactivated:
        result |= {
            "is_admin": person.is_admin,
            "is_owner": False,
            "is_restricted": person.is_restricted,
            "is_ultra_restricted": person.is_ultra_restricted,
        }
    return result | ({"is_stranger": True} if person.is_stranger else {})


def bot_user_object(app: SlackApp) -> Json:
    """The app's bot as a user object."""
    return {
        "id": app.bot_user,
        "team_id": app.team_id,
        "name": app.name.lower(),
        "deleted": False,
        "real_name": app.name,
        "profile": {
            "real_name": app.name,
            "bot_id": app.bot_id,
            "api_app_id": app.app_id,
            "team": app.team_id,
        },
        "is_bot": True,
        "is_app_user": False,
        "updated": 0,
    }


def channel_object(app: SlackApp, channel: SlackConversation) -> Json:
    """A conversation object."""
    result: Json = {
        "id": channel.id,
        "created": channel.created,
        "is_archived": channel.archived,
        "is_im": channel.kind == "im",
        "is_mpim": False,
        "is_org_shared": False,
        "context_team_id": channel.team_id,
    }
    if channel.kind == "im":
        return result | {"user": channel.person, "is_user_deleted": False, "priority": 0}
    return result | {
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": channel.kind == "channel",
        "is_group": channel.kind == "group",
        "is_private": channel.kind == "group",
        "is_general": False,
        "is_shared": False,
        "is_member": app.bot_user in channel.members,
        "num_members": len(channel.members),
        "topic": {"value": "", "creator": "", "last_set": 0},
        "purpose": {"value": "", "creator": "", "last_set": 0},
    }


def message_object(store: SlackStore, app: SlackApp, message: SlackMessage) -> Json:
    """A message object."""
    result: Json = {
        "type": "message",
        "user": message.user,
        "ts": message.ts,
        "text": message.text,
        "team": app.team_id,
    }
    if message.bot:
        result |= {
            "bot_id": app.bot_id,
            "app_id": app.app_id,
            "bot_profile": {
                "id": app.bot_id,
                "app_id": app.app_id,
                "name": app.name,
                "team_id": app.team_id,
                "deleted": False,
                "updated": 0,
            },
        }
    for name, value in (
        ("blocks", message.blocks),
        ("attachments", message.attachments),
        ("metadata", message.metadata),
    ):
        if value:
            result[name] = value
    if message.files:
        result["files"] = [file_object(store, store.world.files[each]) for each in message.files]
        result |= {"subtype": "file_share", "upload": False} if not message.bot else {}
    if message.thread_ts:
        result["thread_ts"] = message.thread_ts
    if message.edited:
        result["edited"] = {"user": message.user, "ts": message.edited}
    if message.reactions:
        result["reactions"] = [
            {"name": name, "users": users, "count": len(users)} for name, users in message.reactions.items()
        ]
    return result | _thread_summary(store, message)


def _thread_summary(store: SlackStore, message: SlackMessage) -> Json:
    """The summary of a thread on its first message."""
    if message.thread_ts not in ("", message.ts):
        return {}
    found = [
        each
        for each in store.messages_in(message.channel).values()
        if each.thread_ts == message.ts != each.ts
    ]
    if not found:
        return {}
    return {"thread_ts": message.ts, "reply_count": len(found), "latest_reply": found[-1].ts}


def file_object(store: SlackStore, file: SlackStoredFile) -> Json:
    """A file object; its addresses require the token in a header."""
    address = f"{store.origin}/slack/files/{file.team_id}-{file.id}"
    kind = file.name.rpartition(".")[2].lower() if "." in file.name else "binary"
    return {
        "id": file.id,
        "created": file.at,
        "timestamp": file.at,
        "name": file.name,
        "title": file.title,
        "mimetype": file.media_type,
        "filetype": kind,
        "pretty_type": kind.upper(),
        "user": file.user,
        "user_team": file.team_id,
        "size": file.size,
        "mode": "hosted",
        "is_external": False,
        "file_access": "visible",
        "url_private": f"{address}/{file.name}",
        "url_private_download": f"{address}/download/{file.name}",
        "permalink": f"https://{store.team(file.team_id).domain}.slack.com/files/{file.user}/{file.id}/{file.name}",
        "channels": [each for each in file.channels if each.startswith("C")],
        "ims": [each for each in file.channels if each.startswith("D")],
        "groups": [each for each in file.channels if each.startswith("G")],
    }


def view_object(store: SlackStore, view: SlackView) -> Json:
    """A view object with its state and hash."""
    app = store.world.apps[view.token]
    result = {
        "id": view.id,
        "team_id": app.team_id,
        "private_metadata": "",
        "callback_id": "",
        "external_id": "",
        "clear_on_close": False,
        "notify_on_close": False,
        "close": None,
        "submit": None,
        "title": {"type": "plain_text", "text": "View Title", "emoji": True},
        **view.view,
        "state": {"values": view.state},
        "hash": view.hash,
        "previous_view_id": view.previous or None,
        "root_view_id": view.root,
        "app_id": app.app_id,
        "app_installed_team_id": app.team_id,
        "bot_id": app.bot_id,
    }
    return result | {"submit_disabled": False} if view.view["type"] == "modal" else result
