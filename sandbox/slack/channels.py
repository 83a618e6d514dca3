"""Changes of channels that no message causes: an app is added to one, or a channel gets another id."""

from typing import Any

from sandbox.slack.delivery import SlackDelivery
from sandbox.slack.model import SlackConversation
from sandbox.slack.world_store import SlackStore


async def put_channel(store: SlackStore, delivery: SlackDelivery, channel: SlackConversation) -> None:
    """Create or change a channel; an app that was added to it is notified."""
    known = store.world.channels.get(channel.id)
    store.world.channels[channel.id] = channel
    for app in store.apps_of(channel.team_id):
        if known is not None and app.bot_user in set(channel.members) - set(known.members):
            event: dict[str, Any] = {"type": "member_joined_channel", "user": app.bot_user}
            event |= {"channel": channel.id, "channel_type": channel.id[0], "team": channel.team_id}
            await delivery.queue_event(app, event | {"event_ts": store.new_timestamp()})


async def change_channel_id(store: SlackStore, delivery: SlackDelivery, name: str) -> str:
    """Give the channel another id; its messages move along, and its apps are notified."""
    new_id = store.new_id("C")
    channel = store.world.channels.pop(name).model_copy(update={"id": new_id})
    store.world.channels[new_id] = channel
    store.world.messages[new_id] = {
        ts: each.model_copy(update={"channel": new_id})
        for ts, each in store.world.messages.pop(name, {}).items()
    }
    for app in store.apps_of(channel.team_id):
        if app.bot_user in channel.members:
            event = {"type": "channel_id_changed", "old_channel_id": name, "new_channel_id": new_id}
            await delivery.queue_event(app, event | {"event_ts": store.new_timestamp()})
    return new_id
