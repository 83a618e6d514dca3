"""Moving an open form: an answer, a button, a step back; and the row that it is stored in.

One rule: pure. The row holds everything, so the same move can be made again on a newer row when two messages
came at once.
"""

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field, ValidationError

from api.contract.people import DraftOut
from bots.cards.card import Card
from bots.forms.binding import BindingForm
from bots.forms.change import ChangeForm
from bots.forms.confirmation import ConfirmationForm
from bots.forms.correction import CorrectionForm
from bots.forms.delegate import DelegateForm
from bots.forms.drop import DropForm
from bots.forms.fieldset import Fieldset
from bots.forms.form import (
    BACK,
    HELP,
    Completed,
    FieldErrors,
    Form,
    FormContext,
    FormQuestion,
    Rejected,
    StepResult,
    Values,
)
from bots.forms.handover import HandoverForm
from bots.forms.preferences import PreferencesForm
from bots.forms.quote import QuoteForm
from bots.forms.reason import ReasonForm
from bots.forms.receive import ReceiveForm
from bots.forms.recount import RecountForm
from bots.forms.request import RequestForm
from bots.forms.request_files import RequestFilesForm
from bots.forms.rfq import RfqForm
from bots.forms.rfq_choice import RfqChoiceForm
from bots.forms.split import SplitForm
from bots.forms.vendor_choice import VendorChoiceForm

FORMS: Mapping[str, Form[Any]] = MappingProxyType(
    {
        form.name: form
        for form in (
            RequestForm(),
            QuoteForm(),
            ReasonForm(),
            ReceiveForm(),
            RecountForm(),
            ChangeForm(),
            RfqForm(),
            RfqChoiceForm(),
            CorrectionForm(),
            SplitForm(),
            PreferencesForm(),
            DelegateForm(),
            HandoverForm(),
            BindingForm(),
            DropForm(),
            VendorChoiceForm(),
            ConfirmationForm(),
            RequestFilesForm(),
        )
    }
)
MAX_STEPS_BACK = 8
MAX_ROW_LENGTH = 60_000
"""In characters of ASCII JSON; the API takes a little more."""
LINE_LENGTHS = (80, 40, 20, 10, 4, 0)
"""How much of each line's description is kept in a form that would be too large."""
MAX_SUSPENDED = 3


class DraftRow(BaseModel):
    """What a draft's values hold."""

    values: dict[str, object]
    nonce: UUID
    trail: list[dict[str, object]] = Field(default_factory=list)
    under: list[dict[str, object]] = Field(default_factory=list)
    heard: str = ""
    told: str = ""
    again: bool = False


class SuspendedForm(BaseModel):
    """An interrupted form, inside the row of the one that interrupted it."""

    form: str
    row: dict[str, object]


@dataclass(frozen=True)
class OpenForm:
    """A form that somebody is filling in; ``nonce`` tells its buttons from those of an older form."""

    name: str
    values: Values
    nonce: UUID
    previous_values: tuple[dict[str, object], ...] = ()
    version: int = 0
    suspended: tuple[dict[str, object], ...] = ()
    """Forms that were interrupted by this one, the newest last; they come back when it ends."""
    last_update_key: str = ""
    """The message that was taken last, or began the form: delivered again, it is not an answer to the next question."""
    last_message_id: str = ""
    """The same message as the chat knows it, so that an edit of it is read again.

    Nothing after a press, and where the step before it is not known any more: an edit then changes nothing.
    """
    asked_again: bool = False
    """It was parked under another form, and is asked for the second time."""
    asked_at: dt.datetime | None = None
    """When the row was written, so the question asked; nothing before it was."""

    @property
    def step(self) -> str:
        return FORMS[self.name].step(self.values)

    def row(self) -> dict[str, object]:
        return {
            "values": _stored(self.values),
            "trail": list(self.previous_values),
            "nonce": str(self.nonce),
            "under": list(self.suspended),
            "heard": self.last_update_key,
            "told": self.last_message_id,
            "again": self.asked_again,
        }

    def card(self, ctx: FormContext, error: str = "") -> Card:
        """The question that is asked now."""
        with_nonce = replace(ctx, nonce=self.nonce, version=self.version)
        question: FormQuestion = FORMS[self.name].question(self.step, self.values, with_nonce)
        return question.card(with_nonce, back=bool(self.previous_values), error=error)

    def fields(self, ctx: FormContext, lines: int = 1) -> Fieldset:
        """Everything that is asked, at once."""
        found: Fieldset = FORMS[self.name].fields(self.values, ctx, lines)
        return found

    def read_fields(self, answers: Mapping[str, str], ctx: FormContext) -> StepResult | FieldErrors:
        """What was filled into the fields."""
        found: StepResult | FieldErrors = FORMS[self.name].read_fields(self.values, answers, ctx)
        return found

    def read_page(self, answers: Mapping[str, str], ctx: FormContext) -> Values | FieldErrors:
        """What was filled into a page of lines, before the next one."""
        found: Values | FieldErrors = FORMS[self.name].read_page(self.values, answers, ctx)
        return found


def start(name: str, values: Values, nonce: UUID, interrupted: OpenForm | None) -> OpenForm:
    """A new form; one that was open waits under it, unless it is of the same kind or has come back once already."""
    if interrupted is None:
        return OpenForm(name, values, nonce)
    suspended = [*interrupted.suspended]
    dropped = interrupted.asked_again and FORMS[interrupted.name].is_aside(interrupted.values)
    if interrupted.name != name and not dropped:
        suspended.append({"form": interrupted.name, "row": interrupted.row() | {"under": []}})
    return OpenForm(
        name, values, nonce, version=interrupted.version, suspended=tuple(suspended[-MAX_SUSPENDED:])
    )


def resume(closed: OpenForm) -> OpenForm | None:
    """The form that waited under one that has ended."""
    if not closed.suspended:
        return None
    suspended = SuspendedForm.model_validate(closed.suspended[-1])
    resumed = _load_row(suspended.form, suspended.row, closed.version)
    return (
        replace(
            resumed,
            suspended=closed.suspended[:-1],
            last_update_key=closed.last_update_key,
            last_message_id="",
            asked_again=True,
        )
        if resumed is not None
        else None
    )


def load(draft: DraftOut) -> OpenForm | None:
    """The row as a form; nothing when it is of a kind that this version does not know."""
    found = _load_row(draft.form, draft.values, draft.version)
    return replace(found, asked_at=draft.updated_at) if found is not None else None


def _load_row(name: str, raw: dict[str, object], version: int) -> OpenForm | None:
    form = FORMS.get(name)
    try:
        row = DraftRow.model_validate(raw)
        values: Values | None = form.values_type.model_validate(row.values) if form is not None else None
    except ValidationError:
        return None
    if values is None:
        return None
    return OpenForm(
        name,
        values,
        row.nonce,
        tuple(row.trail),
        version,
        tuple(row.under),
        row.heard,
        row.told,
        row.again,
    )


@dataclass(frozen=True)
class Transition:
    """What a move led to: the form as it is now, with a sentence when the answer could not be taken."""

    form: OpenForm
    error: str = ""
    completed: Values | None = None


def submit_text(open_form: OpenForm, text: str, ctx: FormContext) -> Transition:
    """A typed answer; a question mark asks what to do."""
    if text.strip() == HELP:
        return Transition(open_form, ctx.translate("forms.help"))
    form = FORMS[open_form.name]
    return _transition(open_form, form.answer(open_form.step, open_form.values, text, ctx))


def choice_of_label(open_form: OpenForm, text: str, ctx: FormContext) -> str | None:
    """The choice of the button whose label was typed; a label means its button, whatever else it could be."""
    wanted = text.strip().casefold()
    buttons = (button for row in open_form.card(ctx).buttons for button in row)
    return next((each.press.arg for each in buttons if each.label.casefold() == wanted), None)


def submit_choice(open_form: OpenForm, choice: str, ctx: FormContext) -> Transition:
    """A button of the question."""
    open_form = replace(open_form, last_message_id="")
    if choice == BACK:
        return Transition(step_back(open_form))
    return _transition(open_form, FORMS[open_form.name].choose(open_form.step, open_form.values, choice, ctx))


def with_values(open_form: OpenForm, values: Values) -> OpenForm:
    """The form with other values, and the way back to those before."""
    before = _stored(open_form.values)
    return replace(
        open_form, values=values, previous_values=(*open_form.previous_values, before)[-MAX_STEPS_BACK:]
    )


def fitted(open_form: OpenForm) -> OpenForm:
    """The form as the API can store it.

    Of one that is too large the steps back go first, the oldest before the others; then those of the forms that it
    interrupted, then text that is only shown, and only then an interrupted form.
    """
    smallest = open_form
    for smallest in _ever_smaller(open_form):
        if _fits(smallest):
            break
    return smallest


def _ever_smaller(form: OpenForm) -> Iterator[OpenForm]:
    """The form itself, then with less and less of what it could do without."""
    yield form
    while form.previous_values:
        left = form.previous_values[1:]
        form = replace(form, previous_values=left, last_message_id=form.last_message_id if left else "")
        yield form
    form = replace(form, suspended=tuple(_without_trail(each) for each in form.suspended))
    yield form
    for longest in LINE_LENGTHS:
        form = replace(form, values=form.values.shortened(longest))
        yield form
    while form.suspended:
        form = replace(form, suspended=form.suspended[1:])
        yield form


def _stored(values: Values) -> dict[str, object]:
    """What is as it always is at first takes no room."""
    return values.model_dump(mode="json", exclude_defaults=True)


def _fits(form: OpenForm) -> bool:
    """Counted as the API counts."""
    return len(json.dumps(form.row(), ensure_ascii=True)) <= MAX_ROW_LENGTH


def _without_trail(suspended: dict[str, object]) -> dict[str, object]:
    row = SuspendedForm.model_validate(suspended).row
    return suspended | {"row": row | {"trail": []}}


def _transition(open_form: OpenForm, step: StepResult) -> Transition:
    match step:
        case Rejected():
            return Transition(open_form, step.text)
        case Completed():
            return Transition(open_form, completed=step.values)
    return Transition(with_values(open_form, step))


def step_back(open_form: OpenForm) -> OpenForm:
    """The form as it was before the last answer."""
    if not open_form.previous_values:
        return open_form
    values: Values = FORMS[open_form.name].values_type.model_validate(open_form.previous_values[-1])
    return replace(open_form, values=values, previous_values=open_form.previous_values[:-1])
