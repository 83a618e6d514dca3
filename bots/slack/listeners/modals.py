"""Modals: lines that are added, what was filled in, the review, and the code that connects an account.

One rule: what cannot be taken is said under its field and nothing is lost; what is done closes every modal.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

import structlog
from slack_bolt.context.ack.async_ack import AsyncAck

from api.text import say
from bots.client.errors import Conflict, InFlight, NotFound, Refused
from bots.forms.engine import FORMS, Open
from bots.forms.form import Values
from bots.forms.request_values import RequestValues
from bots.slack import answers, views
from bots.slack.desk import Coming, Desk, Tell, told
from bots.slack.modals import Window, in_thread
from bots.slack.payloads import Interaction
from bots.slack.views import Meta, View
from bots.talk import tables
from bots.talk.finish import finish
from bots.talk.said import Said
from bots.talk.turn import Guest, Turn

log = structlog.get_logger()

Answer = dict[str, object]


@dataclass(frozen=True)
class Outcome:
    """What Slack is answered; ``shown`` is what the window shows instead when that answer comes too late."""

    answer: Answer
    shown: View | None = None


DONE = Outcome({"response_action": "clear"})


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
            turn, open_ = await self._open(guest, sent)
            if open_ is None:
                return turn.say("forms.closed")
            await window.show(views.form(open_, turn.asking, meta.thread, meta.lines + 1))
            return ""

        tell = self._into(window, coming)
        words = await self._desk.handle(coming, work, tell)
        if words:
            await told(tell, words)
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
        self, ack: AsyncAck, sent: Interaction, do: Callable[[Guest, Interaction], Awaitable[Outcome]]
    ) -> None:
        """Slack's answer, or words in the window and the outcome there when it is known."""
        coming = _coming(sent)
        window = Window(self._desk.outbound, coming.external_id, sent.view.id)
        outcome, waited = Outcome({}), True

        async def work(guest: Guest) -> str:
            nonlocal outcome
            outcome = await do(guest, sent)
            if not waited:
                shown = say("slack.answered_in_dm", self._desk.locale(coming))
                await window.show(outcome.shown or views.words(shown, self._desk.locale(coming)))
            return ""

        words = await self._desk.handle(coming, work, self._into(window, coming))
        waited, locale = words is not None, self._desk.locale(coming)
        if words is None:
            words = say("errors.still_working", locale)
        await ack(**(_instead(views.words(words, locale)) if words else outcome).answer)  # type: ignore[arg-type]

    def _into(self, window: Window, coming: Coming) -> Tell:
        async def tell(words: str) -> None:
            await window.show(views.words(words, self._desk.locale(coming)))

        return tell

    async def _fill(self, guest: Guest, sent: Interaction) -> Outcome:
        turn, open_ = await self._open(guest, sent)
        if open_ is None:
            return _closed(turn)
        values, wrong = answers.read(open_.values, sent.view.filled(), turn.asking)
        meta = Meta.read(sent.view.private_metadata)
        if not wrong and isinstance(values, RequestValues):
            step = FORMS[open_.form].step(values).partition(":")[0]
            if step != "review":
                wrong = {answers.first_block(values): turn.say(f"forms.request.{step}")}
        if wrong:
            return Outcome(views.errors(wrong), _again(turn, open_, values, meta.lines, *wrong.values()))
        if not isinstance(values, RequestValues):
            return await self._finish(turn, open_, values)
        kept = await turn.keep(replace(open_, values=values))
        review = views.review(kept.card(turn.asking), turn.asking, meta.thread)
        return Outcome({"response_action": "push", "view": review}, review)

    async def _send(self, guest: Guest, sent: Interaction) -> Outcome:
        turn, open_ = await self._open(guest, sent)
        if open_ is None:
            return _closed(turn)
        outcome = await self._finish(turn, open_, open_.values)
        return _instead(outcome.shown) if outcome.shown is not None else outcome  # a review has no fields

    async def _code(self, guest: Guest, sent: Interaction) -> Outcome:
        code = sent.view.filled().get("code", "")
        await tables.AT_THE_DOOR["start"](guest, Said.of(f"/start {code}"))
        return Outcome({})

    async def _open(self, guest: Guest, sent: Interaction) -> tuple[Turn, Open | None]:
        """The form behind the modal, as its owner's row; somebody else's metadata opens nothing."""
        meta = Meta.read(sent.view.private_metadata)
        turn = in_thread(await self._desk.turn(guest), meta.thread)
        open_ = await turn.open_form() if meta.thread else None
        if open_ is None:
            log.info("update.refused", code="form_closed")
        return turn, open_

    async def _finish(self, turn: Turn, open_: Open, values: Values) -> Outcome:
        """What the form was for; the outcome stands in the conversation, as after the last question there."""
        try:
            outcome = await finish(turn, open_, values)
        except InFlight:
            raise
        except (Conflict, Refused, NotFound):
            await turn.end(open_)
            raise
        if outcome.trouble:
            wrong = {answers.first_block(values): outcome.trouble}
            return Outcome(views.errors(wrong), _again(turn, open_, values, 1, outcome.trouble))
        await turn.end(open_)
        if outcome.card is not None:
            await turn.show(outcome.card, outcome.kept)
        return DONE


def _again(turn: Turn, open_: Open, values: Values, lines: int, *troubles: str) -> View:
    """The form as it was filled, under what could not be taken."""
    again = replace(open_, values=values)
    return views.form(again, turn.asking, turn.place.thread_id, lines, troubles)


def _instead(view: View) -> Outcome:
    """Other contents in place of what was sent."""
    return Outcome({"response_action": "update", "view": view}, view)


def _closed(turn: Turn) -> Outcome:
    return _instead(views.words(turn.say("forms.closed"), turn.locale))


def _coming(sent: Interaction) -> Coming:
    return Coming(sent.team_id, sent.user.id, sent.trigger_id)
