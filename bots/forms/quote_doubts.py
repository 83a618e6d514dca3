"""The question which of its readings a vendor's words have: the price of one or of all, a day or a cost.

One rule: a chosen reading fills the field that was in doubt, and nothing that was said beside it is lost.
"""

import datetime as dt
import re
from decimal import Decimal

from api.text import day, money
from bots.cards import phrases
from bots.forms.ambiguity import Ambiguity, reading_buttons
from bots.forms.field_parsers import currency_from, date_from, price_from
from bots.forms.form import FormContext, FormQuestion, Rejected, StepResult, button_rows
from bots.forms.quote_values import Offer, QuoteValues, read_quote, with_reading

MAX_LEAD_DAYS = 3650


def doubt_question(values: QuoteValues, ctx: FormContext) -> FormQuestion:
    """What is in doubt, in the vendor's words, and a button for each of its readings."""
    doubt = values.doubts[0]
    about = [f"{doubt.line}  {values.lines[doubt.line - 1].description}"] if doubt.line else []
    return FormQuestion(
        ctx.translate(f"forms.quote.doubt.{doubt.field}", text=doubt.text),
        facts=about if len(values.lines) > 1 else (),
        buttons=button_rows(*reading_buttons(_labels(values, ctx), ctx), per_row=2),
    )


def with_chosen(values: QuoteValues, index: int, ctx: FormContext) -> StepResult:
    """The first doubt resolved by one of its readings."""
    doubt = values.doubts[0]
    if index >= len(doubt.readings):
        return Rejected(ctx.translate("forms.press_a_button"))
    return _resolved(_without_first(values), doubt, doubt.readings[index], ctx)


def with_typed(values: QuoteValues, text: str, ctx: FormContext) -> StepResult:
    """The first doubt resolved by text: one of its readings, or the value typed again."""
    index = values.doubts[0].typed(text, _labels(values, ctx), ctx.locale)
    return with_chosen(values, index, ctx) if index is not None else _retyped(values, text, ctx)


def lead_days(values: QuoteValues, text: str, ctx: FormContext) -> int | Rejected:
    """``10``, ``10d`` or ``2 weeks``, in days."""
    digits = re.fullmatch(r"\s*(\d{1,4})\s*", text, re.ASCII)
    days = int(digits[1]) if digits else read_quote(text, values, ctx).lead_time_days
    if days is None or days > MAX_LEAD_DAYS:
        return Rejected(ctx.translate("errors.fields.number", text=text.strip()[:80], example="10"))
    return days


def _without_first(values: QuoteValues) -> QuoteValues:
    return values.model_copy(update={"doubts": values.doubts[1:]})


def _labels(values: QuoteValues, ctx: FormContext) -> list[str]:
    doubt = values.doubts[0]
    return [_label(doubt.field, reading, values, ctx) for reading in doubt.readings]


def _label(field: str, reading: str, values: QuoteValues, ctx: FormContext) -> str:
    """A reading as its button says it: ``$410.00``, ``15 December 2026``, ``14 days``."""
    if field == "line":
        return f"{reading}  {values.lines[int(reading) - 1].description}"
    if field == "lead_time_days":
        return phrases.days(int(reading), ctx.locale)
    if (until := _as_day(reading)) is not None:
        return day(until, ctx.locale)
    if field in ("unit_price", "shipping", "delivery") and _as_number(reading) is not None:
        return money(Decimal(reading), values.currency, ctx.locale)
    return ctx.translate("buttons.no_bid_line") if reading == "no_bid" else reading


def _as_day(reading: str) -> dt.date | None:
    return dt.date.fromisoformat(reading) if re.fullmatch(r"\d{4}-\d\d-\d\d", reading, re.ASCII) else None


def _as_number(reading: str) -> Decimal | None:
    return Decimal(reading) if re.fullmatch(r"\d+(\.\d+)?", reading, re.ASCII) else None


def _resolved(values: QuoteValues, doubt: Ambiguity, reading: str, ctx: FormContext) -> StepResult:
    until, number = _as_day(reading), _as_number(reading)
    match doubt.field:
        case "currency":
            return values.model_copy(update={"currency": reading})
        case "line":
            return with_reading(values, read_quote(doubt.text, values, ctx, int(reading)), ctx, strict=False)
        case "unit_price" if doubt.line and number is None:  # "no bid" or "same"
            said = read_quote(reading.replace("_", " "), values, ctx, doubt.line)
            return with_reading(values, said, ctx, strict=False)
        case "unit_price" if doubt.line and number is not None:
            return _with_offer(
                values, doubt.line, _offer(values, doubt.line).model_copy(update={"price": number})
            )
        case "lead_time_days" if doubt.line and number is not None:
            days = int(number)
            return _with_offer(
                values, doubt.line, _offer(values, doubt.line).model_copy(update={"days": days})
            )
        case "lead_time_days" if number is not None:
            return values.model_copy(update={"lead_time": int(number)})
        case "valid_until" if until is not None:
            return values.model_copy(update={"valid_until": until})
        case "shipping" | "delivery" if number is not None:
            return values.model_copy(update={"shipping": number})
        case "delivery" if until is not None:
            noted = f"{doubt.text} ({day(until, ctx.locale)})"
            return values.model_copy(update={"note": "; ".join(filter(None, (values.note, noted)))})
    return Rejected(ctx.translate("forms.press_a_button"))


def _offer(values: QuoteValues, line: int) -> Offer:
    return values.offer(line) or Offer()


def _with_offer(values: QuoteValues, line: int, offer: Offer) -> QuoteValues:
    return values.model_copy(update={"offers": {**values.offers, str(line): offer}})


def _retyped(values: QuoteValues, text: str, ctx: FormContext) -> StepResult:
    """The value in doubt, typed anew; a new answer to a line may leave new doubts."""
    doubt, remaining = values.doubts[0], _without_first(values)
    typed: object
    match doubt.field:
        case "currency":
            typed = currency_from(text, ctx)
        case "valid_until":
            typed = date_from(text, ctx)
        case "lead_time_days":
            typed = lead_days(values, text, ctx)
        case "shipping" | "delivery":
            price = price_from(text, ctx, values.currency)
            typed = price if isinstance(price, Rejected) else price.value
        case _:
            reading = read_quote(text, remaining, ctx, doubt.line)
            return with_reading(remaining, reading, ctx, strict=True)
    return typed if isinstance(typed, Rejected) else _resolved(remaining, doubt, f"{typed}", ctx)
