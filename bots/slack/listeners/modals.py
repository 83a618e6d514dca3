"""Modals: lines that are added, what was filled in, the review, and the code that connects an account.

One rule: what cannot be taken is said under its field and nothing is lost; what is done closes every modal.
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck

from api.text import say
from bots.client.errors import Conflict, InFlight, NotFound, Refused
from bots.forms.engine import FORMS, Open
from bots.forms.form import Values
from bots.forms.request_values import RequestValues
from bots.slack import answers, views
from bots.slack.desk import Coming, Desk, in_dm
from bots.slack.modals import Window, in_thread
from bots.slack.payloads import Interaction
from bots.slack.views import Meta
from bots.talk import tables
from bots.talk.finish import finish
from bots.talk.said import Said
from bots.talk.turn import Guest, Turn

Answer = dict[str, object]
DONE: Answer = {"response_action": "clear"}


class Modals:
    """The listeners of one desk."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def add_line(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """One line more; what stands in the others stays where it is."""
        sent = Interaction.model_validate(body)
        coming = _coming(sent)
        meta = Meta.read(sent.view.private_metadata)
        window = Window(self._desk.outbound, coming.external_id, sent.view.id)

        async def work(guest: Guest) -> str:
            turn = in_thread(await self._desk.turn(guest), meta.thread)
            open_ = await turn.open_form()
            if open_ is None:
                return turn.say("forms.closed")
            await window.show(views.form(open_, turn.asking, meta.thread, meta.lines + 1))
            return ""

        tell = in_dm(self._desk, coming.external_id)
        words = await self._desk.handle(coming, work, tell)
        if words:
            await window.show(views.words(words, self._desk.locale(coming)))
        await ack()

    async def filled(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """A form was sent."""
        await self._submitted(ack, Interaction.model_validate(body), self._fill)

    async def reviewed(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """The review was sent."""
        await self._submitted(ack, Interaction.model_validate(body), self._send)

    async def linked(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """A code was entered: both identities are named in the conversation, a button there joins them."""
        await self._submitted(ack, Interaction.model_validate(body), self._code)

    async def _submitted(
        self, ack: AsyncAck, sent: Interaction, do: Callable[[Guest, Interaction], Awaitable[Answer]]
    ) -> None:
        coming = _coming(sent)
        answer: Answer = {}

        async def work(guest: Guest) -> str:
            answer.update(await do(guest, sent))
            return ""

        words = await self._desk.handle(coming, work, in_dm(self._desk, coming.external_id))
        locale = self._desk.locale(coming)
        if words is None:
            words = say("errors.still_working", locale)
        if words:
            answer = {"response_action": "update", "view": views.words(words, locale)}
        await ack(**answer)  # type: ignore[arg-type]

    async def _fill(self, guest: Guest, sent: Interaction) -> Answer:
        turn, open_ = await self._open(guest, sent)
        if open_ is None:
            return _closed(turn)
        values, wrong = answers.read(open_.values, sent.view.filled(), turn.asking)
        if wrong:
            return views.errors(wrong)
        if not isinstance(values, RequestValues):
            return await self._finish(turn, open_, values)
        step = FORMS[open_.form].step(values)
        if step != "review":
            return views.errors(
                {answers.first_block(values): turn.say(f"forms.request.{step.partition(':')[0]}")}
            )
        kept = await turn.keep(replace(open_, values=values))
        thread = Meta.read(sent.view.private_metadata).thread
        return {"response_action": "push", "view": views.review(kept.card(turn.asking), turn.asking, thread)}

    async def _send(self, guest: Guest, sent: Interaction) -> Answer:
        turn, open_ = await self._open(guest, sent)
        return await self._finish(turn, open_, open_.values) if open_ is not None else _closed(turn)

    async def _code(self, guest: Guest, sent: Interaction) -> Answer:
        code = sent.view.filled().get("code", "")
        await tables.AT_THE_DOOR["start"](guest, Said.of(f"/start {code}"))
        return {}

    async def _open(self, guest: Guest, sent: Interaction) -> tuple[Turn, Open | None]:
        """The form behind the modal, as its owner's row; somebody else's metadata opens nothing."""
        meta = Meta.read(sent.view.private_metadata)
        turn = in_thread(await self._desk.turn(guest), meta.thread)
        if not meta.thread.startswith("modal:"):
            return turn, None
        return turn, await turn.open_form()

    async def _finish(self, turn: Turn, open_: Open, values: Values) -> Answer:
        """What the form was for; the outcome stands in the conversation, as after the last question there."""
        try:
            outcome = await finish(turn, open_, values)
        except InFlight:
            raise
        except (Conflict, Refused, NotFound):
            await turn.end(open_)
            raise
        if outcome.trouble:
            return views.errors({answers.first_block(values): outcome.trouble})
        await turn.end(open_)
        if outcome.card is not None:
            await turn.show(outcome.card, outcome.kept)
        return DONE


def _closed(turn: Turn) -> Answer:
    return {"response_action": "update", "view": views.words(turn.say("forms.closed"), turn.locale)}


def _coming(sent: Interaction) -> Coming:
    return Coming(sent.team_id, sent.user.id, sent.trigger_id)
