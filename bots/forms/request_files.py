"""Files for a request: for everybody who works on it, or for those who decide alone.

files (sent into the chat) → who may see them (buttons) → attached
"""

from collections.abc import Sequence
from uuid import UUID

from pydantic import Field

from api.contract.attachments import AttachIn
from api.contract.quotes import DocumentOut
from api.contract.requests import RequestOut
from bots.cards.card import Style
from bots.forms.form import (
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


class RequestFilesValues(Values):
    request_id: UUID
    number: str
    files: list[AttachedFile] = Field(default_factory=list)
    inside: bool = False

    @property
    def file_taken(self) -> str:
        return "forms.file_taken"

    def body(self) -> AttachIn:
        return AttachIn(document_ids=tuple(file.id for file in self.files), inside=self.inside)


def initial_values(request: RequestOut, files: Sequence[DocumentOut]) -> RequestFilesValues:
    found = [AttachedFile.of(each) for each in files]
    return RequestFilesValues(request_id=request.id, number=request.number, files=found)


class RequestFilesForm(Form[RequestFilesValues]):
    name = "files"
    values_type = RequestFilesValues

    def step(self, values: RequestFilesValues) -> str:
        return "files"

    def question(self, step: str, values: RequestFilesValues, ctx: FormContext) -> FormQuestion:
        add = (
            ctx.button("buttons.attach_now", "go", Style.good),
            ctx.button("buttons.attach_inside", "in"),
        )
        key = "forms.attach.who" if values.files else "forms.attach.request"
        return FormQuestion(
            ctx.translate(key, number=values.number),
            facts=file_names(values.files, ctx),
            buttons=button_rows(*(add if values.files else ()), per_row=1),
        )

    def answer(self, step: str, values: RequestFilesValues, text: str, ctx: FormContext) -> StepResult:
        key = "forms.press_a_button" if values.files else "forms.attach.request"
        return Rejected(ctx.translate(key, number=values.number))

    def choose(self, step: str, values: RequestFilesValues, choice: str, ctx: FormContext) -> StepResult:
        if values.files and choice in ("go", "in"):
            return Completed(values.model_copy(update={"inside": choice == "in"}))
        return Rejected(ctx.translate("forms.press_a_button"))
