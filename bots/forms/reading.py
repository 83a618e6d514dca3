"""Single answers, read by the grammars: a value, or the sentence that says what was wrong and how to write it.

One rule: what has two readings is asked back, never guessed.
"""

import datetime as dt
from decimal import Decimal

from pydantic import TypeAdapter, ValidationError

from api.contract.values import Currency
from api.language import Ambiguous, Amount, NotUnderstood, Quantity, parse_amount, parse_date, parse_quantity
from api.text import day, number
from bots.cards.clean import typed
from bots.forms.form import Asking, Trouble

SHORTEST, LONGEST = 3, 500
_CURRENCY: TypeAdapter[str] = TypeAdapter(Currency)


def date_from(text: str, asking: Asking) -> dt.date | Trouble:
    """A day from today on."""
    reading = parse_date(text, asking.locale, asking.today)
    match reading:
        case Ambiguous():
            return several(reading, asking)
        case NotUnderstood():
            example = day(asking.today + dt.timedelta(days=14), asking.locale)
            return Trouble(asking.say("errors.fields.date", text=_cut(text), example=example))
    if reading < asking.today:
        return Trouble(asking.say("errors.fields.past", day=reading))
    return reading


def quantity_from(text: str, asking: Asking) -> Quantity | Trouble:
    reading = parse_quantity(text, asking.locale)
    match reading:
        case Ambiguous():
            return several(reading, asking)
        case NotUnderstood():
            return _no_number(text, "3", asking)
    return reading


def price_from(text: str, asking: Asking, currency: str | None) -> Amount | Trouble:
    reading = parse_amount(text, asking.locale, currency)
    match reading:
        case Ambiguous():
            return several(reading, asking)
        case NotUnderstood():
            return _no_number(text, number(Decimal(1200), asking.locale), asking)
    return reading


def count_from(text: str, most: Decimal, asking: Asking) -> Decimal | Trouble:
    """How many, from none to ``most``."""
    reading = parse_amount(text, asking.locale)
    match reading:
        case Ambiguous():
            return several(reading, asking)
        case NotUnderstood():
            return _no_number(text, number(most, asking.locale), asking)
    if reading.value > most:
        return Trouble(asking.say("forms.receive.too_many", most=most))
    return reading.value


def currency_from(text: str, asking: Asking) -> str | Trouble:
    try:
        return _CURRENCY.validate_python(text.strip())
    except ValidationError:
        return Trouble(asking.say("forms.request.currency_unknown", text=_cut(text)))


def words_from(text: str, asking: Asking, *, least: int = SHORTEST, most: int = LONGEST) -> str | Trouble:
    """Free words, neither too few nor too many."""
    cleaned = typed(text)
    if len(cleaned) > most:
        return Trouble(asking.say("errors.fields.too_long", length=len(cleaned), limit=most))
    if len(cleaned) < least:
        return Trouble(asking.say("forms.too_short", least=str(least)))
    return cleaned


def several(reading: Ambiguous, asking: Asking) -> Trouble:
    """A text with several readings, all of them named."""
    named = " / ".join(shown(each, asking.locale) for each in reading.readings)
    return Trouble(asking.say("errors.fields.ambiguous", text=_cut(reading.text), readings=named))


def shown(reading: str, locale: str) -> str:
    """A reading as a person writes it: a day in words, anything else as it is."""
    try:
        return day(dt.date.fromisoformat(reading), locale)
    except ValueError:
        return reading


def _no_number(text: str, example: str, asking: Asking) -> Trouble:
    return Trouble(asking.say("errors.fields.number", text=_cut(text), example=example))


def _cut(text: str) -> str:
    return text.strip()[:80]
