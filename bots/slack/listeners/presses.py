"""Buttons: on cards, in lists, in forms, on the home tab.

One rule: a button's value is a claim; what it does stands in the registry, and what opens a form there opens a
modal here.
"""

from typing import Any

import structlog
from slack_bolt.context.ack.async_ack import AsyncAck

from api.text import translate
from bots.cards.press import Press
from bots.dialog import registry
from bots.dialog.context import UnlinkedContext
from bots.slack.modal_context import OpenModal, in_modal, is_open, open_modal, with_modal
from bots.slack.payloads import Interaction
from bots.slack.processor import ChannelRef, SlackUpdate, UpdateProcessor
from bots.slack.replies import ReplyTarget, ephemeral, in_dm

log = structlog.get_logger()


class PressListeners:
    """The listeners over one processor."""

    def __init__(self, processor: UpdateProcessor) -> None:
        self._processor = processor

    async def pressed(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """Effect, private reply, acknowledgement; in this order."""
        interaction = Interaction.model_validate(body)
        update = _slack_update(interaction)
        press = interaction.actions[0].press if interaction.actions else None
        in_a_group = update.channel.group(update.team_id) is not None
        spec = registry.PRESSES.get(press.op) if press is not None else None
        asks = spec is not None and spec.asks and not in_a_group
        modal = open_modal(self._processor, update, interaction.trigger_id) if asks else None

        async def work(unlinked: UnlinkedContext) -> str:
            return await self._do(unlinked, press, await modal if modal else None)

        reply_targets = _reply_targets(interaction, self._processor, update)
        targets = (
            reply_targets if modal is None else [in_modal(modal, self._processor, update), *reply_targets]
        )
        reply = await self._processor.handle(update, work, *targets)
        if reply:
            await self._processor.reply(update, reply, *targets)
        elif reply is None and not is_open(modal):
            self._processor.reply_later(
                translate("errors.still_working", self._processor.locale(update)), *reply_targets
            )
        await ack()

    async def _do(self, unlinked: UnlinkedContext, press: Press | None, modal: OpenModal | None) -> str:
        if press is not None and press.op in registry.UNLINKED_PRESSES and unlinked.origin.group is None:
            return await registry.UNLINKED_PRESSES[press.op].handler(unlinked, press)
        ctx = await self._processor.context(unlinked)
        if press is None:
            log.info("press.refused", why="unreadable")
            return ctx.translate("cards.not_a_button")
        return await registry.dispatch_press(with_modal(ctx, modal) if modal is not None else ctx, press)


def _slack_update(interaction: Interaction) -> SlackUpdate:
    """Who pressed what; a message is known by its conversation and time."""
    container = interaction.container
    message = f"{container.channel_id}:{container.message_ts}" if container.message_ts else ""
    channel = ChannelRef(container.channel_id, interaction.channel.name)
    return SlackUpdate(
        interaction.team_id, interaction.user.id, interaction.trigger_id, message, channel=channel
    )


def _reply_targets(
    interaction: Interaction, processor: UpdateProcessor, update: SlackUpdate
) -> list[ReplyTarget]:
    """Beside the message that was pressed, or in the modal; else, and from the home tab, in the private chat."""
    in_chat = in_dm(processor.outbound, update.external_id)
    if interaction.view.type == "modal":
        return [
            in_modal(
                OpenModal(processor.outbound, update.external_id, interaction.view.id), processor, update
            ),
            in_chat,
        ]
    return [ephemeral(interaction.response_url), in_chat] if interaction.response_url else [in_chat]
