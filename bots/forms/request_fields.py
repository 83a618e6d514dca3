"""The request form, all at once: its lines, and what holds for all of them.

One rule: read by the same readers as typed text, so that "2.5 kg" and "12/01" mean in a field what they mean
everywhere.
"""

from collections.abc import Mapping
from decimal import Decimal

from bots.forms.field_parsers import currency_from, date_from, price_from, quantity_from
from bots.forms.fieldset import FieldKind, Fieldset, FormField
from bots.forms.form import FormContext, value_or_error
from bots.forms.request_values import LineValues, RequestValues

MAX_LINES = 10
MAX_DESCRIPTION, MAX_NOTE = 300, 2_000


def fields(values: RequestValues, ctx: FormContext, lines: int) -> Fieldset:
    """As many lines as there are, or as are wanted; a button adds one more."""
    lines = min(MAX_LINES, max(lines, len(values.lines), 1))
    found: list[FormField] = []
    for number in range(1, lines + 1):
        line = values.lines[number - 1] if number <= len(values.lines) else LineValues(description="")
        found += _line(line, number, ctx)
    if lines < MAX_LINES:
        found.append(FormField("more", ctx.translate("buttons.add_line"), FieldKind.add_line))
    found += _terms(values, ctx)
    return Fieldset(ctx.translate("slack.titles.request"), found, ctx.translate("slack.review"), lines=lines)


def read(
    values: RequestValues, answers: Mapping[str, str], ctx: FormContext
) -> tuple[RequestValues, dict[str, str]]:
    """The values with what was filled in, and a sentence per field that could not be taken."""
    errors: dict[str, str] = {}
    written = currency_from(answers.get("currency", ""), ctx)
    currency = value_or_error("currency", errors, written) or values.currency
    update = {
        "lines": [*_lines(answers, ctx, currency, errors), *values.lines[MAX_LINES:]],
        "currency": currency,
        "needed_by": value_or_error("needed_by", errors, date_from(answers.get("needed_by", ""), ctx)),
        "cost_centre": answers.get("cost_centre") or values.cost_centre,
        "note": answers.get("note", ""),
        "unread": [],
        "doubts": [],
        "resembled": [],
        "asked": "",
        "guided": False,
    }
    return values.model_copy(update=update), errors


def _line(line: LineValues, number: int, ctx: FormContext) -> list[FormField]:
    """Only the first line has to be there."""
    filled = {
        "item": line.description,
        "quantity": _quantity(line),
        "price": f"{line.price:f}" if line.price is not None else "",
    }
    return [
        FormField(
            f"{name}:{number}",
            ctx.translate(f"slack.fields.{name}", line=str(number)),
            value=value,
            optional=number > 1 or name == "price",
        )
        for name, value in filled.items()
    ]


def _quantity(line: LineValues) -> str:
    if line.quantity is None:
        return ""
    return f"{line.quantity:f}" if line.unit in ("", "pcs") else f"{line.quantity:f} {line.unit}"


def _terms(values: RequestValues, ctx: FormContext) -> list[FormField]:
    """What holds for all lines."""
    needed_by = values.needed_by.isoformat() if values.needed_by else ""
    centres = [(code, f"{code} · {name}") for code, name in ctx.cost_centres]
    label = {
        name: ctx.translate(f"slack.fields.{name}")
        for name in ("needed_by", "cost_centre", "currency", "note", "on_behalf_of")
    }
    found = [FormField("needed_by", label["needed_by"], FieldKind.date, needed_by)]
    if centres:
        centre = values.cost_centre or ""
        found.append(FormField("cost_centre", label["cost_centre"], FieldKind.choice, centre, centres))
    found.append(FormField("currency", label["currency"], value=values.currency))
    note = FormField(
        "note", label["note"], FieldKind.long_text, values.note, optional=True, max_length=MAX_NOTE
    )
    if values.request_id is not None:
        return [*found, note]
    person = FormField(
        "on_behalf_of", label["on_behalf_of"], value=values.behalf_name or values.behalf_text, optional=True
    )
    return [*found, note, person]


def _lines(
    answers: Mapping[str, str], ctx: FormContext, currency: str, errors: dict[str, str]
) -> list[LineValues]:
    """Every line in which something stands; the first one has to be there."""
    found: list[LineValues] = []
    numbers = sorted(int(name[5:]) for name in answers if name.startswith("item:") and name[5:].isdigit())
    for number in numbers:
        item, amount, price = (answers.get(f"{name}:{number}", "") for name in ("item", "quantity", "price"))
        if not (item or amount or price) and number > 1:
            continue
        if not item:
            errors[f"item:{number}"] = ctx.translate("forms.request.item")
            continue
        quantity = value_or_error(f"quantity:{number}", errors, quantity_from(amount, ctx))
        cost: Decimal | None = None
        if price:
            amount_read = value_or_error(f"price:{number}", errors, price_from(price, ctx, currency))
            cost = amount_read.value if amount_read is not None else None
        if quantity is not None:
            line = LineValues(
                description=item[:MAX_DESCRIPTION], quantity=quantity.value, unit=quantity.unit, price=cost
            )
            found.append(line)
    return found
