"""``/parley …``: the same commands as everywhere, behind one name; and shortcuts, which open the request's modal.

One rule: unpack, look up in the tables of ``bots.talk``, answer.
"""

from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck

from api.text import say
from bots.forms.request import started
from bots.forms.request_values import LineValues
from bots.slack import views
from bots.slack.desk import Coming, Desk, Tell, in_dm, privately, told
from bots.slack.modals import Window, in_window, opened
from bots.slack.payloads import Command, Interaction, words
from bots.slack.texts import escaped
from bots.talk import tables
from bots.talk.said import Said
from bots.talk.turn import Guest

NEW_REQUEST, MAKE_REQUEST = "new_request", "make_request"
LONGEST_NOTE = 1_500


class Commands:
    """The listeners of one desk."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def typed(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """A command line; the answer stands in the conversation, private words where it was typed."""
        command = Command.model_validate(body)
        coming = Coming(command.team_id, command.user_id, command.trigger_id)
        line = words(command.text).strip()
        if line == "request" and command.trigger_id:
            await self._ask(ack, coming, command.trigger_id, privately(command.response_url))
            return

        async def work(guest: Guest) -> str:
            return await self._said(guest, Said.of(f"/{line or 'help'}"))

        answer = await self._desk.handle(coming, work, privately(command.response_url))
        if answer is None:
            answer = say("errors.still_working", self._desk.locale(coming))
        if not answer and not command.channel_id.startswith("D"):
            answer = say("slack.answered_in_dm", self._desk.locale(coming))
        await (ack(escaped(answer, 2_900)) if answer else ack())

    async def _said(self, guest: Guest, said: Said) -> str:
        if said.command in tables.AT_THE_DOOR:
            await tables.AT_THE_DOOR[said.command](guest, said)
        else:
            await tables.command(await self._desk.turn(guest), said)
        return ""

    async def shortcut(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """New request, from anywhere or from a message, which is kept as the evidence in its note."""
        sent = Interaction.model_validate(body)
        coming = Coming(sent.team_id, sent.user.id, sent.trigger_id)
        await self._ask(ack, coming, sent.trigger_id, in_dm(self._desk, coming.external_id), sent)

    async def _ask(
        self, ack: AsyncAck, coming: Coming, trigger_id: str, tell: Tell, about: Interaction | None = None
    ) -> None:
        """The request's modal; without a window the form goes on in the conversation."""
        window = await opened(self._desk, coming, trigger_id)
        say_it = into(window, self._desk, coming) or tell

        async def work(guest: Guest) -> str:
            return await self._begin(guest, window, about)

        answer = await self._desk.handle(coming, work, say_it)
        if answer:
            await told(say_it, answer)
        await ack()

    async def _begin(self, guest: Guest, window: Window | None, about: Interaction | None) -> str:
        turn = await self._desk.turn(guest)
        if turn.is_vendor:
            return turn.say("forms.not_for_vendors")
        values = started("", turn.asking)
        if about is not None and about.message.text:
            said, note = await self._evidence(about)
            first = LineValues(description=said.partition("\n")[0][:300])
            values = values.model_copy(update={"lines": [first], "note": note})
        asked = in_window(turn, window) if window is not None else turn
        await asked.ask(await asked.begin("request", values))
        return ""

    async def _evidence(self, about: Interaction) -> tuple[str, str]:
        """What the message said, and where it stands."""
        said = words(about.message.text).strip()
        chat = f"{about.team_id}:{about.user.id}"
        link = await self._desk.outbound.call(
            chat,
            lambda client: client.chat_getPermalink(channel=about.channel.id, message_ts=about.message.ts),
        )
        return said, f"{said[:LONGEST_NOTE]}\n{link['permalink']}"


def into(window: Window | None, desk: Desk, coming: Coming) -> Tell | None:
    """Saying something in the window."""
    if window is None:
        return None
    held = window

    async def tell(sentence: str) -> None:
        await held.show(views.words(sentence, desk.locale(coming)))

    return tell
