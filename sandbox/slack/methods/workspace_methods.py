"""auth.*, team.*, users.*, conversations.*: the workspace, its people and channels."""

from collections.abc import Sequence

from sandbox.slack import api_objects
from sandbox.slack.errors import SlackRefusal, invalid_arguments
from sandbox.slack.method_call import SlackCall
from sandbox.slack.model import Json, SlackConversation, SlackPerson
from sandbox.slack.world_store import SlackStore


def paginate(call: SlackCall, items: Sequence[Json], name: str) -> Json:
    """A page of a list, and the cursor of the next."""
    limit = call.integer("limit", 100) or 100
    if not 1 <= limit <= 1000:
        raise SlackRefusal("invalid_limit", "/limit")
    cursor = call.text("cursor")
    if cursor and not cursor.removeprefix("next:").isdigit():
        raise SlackRefusal("invalid_cursor", "/cursor")
    start = int(cursor.removeprefix("next:")) if cursor else 0
    more = f"next:{start + limit}" if start + limit < len(items) else ""
    return {name: list(items[start : start + limit]), "response_metadata": {"next_cursor": more}}


async def auth_test(store: SlackStore, call: SlackCall) -> Json:
    team, app = store.team(call.app.team_id), call.app
    return {
        "url": f"https://{team.domain}.slack.com/",
        "team": team.name,
        "user": app.name.lower(),
        "team_id": team.id,
        "user_id": app.bot_user,
        "bot_id": app.bot_id,
        "is_enterprise_install": False,
    }


async def team_info(store: SlackStore, call: SlackCall) -> Json:
    if call.text("team", call.app.team_id) != call.app.team_id:
        raise SlackRefusal("team_not_found", "/team")
    return {"team": api_objects.team_object(store.team(call.app.team_id))}


async def user_info(store: SlackStore, call: SlackCall) -> Json:
    wanted_id = call.require("user")
    if wanted_id == call.app.bot_user:
        return {"user": api_objects.bot_user_object(call.app)}
    person = store.person(call.app, wanted_id)
    locale = {"locale": _locale(person)} if call.flag("include_locale") else {}
    return {"user": api_objects.user_object(person) | locale}


def _locale(person: SlackPerson) -> str:
    regions = {"en": "en-US", "de": "de-DE", "es": "es-ES", "ru": "ru-RU", "ar": "ar"}
    return regions.get(person.language_code, person.language_code)


async def user_list(store: SlackStore, call: SlackCall) -> Json:
    found = [
        api_objects.user_object(one) for one in store.world.people.values() if one.team_id == call.app.team_id
    ]
    return paginate(call, [api_objects.bot_user_object(call.app), *found], "members") | {
        "cache_ts": int(store.memory.now())
    }


async def user_by_email(store: SlackStore, call: SlackCall) -> Json:
    wanted_id = call.require("email").lower()
    for person in store.world.people.values():
        if (person.team_id, person.email.lower()) == (call.app.team_id, wanted_id) and not person.deactivated:
            return {"user": api_objects.user_object(person)}
    raise SlackRefusal("users_not_found", "/email")


# ---- conversations


async def open_im(store: SlackStore, call: SlackCall) -> Json:
    """Direct messages with one person; the rest of the method is not implemented."""
    if call.text("channel"):
        return {
            "channel": api_objects.channel_object(call.app, store.channel(call.app, call.text("channel")))
        }
    users = [each for each in call.text("users").split(",") if each]
    if not users:
        raise SlackRefusal("users_list_not_supplied", "/users")
    if len(users) > 1:
        raise invalid_arguments("the stand-in opens conversations with one person only", "/users")
    if users[0] == call.app.bot_user:
        raise SlackRefusal("cannot_dm_bot", "/users")
    person = store.person(call.app, users[0])
    if person.deactivated:
        raise SlackRefusal("user_disabled", "/users")
    known = {each.id for each in store.world.channels.values()}
    channel = store.direct_channel(call.app, person)
    await store.touch()
    result = api_objects.channel_object(call.app, channel) if call.flag("return_im") else {"id": channel.id}
    return {"channel": result} | ({"no_op": True, "already_open": True} if channel.id in known else {})


async def info(store: SlackStore, call: SlackCall) -> Json:
    channel = store.channel(call.app, call.require("channel"), member=False)
    return {"channel": api_objects.channel_object(call.app, channel)}


async def members(store: SlackStore, call: SlackCall) -> Json:
    channel = store.channel(call.app, call.require("channel"), member=False)
    return paginate(call, channel.members, "members")  # type: ignore[arg-type]


async def listing(store: SlackStore, call: SlackCall) -> Json:
    kinds = {"public_channel": "channel", "private_channel": "group", "im": "im", "mpim": "mpim"}
    wanted = [each.strip() for each in call.text("types", "public_channel").split(",")]
    if any(each not in kinds for each in wanted):
        raise SlackRefusal("invalid_types", "/types")
    found = [
        api_objects.channel_object(call.app, each)
        for each in store.world.channels.values()
        if conversation_type(each) in wanted and _visible(call, each)
    ]
    return paginate(call, found, "channels")


def conversation_type(channel: SlackConversation) -> str:
    return {"channel": "public_channel", "group": "private_channel"}.get(channel.kind, channel.kind)


def _visible(call: SlackCall, channel: SlackConversation) -> bool:
    if channel.team_id != call.app.team_id or (channel.archived and call.flag("exclude_archived")):
        return False
    return channel.kind == "channel" or call.app.bot_user in channel.members


async def history(store: SlackStore, call: SlackCall) -> Json:
    """The messages of a conversation, newest first, without replies in threads."""
    channel = store.channel(call.app, call.require("channel"))
    found = [
        api_objects.message_object(store, call.app, each)
        for each in store.messages_in(channel.id).values()
        if not each.only_for and store.is_due(each) and each.thread_ts in ("", each.ts)
    ]
    latest, oldest = call.text("latest"), call.text("oldest")
    inside = call.flag("inclusive")
    found = [
        each
        for each in found
        if (not latest or each["ts"] < latest or (inside and each["ts"] == latest))
        and (not oldest or each["ts"] > oldest or (inside and each["ts"] == oldest))
    ]
    result = paginate(call, found[::-1], "messages")
    return result | {"has_more": bool(result["response_metadata"]["next_cursor"])}


async def replies(store: SlackStore, call: SlackCall) -> Json:
    channel = store.channel(call.app, call.require("channel"))
    first = store.messages_in(channel.id).get(call.require("ts"))
    if first is None or first.only_for:
        raise SlackRefusal("thread_not_found", "/ts")
    name = first.thread_ts or first.ts
    found = [
        api_objects.message_object(store, call.app, each)
        for each in store.messages_in(channel.id).values()
        if not each.only_for and name in (each.ts, each.thread_ts)
    ]
    result = paginate(call, found, "messages")
    return result | {"has_more": bool(result["response_metadata"]["next_cursor"])}
