"""People, conversations, messages, files and views as the Web API writes them."""

from sandbox.slack.model import App, Channel, Json, Message, Person, StoredFile, Team, View
from sandbox.slack.store import Store


def team(one: Team) -> Json:
    return {
        "id": one.id,
        "name": one.name,
        "domain": one.domain,
        "email_domain": "",
        "url": f"https://{one.domain}.slack.com/",
        "icon": {"image_default": True},
    }


def person(one: Person) -> Json:
    """A user object."""
    handle = one.username or one.called.lower().replace(" ", "_")
    profile = {
        "real_name": one.called,
        "display_name": handle,
        "first_name": one.first_name,
        "last_name": one.last_name,
        "team": one.team_id,
    } | ({"email": one.email} if one.email else {})
    told: Json = {
        "id": one.id,
        "team_id": one.team_id,
        "name": handle,
        "deleted": one.deactivated,
        "real_name": one.called,
        "tz": one.tz,
        "profile": profile,
        "is_bot": False,
        "is_app_user": False,
        "updated": 0,
    }
    if not one.deactivated:
        told |= {
            "is_admin": one.is_admin,
            "is_owner": False,
            "is_restricted": one.is_restricted,
            "is_ultra_restricted": one.is_ultra_restricted,
        }
    return told | ({"is_stranger": True} if one.is_stranger else {})


def bot(app: App) -> Json:
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


def channel(app: App, one: Channel) -> Json:
    """A conversation object."""
    told: Json = {
        "id": one.id,
        "created": one.created,
        "is_archived": one.archived,
        "is_im": one.kind == "im",
        "is_mpim": False,
        "is_org_shared": False,
        "context_team_id": one.team_id,
    }
    if one.kind == "im":
        return told | {"user": one.person, "is_user_deleted": False, "priority": 0}
    return told | {
        "name": one.name,
        "name_normalized": one.name,
        "is_channel": one.kind == "channel",
        "is_group": one.kind == "group",
        "is_private": one.kind == "group",
        "is_general": False,
        "is_shared": False,
        "is_member": app.bot_user in one.members,
        "num_members": len(one.members),
        "topic": {"value": "", "creator": "", "last_set": 0},
        "purpose": {"value": "", "creator": "", "last_set": 0},
    }


def message(store: Store, app: App, one: Message) -> Json:
    """A message object."""
    told: Json = {"type": "message", "user": one.user, "ts": one.ts, "text": one.text, "team": app.team_id}
    if one.bot:
        told |= {
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
    for name, value in (("blocks", one.blocks), ("attachments", one.attachments), ("metadata", one.metadata)):
        if value:
            told[name] = value
    if one.files:
        told["files"] = [file(store, store.world.files[each]) for each in one.files]
        told |= {"subtype": "file_share", "upload": False} if not one.bot else {}
    if one.thread_ts:
        told["thread_ts"] = one.thread_ts
    if one.edited:
        told["edited"] = {"user": one.user, "ts": one.edited}
    if one.reactions:
        told["reactions"] = [
            {"name": name, "users": users, "count": len(users)} for name, users in one.reactions.items()
        ]
    return told | _replies(store, one)


def _replies(store: Store, one: Message) -> Json:
    """What a message that began a thread tells of it."""
    if one.thread_ts not in ("", one.ts):
        return {}
    found = [each for each in store.room(one.channel).values() if each.thread_ts == one.ts != each.ts]
    if not found:
        return {}
    return {"thread_ts": one.ts, "reply_count": len(found), "latest_reply": found[-1].ts}


def file(store: Store, one: StoredFile) -> Json:
    """A file object; its addresses want the token in a header."""
    address = f"{store.origin}/slack/files/{one.team_id}-{one.id}"
    kind = one.name.rpartition(".")[2].lower() if "." in one.name else "binary"
    return {
        "id": one.id,
        "created": one.at,
        "timestamp": one.at,
        "name": one.name,
        "title": one.title,
        "mimetype": one.media_type,
        "filetype": kind,
        "pretty_type": kind.upper(),
        "user": one.user,
        "user_team": one.team_id,
        "size": one.size,
        "mode": "hosted",
        "is_external": False,
        "file_access": "visible",
        "url_private": f"{address}/{one.name}",
        "url_private_download": f"{address}/download/{one.name}",
        "permalink": f"https://{store.team(one.team_id).domain}.slack.com/files/{one.user}/{one.id}/{one.name}",
        "channels": [each for each in one.channels if each.startswith("C")],
        "ims": [each for each in one.channels if each.startswith("D")],
        "groups": [each for each in one.channels if each.startswith("G")],
    }


def view(store: Store, one: View) -> Json:
    """A view object with its state and hash."""
    app = store.world.apps[one.token]
    told = {
        "id": one.id,
        "team_id": app.team_id,
        "private_metadata": "",
        "callback_id": "",
        "external_id": "",
        "clear_on_close": False,
        "notify_on_close": False,
        "close": None,
        "submit": None,
        "title": {"type": "plain_text", "text": "View Title", "emoji": True},
        **one.view,
        "state": {"values": one.state},
        "hash": one.hash,
        "previous_view_id": one.previous or None,
        "root_view_id": one.root,
        "app_id": app.app_id,
        "app_installed_team_id": app.team_id,
        "bot_id": app.bot_id,
    }
    return told | {"submit_disabled": False} if one.view["type"] == "modal" else told
