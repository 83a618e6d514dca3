"""The request form, all at once: its lines, and what holds for all of them.

One rule: read by the same readers as typed text, so that "2.5 kg" and "12/01" mean in a field what they mean
everywhere.
"""

from collections.abc import Mapping
from decimal import Decimal

from bots.forms.field_parsers import currency_from, date_from, price_from, quantity_from
from bots.forms.fieldset import FieldKind, Fieldset, FormField
from bots.forms.form import FormContext, value_or_error
from bots.forms.request_values import MAX_DESCRIPTION, UNWARNED, LineValues, RequestValues

MAX_LINES = 10
"""So many are shown at once; one more begins the next page."""
MAX_NOTE = 2_000


def fields(values: RequestValues, ctx: FormContext, lines: int) -> Fieldset:
    """The page on which the line ``lines`` stands; a button adds one more."""
    first = (max(lines, 1) - 1) // MAX_LINES * MAX_LINES + 1
    last = max(lines, first, min(len(values.lines), first + MAX_LINES - 1))
    found: list[FormField] = []
    for number in range(first, last + 1):
        line = values.lines[number - 1] if number <= len(values.lines) else LineValues(description="")
        found += _line(line, number, ctx)
    found.append(FormField("more", ctx.translate("buttons.add_line"), FieldKind.add_line))
    found += _terms(values, ctx)
    return Fieldset(
        ctx.translate("slack.titles.request"),
        found,
        ctx.translate("slack.review"),
        about=ctx.translate("slack.lines_kept", last=str(first - 1)) if first > 1 else "",
        lines=last,
        is_full=last == first + MAX_LINES - 1,
    )


def read(
    values: RequestValues, answers: Mapping[str, str], ctx: FormContext
) -> tuple[RequestValues, dict[str, str]]:
    """The values with what was filled in, and a sentence per field that could not be taken."""
    errors: dict[str, str] = {}
    shown = numbers(answers)
    before = shown[0] - 1
    # sent again, a page in which lines were left empty takes the place of fewer than it shows
    first, held = values.filled_page or (0, 0)
    replaced = held if first == shown[0] else len(shown)
    written = currency_from(answers.get("currency", ""), ctx)
    currency = value_or_error("currency", errors, written) or values.currency
    filled = _lines(answers, ctx, currency, errors)
    update = {
        "lines": [*values.lines[:before], *filled, *values.lines[before + replaced :]],
        "filled_page": (shown[0], len(filled)),
        "currency": currency,
        "needed_by": value_or_error("needed_by", errors, date_from(answers.get("needed_by", ""), ctx)),
        "cost_centre": answers.get("cost_centre") or values.cost_centre,
        "note": answers.get("note", ""),
        "unread": [],
        "doubts": [],
        **UNWARNED,
        "asked": "",
        "guided": False,
    }
    return values.model_copy(update=update), errors


def numbers(answers: Mapping[str, str]) -> list[int]:
    """The lines of the page that was filled in."""
    return sorted(int(name[5:]) for name in answers if name.startswith("item:") and name[5:].isdigit()) or [1]


def empty_line(answers: Mapping[str, str]) -> int | None:
    """The first line of the page in which no item stands: the next page counts on from a full one."""
    return next((number for number in numbers(answers) if not answers.get(f"item:{number}")), None)


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
            max_length=MAX_DESCRIPTION if name == "item" else 500,
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
    for number in numbers(answers):
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
