"""A form: values that grow, the next question that they lead to, and what an answer does to them.

    question(step)          what is asked, with its buttons
    answer(step, text)      typed words      → new values | Trouble | Done
    choose(step, choice)    a pressed button → new values | Trouble | Done

One rule: forms are pure. Which question comes next follows from the values alone, so a form that was read
back after a restart goes on where it stood, and two quick messages can be replayed on the newest values.
"""

import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict

from api.text import translate
from bots.cards.card import Button, ButtonRow, Card, Style, label, rows_of
from bots.cards.press import NO_ID, Op, Press

BACK, CANCEL, HELP = "b", "x", "?"


class Values(BaseModel):
    """What was said so far; every form has its own fields."""

    model_config = ConfigDict(extra="ignore")


V = TypeVar("V", bound=Values)


@dataclass(frozen=True)
class FormContext:
    """Who is asked and when: language, zone, their organisation's defaults, and the form's own buttons."""

    locale: str
    zone: str
    now: dt.datetime
    currency: str = "USD"
    cost_centres: tuple[tuple[str, str], ...] = ()
    nonce: UUID = NO_ID
    version: int = 0

    @property
    def today(self) -> dt.date:
        """The person's own day: what "tomorrow" is counted from."""
        return self.now.astimezone(ZoneInfo(self.zone)).date()

    def translate(self, key: str, /, **facts: object) -> str:
        return translate(key, self.locale, **facts)

    def button(self, key: str, choice: str, style: Style = Style.plain, **facts: object) -> Button:
        return self.labelled_button(self.translate(key, **facts), choice, style)

    def labelled_button(self, text: str, choice: str, style: Style = Style.plain) -> Button:
        return Button(label(text), Press(Op.form, self.nonce, self.version, choice), style)


@dataclass(frozen=True)
class Rejected:
    """An answer that could not be taken: the sentence that says why; nothing changed."""

    text: str


@dataclass(frozen=True)
class Completed:
    """The form is complete: what the values have become goes to the API."""

    values: Values


@dataclass(frozen=True)
class FormQuestion:
    """What is asked at one step."""

    title: str
    facts: Sequence[str] = ()
    items: Sequence[str] = ()
    buttons: Sequence[ButtonRow] = field(default=())

    def card(self, ctx: FormContext, *, back: bool, error: str = "") -> Card:
        """With Back and Cancel below, and what was wrong with the last answer above."""
        leave = ctx.button("buttons.cancel", CANCEL)
        last = (ctx.button("buttons.back", BACK), leave) if back else (leave,)
        return Card(
            title=error or self.title,
            facts=((self.title,) if error else ()) + tuple(self.facts),
            items=tuple(self.items),
            buttons=(*self.buttons, last),
            more=ctx.translate("cards.more", n="{n}"),
            locale=ctx.locale,
        )


StepResult = Values | Rejected | Completed


class Form(ABC, Generic[V]):
    """One kind of form; instances hold nothing."""

    name: str
    values_type: type[V]

    @abstractmethod
    def step(self, values: V) -> str:
        """Where the form stands, from its values alone."""

    @abstractmethod
    def question(self, step: str, values: V, ctx: FormContext) -> FormQuestion:
        """What is asked there."""

    @abstractmethod
    def answer(self, step: str, values: V, text: str, ctx: FormContext) -> StepResult:
        """What typed words do."""

    @abstractmethod
    def choose(self, step: str, values: V, choice: str, ctx: FormContext) -> StepResult:
        """What a pressed button does."""


def button_rows(*buttons: Button, per_row: int = 3) -> tuple[ButtonRow, ...]:
    return rows_of(*buttons, per_row=per_row)


def choice_index(choice: str, prefix: str) -> int | None:
    """The number of a choice like ``t3``; nothing for what no button of ours says."""
    number = choice.removeprefix(prefix)
    ours = choice.startswith(prefix) and number.isascii() and number.isdigit() and len(number) <= 4
    return int(number) if ours else None


def split_step(step: str) -> tuple[str, int]:
    """``line:2`` as its name and number; 0 when there is none."""
    name, _, number = step.partition(":")
    return name, int(number) if number.isdigit() else 0
