"""A vendor's confirmation of an order that came by mail or phone, as an officer enters it.

note? → files? → review → sent
"""

from uuid import UUID

from pydantic import Field

from api.contract.entries import EnterAcknowledgementIn
from api.contract.orders import OrderOut
from bots.cards import phrases
from bots.cards.card import Style
from bots.forms.field_parsers import text_from
from bots.forms.form import (
    REVIEW,
    Completed,
    Form,
    FormContext,
    FormQuestion,
    Rejected,
    StepResult,
    Values,
    button_rows,
)
from bots.forms.quote_values import AttachedFile, file_names

NOTE, FILES = "note", "files"


class ConfirmationValues(Values):
    order_id: UUID
    number: str
    version: int
    vendor: str
    person: str
    note: str = ""
    files: list[AttachedFile] = Field(default_factory=list)
    passed: list[str] = Field(default_factory=list)

    @property
    def file_taken(self) -> str:
        return "forms.file_taken"

    @property
    def kept_on_back(self) -> tuple[str, ...]:
        """After a file the step back leads to the note, which is kept unless another is written."""
        return "files", "note"

    def body(self) -> EnterAcknowledgementIn:
        return EnterAcknowledgementIn.model_validate(
            {
                "note": self.note,
                "document_ids": [file.id for file in self.files],
                "expected_version": self.version,
            }
        )


def initial_values(order: OrderOut, person: str) -> ConfirmationValues:
    return ConfirmationValues(
        order_id=order.id,
        number=order.number,
        version=order.version,
        vendor=order.vendor_name,
        person=person,
    )


class ConfirmationForm(Form[ConfirmationValues]):
    name = "confirmation"
    values_type = ConfirmationValues

    def step(self, values: ConfirmationValues) -> str:
        if NOTE not in values.passed:
            return NOTE
        return REVIEW if values.files or FILES in values.passed else FILES

    def question(self, step: str, values: ConfirmationValues, ctx: FormContext) -> FormQuestion:
        facts = {"number": values.number, "vendor": values.vendor, "person": values.person}
        if step != REVIEW:
            key = "forms.confirmation.note" if step == NOTE else "forms.enter.evidence"
            return FormQuestion(
                ctx.translate(key, **facts),
                facts=(*phrases.note(values.note, ctx.locale), *file_names(values.files, ctx)),
                buttons=button_rows(ctx.button("buttons.skip", "s")),
            )
        return FormQuestion(
            ctx.translate("forms.confirmation.review", **facts),
            facts=(*phrases.note(values.note, ctx.locale), *file_names(values.files, ctx)),
            buttons=button_rows(ctx.button("buttons.send", "go", Style.good)),
        )

    def answer(self, step: str, values: ConfirmationValues, text: str, ctx: FormContext) -> StepResult:
        if step == FILES:
            return Rejected(ctx.translate("forms.enter.evidence"))
        note = text_from(text, ctx, min_length=1, max_length=2_000)
        return note if isinstance(note, Rejected) else _passed(values, NOTE, note=note)

    def choose(self, step: str, values: ConfirmationValues, choice: str, ctx: FormContext) -> StepResult:
        match choice:
            case "s" if step in (NOTE, FILES):
                return _passed(values, step)
            case "go" if step == REVIEW:
                return Completed(values)
        return Rejected(ctx.translate("forms.press_a_button"))


def _passed(values: ConfirmationValues, step: str, **update: object) -> ConfirmationValues:
    return values.model_copy(update={"passed": [*values.passed, step], **update})
