"""The buttons of the home tab that are its own: a new request, the form that was left, the code."""

from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck

from api.text import translate
from bots.dialog.context import UnlinkedContext
from bots.slack import home_tab, views
from bots.slack.listeners.commands import CommandListeners
from bots.slack.modal_context import open_modal
from bots.slack.payloads import Interaction
from bots.slack.processor import SlackUpdate, UpdateProcessor, Work
from bots.slack.replies import in_dm


class HomeListeners:
    """The listeners over one processor."""

    def __init__(self, processor: UpdateProcessor, commands: CommandListeners) -> None:
        self._processor = processor
        self._commands = commands

    async def pressed(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        interaction = Interaction.model_validate(body)
        update = SlackUpdate(interaction.team_id, interaction.user.id, interaction.trigger_id)
        match interaction.actions[0].action_id if interaction.actions else "":
            case home_tab.NEW:
                await self._commands.shortcut(ack, body)
            case home_tab.CONNECT:
                await self._connect(update, interaction.trigger_id)
                await ack()
            case _:
                await self._continue_form(update)
                await ack()

    async def _connect(self, update: SlackUpdate, trigger_id: str) -> None:
        """A modal for the code; without one, how it is typed."""
        modal = open_modal(
            self._processor, update, trigger_id, views.link_form(self._processor.locale(update))
        )

        async def work(unlinked: UnlinkedContext) -> str:
            return "" if await modal else translate("help.unlinked", unlinked.locale)

        await self._process_and_reply(update, work)

    async def _continue_form(self, update: SlackUpdate) -> None:
        """The question that was asked last, once more in the private chat."""

        async def work(unlinked: UnlinkedContext) -> str:
            ctx = await self._processor.context(unlinked)
            open_form = await ctx.open_form()
            if open_form is None:
                return ctx.translate("forms.nothing_open")
            await ctx.ask(open_form)
            return ""

        await self._process_and_reply(update, work)

    async def _process_and_reply(self, update: SlackUpdate, work: Work) -> None:
        in_chat = in_dm(self._processor.outbound, update.external_id)
        reply = await self._processor.handle(update, work, in_chat)
        if reply:
            await self._processor.reply(update, reply, in_chat)
