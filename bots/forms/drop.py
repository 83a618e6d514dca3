"""Which line of a request is not wanted any more.

which (buttons, of many lines also a number) → dropped; who has quoted confirms or revises the quote
"""

from uuid import UUID

from pydantic import BaseModel

from api.contract.requests import DropLinesIn, RequestOut
from bots.cards import phrases
from bots.forms.form import (
    Completed,
    Form,
    FormContext,
    FormQuestion,
    Rejected,
    StepResult,
    Values,
    button_rows,
    choice_index,
)

MAX_BUTTONS = 20
"""The lines after these are listed, and named by their numbers."""
MAX_TEXT, MAX_DIGITS = 100, 6


class DroppableLine(BaseModel):
    id: UUID
    text: str


class DropValues(Values):
    request_id: UUID
    number: str
    version: int
    lines: list[DroppableLine]
    picked: int | None = None

    def body(self) -> DropLinesIn:
        picked = [] if self.picked is None else [self.lines[self.picked].id]
        return DropLinesIn.model_validate({"line_ids": picked, "expected_version": self.version})


def initial_values(request: RequestOut, locale: str) -> DropValues:
    """All lines that may go."""
    return DropValues(
        request_id=request.id,
        number=request.number,
        version=request.version,
        lines=[
            DroppableLine(
                id=line.id,
                text=phrases.line(line.quantity, line.unit, line.description, locale)[:MAX_TEXT],
            )
            for line in request.lines
        ],
    )


class DropForm(Form[DropValues]):
    name = "drop"
    values_type = DropValues

    def step(self, values: DropValues) -> str:
        return "which"

    def question(self, step: str, values: DropValues, ctx: FormContext) -> FormQuestion:
        shown = [f"{index}  {line.text}" for index, line in enumerate(values.lines, start=1)]
        buttons = [ctx.labelled_button(text, f"l{index}") for index, text in enumerate(shown[:MAX_BUTTONS])]
        return FormQuestion(
            _title(values, ctx), items=shown[MAX_BUTTONS:], buttons=button_rows(*buttons, per_row=1)
        )

    def answer(self, step: str, values: DropValues, text: str, ctx: FormContext) -> StepResult:
        """The number of the line, in any digits."""
        picked = text.strip().rstrip(".")
        number = int(picked) if picked.isdecimal() and len(picked) <= MAX_DIGITS else 0
        if not 1 <= number <= len(values.lines):
            return Rejected(_title(values, ctx))
        return _picked(values, number - 1)

    def choose(self, step: str, values: DropValues, choice: str, ctx: FormContext) -> StepResult:
        index = choice_index(choice, "l")
        if index is None or index >= len(values.lines):
            return Rejected(ctx.translate("forms.press_a_button"))
        return _picked(values, index)


def _title(values: DropValues, ctx: FormContext) -> str:
    if len(values.lines) <= MAX_BUTTONS:
        return ctx.translate("forms.drop.which", number=values.number)
    return ctx.translate("forms.drop.which_of_many", number=values.number, n=str(len(values.lines)))


def _picked(values: DropValues, index: int) -> Completed:
    return Completed(values.model_copy(update={"picked": index}))
