"""What a receipt should have said, or how much goes back, line by line, and why.

line 1 → (rejected 1, of a correction) → line 2 … → reason → review → record
"""

from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from pydantic import Field

from api.contract.orders import OrderOut, ReceiptCorrectionIn, ReceiptOut, ReturnIn
from api.text import number as format_number
from bots.cards import phrases
from bots.cards.card import Style
from bots.cards.orders import open_quantity
from bots.forms.field_parsers import count_from, count_from_field, text_from
from bots.forms.fieldset import FieldKind, Fieldset, FormField
from bots.forms.form import (
    REVIEW,
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
from bots.forms.receive import LineReceipt

LINE, REJECTED, REASON = "line", "rejected", "reason"


class RecountKind(StrEnum):
    correct = "correct"
    return_goods = "return_goods"


class RecountLine(FormLine):
    """One line: what was recorded as accepted and rejected, and how much there can be at most."""

    recorded: Decimal
    rejected: Decimal = Decimal(0)
    most: Decimal

    @property
    def most_rejected(self) -> Decimal:
        return max(self.most, self.rejected)


class RecountValues(PagedValues):
    order_id: UUID
    number: str
    version: int
    kind: RecountKind
    receipt_id: UUID | None = None
    lines: list[RecountLine]
    counts: dict[str, LineReceipt] = Field(default_factory=dict)
    reason: str = ""
    files: list[AttachedFile] = Field(default_factory=list)

    @property
    def file_taken(self) -> str:
        """A photo belongs to what is sent back; a correction is about counts alone."""
        return "forms.receive.file_taken" if self.kind is RecountKind.return_goods else ""

    def correction(self) -> ReceiptCorrectionIn:
        """All lines of the receipt as they should have been."""
        lines = [
            {
                "line_id": line.id,
                "accepted": self.counts[str(number)].accepted,
                "rejected": self.counts[str(number)].rejected or Decimal(0),
            }
            for number, line in enumerate(self.lines, start=1)
        ]
        return ReceiptCorrectionIn.model_validate(
            {"lines": lines, "reason": self.reason, "expected_version": self.version}
        )

    def goods_return(self) -> ReturnIn:
        """The lines of which something goes back."""
        lines = [
            {"line_id": line.id, "quantity": self.counts[str(number)].accepted}
            for number, line in enumerate(self.lines, start=1)
            if self.counts[str(number)].accepted
        ]
        return ReturnIn.model_validate(
            {
                "lines": lines,
                "reason": self.reason,
                "document_ids": [file.id for file in self.files],
                "expected_version": self.version,
            }
        )

    @property
    def is_empty(self) -> bool:
        """Nothing goes back; a correction to nothing is one all the same."""
        returning = self.kind is RecountKind.return_goods
        return returning and not any(count.accepted for count in self.counts.values())


def of_return(order: OrderOut) -> RecountValues:
    """The lines of which something is here."""
    return RecountValues(
        order_id=order.id,
        number=order.number,
        version=order.version,
        kind=RecountKind.return_goods,
        lines=[
            RecountLine(
                id=line.id,
                description=cut(line.description),
                unit=line.unit,
                recorded=line.accepted,
                most=line.accepted,
            )
            for line in order.lines
            if line.accepted
        ],
    )


def of_correction(order: OrderOut, receipts: tuple[ReceiptOut, ...]) -> RecountValues | None:
    """The newest receipt with what its corrections made of it; nothing when nothing was received."""
    newest = next((each for each in reversed(receipts) if each.kind == "receipt"), None)
    if newest is None:
        return None
    accepted: defaultdict[UUID, Decimal] = defaultdict(Decimal)
    rejected: defaultdict[UUID, Decimal] = defaultdict(Decimal)
    for entry in receipts:
        if newest.id in (entry.id, entry.corrects):
            for counted in entry.lines:
                accepted[counted.line_id] += counted.accepted
                rejected[counted.line_id] += counted.rejected
    return RecountValues(
        order_id=order.id,
        number=order.number,
        version=order.version,
        kind=RecountKind.correct,
        receipt_id=newest.id,
        lines=[
            RecountLine(
                id=line.id,
                description=cut(line.description),
                unit=line.unit,
                recorded=accepted[line.id],
                rejected=rejected[line.id],
                most=open_quantity(line) + accepted[line.id],
            )
            for line in order.lines
            if line.id in accepted
        ],
    )


class RecountForm(Form[RecountValues]):
    name = "recount"
    values_type = RecountValues

    def step(self, values: RecountValues) -> str:
        for number in range(1, len(values.lines) + 1):
            count = values.counts.get(str(number))
            if count is None:
                return f"{LINE}:{number}"
            if values.kind is RecountKind.correct and count.rejected is None:
                return f"{REJECTED}:{number}"
        return REVIEW if values.reason else REASON

    def question(self, step: str, values: RecountValues, ctx: FormContext) -> FormQuestion:
        name, number = split_step(step)
        if name == REVIEW:
            return _review(values, ctx)
        if name == REASON:
            return FormQuestion(ctx.translate(f"forms.{values.kind.value}.reason"))
        line = values.lines[number - 1]
        item = f"{number}/{len(values.lines)}  {line.description}"
        none = ctx.button("forms.receive.none", "0")
        if name == REJECTED:
            return FormQuestion(ctx.translate("forms.receive.rejected", item=item), buttons=button_rows(none))
        facts = {"item": item, "recorded": format_number(line.recorded, ctx.locale)}
        return FormQuestion(
            ctx.translate(f"forms.{values.kind.value}.count", **facts), buttons=button_rows(none)
        )

    def answer(self, step: str, values: RecountValues, text: str, ctx: FormContext) -> StepResult:
        name, number = split_step(step)
        if name == REVIEW:
            return Rejected(ctx.translate("forms.press_a_button"))
        if name == REASON:
            reason = text_from(text, ctx)
            return reason if isinstance(reason, Rejected) else values.model_copy(update={"reason": reason})
        line = values.lines[number - 1]
        count = count_from(text, line.most_rejected if name == REJECTED else line.most, ctx)
        return count if isinstance(count, Rejected) else _with_count(values, name, number, count)

    def choose(self, step: str, values: RecountValues, choice: str, ctx: FormContext) -> StepResult:
        name, number = split_step(step)
        match choice:
            case "go" if name == REVIEW and not values.is_empty:
                return Completed(values)
            case "0" if number:
                return _with_count(values, name, number, Decimal(0))
        return Rejected(ctx.translate("forms.press_a_button"))

    def fields(self, values: RecountValues, ctx: FormContext, lines: int = 1) -> Fieldset:
        """Per line how many, of a correction also how many were rejected, and on the last page the reason."""
        fields: list[FormField] = []
        correcting = values.kind is RecountKind.correct
        kind = FieldKind.number
        for number, line in numbered(values.lines, values.page):
            item = f"{number}. {line.description}"
            start = f"{line.recorded:f}" if correcting else "0"
            counted = ctx.translate("slack.accepted" if correcting else "slack.returned")
            label = f"{item} · {counted}"
            fields.append(FormField(f"{LINE}:{number}", label, kind, start, optional=True, maximum=line.most))
            if correcting:
                label = f"{item} · {ctx.translate('slack.rejected')}"
                bad = f"{line.rejected:f}"
                fields.append(
                    FormField(
                        f"{REJECTED}:{number}", label, kind, bad, optional=True, maximum=line.most_rejected
                    )
                )
        if is_last(values.lines, values.page):
            why = ctx.translate(f"forms.{values.kind.value}.reason")
            fields.append(FormField(REASON, why, FieldKind.long_text))
        submit = submit_label(values.lines, values.page, ctx, "forms.receive.record")
        return Fieldset(values.number, fields, submit, place(values.lines, values.page, ctx))

    def read_fields(
        self, values: RecountValues, answers: Mapping[str, str], ctx: FormContext
    ) -> StepResult | FieldErrors:
        """What is left empty is none; after the last page it is complete."""
        errors: dict[str, str] = {}
        counts = {**values.counts}
        for number, line in numbered(values.lines, values.page):
            good, bad = f"{LINE}:{number}", f"{REJECTED}:{number}"
            accepted = value_or_error(good, errors, count_from_field(answers.get(good, ""), line.most, ctx))
            rejected = value_or_error(
                bad, errors, count_from_field(answers.get(bad, ""), line.most_rejected, ctx)
            )
            counts[str(number)] = LineReceipt(accepted=accepted or Decimal(0), rejected=rejected)
        updated = values.model_copy(update={"counts": counts})
        if not is_last(values.lines, values.page):
            turned = updated.model_copy(update={"page": values.page + 1})
            return FieldErrors(updated, errors) if errors else turned
        reason = value_or_error(REASON, errors, text_from(answers.get(REASON, ""), ctx))
        updated = updated.model_copy(update={"reason": reason or ""})
        if not errors and updated.is_empty:
            first, _ = numbered(values.lines, values.page)[0]
            errors[f"{LINE}:{first}"] = ctx.translate("forms.return_goods.nothing")
        return FieldErrors(updated, errors) if errors else Completed(updated)


def _with_count(values: RecountValues, name: str, number: int, count: Decimal) -> RecountValues:
    if name == REJECTED:
        counted = values.counts[str(number)].model_copy(update={"rejected": count})
    else:
        counted = LineReceipt(accepted=count)
    return values.model_copy(update={"counts": {**values.counts, str(number): counted}})


def _review(values: RecountValues, ctx: FormContext) -> FormQuestion:
    if values.is_empty:
        return FormQuestion(ctx.translate("forms.return_goods.nothing"))
    items = [
        ctx.translate(
            f"forms.{values.kind.value}.line",
            line=phrases.line(line.recorded, line.unit, line.description, ctx.locale),
            count=format_number(values.counts[str(number)].accepted, ctx.locale),
            rejected=format_number(values.counts[str(number)].rejected or Decimal(0), ctx.locale),
        )
        for number, line in enumerate(values.lines, start=1)
    ]
    return FormQuestion(
        ctx.translate(f"forms.{values.kind.value}.summary", number=values.number),
        facts=(ctx.translate("cards.reason", text=values.reason),),
        items=items,
        buttons=button_rows(ctx.button("forms.receive.record", "go", Style.good)),
    )
