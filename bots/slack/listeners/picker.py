"""The field in which vendors are found by typing: what it offers, and what stands in it afterwards.

One rule: an id from Slack is a claim; the form takes only vendors that its own search names.
"""

import contextlib
import uuid
from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck

from bots.dialog import vendor_search
from bots.dialog.context import UnlinkedContext
from bots.dialog.handlers.forms import pick_vendors
from bots.slack.ack_deadline import StillRunning
from bots.slack.payloads import Interaction, OptionsRequest
from bots.slack.processor import SlackUpdate, UpdateProcessor
from bots.slack.render import option
from bots.slack.replies import in_dm
from bots.slack.text_objects import Block

MAX_OPTIONS = 100


class PickerListeners:
    """The listeners over one processor."""

    def __init__(self, processor: UpdateProcessor) -> None:
        self._processor = processor

    async def options(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """The vendors that fit what was typed; none when they are not found in time."""
        request = OptionsRequest.model_validate(body)
        update = SlackUpdate(request.team_id, request.user.id, f"options:{uuid.uuid4().hex}")
        found: list[Block] = []

        async def work(unlinked: UnlinkedContext) -> str:
            ctx = await self._processor.context(unlinked)
            vendors = await vendor_search.suggested(ctx, await ctx.open_form(), request.value)
            found.extend(option(str(identity), name) for identity, name in vendors[:MAX_OPTIONS])
            return ""

        with contextlib.suppress(StillRunning):
            await self._processor.deadline.wait_for(self._processor.process(update, work), update.arrived_at)
        await ack(options=list(found))

    async def picked(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """Other vendors stand in the field."""
        interaction = Interaction.model_validate(body)
        container = interaction.container
        message = f"{container.channel_id}:{container.message_ts}"
        update = SlackUpdate(interaction.team_id, interaction.user.id, interaction.trigger_id, message)
        action = interaction.actions[0]

        async def work(unlinked: UnlinkedContext) -> str:
            ctx = await self._processor.context(unlinked)
            press = action.press
            return "" if press is None else await pick_vendors(ctx, press, action.picked)

        in_chat = in_dm(self._processor.outbound, update.external_id)
        reply = await self._processor.handle(update, work, in_chat)
        if reply:
            await self._processor.reply(update, reply, in_chat)
        await ack()
