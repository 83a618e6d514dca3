"""Moving an open form: an answer, a button, a step back; and the row that it is kept in.

One rule: pure. The row holds everything, so the same move can be made again on a newer row when two messages
came at once.
"""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field, ValidationError

from api.contract.people import DraftOut
from bots.cards.card import Card
from bots.forms.binding import BindingForm
from bots.forms.delegate import DelegateForm
from bots.forms.form import BACK, HELP, Asking, Done, Form, Question, Step, Trouble, Values
from bots.forms.quote import QuoteForm
from bots.forms.receive import ReceiveForm
from bots.forms.request import RequestForm
from bots.forms.rfq import RfqForm
from bots.forms.saying import SayingForm
from bots.forms.settings import SettingsForm
from bots.forms.which import WhichForm

FORMS: Mapping[str, Form[Any]] = MappingProxyType(
    {
        form.name: form
        for form in (
            RequestForm(),
            QuoteForm(),
            SayingForm(),
            ReceiveForm(),
            RfqForm(),
            WhichForm(),
            SettingsForm(),
            DelegateForm(),
            BindingForm(),
        )
    }
)
STEPS_BACK = 8
ROOM = 60_000
DEPTH = 3


class Row(BaseModel):
    """What a draft's values hold."""

    values: dict[str, object]
    nonce: UUID
    trail: list[dict[str, object]] = Field(default_factory=list)
    under: list[dict[str, object]] = Field(default_factory=list)
    heard: str = ""


class Waiting(BaseModel):
    """An interrupted form, inside the row of the one that interrupted it."""

    form: str
    row: dict[str, object]


@dataclass(frozen=True)
class Open:
    """A form that somebody is in the middle of; ``nonce`` tells its buttons from those of an older form."""

    form: str
    values: Values
    nonce: UUID
    trail: tuple[dict[str, object], ...] = ()
    version: int = 0
    under: tuple[dict[str, object], ...] = ()
    """Forms that were interrupted by this one, the newest last; they come back when it ends."""
    heard: str = ""
    """The message that was taken last: delivered again, it is not an answer to the next question."""
    asked_at: dt.datetime | None = None
    """When the row was written, so the question asked; nothing before it was."""

    @property
    def step(self) -> str:
        return FORMS[self.form].step(self.values)

    def row(self) -> dict[str, object]:
        return {
            "values": self.values.model_dump(mode="json"),
            "trail": list(self.trail),
            "nonce": str(self.nonce),
            "under": list(self.under),
            "heard": self.heard,
        }

    def card(self, asking: Asking, trouble: str = "") -> Card:
        """The question that is asked now."""
        own = replace(asking, nonce=self.nonce, version=self.version)
        question: Question = FORMS[self.form].question(self.step, self.values, own)
        return question.card(own, back=bool(self.trail), trouble=trouble)


def begun(form: str, values: Values, nonce: UUID, over: Open | None) -> Open:
    """A new form; one that was open waits under it, unless it is of the same kind."""
    if over is None:
        return Open(form, values, nonce)
    waiting = [*over.under]
    if over.form != form:
        waiting.append({"form": over.form, "row": over.row() | {"under": []}})
    return Open(form, values, nonce, version=over.version, under=tuple(waiting[-DEPTH:]))


def resumed(ended: Open) -> Open | None:
    """The form that waited under one that has ended."""
    if not ended.under:
        return None
    waiting = Waiting.model_validate(ended.under[-1])
    back = _read(waiting.form, waiting.row, ended.version)
    return replace(back, under=ended.under[:-1], heard=ended.heard) if back is not None else None


def read(draft: DraftOut) -> Open | None:
    """The row as a form; nothing when it is of a kind that this version does not know."""
    found = _read(draft.form, draft.values, draft.version)
    return replace(found, asked_at=draft.updated_at) if found is not None else None


def _read(name: str, raw: dict[str, object], version: int) -> Open | None:
    form = FORMS.get(name)
    try:
        row = Row.model_validate(raw)
        values: Values | None = form.kind.model_validate(row.values) if form is not None else None
    except ValidationError:
        return None
    if values is None:
        return None
    return Open(name, values, row.nonce, tuple(row.trail), version, tuple(row.under), row.heard)


@dataclass(frozen=True)
class Moved:
    """What a move led to: the form as it is now, with a sentence when the answer could not be taken."""

    open: Open
    trouble: str = ""
    done: Values | None = None


def typed(open_: Open, text: str, asking: Asking) -> Moved:
    """An answer in words; a question mark asks what to do."""
    if text.strip() == HELP:
        return Moved(open_, asking.say("forms.help"))
    form = FORMS[open_.form]
    return _moved(open_, form.answer(open_.step, open_.values, text, asking))


def labelled(open_: Open, text: str, asking: Asking) -> str | None:
    """The choice of the button whose label was typed; a label means its button, whatever else it could be."""
    wanted = text.strip().casefold()
    buttons = (button for row in open_.card(asking).buttons for button in row)
    return next((each.press.arg for each in buttons if each.label.casefold() == wanted), None)


def pressed(open_: Open, choice: str, asking: Asking) -> Moved:
    """A button of the question."""
    if choice == BACK:
        return Moved(_back(open_))
    return _moved(open_, FORMS[open_.form].choose(open_.step, open_.values, choice, asking))


def put(open_: Open, values: Values) -> Open:
    """The form with other values, and the way back to those before."""
    before = open_.values.model_dump(mode="json")
    kept = max(1, min(STEPS_BACK, ROOM // max(1, len(json.dumps(before)))))
    return replace(open_, values=values, trail=(*open_.trail, before)[-kept:])


def _moved(open_: Open, step: Step) -> Moved:
    match step:
        case Trouble():
            return Moved(open_, step.text)
        case Done():
            return Moved(open_, done=step.values)
    return Moved(put(open_, step))


def _back(open_: Open) -> Open:
    if not open_.trail:
        return open_
    values: Values = FORMS[open_.form].kind.model_validate(open_.trail[-1])
    return replace(open_, values=values, trail=open_.trail[:-1])
