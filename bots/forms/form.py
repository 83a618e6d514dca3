"""A form: values that grow, the next question that they lead to, and what an answer does to them.

    question(step)          what is asked, with its buttons
    answer(step, text)      typed text       → new values | Rejected | Completed
    choose(step, choice)    a pressed button → new values | Rejected | Completed
    fields()                everything at once, where a platform can show that; unless said otherwise one question
    read_fields(answers)    what was filled  → new values | Rejected | Completed | FieldErrors

A new form is one file: the first three are enough for both platforms.

One rule: forms are pure. Which question comes next follows from the values alone, so a form that was read
back after a restart goes on where it stood, and two quick messages can be replayed on the newest values.
"""

import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, Self, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict

from api.text import translate
from bots.cards.card import Button, ButtonRow, Card, Picker, Style, label, rows_of
from bots.cards.press import NO_ID, Op, Press
from bots.forms.fieldset import FieldKind, Fieldset, FormField

BACK, CANCEL, HELP = "b", "x", "?"
CHOICE, TEXT = "choice", "text"
"""The fields of a single question: its buttons, and anything else."""
REVIEW = "review"
"""The step that shows everything before a button sends it."""


class Values(BaseModel):
    """What was answered so far; every form has its own."""

    model_config = ConfigDict(extra="ignore")

    @property
    def file_taken(self) -> str:
        """The sentence for a file that is sent meanwhile and kept in ``files``; empty where none is expected."""
        return ""

    def shortened(self, longest: int) -> Self:
        """The same with less text to show, where the row would be too large; what was answered stays whole."""
        return self

    @property
    def kept_on_back(self) -> tuple[str, ...]:
        """What a file that was sent leaves in the earlier steps too: stepping back takes it away from nobody."""
        return ("files",)


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
    picker: Picker | None = None

    def card(self, ctx: FormContext, *, back: bool, error: str = "") -> Card:
        """With Back and Cancel below, and what was wrong with the last answer above."""
        leave = ctx.button("buttons.cancel", CANCEL)
        last = (ctx.button("buttons.back", BACK), leave) if back else (leave,)
        wrong = error if error != self.title else ""
        return Card(
            title=wrong or self.title,
            lead=self.title if wrong else "",
            facts=tuple(self.facts),
            items=tuple(self.items),
            picker=self.picker,
            buttons=(*self.buttons, last),
            more=ctx.translate("cards.more", n="{n}"),
            locale=ctx.locale,
        )


@dataclass(frozen=True)
class FieldErrors:
    """A sentence for each field whose answer could not be taken; ``values`` hold what could."""

    values: Values
    errors: Mapping[str, str]


StepResult = Values | Rejected | Completed


T = TypeVar("T")


def value_or_error(name: str, errors: dict[str, str], reading: T | Rejected) -> T | None:
    """The value that was read; what could not be read is noted under its field."""
    if isinstance(reading, Rejected):
        errors[name] = reading.text
        return None
    return reading


class Form(ABC, Generic[V]):
    """One kind of form; instances hold nothing."""

    name: str
    values_type: type[V]

    def is_aside(self, values: V) -> bool:
        """Whether it only asks what to do with something that was sent: parked, it comes back once and not again."""
        return False

    @abstractmethod
    def step(self, values: V) -> str:
        """Where the form stands, from its values alone."""

    @abstractmethod
    def question(self, step: str, values: V, ctx: FormContext) -> FormQuestion:
        """What is asked there."""

    @abstractmethod
    def answer(self, step: str, values: V, text: str, ctx: FormContext) -> StepResult:
        """What typed text does."""

    @abstractmethod
    def choose(self, step: str, values: V, choice: str, ctx: FormContext) -> StepResult:
        """What a pressed button does."""

    def fields(self, values: V, ctx: FormContext, lines: int = 1) -> Fieldset:
        """Everything that is asked; here the question of this step."""
        question = self.question(self.step(values), values, ctx)
        options = tuple((each.press.arg, each.label) for row in question.buttons for each in row)
        text_label = ctx.translate("slack.own_words") if options else question.title
        text = FormField(TEXT, text_label, FieldKind.long_text, optional=bool(options))
        choice = FormField(CHOICE, question.title, FieldKind.choice, options=options, optional=True)
        about = "\n".join((*question.facts, *question.items))
        fields = (choice, text) if options else (text,)
        return Fieldset("Parley", fields, ctx.translate("buttons.next"), about)

    def read_fields(
        self, values: V, answers: Mapping[str, str], ctx: FormContext
    ) -> StepResult | FieldErrors:
        """What was filled in; own words win over a choice."""
        step, text = self.step(values), answers.get(TEXT, "")
        if text:
            return self.answer(step, values, text, ctx)
        return self.choose(step, values, answers.get(CHOICE, ""), ctx)

    def read_page(self, values: V, answers: Mapping[str, str], ctx: FormContext) -> V | FieldErrors:
        """What is kept before the next page of lines is shown; a form without lines keeps what it had."""
        return values


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
