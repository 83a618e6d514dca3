"""What arrived, line by line: accepted, and rejected where not all is good.

line 1 → (rejected 1) → line 2 … → review → record
"""

from collections.abc import Mapping
from decimal import Decimal
from uuid import UUID

from pydantic import BaseModel, Field

from api.contract.orders import OrderOut, ReceiptIn
from api.text import number as format_number
from bots.cards import phrases
from bots.cards.card import Style
from bots.cards.orders import open_quantity
from bots.forms.field_parsers import count_from, count_from_field
from bots.forms.fieldset import FieldKind, Fieldset, FormField
from bots.forms.form import (
    Completed,
    FieldErrors,
    Form,
    FormContext,
    FormQuestion,
    Rejected,
    StepResult,
    button_rows,
    split_step,
    value_or_error,
)
from bots.forms.line_pages import FormLine, PagedValues, cut, is_last, numbered, place, submit_label
from bots.forms.quote_values import AttachedFile


class ReceivableLine(FormLine):
    """One line that is not complete."""

    ordered: Decimal
    open: Decimal


class LineReceipt(BaseModel):
    accepted: Decimal
    rejected: Decimal | None = None


class ReceiveValues(PagedValues):
    order_id: UUID
    number: str
    version: int
    lines: list[ReceivableLine]
    arrived: dict[str, LineReceipt] = Field(default_factory=dict)
    files: list[AttachedFile] = Field(default_factory=list)

    @property
    def file_taken(self) -> str:
        return "forms.receive.file_taken"

    def body(self) -> ReceiptIn:
        """The lines of which something arrived."""
        pairs = [(line, self.arrived[str(number)]) for number, line in enumerate(self.lines, start=1)]
        return ReceiptIn.model_validate(
            {
                "lines": [
                    {
                        "line_id": line.id,
                        "accepted": receipt.accepted,
                        "rejected": receipt.rejected or Decimal(0),
                    }
                    for line, receipt in pairs
                    if receipt.accepted or receipt.rejected
                ],
                "document_ids": [file.id for file in self.files],
                "expected_version": self.version,
            }
        )

    @property
    def is_empty(self) -> bool:
        return not any(receipt.accepted or receipt.rejected for receipt in self.arrived.values())


def initial_values(order: OrderOut) -> ReceiveValues:
    """The lines that are still open."""
    return ReceiveValues(
        order_id=order.id,
        number=order.number,
        version=order.version,
        lines=[
            ReceivableLine(
                id=line.id,
                description=cut(line.description),
                unit=line.unit,
                ordered=line.quantity,
                open=open_quantity(line),
            )
            for line in order.lines
            if open_quantity(line)
        ],
    )


def all_received(order: OrderOut) -> ReceiveValues:
    """All that is still open has arrived in good order."""
    values = initial_values(order)
    arrived = {
        str(number): LineReceipt(accepted=line.open) for number, line in enumerate(values.lines, start=1)
    }
    return values.model_copy(update={"arrived": arrived})


class ReceiveForm(Form[ReceiveValues]):
    name = "receive"
    values_type = ReceiveValues

    def step(self, values: ReceiveValues) -> str:
        for number, line in enumerate(values.lines, start=1):
            receipt = values.arrived.get(str(number))
            if receipt is None:
                return f"line:{number}"
            if receipt.rejected is None and receipt.accepted < line.open:
                return f"rejected:{number}"
        return "review"

    def question(self, step: str, values: ReceiveValues, ctx: FormContext) -> FormQuestion:
        name, number = split_step(step)
        if name == "review":
            return _review(values, ctx)
        line = values.lines[number - 1]
        item = f"{number}/{len(values.lines)}  {line.description}"
        if name == "rejected":
            return FormQuestion(
                ctx.translate("forms.receive.rejected", item=item),
                buttons=button_rows(ctx.button("forms.receive.none", "0")),
            )
        facts = {
            "ordered": format_number(line.ordered, ctx.locale),
            "open": format_number(line.open, ctx.locale),
        }
        return FormQuestion(
            ctx.translate("forms.receive.accepted", item=item, **facts),
            buttons=button_rows(
                ctx.button("forms.receive.all", "all", Style.good, open=facts["open"]),
                ctx.button("forms.receive.none", "0"),
            ),
        )

    def answer(self, step: str, values: ReceiveValues, text: str, ctx: FormContext) -> StepResult:
        name, number = split_step(step)
        if name == "review":
            return Rejected(ctx.translate("forms.press_a_button"))
        line = values.lines[number - 1]
        receipt = values.arrived.get(str(number))
        maximum = line.open if receipt is None else line.open - receipt.accepted
        count = count_from(text, maximum, ctx)
        return count if isinstance(count, Rejected) else _with_count(values, name, number, count)

    def choose(self, step: str, values: ReceiveValues, choice: str, ctx: FormContext) -> StepResult:
        name, number = split_step(step)
        match choice:
            case "go" if name == "review" and not values.is_empty:
                return Completed(values)
            case "0" if number:
                return _with_count(values, name, number, Decimal(0))
            case "all" if name == "line":
                return _with_count(values, name, number, values.lines[number - 1].open)
        return Rejected(ctx.translate("forms.press_a_button"))

    def fields(self, values: ReceiveValues, ctx: FormContext, lines: int = 1) -> Fieldset:
        """Per line how many are good and how many are not; what is still open is filled in."""
        accepted, rejected = ctx.translate("slack.accepted"), ctx.translate("slack.rejected")
        fields: list[FormField] = []
        for number, line in numbered(values.lines, values.page):
            item, count = f"{number}. {line.description}", FieldKind.number
            good, bad = f"{item} · {accepted}", f"{item} · {rejected}"
            fields += [
                FormField(f"good:{number}", good, count, f"{line.open:f}", optional=True, maximum=line.open),
                FormField(f"bad:{number}", bad, count, "0", optional=True, maximum=line.open),
            ]
        if is_last(values.lines, values.page):
            label = ctx.translate("forms.receive.photos")
            fields.append(FormField("photos", label, FieldKind.files, optional=True))
        submit = submit_label(values.lines, values.page, ctx, "forms.receive.record")
        return Fieldset(values.number, fields, submit, place(values.lines, values.page, ctx))

    def read_fields(
        self, values: ReceiveValues, answers: Mapping[str, str], ctx: FormContext
    ) -> StepResult | FieldErrors:
        """What is left empty did not arrive; after the last page it is complete."""
        errors: dict[str, str] = {}
        arrived = {**values.arrived}
        for number, line in numbered(values.lines, values.page):
            good, bad = f"good:{number}", f"bad:{number}"
            accepted = value_or_error(good, errors, count_from_field(answers.get(good, ""), line.open, ctx))
            remaining = line.open - (accepted or Decimal(0))
            rejected = value_or_error(bad, errors, count_from_field(answers.get(bad, ""), remaining, ctx))
            arrived[str(number)] = LineReceipt(
                accepted=accepted or Decimal(0), rejected=rejected or Decimal(0)
            )
        updated = values.model_copy(update={"arrived": arrived})
        if not errors and not is_last(values.lines, values.page):
            return updated.model_copy(update={"page": values.page + 1})
        if not errors and updated.is_empty:
            first, _ = numbered(values.lines, values.page)[0]
            errors[f"good:{first}"] = ctx.translate("forms.receive.nothing")
        return FieldErrors(updated, errors) if errors else Completed(updated)


def _with_count(values: ReceiveValues, name: str, number: int, count: Decimal) -> ReceiveValues:
    if name == "rejected":
        receipt = values.arrived[str(number)].model_copy(update={"rejected": count})
    else:
        receipt = LineReceipt(accepted=count)
    return values.model_copy(update={"arrived": {**values.arrived, str(number): receipt}})


def _review(values: ReceiveValues, ctx: FormContext) -> FormQuestion:
    items = []
    for number, line in enumerate(values.lines, start=1):
        receipt = values.arrived[str(number)]
        text = phrases.line(line.open, line.unit, line.description, ctx.locale)
        facts = {
            "line": text,
            "accepted": format_number(receipt.accepted, ctx.locale),
            "rejected": format_number(receipt.rejected or Decimal(0), ctx.locale),
        }
        items.append(ctx.translate("forms.receive.line", **facts))
    if values.is_empty:
        return FormQuestion(ctx.translate("forms.receive.nothing"), items=items)
    return FormQuestion(
        ctx.translate("forms.receive.summary"),
        items=items,
        buttons=button_rows(ctx.button("forms.receive.record", "go", Style.good)),
    )
