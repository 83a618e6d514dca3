"""Modals: lines that are added, what was filled in, the review, and the code that connects an account.

One rule: what cannot be taken is said under its field and nothing is lost; what is done closes every modal.
"""

import contextlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import structlog
from slack_bolt.context.ack.async_ack import AsyncAck

from api.text import translate
from bots.cards.sending import Gone
from bots.client.errors import Conflict, InFlight, NotFound, Refused
from bots.forms.engine import FORMS, Open
from bots.forms.form import Values
from bots.forms.request_values import RequestValues
from bots.slack import answers, views
from bots.slack.desk import Coming, Desk
from bots.slack.modals import Window, in_the_chat, in_thread
from bots.slack.outbound import reason_of
from bots.slack.payloads import Interaction
from bots.slack.telling import UNSAID, Tell, in_dm
from bots.slack.views import Meta, View
from bots.talk import finish, tables
from bots.talk.errors import sentence
from bots.talk.said import Said
from bots.talk.turn import Guest, Turn

log = structlog.get_logger()

Answer = dict[str, object]


@dataclass(frozen=True)
class Outcome:
    """What Slack is answered; ``shown`` is what the window shows instead when that answer comes too late."""

    answer: Answer
    shown: View | None = None
    form: Open | None = None
    """What is still to be filled or sent, in case that the window cannot show it."""


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
            with contextlib.suppress(Gone):
                await window.show(views.form(open_, turn.asking, meta.thread, meta.lines + 1))
            return ""

        places = self._places(window, coming, sent)
        words = await self._desk.handle(coming, work, *places)
        if words:
            await self._desk.say(coming, words, *places)
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
                await self._follow(guest, window, outcome)
            return ""

        words = await self._desk.handle(coming, work, *self._places(window, coming, sent))
        waited, locale = words is not None, self._desk.locale(coming)
        if words is None:
            outcome = _instead(views.words(translate("errors.still_working", locale), locale))
        elif words:
            outcome = _refused(words, sent, locale)
        await ack(**outcome.answer)  # type: ignore[arg-type]

    async def _follow(self, guest: Guest, window: Window, outcome: Outcome) -> None:
        """The window was answered too soon; what is still open goes on in the chat when it does not show it."""
        turn = await self._desk.turn(guest)
        shown = outcome.shown or views.words(turn.say("slack.answered_in_dm"), turn.locale)
        try:
            await window.show(shown)
        except UNSAID as error:
            log.info("modal.not_shown", why=reason_of(error))
            if outcome.form is not None:
                await in_the_chat(turn, outcome.form)

    def _places(self, window: Window, coming: Coming, sent: Interaction) -> tuple[Tell, Tell]:
        """Where it is said that something went wrong: above what was entered, else in the conversation."""

        async def above(words: str) -> None:
            locale = self._desk.locale(coming)
            await window.change(views.again(sent.view, words) or views.words(words, locale))

        return above, in_dm(self._desk.outbound, coming.external_id)

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
            return _wrong(turn, replace(open_, values=values), wrong, meta.lines)
        if not isinstance(values, RequestValues):
            return await self._finish(turn, open_, values)
        kept = await turn.keep(replace(open_, values=values))
        review = views.review(kept.card(turn.asking), turn.asking, meta.thread)
        return Outcome({"response_action": "push", "view": review}, review, kept)

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
            outcome = await finish.finish(turn, open_, values)
        except InFlight:
            raise
        except (Conflict, Refused, NotFound) as refused:
            await turn.end(open_)
            return _instead(views.words(sentence(refused, turn.locale), turn.locale))
        if outcome.trouble:
            wrong = {answers.first_block(values): outcome.trouble}
            return _wrong(turn, replace(open_, values=values), wrong)
        await turn.end(open_)
        return await _shown(turn, outcome)


async def _shown(turn: Turn, outcome: finish.Outcome) -> Outcome:
    """In the conversation; where Slack takes no message, the window says that it is done."""
    if outcome.card is None:
        return DONE
    try:
        await turn.show(outcome.card, outcome.kept)
    except UNSAID as error:
        log.warning("card.not_shown", why=reason_of(error))
        return _instead(views.words(outcome.short or outcome.card.title, turn.locale))
    return DONE


def _wrong(turn: Turn, open_: Open, wrong: Mapping[str, str], lines: int = 1) -> Outcome:
    """The form as it was filled, with what could not be taken."""
    again = views.form(open_, turn.asking, turn.place.thread_id, lines, tuple(wrong.values()))
    return Outcome(views.errors(wrong), again, open_)


def _refused(words: str, sent: Interaction, locale: str) -> Outcome:
    """Under the first field, so that what was entered stays; a view without fields says it instead."""
    field = sent.view.first_field
    return Outcome(views.errors({field: words})) if field else _instead(views.words(words, locale))


def _instead(view: View) -> Outcome:
    """Other contents in place of what was sent."""
    return Outcome({"response_action": "update", "view": view}, view)


def _closed(turn: Turn) -> Outcome:
    return _instead(views.words(turn.say("forms.closed"), turn.locale))


def _coming(sent: Interaction) -> Coming:
    return Coming(sent.team_id, sent.user.id, sent.trigger_id)
