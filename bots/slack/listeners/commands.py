"""``/parley …``: the same commands as everywhere, behind one name; and shortcuts, which open the request's modal.

One rule: unpack, look up in the tables of ``bots.talk``, answer.
"""

from typing import Any

import structlog
from slack_bolt.context.ack.async_ack import AsyncAck

from api.text import translate
from bots.forms.request import started
from bots.forms.request_values import LineValues
from bots.slack.desk import Channel, Coming, Desk
from bots.slack.modals import Window, in_window, into, is_open, opening
from bots.slack.outbound import reason_of
from bots.slack.payloads import Command, Interaction, words
from bots.slack.telling import UNSAID, in_dm, privately
from bots.slack.texts import escaped
from bots.talk import tables
from bots.talk.said import Said
from bots.talk.turn import Guest
from bots.talk.voice import patiently

log = structlog.get_logger()

NEW_REQUEST, MAKE_REQUEST = "new_request", "make_request"
LONGEST_NOTE = 1_500
IN_A_MODAL = frozenset({"request", "delegate", "settings"})
"""What is asked at once when nothing stands behind it."""


class Commands:
    """The listeners of one desk."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def typed(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """A command line; the answer stands in the conversation, private words where it was typed."""
        command = Command.model_validate(body)
        where = Channel(command.channel_id, command.channel_name)
        coming = Coming(command.team_id, command.user_id, command.trigger_id, channel=where)
        line = words(command.text).strip()
        in_modal = line in IN_A_MODAL and command.trigger_id
        window = opening(self._desk, coming, command.trigger_id) if in_modal else None

        async def work(guest: Guest) -> str:
            return await self._said(guest, Said.of(f"/{line or 'help'}"), await window if window else None)

        places = [privately(command.response_url), in_dm(self._desk.outbound, coming.external_id)]
        if window is not None:
            places.insert(0, into(window, self._desk, coming))
        answer = await self._desk.handle(coming, work, *places)
        if is_open(window):
            if answer:
                await self._desk.say(coming, answer, *places)
            await ack()
            return
        if answer is None:
            answer = translate("errors.still_working", self._desk.locale(coming))
        if not answer and not command.channel_id.startswith("D"):
            answer = translate("slack.answered_in_dm", self._desk.locale(coming))
        await (ack(escaped(answer, 2_900)) if answer else ack())

    async def _said(self, guest: Guest, said: Said, window: Window | None) -> str:
        if said.command in tables.AT_THE_DOOR:
            await tables.AT_THE_DOOR[said.command](guest, said)
        else:
            turn = await self._desk.turn(guest)
            await tables.command(in_window(turn, window) if window is not None else turn, said)
        return ""

    async def shortcut(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """New request, from anywhere or from a message, which is kept as the evidence in its note."""
        sent = Interaction.model_validate(body)
        coming = Coming(sent.team_id, sent.user.id, sent.trigger_id)
        window = opening(self._desk, coming, sent.trigger_id)
        in_chat = in_dm(self._desk.outbound, coming.external_id)

        async def work(guest: Guest) -> str:
            return await self._begin(guest, await window, sent)

        places = (into(window, self._desk, coming), in_chat)
        answer = await self._desk.handle(coming, work, *places)
        if answer:
            await self._desk.say(coming, answer, *places)
        elif answer is None and not is_open(window):
            self._desk.later(translate("errors.still_working", self._desk.locale(coming)), in_chat)
        await ack()

    async def _begin(self, guest: Guest, window: Window | None, about: Interaction) -> str:
        """The request's modal; without a window the form goes on in the conversation."""
        turn = await self._desk.turn(guest)
        if turn.is_vendor:
            return turn.say("forms.not_for_vendors")
        values = started("", turn.asking)
        if about.message.text:
            said, note = await self._evidence(about)
            first = LineValues(description=said.partition("\n")[0][:300])
            values = values.model_copy(update={"lines": [first], "note": note})
        asked = in_window(turn, window) if window is not None else turn
        await asked.ask(await asked.begin("request", values))
        return ""

    async def _evidence(self, about: Interaction) -> tuple[str, str]:
        """What the message said, and where it stands; its words are evidence enough when Slack does not say that."""
        said = words(about.message.text).strip()
        chat = f"{about.team_id}:{about.user.id}"
        try:
            link = await patiently(
                lambda: self._desk.outbound.call(
                    chat,
                    lambda client: client.chat_getPermalink(
                        channel=about.channel.id, message_ts=about.message.ts
                    ),
                ),
                tries=2,
            )
        except UNSAID as error:
            log.info("evidence.no_link", why=reason_of(error))
            return said, said[:LONGEST_NOTE]
        return said, f"{said[:LONGEST_NOTE]}\n{link['permalink']}"
