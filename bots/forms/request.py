"""The request form: from a typed line, or question by question.

    item → quantity → (price?) → needed by → cost centre → (note?) → review → submit

One rule: everything that was understood is shown and everything that was not is quoted, before Submit.
"""

from decimal import Decimal

from api.language import parse_request
from api.text import day, money
from bots.cards import words
from bots.cards.card import Button, Row, Style
from bots.forms.form import Asking, Done, Form, Question, Step, Trouble, choices, numbered, picked
from bots.forms.reading import currency_from, date_from, price_from, quantity_from, shown
from bots.forms.request_values import LineValues, RequestValues, with_reading

EDITABLE = ("item", "needed_by", "cost_centre", "currency", "note")
SHOWN = 6


class RequestForm(Form[RequestValues]):
    name = "request"
    kind = RequestValues

    def step(self, values: RequestValues) -> str:
        if values.asked:
            return values.asked
        if values.doubts:
            return "which"
        if not values.lines:
            return "item"
        for number, line in enumerate(values.lines, start=1):
            if not line.description:
                return f"describe:{number}"
            if line.quantity is None:
                return f"quantity:{number}"
            if values.guided and line.price is None and f"price:{number}" not in values.passed:
                return f"price:{number}"
        if values.needed_by is None:
            return "needed_by"
        if values.cost_centre is None:
            return "cost_centre"
        return "note" if values.guided and "note" not in values.passed else "review"

    def question(self, step: str, values: RequestValues, asking: Asking) -> Question:
        name, number = numbered(step)
        match name:
            case "review":
                return _review(values, asking)
            case "edit":
                return Question(asking.say("forms.request.edit"), buttons=_fields(values, asking))
            case "which":
                doubt = values.doubts[0]
                named = [shown(each, asking.locale) for each in doubt.readings]
                title = asking.say("errors.fields.ambiguous", text=doubt.text, readings=" / ".join(named))
                found = [asking.named(text, f"d{place}") for place, text in enumerate(named)]
                return Question(title, buttons=choices(*found[:SHOWN]))
            case "quantity" | "describe" | "price":
                facts = {"item": values.lines[number - 1].description or f"{number}"}
                prompt = {"quantity": "quantity", "describe": "item", "price": "price"}[name]
                skip = (asking.button("buttons.skip", "s"),) if name == "price" else ()
                return Question(asking.say(f"forms.request.{prompt}", **facts), buttons=choices(*skip))
            case _:
                return Question(asking.say(f"forms.request.{name}"), buttons=_suggestions(name, asking))

    def answer(self, step: str, values: RequestValues, text: str, asking: Asking) -> Step:
        name, number = numbered(step)
        match name:
            case "item":
                return _read(values, text, asking)
            case "describe":
                return _with_line(values, number, description=text.strip()[:300])
            case "quantity":
                amount = quantity_from(text, asking)
                if isinstance(amount, Trouble):
                    return amount
                return _with_line(values, number, quantity=amount.value, unit=amount.unit)
            case "price":
                price = price_from(text, asking, values.currency)
                if isinstance(price, Trouble):
                    return price
                told = values.model_copy(update={"currency": price.currency or values.currency})
                return _with_line(told, number, price=price.value)
            case "which":
                return _typed(values, text, asking)
            case "review" | "edit":
                return Trouble(asking.say("forms.press_a_button"))
            case _:
                return _field(name, values, text, asking)

    def choose(self, step: str, values: RequestValues, choice: str, asking: Asking) -> Step:
        kind, _, named = choice.partition(":")
        place = picked(choice, "d")
        if place is not None and step == "which":
            return _settled(values, place)
        match kind:
            case "e" if step == "edit" and named in EDITABLE:
                return values.model_copy(update={"asked": named})
            case "c" if step == "cost_centre" and named in dict(asking.cost_centres):
                return values.model_copy(update={"cost_centre": named, "asked": ""})
            case "go" if step == "review":
                return Done(values)
            case "edit" if step == "review":
                return values.model_copy(update={"asked": "edit"})
            case "line" if step == "review":
                return values.model_copy(update={"asked": "item"})
            case "drop" if step == "edit" and len(values.lines) > 1:
                return values.model_copy(update={"lines": values.lines[:-1], "asked": ""})
            case "s" if step == "note" or step.startswith("price:"):
                return values.model_copy(update={"passed": [*values.passed, step], "asked": ""})
        return Trouble(asking.say("forms.press_a_button"))


def started(text: str, asking: Asking) -> RequestValues:
    """A form from the words after /request; without words it asks question by question."""
    centres = asking.cost_centres
    only = centres[0][0] if len(centres) == 1 else None
    values = RequestValues(currency=asking.currency, guided=not text.strip(), cost_centre=None)
    if text.strip():
        read = _read(values, text, asking)
        values = read if isinstance(read, RequestValues) else values.model_copy(update={"guided": True})
    return values if values.cost_centre or not only else values.model_copy(update={"cost_centre": only})


def _read(values: RequestValues, text: str, asking: Asking) -> RequestValues | Trouble:
    reading = parse_request(
        text,
        locale=asking.locale,
        today=asking.today,
        currency=values.currency,
        cost_centres=[code for code, _ in asking.cost_centres],
    )
    if reading.refused:
        facts = {"length": reading.refused.length, "limit": reading.refused.limit}
        return Trouble(asking.say("errors.fields.too_long", **facts))
    if not reading.lines and not values.lines:
        return Trouble(asking.say("forms.request.no_item"))
    return _known(with_reading(values, reading), asking)


def _known(values: RequestValues, asking: Asking) -> RequestValues:
    """A cost centre as it is written in the books; a day in the past is asked again."""
    code = _centre(values.cost_centre or "", asking)
    past = values.needed_by is not None and values.needed_by < asking.today
    unread = [*values.unread, *([f"for {values.cost_centre}"] if values.cost_centre and not code else [])]
    return values.model_copy(
        update={
            "cost_centre": code,
            "unread": unread,
            "needed_by": None if past else values.needed_by,
        }
    )


def _centre(said: str, asking: Asking) -> str | None:
    wanted = said.strip().casefold()
    if not asking.cost_centres:
        return said.strip() or None
    return next(
        (code for code, name in asking.cost_centres if wanted in (code.casefold(), name.casefold())), None
    )


def _with_line(values: RequestValues, number: int, **update: object) -> RequestValues:
    lines = list(values.lines)
    lines[number - 1] = LineValues.model_validate(lines[number - 1].model_dump() | update)
    return values.model_copy(update={"lines": lines, "asked": ""})


def _field(name: str, values: RequestValues, text: str, asking: Asking) -> Step:
    taken: object
    match name:
        case "needed_by":
            taken = date_from(text, asking)
        case "cost_centre":
            taken = _centre(text, asking) or Trouble(
                asking.say("forms.request.unknown_centre", text=text[:40])
            )
        case "currency":
            taken = currency_from(text, asking)
        case "note":
            taken = text.strip()[:2000]
        case _:
            return Trouble(asking.say("forms.press_a_button"))
    if isinstance(taken, Trouble):
        return taken
    return values.model_copy(update={name: taken, "asked": "", "passed": [*values.passed, name]})


def _typed(values: RequestValues, text: str, asking: Asking) -> Step:
    """A doubt answered by words: one of the readings, or the field said anew."""
    doubt = values.doubts[0]
    said = text.strip().casefold()
    for place, reading in enumerate(doubt.readings):
        if said in (reading.casefold(), shown(reading, asking.locale).casefold()):
            return _settled(values, place)
    field = {"unit_price": "price"}.get(doubt.field, doubt.field)
    step = f"{field}:{doubt.line}" if doubt.line else field
    taken = RequestForm().answer(step, values, text, asking)
    if not isinstance(taken, RequestValues):
        return taken
    return taken.model_copy(update={"doubts": values.doubts[1:]})


def _settled(values: RequestValues, place: int) -> RequestValues | Trouble:
    """One reading chosen."""
    doubt, rest = values.doubts[0], values.doubts[1:]
    if place >= len(doubt.readings):
        return values
    reading, left = doubt.readings[place], values.model_copy(update={"doubts": rest})
    if doubt.line is None or doubt.line > len(values.lines):
        return RequestValues.model_validate(
            left.model_dump() | {_NAMES.get(doubt.field, doubt.field): reading}
        )
    return _with_line(left, doubt.line, **{_NAMES.get(doubt.field, doubt.field): reading})


_NAMES = {"unit_price": "price"}


def _suggestions(name: str, asking: Asking) -> tuple[Row, ...]:
    if name == "cost_centre":
        found: list[Button] = [asking.named(code, f"c:{code}") for code, _ in asking.cost_centres[:9]]
        return choices(*found)
    return choices(asking.button("buttons.skip", "s")) if name == "note" else ()


def _fields(values: RequestValues, asking: Asking) -> tuple[Row, ...]:
    found = [
        asking.button("buttons.add_line" if name == "item" else f"forms.field.{name}", f"e:{name}")
        for name in EDITABLE
    ]
    if len(values.lines) > 1:
        found.append(asking.button("buttons.remove_line", "drop"))
    return choices(*found, wide=2)


def _review(values: RequestValues, asking: Asking) -> Question:
    """The draft card: every field named, unread words quoted."""
    locale = asking.locale
    items = [
        words.priced(
            words.line(line.quantity or Decimal(0), line.unit, line.description, locale),
            line.price,
            values.currency,
            locale,
        )
        for line in values.lines
    ]
    prices = [line.price * line.quantity for line in values.lines if line.price and line.quantity]
    whole = len(prices) == len(values.lines)
    total = money(sum(prices, Decimal(0)), values.currency, locale) if whole else None
    facts = [
        asking.say(
            "cards.request_summary",
            total=total or asking.say("cards.price_open", currency=values.currency),
            cost_centre=values.cost_centre or "",
            day=day(values.needed_by, locale) if values.needed_by else "",
        ),
        *words.note(values.note, locale),
    ]
    if values.unread:
        quoted = ", ".join(f"“{each}”" for each in values.unread)
        facts.append(asking.say("forms.request.unread", words=quoted))
    return Question(
        asking.say("forms.request.draft"),
        facts=facts,
        items=items,
        buttons=choices(
            asking.button("buttons.submit", "go", Style.good),
            asking.button("buttons.edit", "edit"),
            asking.button("buttons.add_line", "line"),
        ),
    )
