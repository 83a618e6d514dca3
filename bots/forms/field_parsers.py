"""Single answers, read by the grammars: a value, or the sentence that says what was wrong and how to write it.

One rule: what has two readings is asked back, never guessed.
"""

import datetime as dt
import re
from decimal import Decimal

from pydantic import TypeAdapter, ValidationError

from api.contract.values import MAX_REASON_LENGTH, MIN_REASON_LENGTH, Currency, divides, whole_example
from api.language import Ambiguous, Amount, NotUnderstood, Quantity, parse_amount, parse_date, parse_quantity
from api.text import day, number
from api.text import reading as format_reading
from bots.cards.clean import clean_input
from bots.forms.form import FormContext, Rejected

_CURRENCY: TypeAdapter[str] = TypeAdapter(Currency)


def date_from(text: str, ctx: FormContext) -> dt.date | Rejected:
    """A day from today on."""
    reading = parse_date(text, ctx.locale, ctx.today)
    match reading:
        case Ambiguous():
            return ambiguous(reading, ctx)
        case NotUnderstood():
            example = day(ctx.today + dt.timedelta(days=14), ctx.locale)
            return Rejected(ctx.translate("errors.fields.date", text=_shorten(text), example=example))
    if reading < ctx.today:
        return Rejected(ctx.translate("errors.fields.past", day=reading))
    return reading


def quantity_from(text: str, ctx: FormContext, *, unit: str | None = None) -> Quantity | Rejected:
    """How many, in the unit that is written; ``unit`` is that of the line, where there is one already."""
    reading = parse_quantity(text, ctx.locale)
    match reading:
        case Ambiguous():
            return ambiguous(reading, ctx)
        case NotUnderstood():
            return _not_a_number(text, "3", ctx)
    counted_in = unit or reading.unit
    if divides(reading.value, counted_in):
        return undivided(reading.value, counted_in, ctx)
    return reading


def undivided(quantity: Decimal, unit: str, ctx: FormContext, *, item: str | None = None) -> Rejected:
    """A part of what comes whole: 3.4 pieces; ``item`` names it where it is not what was just typed."""
    facts = {
        "text": number(quantity, ctx.locale),
        "example": number(whole_example(quantity, unit), ctx.locale),
    }
    if item is None:
        return Rejected(ctx.translate("errors.fields.undivided", **facts))
    return Rejected(ctx.translate("errors.fields.whole", item=item, **facts))


def price_from(text: str, ctx: FormContext, currency: str | None) -> Amount | Rejected:
    reading = parse_amount(text, ctx.locale, currency)
    match reading:
        case Ambiguous():
            return ambiguous(reading, ctx)
        case NotUnderstood():
            return _not_a_number(text, number(Decimal(1200), ctx.locale), ctx)
    return reading


def count_from(text: str, maximum: Decimal, ctx: FormContext) -> Decimal | Rejected:
    """How many, from none to ``most``."""
    if not any(char.isdigit() for char in text):
        return _not_a_number(text, number(maximum, ctx.locale), ctx)  # "free" is a price, not a count
    reading = parse_amount(text, ctx.locale)
    match reading:
        case Ambiguous():
            return ambiguous(reading, ctx)
        case NotUnderstood():
            return _not_a_number(text, number(maximum, ctx.locale), ctx)
    if reading.value > maximum:
        return Rejected(ctx.translate("forms.receive.too_many", most=maximum))
    return reading.value


def count_from_field(text: str, maximum: Decimal, ctx: FormContext) -> Decimal | Rejected:
    """The same of a number field, whose number has a point whatever the person's language; none when it is empty."""
    if not text:
        return Decimal(0)
    read = count_from(text, maximum, FormContext("en", ctx.zone, ctx.now))
    if isinstance(read, Rejected):
        return Rejected(ctx.translate("forms.receive.too_many", most=f"{maximum:f}"))
    return read


def currency_from(text: str, ctx: FormContext) -> str | Rejected:
    try:
        return _CURRENCY.validate_python(text.strip())
    except ValidationError:
        return Rejected(ctx.translate("forms.request.currency_unknown", text=_shorten(text)))


def text_from(
    text: str, ctx: FormContext, *, min_length: int = MIN_REASON_LENGTH, max_length: int = MAX_REASON_LENGTH
) -> str | Rejected:
    """Free text, neither too short nor too long."""
    cleaned = clean_input(text)
    if len(cleaned) > max_length:
        return Rejected(ctx.translate("errors.fields.too_long", length=len(cleaned), limit=max_length))
    if len(cleaned) < min_length:
        return Rejected(ctx.translate("forms.too_short", least=str(min_length)))
    return cleaned


def ambiguous(reading: Ambiguous, ctx: FormContext) -> Rejected:
    """A text with several readings, all of them named; with one that is not certain, how to say just that."""
    if len(reading.readings) == 1:
        only = format_reading(reading.readings[0], ctx.locale)
        return Rejected(ctx.translate("errors.fields.confirm", text=_shorten(reading.text), reading=only))
    named = " / ".join(format_reading(each, ctx.locale) for each in reading.readings)
    return Rejected(ctx.translate("errors.fields.ambiguous", text=_shorten(reading.text), readings=named))


def is_number(reading: str) -> bool:
    """Whether it is one that a grammar has read, with a point before its decimals."""
    return re.fullmatch(r"\d+(\.\d+)?", reading, re.ASCII) is not None


def _not_a_number(text: str, example: str, ctx: FormContext) -> Rejected:
    return Rejected(ctx.translate("errors.fields.number", text=_shorten(text), example=example))


def _shorten(text: str) -> str:
    return text.strip()[:80]
