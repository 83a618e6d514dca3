"""chat.*, reactions.*: messages and what is done to them."""

import re
from typing import Any

from sandbox.slack import api_objects, block_validation
from sandbox.slack.errors import SlackRefusal, invalid_blocks
from sandbox.slack.method_call import SlackCall
from sandbox.slack.model import Json, SlackConversation, SlackMessage
from sandbox.slack.world_store import SlackStore

MAX_TEXT_LENGTH, MAX_UPDATE_LENGTH = 40_000, 4_000
MAX_SCHEDULE_SECONDS = 120 * 86_400


def message_content(call: SlackCall, max_length: int | None = MAX_TEXT_LENGTH) -> dict[str, Any]:
    """The content of a message, or a refusal; a text over the limit is cut. Blocks without an id get one."""
    text, attachments = call.text("text"), call.json("attachments", "invalid_attachments") or []
    blocks = call.json("blocks", "invalid_blocks_format")
    if not text and not blocks and not attachments:
        raise SlackRefusal("no_text", "/text")
    if max_length is not None and len(text) > max_length:
        raise SlackRefusal("msg_too_long", "/text")
    return {
        "text": text[:MAX_TEXT_LENGTH],
        "blocks": checked_blocks(blocks or []),
        "attachments": attachments,
    }


def checked_blocks(blocks: Any) -> list[Json]:
    """The blocks of a message."""
    if not isinstance(blocks, list):
        raise SlackRefusal("invalid_blocks_format", "/blocks")
    problems = block_validation.check_message_blocks(blocks)
    if problems:
        raise invalid_blocks("invalid_blocks", problems)
    if block_validation.count_tables(blocks) > 1:
        raise SlackRefusal("invalid_attachments", "/blocks", more={"errors": ["only_one_table_allowed"]})
    if block_validation.is_too_long(blocks):
        raise SlackRefusal("msg_blocks_too_long", "/blocks")
    return [
        block if block.get("block_id") else {**block, "block_id": f"b{n}"} for n, block in enumerate(blocks)
    ]


def _thread_of(store: SlackStore, channel: SlackConversation, thread_ts: str) -> str:
    """The thread that a message belongs to, identified by its first message."""
    if not thread_ts:
        return ""
    found = store.messages_in(channel.id).get(thread_ts)
    if found is None:
        raise SlackRefusal("thread_not_found", "/thread_ts")  # from memory; the reference has no word for it
    return found.thread_ts or found.ts


def _require_unarchived(channel: SlackConversation) -> SlackConversation:
    if channel.archived:
        raise SlackRefusal("is_archived", "/channel")
    return channel


async def post(store: SlackStore, call: SlackCall) -> Json:
    channel = _require_unarchived(store.channel(call.app, call.require("channel")))
    content = message_content(call, None)
    message = store.add(
        SlackMessage(
            ts=store.new_timestamp(),
            channel=channel.id,
            user=call.app.bot_user,
            bot=True,
            thread_ts=_thread_of(store, channel, call.text("thread_ts")),
            metadata=call.json("metadata", "invalid_metadata_format") or {},
            **content,
        )
    )
    await store.touch()
    return {
        "channel": channel.id,
        "ts": message.ts,
        "message": api_objects.message_object(store, call.app, message),
    }


async def post_ephemeral(store: SlackStore, call: SlackCall) -> Json:
    """A message that only one person sees, and only while they are active."""
    channel = _require_unarchived(store.channel(call.app, call.require("channel")))
    person = store.person(call.app, call.require("user"), "user_not_in_channel")
    if person.id not in channel.members:
        raise SlackRefusal("user_not_in_channel", "/user")
    content = message_content(call)
    message = store.add(
        SlackMessage(
            ts=store.new_timestamp(),
            channel=channel.id,
            user=call.app.bot_user,
            bot=True,
            only_for=person.id,
            thread_ts=_thread_of(store, channel, call.text("thread_ts")),
            **content,
        )
    )
    await store.touch()
    return {"message_ts": message.ts}


def own_message(store: SlackStore, call: SlackCall, refused: str) -> SlackMessage:
    """The app's own message; nobody can change ephemeral ones."""
    channel = store.channel(call.app, call.require("channel"))
    message = store.messages_in(channel.id).get(call.require("ts"))
    if message is None or message.only_for or not store.is_due(message):
        raise SlackRefusal("message_not_found", "/ts")
    if message.user != call.app.bot_user:
        raise SlackRefusal(refused, "/ts")
    return message


async def update(store: SlackStore, call: SlackCall) -> Json:
    """Replace the text; blocks that are not given stay."""
    message = own_message(store, call, "cant_update_message")
    content = message_content(call, MAX_UPDATE_LENGTH)
    message.text = content["text"] or message.text
    for name in ("blocks", "attachments"):
        if call.args.get(name) is not None:
            setattr(message, name, content[name])
    message.edited, message.edits = store.new_timestamp(), message.edits + 1
    await store.touch()
    result = api_objects.message_object(store, call.app, message)
    return {"channel": message.channel, "ts": message.ts, "text": message.text, "message": result}


async def delete(store: SlackStore, call: SlackCall) -> Json:
    message = own_message(store, call, "cant_delete_message")
    del store.messages_in(message.channel)[message.ts]
    await store.touch()
    return {"channel": message.channel, "ts": message.ts}


async def permalink(store: SlackStore, call: SlackCall) -> Json:
    channel = store.channel(call.app, call.require("channel"), member=False)
    ts = call.require("message_ts")
    if ts not in store.messages_in(channel.id):
        raise SlackRefusal("message_not_found", "/message_ts")
    domain = store.team(call.app.team_id).domain
    link = f"https://{domain}.slack.com/archives/{channel.id}/p{ts.replace('.', '')}"
    return {"channel": channel.id, "permalink": link}


async def schedule(store: SlackStore, call: SlackCall) -> Json:
    """A message for later; people see it when its time has come."""
    channel = _require_unarchived(store.channel(call.app, call.require("channel")))
    at = call.integer("post_at", 0)
    if at <= store.memory.now():
        raise SlackRefusal("time_in_past", "/post_at")
    if at > store.memory.now() + MAX_SCHEDULE_SECONDS:
        raise SlackRefusal("time_too_far", "/post_at")
    content = message_content(call)
    message = store.add(
        SlackMessage(
            ts=f"{at}.{store.world.next_number:06d}",
            channel=channel.id,
            user=call.app.bot_user,
            bot=True,
            due=at,
            **content,
        )
    )
    name = store.new_id("Q")
    await store.touch()
    result = api_objects.message_object(store, call.app, message)
    return {"channel": channel.id, "scheduled_message_id": name, "post_at": at, "message": result}


def _reaction_target(store: SlackStore, call: SlackCall) -> tuple[SlackMessage, list[str]]:
    name = call.require("name")
    if not call.text("channel") or not call.text("timestamp"):
        raise SlackRefusal("no_item_specified", "/timestamp")
    channel = store.channel(call.app, call.text("channel"))
    if not re.fullmatch(r"\d+\.\d{6}", call.text("timestamp")):
        raise SlackRefusal("bad_timestamp", "/timestamp")
    message = store.messages_in(channel.id).get(call.text("timestamp"))
    if message is None or message.only_for:
        raise SlackRefusal("message_not_found", "/timestamp")
    if not name.replace("_", "").replace("-", "").replace("+", "").isalnum():
        raise SlackRefusal("invalid_name", "/name")
    return message, message.reactions.setdefault(name, [])


async def react(store: SlackStore, call: SlackCall) -> Json:
    _, people = _reaction_target(store, call)
    if call.app.bot_user in people:
        raise SlackRefusal("already_reacted", "/name")
    people.append(call.app.bot_user)
    await store.touch()
    return {}


async def unreact(store: SlackStore, call: SlackCall) -> Json:
    message, people = _reaction_target(store, call)
    if call.app.bot_user not in people:
        raise SlackRefusal("no_reaction", "/name")
    people.remove(call.app.bot_user)
    message.reactions = {name: users for name, users in message.reactions.items() if users}
    await store.touch()
    return {}
