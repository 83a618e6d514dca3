"""What was filled into a modal, as the form's values; or a sentence per field that could not be taken.

One rule: read by the same readers as typed words, so that "2.5 kg" and "12/01" mean on Slack what they mean
everywhere.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import TypeVar

from bots.forms.delegate import DelegateValues, end_of_day
from bots.forms.field_parsers import count_from, currency_from, date_from, price_from, quantity_from
from bots.forms.form import FormContext, Rejected, Values
from bots.forms.preferences import OFF, PreferencesValues
from bots.forms.reason import PROMPTS, ReasonValues
from bots.forms.receive import LineReceipt, ReceiveValues
from bots.forms.request_values import LineValues, RequestValues
from bots.slack.modal_forms import OTHER, REASON, TEXT

FieldErrors = dict[str, str]
T = TypeVar("T")


def read_values(
    values: Values, field_values: Mapping[str, str], ctx: FormContext
) -> tuple[Values, FieldErrors]:
    """The form's values with what was filled in."""
    match values:
        case ReasonValues():
            return _reason(values, field_values, ctx)
        case ReceiveValues():
            return _receive(values, field_values, ctx)
        case RequestValues():
            return _request(values, field_values, ctx)
        case DelegateValues():
            return _delegate(values, field_values, ctx)
        case PreferencesValues():
            return _preferences(values, field_values, ctx)
    raise TypeError(f"no modal for {type(values).__name__}")


def first_block_id(values: Values) -> str:
    """Where a sentence about the whole form stands."""
    match values:
        case ReasonValues(saying=saying):
            return REASON if PROMPTS[saying].quick else TEXT
        case ReceiveValues():
            return "good:1"
        case DelegateValues():
            return "until"
        case PreferencesValues():
            return "language"
    return "item:1"


def _reason(
    values: ReasonValues, field_values: Mapping[str, str], ctx: FormContext
) -> tuple[Values, FieldErrors]:
    """Own words win over the list; choosing "other" without words is no reason."""
    own, chosen = field_values.get(TEXT, ""), field_values.get(REASON, OTHER)
    prompt = PROMPTS[values.saying]
    if not own and chosen != OTHER and chosen[1:].isdigit() and int(chosen[1:]) < len(prompt.quick):
        own = ctx.translate(prompt.quick[int(chosen[1:])])
    text = prompt.read(own, ctx)
    if isinstance(text, Rejected):
        return values, {TEXT: text.text}
    return values.model_copy(update={"text": text}), {}


def _receive(
    values: ReceiveValues, field_values: Mapping[str, str], ctx: FormContext
) -> tuple[Values, FieldErrors]:
    errors: FieldErrors = {}
    arrived: dict[str, LineReceipt] = {}
    for number, receivable in enumerate(values.lines, start=1):
        good = _value_or_error(
            f"good:{number}", errors, _count(field_values.get(f"good:{number}", ""), receivable.open, ctx)
        )
        remaining = receivable.open - (good or Decimal(0))
        bad = _value_or_error(
            f"bad:{number}", errors, _count(field_values.get(f"bad:{number}", ""), remaining, ctx)
        )
        arrived[str(number)] = LineReceipt(accepted=good or Decimal(0), rejected=bad)
    updated = values.model_copy(update={"arrived": arrived})
    if not errors and updated.is_empty:
        errors["good:1"] = ctx.translate("forms.receive.nothing")
    return updated, errors


def _count(text: str, maximum: Decimal, ctx: FormContext) -> Decimal | Rejected:
    """Slack's number field writes a point, whatever the person's language."""
    if not text:
        return Decimal(0)
    reading = count_from(text, maximum, FormContext("en", ctx.zone, ctx.now))
    if isinstance(reading, Rejected):
        return Rejected(ctx.translate("forms.receive.too_many", most=f"{maximum:f}"))
    return reading


def _delegate(
    values: DelegateValues, field_values: Mapping[str, str], ctx: FormContext
) -> tuple[Values, FieldErrors]:
    """Somebody who is not among those that were offered is nobody."""
    errors: FieldErrors = {}
    to = next((each.id for each in values.colleagues if str(each.id) == field_values.get("to")), None)
    if to is None:
        errors["to"] = ctx.translate("forms.press_a_button")
    day = _value_or_error("until", errors, date_from(field_values.get("until", ""), ctx))
    until = end_of_day(day, ctx) if day is not None else None
    return values.model_copy(update={"to": to, "until": until}), errors


def _preferences(
    values: PreferencesValues, field_values: Mapping[str, str], ctx: FormContext
) -> tuple[Values, FieldErrors]:
    errors: FieldErrors = {}
    begins, ends = field_values.get("begins", ""), field_values.get("ends", "")
    if bool(begins) is not bool(ends):
        errors["ends" if begins else "begins"] = ctx.translate("forms.settings.both")
    chosen, hour = field_values.get("language", ""), field_values.get("digest", OFF)
    updated = values.model_copy(
        update={
            "locale": chosen if chosen in values.locales and chosen != values.language else values.locale,
            "digest_hour": int(hour) if hour in map(str, range(24)) else None,
            "night": (begins, ends) if begins else None,
            "changed": "all",
        }
    )
    return updated, errors


def _request(
    values: RequestValues, field_values: Mapping[str, str], ctx: FormContext
) -> tuple[Values, FieldErrors]:
    errors: FieldErrors = {}
    currency = (
        _value_or_error("currency", errors, currency_from(field_values.get("currency", ""), ctx))
        or values.currency
    )
    day = _value_or_error("needed_by", errors, date_from(field_values.get("needed_by", ""), ctx))
    centre = field_values.get("cost_centre") or values.cost_centre
    updated = values.model_copy(
        update={
            "lines": _lines(field_values, ctx, currency, errors),
            "currency": currency,
            "needed_by": day,
            "cost_centre": centre,
            "note": field_values.get("note", ""),
            "unread": [],
            "doubts": [],
            "asked": "",
            "guided": False,
        }
    )
    return updated, errors


def _lines(
    field_values: Mapping[str, str], ctx: FormContext, currency: str, errors: FieldErrors
) -> list[LineValues]:
    """Every line in which something stands; the first one has to be there."""
    found: list[LineValues] = []
    numbers = sorted(
        int(name[5:]) for name in field_values if name.startswith("item:") and name[5:].isdigit()
    )
    for number in numbers:
        item, amount = field_values.get(f"item:{number}", ""), field_values.get(f"quantity:{number}", "")
        price = field_values.get(f"price:{number}", "")
        if not (item or amount or price) and number > 1:
            continue
        if not item:
            errors[f"item:{number}"] = ctx.translate("forms.request.item")
            continue
        quantity = _value_or_error(f"quantity:{number}", errors, quantity_from(amount, ctx))
        cost = _value_or_error(f"price:{number}", errors, price_from(price, ctx, currency)) if price else None
        if quantity is not None:
            found.append(
                LineValues(
                    description=item[:300],
                    quantity=quantity.value,
                    unit=quantity.unit,
                    price=cost.value if cost is not None else None,
                )
            )
    return found


def _value_or_error(block: str, errors: FieldErrors, reading: T | Rejected) -> T | None:
    """The value; what could not be read is noted under its field."""
    if isinstance(reading, Rejected):
        errors[block] = reading.text
        return None
    return reading
