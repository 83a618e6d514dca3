"""chat.*, reactions.*: messages and what is done to them."""

import re
from typing import Any

from sandbox.slack import blocks as kit
from sandbox.slack import wire
from sandbox.slack.call import Call
from sandbox.slack.model import Channel, Json, Message
from sandbox.slack.store import Store
from sandbox.slack.words import Refusal, invalid

LONGEST_TEXT, LONGEST_UPDATE = 40_000, 4_000
FURTHEST = 120 * 86_400


def content(call: Call, longest: int | None = LONGEST_TEXT) -> dict[str, Any]:
    """What is to be said, or the refusal; a text without a limit is cut. Blocks get ids where they have none."""
    text, attachments = call.text("text"), call.json("attachments", "invalid_attachments") or []
    blocks = call.json("blocks", "invalid_blocks_format")
    if not text and not blocks and not attachments:
        raise Refusal("no_text", "/text")
    if longest is not None and len(text) > longest:
        raise Refusal("msg_too_long", "/text")
    return {"text": text[:LONGEST_TEXT], "blocks": checked(blocks or []), "attachments": attachments}


def checked(blocks: Any) -> list[Json]:
    """The blocks of a message."""
    if not isinstance(blocks, list):
        raise Refusal("invalid_blocks_format", "/blocks")
    problems = kit.of_message(blocks)
    if problems:
        raise invalid("invalid_blocks", problems)
    if kit.tables(blocks) > 1:
        raise Refusal("invalid_attachments", "/blocks", more={"errors": ["only_one_table_allowed"]})
    if kit.too_long(blocks):
        raise Refusal("msg_blocks_too_long", "/blocks")
    return [
        block if block.get("block_id") else {**block, "block_id": f"b{n}"} for n, block in enumerate(blocks)
    ]


def _thread(store: Store, channel: Channel, written: str) -> str:
    """The thread that is answered in: named by its first message."""
    if not written:
        return ""
    found = store.room(channel.id).get(written)
    if found is None:
        raise Refusal("thread_not_found", "/thread_ts")  # from memory; the reference has no word for it
    return found.thread_ts or found.ts


def _open(channel: Channel) -> Channel:
    if channel.archived:
        raise Refusal("is_archived", "/channel")
    return channel


async def post(store: Store, call: Call) -> Json:
    channel = _open(store.channel(call.app, call.need("channel")))
    said = content(call, None)
    message = store.add(
        Message(
            ts=store.ts(),
            channel=channel.id,
            user=call.app.bot_user,
            bot=True,
            thread_ts=_thread(store, channel, call.text("thread_ts")),
            metadata=call.json("metadata", "invalid_metadata_format") or {},
            **said,
        )
    )
    await store.touch()
    return {"channel": channel.id, "ts": message.ts, "message": wire.message(store, call.app, message)}


async def post_ephemeral(store: Store, call: Call) -> Json:
    """Only the person sees it, and only if they are there."""
    channel = _open(store.channel(call.app, call.need("channel")))
    person = store.person(call.app, call.need("user"), "user_not_in_channel")
    if person.id not in channel.members:
        raise Refusal("user_not_in_channel", "/user")
    said = content(call)
    message = store.add(
        Message(
            ts=store.ts(),
            channel=channel.id,
            user=call.app.bot_user,
            bot=True,
            only_for=person.id,
            thread_ts=_thread(store, channel, call.text("thread_ts")),
            **said,
        )
    )
    await store.touch()
    return {"message_ts": message.ts}


def own(store: Store, call: Call, refused: str) -> Message:
    """The app's own message; ephemeral ones are nobody's to change."""
    channel = store.channel(call.app, call.need("channel"))
    message = store.room(channel.id).get(call.need("ts"))
    if message is None or message.only_for or not store.due(message):
        raise Refusal("message_not_found", "/ts")
    if message.user != call.app.bot_user:
        raise Refusal(refused, "/ts")
    return message


async def update(store: Store, call: Call) -> Json:
    """Other words; blocks that are not named stay."""
    message = own(store, call, "cant_update_message")
    said = content(call, LONGEST_UPDATE)
    message.text = said["text"] or message.text
    for name in ("blocks", "attachments"):
        if call.args.get(name) is not None:
            setattr(message, name, said[name])
    message.edited, message.edits = store.ts(), message.edits + 1
    await store.touch()
    told = wire.message(store, call.app, message)
    return {"channel": message.channel, "ts": message.ts, "text": message.text, "message": told}


async def delete(store: Store, call: Call) -> Json:
    message = own(store, call, "cant_delete_message")
    del store.room(message.channel)[message.ts]
    await store.touch()
    return {"channel": message.channel, "ts": message.ts}


async def permalink(store: Store, call: Call) -> Json:
    channel = store.channel(call.app, call.need("channel"), member=False)
    ts = call.need("message_ts")
    if ts not in store.room(channel.id):
        raise Refusal("message_not_found", "/message_ts")
    domain = store.team(call.app.team_id).domain
    link = f"https://{domain}.slack.com/archives/{channel.id}/p{ts.replace('.', '')}"
    return {"channel": channel.id, "permalink": link}


async def schedule(store: Store, call: Call) -> Json:
    """A message for later; it is seen when its time has come."""
    channel = _open(store.channel(call.app, call.need("channel")))
    at = call.integer("post_at", 0)
    if at <= store.memory.now():
        raise Refusal("time_in_past", "/post_at")
    if at > store.memory.now() + FURTHEST:
        raise Refusal("time_too_far", "/post_at")
    said = content(call)
    message = store.add(
        Message(
            ts=f"{at}.{store.world.next_number:06d}",
            channel=channel.id,
            user=call.app.bot_user,
            bot=True,
            due=at,
            **said,
        )
    )
    name = store.name("Q")
    await store.touch()
    told = wire.message(store, call.app, message)
    return {"channel": channel.id, "scheduled_message_id": name, "post_at": at, "message": told}


def _reacted(store: Store, call: Call) -> tuple[Message, list[str]]:
    name = call.need("name")
    if not call.text("channel") or not call.text("timestamp"):
        raise Refusal("no_item_specified", "/timestamp")
    channel = store.channel(call.app, call.text("channel"))
    if not re.fullmatch(r"\d+\.\d{6}", call.text("timestamp")):
        raise Refusal("bad_timestamp", "/timestamp")
    message = store.room(channel.id).get(call.text("timestamp"))
    if message is None or message.only_for:
        raise Refusal("message_not_found", "/timestamp")
    if not name.replace("_", "").replace("-", "").replace("+", "").isalnum():
        raise Refusal("invalid_name", "/name")
    return message, message.reactions.setdefault(name, [])


async def react(store: Store, call: Call) -> Json:
    _, people = _reacted(store, call)
    if call.app.bot_user in people:
        raise Refusal("already_reacted", "/name")
    people.append(call.app.bot_user)
    await store.touch()
    return {}


async def unreact(store: Store, call: Call) -> Json:
    message, people = _reacted(store, call)
    if call.app.bot_user not in people:
        raise Refusal("no_reaction", "/name")
    people.remove(call.app.bot_user)
    message.reactions = {name: users for name, users in message.reactions.items() if users}
    await store.touch()
    return {}
