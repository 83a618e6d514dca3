"""What a vendor proposes instead of what was ordered: another day, quantities and prices, and why.

day → line 1: quantity → price → line 2 … (or: all other lines stay) → reason → review → send
"""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from uuid import UUID

from pydantic import Field

from api.contract.orders import ChangeIn, OrderOut
from api.text import day as format_day
from api.text import money
from api.text import number as format_number
from bots.cards.card import Style
from bots.forms.field_parsers import date_from, price_from, quantity_from, text_from
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

KEEP, KEEP_REST = "keep", "rest"
DAY, REASON, QUANTITY, PRICE = "day", "reason", "quantity", "price"


class ChangeableLine(FormLine):
    quantity: Decimal
    arrived: Decimal = Decimal(0)
    """Nothing is cut below it."""
    price: Decimal


class ChangeValues(PagedValues):
    """``None`` among the answers: it stays as it is."""

    order_id: UUID
    number: str
    version: int
    currency: str
    due_on: dt.date
    lines: list[ChangeableLine]
    day: dt.date | None = None
    day_asked: bool = False
    quantities: dict[str, Decimal | None] = Field(default_factory=dict)
    prices: dict[str, Decimal | None] = Field(default_factory=dict)
    reason: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether everything would stay as it is."""
        values = (self.day, *self.quantities.values(), *self.prices.values())
        return all(value is None for value in values)

    def body(self) -> ChangeIn:
        """The lines that are to be different."""
        changed = [
            {"line_id": line.id, QUANTITY: self.quantities.get(str(n)), "unit_price": self.prices.get(str(n))}
            for n, line in enumerate(self.lines, start=1)
            if self.quantities.get(str(n)) is not None or self.prices.get(str(n)) is not None
        ]
        return ChangeIn.model_validate(
            {
                "lines": changed,
                "due_on": self.day,
                "reason": self.reason,
                "expected_version": self.version,
            }
        )


def initial_values(order: OrderOut) -> ChangeValues:
    """The order as it is."""
    return ChangeValues(
        order_id=order.id,
        number=order.number,
        version=order.version,
        currency=order.currency,
        due_on=order.due_on,
        lines=[
            ChangeableLine(
                id=line.id,
                description=cut(line.description),
                unit=line.unit,
                quantity=line.quantity,
                arrived=line.accepted,
                price=line.unit_price,
            )
            for line in order.lines
        ],
    )


class ChangeForm(Form[ChangeValues]):
    name = "change"
    values_type = ChangeValues

    def step(self, values: ChangeValues) -> str:
        if not values.day_asked:
            return DAY
        for number in range(1, len(values.lines) + 1):
            if str(number) not in values.quantities:
                return f"{QUANTITY}:{number}"
            if str(number) not in values.prices:
                return f"{PRICE}:{number}"
        return REVIEW if values.reason else REASON

    def question(self, step: str, values: ChangeValues, ctx: FormContext) -> FormQuestion:
        name, number = split_step(step)
        if name == REVIEW:
            return _review(values, ctx)
        if name == REASON:
            return FormQuestion(ctx.translate("forms.change.reason"))
        if name == DAY:
            asked = ctx.translate("forms.change.day", day=format_day(values.due_on, ctx.locale))
        else:
            asked = ctx.translate(f"forms.change.{name}", **_line_facts(values, number, ctx))
        keep = [ctx.button("forms.change.keep", KEEP)]
        if number and number < len(values.lines):
            keep.append(ctx.button("buttons.keep_rest", KEEP_REST))
        return FormQuestion(asked, buttons=button_rows(*keep))

    def answer(self, step: str, values: ChangeValues, text: str, ctx: FormContext) -> StepResult:
        name, number = split_step(step)
        match name:
            case "day":
                return _with_day(values, date_from(text, ctx))
            case "quantity":
                return _with_count(values, number, _quantity(text, values.lines[number - 1], ctx))
            case "price":
                return _with_price(values, number, _price(text, values.currency, ctx))
            case "reason":
                reason = text_from(text, ctx)
                if isinstance(reason, Rejected):
                    return reason
                return values.model_copy(update={"reason": reason})
        return Rejected(ctx.translate("forms.press_a_button"))

    def choose(self, step: str, values: ChangeValues, choice: str, ctx: FormContext) -> StepResult:
        name, number = split_step(step)
        match choice:
            case "go" if name == REVIEW:
                return Completed(values)
            case "keep" if name == DAY:
                return _with_day(values, None)
            case "keep" if name == QUANTITY:
                return _with_count(values, number, None)
            case "keep" if name == PRICE:
                return _with_price(values, number, None)
            case "rest" if number:
                return _with_rest_kept(values)
        return Rejected(ctx.translate("forms.press_a_button"))

    def fields(self, values: ChangeValues, ctx: FormContext, lines: int = 1) -> Fieldset:
        """The day, each line's quantity and price as they are, and on the last page the reason."""
        day = FormField(DAY, ctx.translate("forms.change.day_field"), FieldKind.date, optional=True)
        fields = [day] if values.page == 0 else []
        for number, line in numbered(values.lines, values.page):
            item = f"{number}. {line.description}"
            quantity, price = (
                ctx.translate("forms.change.quantity_field"),
                ctx.translate("forms.change.price_field"),
            )
            fields += [
                FormField(f"{QUANTITY}:{number}", f"{item} · {quantity}", FieldKind.text, optional=True),
                FormField(f"{PRICE}:{number}", f"{item} · {price}", FieldKind.text, optional=True),
            ]
        if is_last(values.lines, values.page):
            fields.append(FormField(REASON, ctx.translate("forms.change.reason"), FieldKind.long_text))
        submit = submit_label(values.lines, values.page, ctx, "buttons.send")
        return Fieldset(values.number, fields, submit, place(values.lines, values.page, ctx))

    def read_fields(
        self, values: ChangeValues, answers: Mapping[str, str], ctx: FormContext
    ) -> StepResult | FieldErrors:
        """What is left empty stays as it is; after the last page it is complete."""
        errors: dict[str, str] = {}
        quantities, prices, day = {**values.quantities}, {**values.prices}, values.day
        for number, line in numbered(values.lines, values.page):
            quantity, price = f"{QUANTITY}:{number}", f"{PRICE}:{number}"
            quantities[str(number)] = prices[str(number)] = None
            if answers.get(quantity):
                read = _quantity(answers[quantity], line, ctx)
                quantities[str(number)] = value_or_error(quantity, errors, read)
            if answers.get(price):
                found = _price(answers[price], values.currency, ctx)
                prices[str(number)] = value_or_error(price, errors, found)
        if values.page == 0:
            day = value_or_error(DAY, errors, date_from(answers[DAY], ctx)) if answers.get(DAY) else None
        update = {"day": day, "day_asked": True, "quantities": quantities, "prices": prices}
        updated = values.model_copy(update=update)
        if not is_last(values.lines, values.page):
            turned = updated.model_copy(update={"page": values.page + 1})
            return FieldErrors(updated, errors) if errors else turned
        reason = value_or_error(REASON, errors, text_from(answers.get(REASON, ""), ctx))
        updated = updated.model_copy(update={"reason": reason or ""})
        if not errors and updated.is_empty:
            errors[_first_field(values)] = ctx.translate("forms.change.nothing")
        return FieldErrors(updated, errors) if errors else Completed(updated)


def _first_field(values: ChangeValues) -> str:
    """Where a sentence about the whole form stands."""
    return DAY if values.page == 0 else f"{QUANTITY}:{numbered(values.lines, values.page)[0][0]}"


def _with_rest_kept(values: ChangeValues) -> ChangeValues:
    """Every line that was not answered stays as it is."""
    numbers = [str(number) for number in range(1, len(values.lines) + 1)]
    quantities = {number: values.quantities.get(number) for number in numbers}
    prices = {number: values.prices.get(number) for number in numbers}
    return values.model_copy(update={"quantities": quantities, "prices": prices})


def _line_facts(values: ChangeValues, number: int, ctx: FormContext) -> dict[str, str]:
    line = values.lines[number - 1]
    return {
        "item": f"{number}/{len(values.lines)}  {line.description}",
        "quantity": format_number(line.quantity, ctx.locale),
        "price": money(line.price, values.currency, ctx.locale),
    }


def _quantity(text: str, line: ChangeableLine, ctx: FormContext) -> Decimal | Rejected:
    """How many, and none where the vendor has none left and none has arrived."""
    if text.strip() == "0":
        count = Decimal(0)
    else:
        read = quantity_from(text, ctx, unit=line.unit)
        if isinstance(read, Rejected):
            return read
        count = read.value
    if count < line.arrived:
        return Rejected(
            ctx.translate("forms.change.below_arrived", n=format_number(line.arrived, ctx.locale))
        )
    return count


def _price(text: str, currency: str, ctx: FormContext) -> Decimal | Rejected:
    read = price_from(text, ctx, currency)
    return read if isinstance(read, Rejected) else read.value


def _with_day(values: ChangeValues, day: dt.date | Rejected | None) -> StepResult:
    if isinstance(day, Rejected):
        return day
    return values.model_copy(update={"day": day, "day_asked": True})


def _with_count(values: ChangeValues, number: int, count: Decimal | Rejected | None) -> StepResult:
    if isinstance(count, Rejected):
        return count
    return values.model_copy(update={"quantities": {**values.quantities, str(number): count}})


def _with_price(values: ChangeValues, number: int, price: Decimal | Rejected | None) -> StepResult:
    if isinstance(price, Rejected):
        return price
    return values.model_copy(update={"prices": {**values.prices, str(number): price}})


def _review(values: ChangeValues, ctx: FormContext) -> FormQuestion:
    items: list[str] = []
    if values.day is not None:
        items.append(
            ctx.translate(
                "cards.change_of",
                before=format_day(values.due_on, ctx.locale),
                after=format_day(values.day, ctx.locale),
            )
        )
    for number, line in enumerate(values.lines, start=1):
        quantity, price = values.quantities.get(str(number)), values.prices.get(str(number))
        pairs = []
        if quantity is not None:
            pairs.append((format_number(line.quantity, ctx.locale), format_number(quantity, ctx.locale)))
        if price is not None:
            pairs.append(
                (money(line.price, values.currency, ctx.locale), money(price, values.currency, ctx.locale))
            )
        changes = [ctx.translate("cards.change_of", before=before, after=after) for before, after in pairs]
        if changes:
            facts = {"line": line.description, "changes": " · ".join(changes)}
            items.append(ctx.translate("cards.change_line", **facts))
    if not items:
        return FormQuestion(ctx.translate("forms.change.nothing"))
    return FormQuestion(
        ctx.translate("forms.change.summary", number=values.number),
        facts=(ctx.translate("cards.reason", text=values.reason),),
        items=items,
        buttons=button_rows(ctx.button("buttons.send", "go", Style.good)),
    )
