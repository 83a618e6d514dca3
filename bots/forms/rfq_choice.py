"""Which RFQ a message or a file belongs to, when that is not clear; what was sent is held until it is."""

from uuid import UUID

from pydantic import BaseModel, Field

from bots.cards.card import label
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
from bots.forms.quote_values import AttachedFile


class RfqOption(BaseModel):
    id: UUID
    number: str
    about: str


class RfqChoiceValues(Values):
    options: list[RfqOption]
    text: str = ""
    files: list[AttachedFile] = Field(default_factory=list)
    chosen: UUID | None = None

    @property
    def file_taken(self) -> str:
        return "forms.quote.file_taken"


class RfqChoiceForm(Form[RfqChoiceValues]):
    name = "which"
    values_type = RfqChoiceValues

    def is_aside(self, values: RfqChoiceValues) -> bool:
        return True

    def step(self, values: RfqChoiceValues) -> str:
        return "rfq"

    def question(self, step: str, values: RfqChoiceValues, ctx: FormContext) -> FormQuestion:
        buttons = [
            ctx.labelled_button(label(f"{each.number} {each.about}"), f"w{index}")
            for index, each in enumerate(values.options)
        ]
        return FormQuestion(ctx.translate("forms.quote.which_rfq"), buttons=button_rows(*buttons, per_row=1))

    def answer(self, step: str, values: RfqChoiceValues, text: str, ctx: FormContext) -> StepResult:
        wanted = text.strip().casefold()
        for each in values.options:
            if each.number.casefold() == wanted:
                return Completed(values.model_copy(update={"chosen": each.id}))
        return Rejected(ctx.translate("forms.press_a_button"))

    def choose(self, step: str, values: RfqChoiceValues, choice: str, ctx: FormContext) -> StepResult:
        index = choice_index(choice, "w")
        if index is not None and index < len(values.options):
            return Completed(values.model_copy(update={"chosen": values.options[index].id}))
        return Rejected(ctx.translate("forms.press_a_button"))
