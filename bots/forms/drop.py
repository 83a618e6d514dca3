"""Which line of a request is not wanted any more.

which (buttons) → dropped; who has quoted confirms or revises the quote
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

MAX_LINES = 40


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
            DroppableLine(id=line.id, text=phrases.line(line.quantity, line.unit, line.description, locale))
            for line in request.lines[:MAX_LINES]
        ],
    )


class DropForm(Form[DropValues]):
    name = "drop"
    values_type = DropValues

    def step(self, values: DropValues) -> str:
        return "which"

    def question(self, step: str, values: DropValues, ctx: FormContext) -> FormQuestion:
        buttons = [
            ctx.labelled_button(f"{index + 1}  {line.text}", f"l{index}")
            for index, line in enumerate(values.lines)
        ]
        return FormQuestion(
            ctx.translate("forms.drop.which", number=values.number), buttons=button_rows(*buttons, per_row=1)
        )

    def answer(self, step: str, values: DropValues, text: str, ctx: FormContext) -> StepResult:
        """The number of the line, as it stands on its button."""
        picked = text.strip().rstrip(".")
        known = picked.isascii() and picked.isdigit() and 1 <= int(picked[:6]) <= len(values.lines)
        return (
            _picked(values, int(picked[:6]) - 1) if known else Rejected(ctx.translate("forms.press_a_button"))
        )

    def choose(self, step: str, values: DropValues, choice: str, ctx: FormContext) -> StepResult:
        index = choice_index(choice, "l")
        if index is None or index >= len(values.lines):
            return Rejected(ctx.translate("forms.press_a_button"))
        return _picked(values, index)


def _picked(values: DropValues, index: int) -> Completed:
    return Completed(values.model_copy(update={"picked": index}))
