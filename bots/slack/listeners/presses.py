"""Buttons: on cards, in lists, in forms, on the home tab.

One rule: a button's value is a claim; what it does stands in the tables of ``bots.talk``, and what asks for
words there is asked in a modal here.
"""

from typing import Any

import structlog
from slack_bolt.context.ack.async_ack import AsyncAck

from api.text import translate
from bots.cards.press import Op, Press
from bots.slack.desk import Channel, Coming, Desk
from bots.slack.modals import Window, in_window, into, is_open, opening
from bots.slack.payloads import Interaction
from bots.slack.telling import Tell, in_dm, privately
from bots.talk import tables
from bots.talk.turn import Guest

log = structlog.get_logger()

MODAL = frozenset(
    {
        Op.reject, Op.ask, Op.no_bid, Op.propose, Op.withdraw_request, Op.cancel_request, Op.withdraw_quote,
        Op.receive_lines, Op.delegate, Op.settings,
    }
)  # fmt: skip
"""What asks for something: at once in a modal here, question by question elsewhere."""


class Presses:
    """The listeners of one desk."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def pressed(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """Effect, private words, acknowledgement; in this order."""
        sent = Interaction.model_validate(body)
        coming = _coming(sent)
        claim = sent.actions[0].claim if sent.actions else None
        in_a_group = coming.channel.group(coming.team_id) is not None
        wants_words = claim is not None and claim.op in MODAL and not in_a_group
        window = opening(self._desk, coming, sent.trigger_id) if wants_words else None

        async def work(guest: Guest) -> str:
            return await self._do(guest, claim, await window if window else None)

        beside = _beside(sent, self._desk, coming)
        places = beside if window is None else [into(window, self._desk, coming), *beside]
        answer = await self._desk.handle(coming, work, *places)
        if answer:
            await self._desk.say(coming, answer, *places)
        elif answer is None and not is_open(window):
            self._desk.later(translate("errors.still_working", self._desk.locale(coming)), *beside)
        await ack()

    async def _do(self, guest: Guest, claim: Press | None, window: Window | None) -> str:
        if claim is not None and claim.op in tables.DOOR_PRESSES and guest.place.group is None:
            return await tables.DOOR_PRESSES[claim.op](guest, claim)
        turn = await self._desk.turn(guest)
        if claim is None:
            log.info("press.refused", why="unreadable")
            return turn.say("cards.not_a_button")
        return await tables.press(in_window(turn, window) if window is not None else turn, claim)


def _coming(sent: Interaction) -> Coming:
    """Who pressed what; a message is known by its conversation and time."""
    where = sent.container
    message = f"{where.channel_id}:{where.message_ts}" if where.message_ts else ""
    channel = Channel(where.channel_id, sent.channel.name)
    return Coming(sent.team_id, sent.user.id, sent.trigger_id, message, channel=channel)


def _beside(sent: Interaction, desk: Desk, coming: Coming) -> list[Tell]:
    """Beside the message that was pressed, or in the window; else, and from the home tab, in the conversation."""
    in_chat = in_dm(desk.outbound, coming.external_id)
    if sent.view.type == "modal":
        return [into(Window(desk.outbound, coming.external_id, sent.view.id), desk, coming), in_chat]
    return [privately(sent.response_url), in_chat] if sent.response_url else [in_chat]
