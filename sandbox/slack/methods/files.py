"""files.*: uploads in three steps, and what is known of a file."""

import mimetypes

from sandbox.slack import wire
from sandbox.slack.call import Call
from sandbox.slack.methods.chat import checked
from sandbox.slack.model import Json, Message, StoredFile
from sandbox.slack.store import Store
from sandbox.slack.words import Refusal, missing

LARGEST = 1024**3


async def upload_url(store: Store, call: Call) -> Json:
    """Where the bytes may be posted."""
    name, length = call.need("filename"), call.integer("length", 0)
    if length <= 0:
        raise Refusal("missing_argument", "/length")
    if length > LARGEST:
        raise Refusal("file_upload_size_restricted", "/length")
    stored = StoredFile(
        id=store.name("F"),
        team_id=call.app.team_id,
        name=name,
        title=name,
        media_type=mimetypes.guess_type(name)[0] or "application/octet-stream",
        size=length,
        user=call.app.bot_user,
    )
    store.world.files[stored.id] = stored
    return {"upload_url": f"{store.origin}/slack/upload/{stored.id}", "file_id": stored.id}


async def complete(store: Store, call: Call) -> Json:
    """The upload is done; with a channel the files appear there as a message."""
    wanted = call.json("files", "invalid_arguments")
    if not isinstance(wanted, list) or not wanted:
        raise missing("files")
    found = [_uploaded(store, call, each) for each in wanted]
    written = call.text("channel_id") or call.text("channels")
    if written:
        channel = store.channel(call.app, written)
        thread = call.text("thread_ts")
        if thread and thread not in store.room(channel.id):
            raise Refusal("invalid_thread_ts", "/thread_ts")
        blocks = call.json("blocks", "invalid_blocks_format")
        store.add(
            Message(
                ts=store.ts(),
                channel=channel.id,
                user=call.app.bot_user,
                bot=True,
                text=call.text("initial_comment"),
                blocks=checked(blocks) if blocks and not call.text("initial_comment") else [],
                files=[each.id for each in found],
                thread_ts=thread,
            )
        )
        for each in found:
            each.channels.append(channel.id)
    for each in found:
        each.completed = True
    await store.touch()
    return {"files": [wire.file(store, each) for each in found]}


def _uploaded(store: Store, call: Call, wanted: object) -> StoredFile:
    name = str(wanted.get("id", "")) if isinstance(wanted, dict) else ""
    stored = store.world.files.get(name)
    if stored is None or stored.user != call.app.bot_user or not stored.uploaded or stored.completed:
        raise Refusal("file_not_found", "/files")
    if isinstance(wanted, dict) and wanted.get("title"):
        stored.title = str(wanted["title"])
    return stored


async def info(store: Store, call: Call) -> Json:
    stored = store.world.files.get(call.need("file"))
    if stored is None or stored.team_id != call.app.team_id or not stored.completed:
        raise Refusal("file_not_found", "/file")
    return {"file": wire.file(store, stored), "comments": [], "response_metadata": {"next_cursor": ""}}


def receive(store: Store, name: str, content: bytes) -> bool:
    """The bytes of an upload; false when nobody asked for them or they are not as many as was said."""
    stored = store.world.files.get(name)
    if stored is None or stored.uploaded or len(content) != stored.size:
        return False
    stored.uploaded = True
    store.memory.put_bytes(name, content)
    return True
