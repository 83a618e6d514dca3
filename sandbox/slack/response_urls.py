"""Responses that are not calls: to a response_url, and in the body of an acknowledgement."""

from sandbox.slack.errors import SlackRefusal
from sandbox.slack.methods.chat_methods import checked_blocks
from sandbox.slack.model import Json, ResponseUrl, SlackApp, SlackMessage
from sandbox.slack.world_store import SlackStore

MAX_USES, LIFETIME_SECONDS = 5, 30 * 60


async def respond_to_url(store: SlackStore, token: str, body: Json) -> None:
    """At most five within half an hour. The texts of the two refusals are from memory."""
    known = store.world.answers.get(token)
    if known is None:
        raise SlackRefusal("invalid_url", status=404)
    if store.memory.now() - known.at > LIFETIME_SECONDS:
        raise SlackRefusal("expired_url", status=404)
    if known.used >= MAX_USES:
        raise SlackRefusal("used_url", status=404)
    app = store.app(known.bot_token)
    known.used += 1
    apply_response(store, app, known, body)
    await store.touch()


def apply_response(store: SlackStore, app: SlackApp, response_url: ResponseUrl, body: Json) -> None:
    """Post, replace or delete, as the response says."""
    origin = store.messages_in(response_url.channel).get(response_url.ts)
    if body.get("delete_original"):
        store.messages_in(response_url.channel).pop(response_url.ts, None)
        return
    text, blocks = str(body.get("text") or ""), body.get("blocks") or []
    if not text and not blocks:
        raise SlackRefusal("no_text", "/text", status=400)
    valid_blocks = checked_blocks(blocks)
    if body.get("replace_original") and origin is not None:
        origin.text, origin.blocks = text, valid_blocks
        origin.edited, origin.edits = store.new_timestamp(), origin.edits + 1
        return
    thread = str(body.get("thread_ts") or response_url.thread_ts)
    store.add(
        SlackMessage(
            ts=store.new_timestamp(),
            channel=response_url.channel,
            user=app.bot_user,
            bot=True,
            text=text,
            blocks=valid_blocks,
            thread_ts=thread if thread in store.messages_in(response_url.channel) else "",
            only_for="" if body.get("response_type") == "in_channel" else response_url.person,
        )
    )
