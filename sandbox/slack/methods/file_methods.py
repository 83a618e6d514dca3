"""files.*: uploads in three steps, and file information."""

import mimetypes

from sandbox.slack import api_objects
from sandbox.slack.errors import SlackRefusal, missing_argument
from sandbox.slack.method_call import SlackCall
from sandbox.slack.methods.chat_methods import checked_blocks
from sandbox.slack.model import Json, SlackMessage, SlackStoredFile
from sandbox.slack.world_store import SlackStore

MAX_FILE_SIZE = 1024**3


async def upload_url(store: SlackStore, call: SlackCall) -> Json:
    """The address to post the bytes to."""
    name, length = call.require("filename"), call.integer("length", 0)
    if length <= 0:
        raise SlackRefusal("missing_argument", "/length")
    if length > MAX_FILE_SIZE:
        raise SlackRefusal("file_upload_size_restricted", "/length")
    stored = SlackStoredFile(
        id=store.new_id("F"),
        team_id=call.app.team_id,
        name=name,
        title=name,
        media_type=mimetypes.guess_type(name)[0] or "application/octet-stream",
        size=length,
        user=call.app.bot_user,
    )
    store.world.files[stored.id] = stored
    return {"upload_url": f"{store.origin}/slack/upload/{stored.id}", "file_id": stored.id}


async def complete(store: SlackStore, call: SlackCall) -> Json:
    """Finish the upload; with a channel, the files appear there as a message."""
    wanted = call.json("files", "invalid_arguments")
    if not isinstance(wanted, list) or not wanted:
        raise missing_argument("files")
    found = [_require_uploaded(store, call, each) for each in wanted]
    channel_id = call.text("channel_id") or call.text("channels")
    if channel_id:
        channel = store.channel(call.app, channel_id)
        thread = call.text("thread_ts")
        if thread and thread not in store.messages_in(channel.id):
            raise SlackRefusal("invalid_thread_ts", "/thread_ts")
        blocks = call.json("blocks", "invalid_blocks_format")
        store.add(
            SlackMessage(
                ts=store.new_timestamp(),
                channel=channel.id,
                user=call.app.bot_user,
                bot=True,
                text=call.text("initial_comment"),
                blocks=checked_blocks(blocks) if blocks and not call.text("initial_comment") else [],
                files=[each.id for each in found],
                thread_ts=thread,
            )
        )
        for each in found:
            each.channels.append(channel.id)
    for each in found:
        each.completed = True
    await store.touch()
    return {"files": [api_objects.file_object(store, each) for each in found]}


def _require_uploaded(store: SlackStore, call: SlackCall, wanted: object) -> SlackStoredFile:
    name = str(wanted.get("id", "")) if isinstance(wanted, dict) else ""
    stored = store.world.files.get(name)
    if stored is None or stored.user != call.app.bot_user or not stored.uploaded or stored.completed:
        raise SlackRefusal("file_not_found", "/files")
    if isinstance(wanted, dict) and wanted.get("title"):
        stored.title = str(wanted["title"])
    return stored


async def info(store: SlackStore, call: SlackCall) -> Json:
    stored = store.world.files.get(call.require("file"))
    if stored is None or stored.team_id != call.app.team_id or not stored.completed:
        raise SlackRefusal("file_not_found", "/file")
    return {
        "file": api_objects.file_object(store, stored),
        "comments": [],
        "response_metadata": {"next_cursor": ""},
    }


def receive_upload(store: SlackStore, name: str, content: bytes) -> bool:
    """Receive the bytes of an upload; false when it was not announced or the size differs."""
    stored = store.world.files.get(name)
    if stored is None or stored.uploaded or len(content) != stored.size:
        return False
    stored.uploaded = True
    store.memory.put_bytes(name, content)
    return True
