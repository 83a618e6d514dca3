"""Who decides in one's place while one is away, and until when.

who → until → made

One rule: only those whom the API named may be chosen; a name that fits several is asked back.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import Field

from api.contract.approvals import CandidateOut
from api.contract.delegations import DelegationIn
from api.text import day
from bots.cards.card import label
from bots.forms.colleague import Colleague, colleagues_of, match_colleagues
from bots.forms.field_parsers import date_from
from bots.forms.fieldset import FieldKind, Fieldset, FormField
from bots.forms.form import (
    Completed,
    FieldErrors,
    Form,
    FormContext,
    FormQuestion,
    Rejected,
    StepResult,
    Values,
    button_rows,
    choice_index,
    value_or_error,
)

SPAN_DAYS = (1, 7, 14, 28)
"""Days ahead that are offered; any other day is typed."""
MAX_BUTTONS = 24
MAX_WORDS_BEFORE = 2
LAST_MINUTE = dt.time(23, 59)


class DelegateValues(Values):
    colleagues: list[Colleague]
    narrowed: list[UUID] = Field(default_factory=list)
    """Those whom a typed name fits, when it fits several."""
    to: UUID | None = None
    until: dt.datetime | None = None

    def body(self) -> DelegationIn:
        return DelegationIn.model_validate({"to": self.to, "until": self.until})

    @property
    def is_complete(self) -> bool:
        return self.to is not None and self.until is not None

    @property
    def name(self) -> str:
        return next((each.name for each in self.colleagues if each.id == self.to), "")


def initial_values(colleagues: Sequence[CandidateOut]) -> DelegateValues:
    return DelegateValues(colleagues=colleagues_of(colleagues))


def with_text(values: DelegateValues, text: str, ctx: FormContext) -> DelegateValues | Rejected:
    """``@Oscar until 5 Dec``: who, and until when if that is given too."""
    wanted = text.strip().lstrip("@").strip()
    matches, rest = match_colleagues(values.colleagues, wanted)
    if not matches:
        return Rejected(ctx.translate("forms.delegate.nobody", text=wanted[:60]))
    until = _parse_until(rest, ctx) if rest else None
    if isinstance(until, Rejected):
        return until
    one = matches[0].id if len(matches) == 1 else None
    found = {"to": one, "narrowed": [] if one else [each.id for each in matches], "until": until}
    return values.model_copy(update=found)


def end_of_day(until: dt.date, ctx: FormContext) -> dt.datetime:
    """To the end of that day where the person is."""
    return dt.datetime.combine(until, LAST_MINUTE, ZoneInfo(ctx.zone))


class DelegateForm(Form[DelegateValues]):
    name = "delegate"
    values_type = DelegateValues

    def step(self, values: DelegateValues) -> str:
        return "who" if values.to is None else "until"

    def question(self, step: str, values: DelegateValues, ctx: FormContext) -> FormQuestion:
        if step == "who":
            named = [
                ctx.labelled_button(label(each.name), f"p{index}")
                for index, each in enumerate(values.colleagues)
                if not values.narrowed or each.id in values.narrowed
            ]
            return FormQuestion(
                ctx.translate("forms.delegate.who"), buttons=button_rows(*named[:MAX_BUTTONS], per_row=2)
            )
        days = [
            ctx.labelled_button(day(ctx.today + dt.timedelta(days=span), ctx.locale), f"d{span}")
            for span in SPAN_DAYS
        ]
        return FormQuestion(
            ctx.translate("forms.delegate.until", person=values.name), buttons=button_rows(*days, per_row=2)
        )

    def answer(self, step: str, values: DelegateValues, text: str, ctx: FormContext) -> StepResult:
        if step == "who":
            found = with_text(values, text, ctx)
            return found if isinstance(found, Rejected) else _completed_or_next(found)
        until = date_from(text, ctx)
        return until if isinstance(until, Rejected) else _until_day(values, until, ctx)

    def choose(self, step: str, values: DelegateValues, choice: str, ctx: FormContext) -> StepResult:
        index, span = choice_index(choice, "p"), choice_index(choice, "d")
        if step == "who" and index is not None and index < len(values.colleagues):
            return _completed_or_next(values.model_copy(update={"to": values.colleagues[index].id}))
        if step == "until" and span in SPAN_DAYS:
            return _until_day(values, ctx.today + dt.timedelta(days=span), ctx)
        return Rejected(ctx.translate("forms.press_a_button"))

    def fields(self, values: DelegateValues, ctx: FormContext, lines: int = 1) -> Fieldset:
        """Only those who may decide themselves are offered, not the whole company."""
        people = [(str(each.id), each.name) for each in values.colleagues]
        to, until = str(values.to or ""), values.until.date().isoformat() if values.until else ""
        fields = (
            FormField("to", ctx.translate("forms.delegate.who"), FieldKind.choice, to, people),
            FormField("until", ctx.translate("slack.fields.until"), FieldKind.date, until),
        )
        return Fieldset(ctx.translate("slack.titles.delegate"), fields, ctx.translate("buttons.send"))

    def read_fields(
        self, values: DelegateValues, answers: Mapping[str, str], ctx: FormContext
    ) -> StepResult | FieldErrors:
        """Somebody who is not among those that were offered is nobody."""
        errors: dict[str, str] = {}
        to = next((each.id for each in values.colleagues if str(each.id) == answers.get("to")), None)
        if to is None:
            errors["to"] = ctx.translate("forms.press_a_button")
        last_day = value_or_error("until", errors, date_from(answers.get("until", ""), ctx))
        until = end_of_day(last_day, ctx) if last_day is not None else None
        updated = values.model_copy(update={"to": to, "until": until})
        return FieldErrors(updated, errors) if errors else Completed(updated)


def _completed_or_next(values: DelegateValues) -> StepResult:
    return Completed(values) if values.is_complete else values


def _until_day(values: DelegateValues, until: dt.date, ctx: FormContext) -> StepResult:
    return _completed_or_next(values.model_copy(update={"until": end_of_day(until, ctx)}))


def _parse_until(rest: str, ctx: FormContext) -> dt.datetime | Rejected:
    """A day, after at most two words such as "until" or "bis zum"."""
    words = rest.split()
    readings = [
        date_from(" ".join(words[skipped:]), ctx)
        for skipped in range(min(MAX_WORDS_BEFORE, len(words) - 1) + 1)
        if not any(letter.isdigit() for word in words[:skipped] for letter in word)
    ]
    found = next((each for each in readings if not isinstance(each, Rejected)), readings[-1])
    return found if isinstance(found, Rejected) else end_of_day(found, ctx)
