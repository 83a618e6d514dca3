"""auth.*, team.*, users.*, conversations.*: who and where."""

from collections.abc import Sequence

from sandbox.slack import wire
from sandbox.slack.call import Call
from sandbox.slack.model import Channel, Json, Person
from sandbox.slack.store import Store
from sandbox.slack.words import Refusal, arguments


def page(call: Call, items: Sequence[Json], name: str) -> Json:
    """A part of a list, and where the next begins."""
    limit = call.integer("limit", 100) or 100
    if not 1 <= limit <= 1000:
        raise Refusal("invalid_limit", "/limit")
    cursor = call.text("cursor")
    if cursor and not cursor.removeprefix("next:").isdigit():
        raise Refusal("invalid_cursor", "/cursor")
    start = int(cursor.removeprefix("next:")) if cursor else 0
    more = f"next:{start + limit}" if start + limit < len(items) else ""
    return {name: list(items[start : start + limit]), "response_metadata": {"next_cursor": more}}


async def auth_test(store: Store, call: Call) -> Json:
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


async def team_info(store: Store, call: Call) -> Json:
    if call.text("team", call.app.team_id) != call.app.team_id:
        raise Refusal("team_not_found", "/team")
    return {"team": wire.team(store.team(call.app.team_id))}


async def user_info(store: Store, call: Call) -> Json:
    written = call.need("user")
    if written == call.app.bot_user:
        return {"user": wire.bot(call.app)}
    person = store.person(call.app, written)
    locale = {"locale": _locale(person)} if call.flag("include_locale") else {}
    return {"user": wire.person(person) | locale}


def _locale(person: Person) -> str:
    regions = {"en": "en-US", "de": "de-DE", "es": "es-ES", "ru": "ru-RU", "ar": "ar"}
    return regions.get(person.language_code, person.language_code)


async def user_list(store: Store, call: Call) -> Json:
    found = [wire.person(one) for one in store.world.people.values() if one.team_id == call.app.team_id]
    return page(call, [wire.bot(call.app), *found], "members") | {"cache_ts": int(store.memory.now())}


async def user_by_email(store: Store, call: Call) -> Json:
    written = call.need("email").lower()
    for person in store.world.people.values():
        if (person.team_id, person.email.lower()) == (call.app.team_id, written) and not person.deactivated:
            return {"user": wire.person(person)}
    raise Refusal("users_not_found", "/email")


# ---- conversations


async def open_im(store: Store, call: Call) -> Json:
    """Direct messages with one person; the rest of the method is not played."""
    if call.text("channel"):
        return {"channel": wire.channel(call.app, store.channel(call.app, call.text("channel")))}
    users = [each for each in call.text("users").split(",") if each]
    if not users:
        raise Refusal("users_list_not_supplied", "/users")
    if len(users) > 1:
        raise arguments("the stand-in opens conversations with one person only", "/users")
    if users[0] == call.app.bot_user:
        raise Refusal("cannot_dm_bot", "/users")
    person = store.person(call.app, users[0])
    if person.deactivated:
        raise Refusal("user_disabled", "/users")
    known = {each.id for each in store.world.channels.values()}
    channel = store.im(call.app, person)
    await store.touch()
    told = wire.channel(call.app, channel) if call.flag("return_im") else {"id": channel.id}
    return {"channel": told} | ({"no_op": True, "already_open": True} if channel.id in known else {})


async def info(store: Store, call: Call) -> Json:
    channel = store.channel(call.app, call.need("channel"), member=False)
    return {"channel": wire.channel(call.app, channel)}


async def members(store: Store, call: Call) -> Json:
    channel = store.channel(call.app, call.need("channel"), member=False)
    return page(call, channel.members, "members")  # type: ignore[arg-type]


async def listing(store: Store, call: Call) -> Json:
    kinds = {"public_channel": "channel", "private_channel": "group", "im": "im", "mpim": "mpim"}
    wanted = [each.strip() for each in call.text("types", "public_channel").split(",")]
    if any(each not in kinds for each in wanted):
        raise Refusal("invalid_types", "/types")
    found = [
        wire.channel(call.app, each)
        for each in store.world.channels.values()
        if kinds_of(each) in wanted and _visible(call, each)
    ]
    return page(call, found, "channels")


def kinds_of(channel: Channel) -> str:
    return {"channel": "public_channel", "group": "private_channel"}.get(channel.kind, channel.kind)


def _visible(call: Call, channel: Channel) -> bool:
    if channel.team_id != call.app.team_id or (channel.archived and call.flag("exclude_archived")):
        return False
    return channel.kind == "channel" or call.app.bot_user in channel.members


async def history(store: Store, call: Call) -> Json:
    """The messages of a conversation, the newest first, without what was said in threads."""
    channel = store.channel(call.app, call.need("channel"))
    found = [
        wire.message(store, call.app, each)
        for each in store.room(channel.id).values()
        if not each.only_for and store.due(each) and each.thread_ts in ("", each.ts)
    ]
    latest, oldest = call.text("latest"), call.text("oldest")
    inside = call.flag("inclusive")
    found = [
        each
        for each in found
        if (not latest or each["ts"] < latest or (inside and each["ts"] == latest))
        and (not oldest or each["ts"] > oldest or (inside and each["ts"] == oldest))
    ]
    told = page(call, found[::-1], "messages")
    return told | {"has_more": bool(told["response_metadata"]["next_cursor"])}


async def replies(store: Store, call: Call) -> Json:
    channel = store.channel(call.app, call.need("channel"))
    first = store.room(channel.id).get(call.need("ts"))
    if first is None or first.only_for:
        raise Refusal("thread_not_found", "/ts")
    name = first.thread_ts or first.ts
    found = [
        wire.message(store, call.app, each)
        for each in store.room(channel.id).values()
        if not each.only_for and name in (each.ts, each.thread_ts)
    ]
    told = page(call, found, "messages")
    return told | {"has_more": bool(told["response_metadata"]["next_cursor"])}
