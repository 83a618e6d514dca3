"""``/parley …``: the same commands as everywhere, behind one name; and shortcuts, which open the request's modal.

One rule: unpack, look up in the tables of ``bots.dialog``, answer.
"""

from typing import Any

import structlog
from slack_bolt.context.ack.async_ack import AsyncAck

from api.text import translate
from bots.dialog import registry
from bots.dialog.context import UnlinkedContext
from bots.dialog.message import IncomingMessage
from bots.dialog.responder import with_retries
from bots.forms.request import initial_values
from bots.forms.request_values import LineValues
from bots.slack.modal_context import OpenModal, in_modal, is_open, open_modal, with_modal
from bots.slack.outbound import reason_of
from bots.slack.payloads import Interaction, SlashCommand, unformatted
from bots.slack.processor import ChannelRef, SlackUpdate, UpdateProcessor
from bots.slack.replies import UNDELIVERED, ephemeral, in_dm
from bots.slack.text_objects import escape_mrkdwn

log = structlog.get_logger()

NEW_REQUEST, MAKE_REQUEST = "new_request", "make_request"
MAX_NOTE = 1_500


class CommandListeners:
    """The listeners over one processor."""

    def __init__(self, processor: UpdateProcessor) -> None:
        self._processor = processor

    async def slash_command(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """A command; the answer goes to the private chat, a short reply to where it was typed."""
        command = SlashCommand.model_validate(body)
        channel = ChannelRef(command.channel_id, command.channel_name)
        update = SlackUpdate(command.team_id, command.user_id, command.trigger_id, channel=channel)
        line = unformatted(command.text).strip()
        spec = registry.COMMANDS.get(line.casefold())  # with anything behind it, it opens no form
        opens_modal = spec is not None and spec.asks and command.trigger_id
        modal = open_modal(self._processor, update, command.trigger_id) if opens_modal else None

        async def work(unlinked: UnlinkedContext) -> str:
            return await self._run(
                unlinked, IncomingMessage.parse(f"/{line or 'help'}"), await modal if modal else None
            )

        targets = [ephemeral(command.response_url), in_dm(self._processor.outbound, update.external_id)]
        if modal is not None:
            targets.insert(0, in_modal(modal, self._processor, update))
        once = self._processor.once(update, work)
        reply = await self._processor.handle(update, once, *targets)
        if is_open(modal):
            if reply:
                await self._processor.reply(update, reply, *targets)
            await ack()
            return
        if reply is None:
            reply = translate("errors.still_working", self._processor.locale(update))
        if not reply and not command.channel_id.startswith("D"):
            reply = translate("slack.answered_in_dm", self._processor.locale(update))
        await (ack(escape_mrkdwn(reply, 2_900)) if reply else ack())

    async def _run(self, unlinked: UnlinkedContext, message: IncomingMessage, modal: OpenModal | None) -> str:
        if message.command in registry.UNLINKED_COMMANDS:
            await registry.UNLINKED_COMMANDS[message.command].handler(unlinked, message)
        else:
            ctx = await self._processor.context(unlinked)
            await registry.dispatch_command(with_modal(ctx, modal) if modal is not None else ctx, message)
        return ""

    async def shortcut(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """New request, from anywhere or from a message, which its note quotes as evidence."""
        interaction = Interaction.model_validate(body)
        update = SlackUpdate(interaction.team_id, interaction.user.id, interaction.trigger_id)
        modal = open_modal(self._processor, update, interaction.trigger_id)
        in_chat = in_dm(self._processor.outbound, update.external_id)

        async def work(unlinked: UnlinkedContext) -> str:
            return await self._start_request(unlinked, await modal, interaction)

        targets = (in_modal(modal, self._processor, update), in_chat)
        once = self._processor.once(update, work)
        reply = await self._processor.handle(update, once, *targets)
        if reply:
            await self._processor.reply(update, reply, *targets)
        elif reply is None and not is_open(modal):
            self._processor.reply_later(
                translate("errors.still_working", self._processor.locale(update)), in_chat
            )
        await ack()

    async def _start_request(
        self, unlinked: UnlinkedContext, modal: OpenModal | None, interaction: Interaction
    ) -> str:
        """The request's modal; without one the form goes on in the private chat."""
        ctx = await self._processor.context(unlinked)
        if ctx.is_vendor:
            return ctx.translate("forms.not_for_vendors")
        values = initial_values("", ctx.form_ctx)
        if interaction.message.ts:
            text, note = await self._evidence(interaction)
            item = text.partition("\n")[0][:300]
            lines = [LineValues(description=item)] if item else []
            values = values.model_copy(update={"lines": lines, "note": note})
        target_ctx = with_modal(ctx, modal) if modal is not None else ctx
        await target_ctx.ask(await target_ctx.start_form("request", values))
        return ""

    async def _evidence(self, interaction: Interaction) -> tuple[str, str]:
        """The message's text, and what the note keeps of it: text, names of files, and the link if Slack gives one."""
        message = interaction.message
        text = unformatted(message.text).strip()
        kept = [text[:MAX_NOTE], ", ".join(file.name for file in message.files if file.name)[:MAX_NOTE]]
        chat = f"{interaction.team_id}:{interaction.user.id}"
        try:
            found = await with_retries(
                lambda: self._processor.outbound.call(
                    chat,
                    lambda client: client.chat_getPermalink(
                        channel=interaction.channel.id, message_ts=message.ts
                    ),
                ),
                tries=2,
            )
            kept.append(str(found["permalink"]))
        except UNDELIVERED as error:
            log.info("evidence.no_link", why=reason_of(error))
        return text, "\n".join(each for each in kept if each)
