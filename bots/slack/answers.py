"""What was filled into a modal, as the form's values; or a sentence per field that could not be taken.

One rule: read by the same readers as typed words, so that "2.5 kg" and "12/01" mean on Slack what they mean
everywhere.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import TypeVar

from bots.forms.delegate import DelegateValues, whole_day
from bots.forms.form import Asking, Trouble, Values
from bots.forms.reading import count_from, currency_from, date_from, price_from, quantity_from
from bots.forms.receive import Arrived, ReceiveValues
from bots.forms.request_values import LineValues, RequestValues
from bots.forms.saying import PROMPTS, SayingValues
from bots.forms.settings import OFF, SettingsValues
from bots.slack.forms import OTHER, REASON, TEXT

Wrong = dict[str, str]
T = TypeVar("T")


def read(values: Values, filled: Mapping[str, str], asking: Asking) -> tuple[Values, Wrong]:
    """The form's values with what was filled in."""
    match values:
        case SayingValues():
            return _saying(values, filled, asking)
        case ReceiveValues():
            return _receive(values, filled, asking)
        case RequestValues():
            return _request(values, filled, asking)
        case DelegateValues():
            return _delegate(values, filled, asking)
        case SettingsValues():
            return _settings(values, filled, asking)
    raise TypeError(f"no modal for {type(values).__name__}")


def first_block(values: Values) -> str:
    """Where a sentence about the whole form stands."""
    match values:
        case SayingValues(saying=saying):
            return REASON if PROMPTS[saying].quick else TEXT
        case ReceiveValues():
            return "good:1"
        case DelegateValues():
            return "until"
        case SettingsValues():
            return "language"
    return "item:1"


def _saying(values: SayingValues, filled: Mapping[str, str], asking: Asking) -> tuple[Values, Wrong]:
    """Own words win over the list; choosing "other" without words is no reason."""
    own, chosen = filled.get(TEXT, ""), filled.get(REASON, OTHER)
    prompt = PROMPTS[values.saying]
    if not own and chosen != OTHER and chosen[1:].isdigit() and int(chosen[1:]) < len(prompt.quick):
        own = asking.say(prompt.quick[int(chosen[1:])])
    said = prompt.read(own, asking)
    if isinstance(said, Trouble):
        return values, {TEXT: said.text}
    return values.model_copy(update={"text": said}), {}


def _receive(values: ReceiveValues, filled: Mapping[str, str], asking: Asking) -> tuple[Values, Wrong]:
    wrong: Wrong = {}
    arrived: dict[str, Arrived] = {}
    for place, due in enumerate(values.lines, start=1):
        good = _taken(f"good:{place}", wrong, _count(filled.get(f"good:{place}", ""), due.open, asking))
        left = due.open - (good or Decimal(0))
        bad = _taken(f"bad:{place}", wrong, _count(filled.get(f"bad:{place}", ""), left, asking))
        arrived[str(place)] = Arrived(accepted=good or Decimal(0), rejected=bad)
    told = values.model_copy(update={"arrived": arrived})
    if not wrong and told.nothing:
        wrong["good:1"] = asking.say("forms.receive.nothing")
    return told, wrong


def _count(text: str, most: Decimal, asking: Asking) -> Decimal | Trouble:
    """Slack's number field writes a point, whatever the person's language."""
    if not text:
        return Decimal(0)
    reading = count_from(text, most, Asking("en", asking.zone, asking.now))
    if isinstance(reading, Trouble):
        return Trouble(asking.say("forms.receive.too_many", most=f"{most:f}"))
    return reading


def _delegate(values: DelegateValues, filled: Mapping[str, str], asking: Asking) -> tuple[Values, Wrong]:
    """Somebody who is not among those that were offered is nobody."""
    wrong: Wrong = {}
    to = next((each.id for each in values.colleagues if str(each.id) == filled.get("to")), None)
    if to is None:
        wrong["to"] = asking.say("forms.press_a_button")
    day = _taken("until", wrong, date_from(filled.get("until", ""), asking))
    until = whole_day(day, asking) if day is not None else None
    return values.model_copy(update={"to": to, "until": until}), wrong


def _settings(values: SettingsValues, filled: Mapping[str, str], asking: Asking) -> tuple[Values, Wrong]:
    wrong: Wrong = {}
    begins, ends = filled.get("begins", ""), filled.get("ends", "")
    if bool(begins) is not bool(ends):
        wrong["ends" if begins else "begins"] = asking.say("forms.settings.both")
    chosen, hour = filled.get("language", ""), filled.get("digest", OFF)
    told = values.model_copy(
        update={
            "locale": chosen if chosen in values.locales and chosen != values.language else values.locale,
            "digest_hour": int(hour) if hour in map(str, range(24)) else None,
            "night": (begins, ends) if begins else None,
            "changed": "all",
        }
    )
    return told, wrong


def _request(values: RequestValues, filled: Mapping[str, str], asking: Asking) -> tuple[Values, Wrong]:
    wrong: Wrong = {}
    currency = _taken("currency", wrong, currency_from(filled.get("currency", ""), asking)) or values.currency
    day = _taken("needed_by", wrong, date_from(filled.get("needed_by", ""), asking))
    centre = filled.get("cost_centre") or values.cost_centre
    told = values.model_copy(
        update={
            "lines": _lines(filled, asking, currency, wrong),
            "currency": currency,
            "needed_by": day,
            "cost_centre": centre,
            "note": filled.get("note", ""),
            "unread": [],
            "doubts": [],
            "asked": "",
            "guided": False,
        }
    )
    return told, wrong


def _lines(filled: Mapping[str, str], asking: Asking, currency: str, wrong: Wrong) -> list[LineValues]:
    """Every line in which something stands; the first one has to be there."""
    found: list[LineValues] = []
    numbers = sorted(int(name[5:]) for name in filled if name.startswith("item:") and name[5:].isdigit())
    for number in numbers:
        item, amount = filled.get(f"item:{number}", ""), filled.get(f"quantity:{number}", "")
        price = filled.get(f"price:{number}", "")
        if not (item or amount or price) and number > 1:
            continue
        if not item:
            wrong[f"item:{number}"] = asking.say("forms.request.item")
            continue
        quantity = _taken(f"quantity:{number}", wrong, quantity_from(amount, asking))
        cost = _taken(f"price:{number}", wrong, price_from(price, asking, currency)) if price else None
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


def _taken(block: str, wrong: Wrong, reading: T | Trouble) -> T | None:
    """The value; what could not be read is noted under its field."""
    if isinstance(reading, Trouble):
        wrong[block] = reading.text
        return None
    return reading
