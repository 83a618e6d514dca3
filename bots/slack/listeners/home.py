"""The buttons of the home tab that are its own: a new request, the form that was left, the code."""

from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck

from api.text import translate
from bots.slack import home, views
from bots.slack.desk import Coming, Desk, Work
from bots.slack.listeners.commands import Commands
from bots.slack.modals import opening
from bots.slack.payloads import Interaction
from bots.slack.telling import in_dm
from bots.talk.turn import Guest


class Home:
    """The listeners of one desk."""

    def __init__(self, desk: Desk, commands: Commands) -> None:
        self._desk = desk
        self._commands = commands

    async def pressed(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        sent = Interaction.model_validate(body)
        coming = Coming(sent.team_id, sent.user.id, sent.trigger_id)
        match sent.actions[0].action_id if sent.actions else "":
            case home.NEW:
                await self._commands.shortcut(ack, body)
            case home.CONNECT:
                await self._connect(coming, sent.trigger_id)
                await ack()
            case _:
                await self._go_on(coming)
                await ack()

    async def _connect(self, coming: Coming, trigger_id: str) -> None:
        """Where the code is entered; without a window, how it is typed."""
        window = opening(self._desk, coming, trigger_id, views.linking(self._desk.locale(coming)))

        async def work(guest: Guest) -> str:
            return "" if await window else translate("help.unlinked", guest.locale)

        await self._answered(coming, work)

    async def _go_on(self, coming: Coming) -> None:
        """The question that was asked last, once more in the conversation."""

        async def work(guest: Guest) -> str:
            turn = await self._desk.turn(guest)
            open_ = await turn.open_form()
            if open_ is None:
                return turn.say("forms.nothing_open")
            await turn.ask(open_)
            return ""

        await self._answered(coming, work)

    async def _answered(self, coming: Coming, work: Work) -> None:
        in_chat = in_dm(self._desk.outbound, coming.external_id)
        answer = await self._desk.handle(coming, work, in_chat)
        if answer:
            await self._desk.say(coming, answer, in_chat)
