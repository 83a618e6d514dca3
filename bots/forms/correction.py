"""What an RFQ says in other words: its note, or one of its lines; or which files it has as well.

what (buttons) → text (typed), or files (sent into the chat, or the request's own) → sent

The vendors are told, and quotes that are there have to be confirmed.
"""

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

from pydantic import BaseModel

from api.contract.amendments import CorrectionIn
from api.contract.attachments import RequestFileOut
from api.contract.quotes import DocumentOut
from api.contract.rfqs import RfqOut
from api.contract.values import Quantity
from bots.cards import phrases
from bots.cards.card import Style
from bots.forms import file_choice, request
from bots.forms.field_parsers import text_from
from bots.forms.file_choice import FileChoice
from bots.forms.form import (
    Completed,
    Form,
    FormContext,
    FormQuestion,
    Rejected,
    StepResult,
    button_rows,
    choice_index,
)
from bots.forms.quote_values import AttachedFile

NOTE, FILES = "note", "files"
MAX_BUTTONS = 20
"""The other lines are named by their numbers."""


class CorrectableLine(BaseModel):
    id: UUID
    description: str
    quantity: Decimal
    unit: str


class CorrectedLine(BaseModel):
    rfq_line_id: UUID
    description: str
    quantity: Quantity | None = None
    unit: str | None = None


class CorrectionValues(FileChoice):
    rfq_id: UUID
    number: str
    version: int
    lines: list[CorrectableLine]
    picked: str = ""
    note: str | None = None
    corrected: CorrectedLine | None = None

    def body(self) -> CorrectionIn:
        lines = [self.corrected.model_dump(exclude_none=True)] if self.corrected else []
        return CorrectionIn.model_validate(
            {
                "note": self.note,
                "lines": lines,
                "document_ids": [file.id for file in self.files],
                "files": self.carried,
                "expected_version": self.version,
            }
        )


def initial_values(rfq: RfqOut, files: Sequence[RequestFileOut] = ()) -> CorrectionValues:
    """Everything that may be said otherwise; ``files`` are the request's."""
    lines = [
        CorrectableLine(id=line.id, description=line.description, quantity=line.quantity, unit=line.unit)
        for line in rfq.lines
    ]
    offered = file_choice.files_to_offer(files, rfq.documents)
    return CorrectionValues(
        rfq_id=rfq.id, number=rfq.number, version=rfq.version, lines=lines, offered=offered
    )


def of_files(
    rfq: RfqOut, files: Sequence[RequestFileOut], sent: Sequence[DocumentOut] = ()
) -> CorrectionValues:
    """Only more files, of which ``sent`` are there already."""
    held = [AttachedFile.of(each) for each in sent]
    return initial_values(rfq, files).model_copy(update={"picked": FILES, "files": held})


class CorrectionForm(Form[CorrectionValues]):
    name = "correction"
    values_type = CorrectionValues

    def step(self, values: CorrectionValues) -> str:
        if values.picked == FILES:
            return FILES
        return "text" if values.picked else "what"

    def question(self, step: str, values: CorrectionValues, ctx: FormContext) -> FormQuestion:
        texts = [
            phrases.line(line.quantity, line.unit, line.description, ctx.locale) for line in values.lines
        ]
        if step == FILES:
            return _files_question(values, ctx)
        if step == "text":
            index = choice_index(values.picked, "l")
            key = "forms.correct_rfq.note" if index is None else "forms.correct_rfq.line"
            return FormQuestion(ctx.translate(key), facts=() if index is None else (texts[index],))
        lines = [
            ctx.labelled_button(f"{index + 1}  {text}", f"l{index}")
            for index, text in enumerate(texts[:MAX_BUTTONS])
        ]
        return FormQuestion(
            ctx.translate("forms.correct_rfq.what", number=values.number),
            buttons=button_rows(
                *lines,
                ctx.button("forms.correct_rfq.note_button", NOTE),
                ctx.button("buttons.attach_files", FILES),
                per_row=1,
            ),
        )

    def answer(self, step: str, values: CorrectionValues, text: str, ctx: FormContext) -> StepResult:
        if step == "what" and text.strip().isascii() and text.strip().isdecimal():
            return self.choose(step, values, f"l{int(text.strip()[:9]) - 1}", ctx)
        if step != "text":
            return Rejected(ctx.translate("forms.press_a_button"))
        index = choice_index(values.picked, "l")
        if index is None:
            note = text_from(text, ctx, min_length=1, max_length=2_000)
            return note if isinstance(note, Rejected) else Completed(values.model_copy(update={"note": note}))
        return _with_line(values, values.lines[index], text, ctx)

    def choose(self, step: str, values: CorrectionValues, choice: str, ctx: FormContext) -> StepResult:
        index = choice_index(choice, "l")
        if step == FILES:
            if choice == "go" and values.going:
                return Completed(values)
            return file_choice.chosen(values, choice) or Rejected(ctx.translate("forms.press_a_button"))
        if step == "what" and (choice in (NOTE, FILES) or (index is not None and index < len(values.lines))):
            return values.model_copy(update={"picked": choice})
        return Rejected(ctx.translate("forms.press_a_button"))


def _files_question(values: CorrectionValues, ctx: FormContext) -> FormQuestion:
    """What was sent or chosen so far, and the button that gives it to the vendors."""
    send = [ctx.button("buttons.send", "go", Style.good)] if values.going else []
    return FormQuestion(
        ctx.translate("forms.attach.rfq", number=values.number),
        facts=(ctx.translate("forms.attach.rfq_why"), *file_choice.named(values, ctx)),
        buttons=button_rows(*file_choice.buttons(values, ctx), *send, per_row=2),
    )


def _with_line(values: CorrectionValues, line: CorrectableLine, text: str, ctx: FormContext) -> StepResult:
    """Read as a line of a request is: ``5 boxes Paper A4``; without a quantity the old one stays."""
    read = request.initial_values(text, ctx).lines
    if len(read) != 1 or not read[0].description:
        return Rejected(ctx.translate("forms.correct_rfq.unread"))
    corrected = CorrectedLine(
        rfq_line_id=line.id,
        description=read[0].description,
        quantity=read[0].quantity,
        unit=read[0].unit if read[0].quantity is not None else None,
    )
    return Completed(values.model_copy(update={"corrected": corrected}))
