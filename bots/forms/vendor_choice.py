"""For which vendor an officer enters a quote that came by mail or phone; what was typed with it is held."""

from uuid import UUID

from pydantic import BaseModel, Field

from api.contract.rfqs import RfqOut
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

WAITING = ("sent", "seen")
"""The states of an invitation that was not answered."""


class VendorToEnter(BaseModel):
    id: UUID
    name: str


class VendorChoiceValues(Values):
    rfq_id: UUID
    number: str
    vendors: list[VendorToEnter]
    text: str = ""
    files: list[AttachedFile] = Field(default_factory=list)
    chosen: UUID | None = None

    @property
    def file_taken(self) -> str:
        return "forms.file_taken"


def waiting_vendors(rfq: RfqOut) -> list[VendorToEnter]:
    """Those who are asked and have not answered."""
    return [
        VendorToEnter(id=each.vendor_id, name=each.vendor_name)
        for each in rfq.invitations
        if each.state.value in WAITING
    ]


class VendorChoiceForm(Form[VendorChoiceValues]):
    name = "enter_for"
    values_type = VendorChoiceValues

    def step(self, values: VendorChoiceValues) -> str:
        return "vendor"

    def question(self, step: str, values: VendorChoiceValues, ctx: FormContext) -> FormQuestion:
        buttons = [ctx.labelled_button(each.name, f"w{index}") for index, each in enumerate(values.vendors)]
        return FormQuestion(
            ctx.translate("forms.enter.vendor", number=values.number),
            buttons=button_rows(*buttons, per_row=2),
        )

    def answer(self, step: str, values: VendorChoiceValues, text: str, ctx: FormContext) -> StepResult:
        wanted = text.strip().casefold()
        found = [each for each in values.vendors if wanted and wanted in each.name.casefold()]
        if len(found) == 1:
            return Completed(values.model_copy(update={"chosen": found[0].id}))
        return Rejected(ctx.translate("forms.press_a_button"))

    def choose(self, step: str, values: VendorChoiceValues, choice: str, ctx: FormContext) -> StepResult:
        index = choice_index(choice, "w")
        if index is not None and index < len(values.vendors):
            return Completed(values.model_copy(update={"chosen": values.vendors[index].id}))
        return Rejected(ctx.translate("forms.press_a_button"))
