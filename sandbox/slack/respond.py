"""Answers that are no calls: at a response_url, and in the body of an acknowledgement."""

from sandbox.slack.methods.chat import checked
from sandbox.slack.model import App, Json, Message, ResponseUrl
from sandbox.slack.store import Store
from sandbox.slack.words import Refusal

MOST_USES, LIFE = 5, 30 * 60


async def to_url(store: Store, token: str, body: Json) -> None:
    """At most five within half an hour. The words of the two refusals are from memory."""
    known = store.world.answers.get(token)
    if known is None:
        raise Refusal("invalid_url", status=404)
    if store.memory.now() - known.at > LIFE:
        raise Refusal("expired_url", status=404)
    if known.used >= MOST_USES:
        raise Refusal("used_url", status=404)
    app = store.app(known.bot_token)
    known.used += 1
    say(store, app, known, body)
    await store.touch()


def say(store: Store, app: App, where: ResponseUrl, body: Json) -> None:
    """Post, replace or delete, as the answer says."""
    origin = store.room(where.channel).get(where.ts)
    if body.get("delete_original"):
        store.room(where.channel).pop(where.ts, None)
        return
    text, blocks = str(body.get("text") or ""), body.get("blocks") or []
    if not text and not blocks:
        raise Refusal("no_text", "/text", status=400)
    good = checked(blocks)
    if body.get("replace_original") and origin is not None:
        origin.text, origin.blocks = text, good
        origin.edited, origin.edits = store.ts(), origin.edits + 1
        return
    thread = str(body.get("thread_ts") or where.thread_ts)
    store.add(
        Message(
            ts=store.ts(),
            channel=where.channel,
            user=app.bot_user,
            bot=True,
            text=text,
            blocks=good,
            thread_ts=thread if thread in store.room(where.channel) else "",
            only_for="" if body.get("response_type") == "in_channel" else where.person,
        )
    )
