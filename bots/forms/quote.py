"""The vendor's quote, line by line or in one message.

    line 1 … line n → lead time → valid until → shipping? → note? → files? → review → send

One rule: nothing is sent before Send; a file that was dropped is held with the draft.
"""

import datetime as dt
import re
from collections.abc import Sequence

from api.text import day, money
from bots.cards import words
from bots.cards.card import Row, Style
from bots.forms.form import Asking, Done, Form, Question, Step, Trouble, choices, numbered, picked
from bots.forms.quote_values import Offer, QuoteValues, read_quote, with_reading
from bots.forms.reading import date_from, price_from

OPTIONAL = ("shipping", "note", "files")
VALIDITIES = (14, 30, 60)
LONGEST_LEAD = 3650
_UNSAID: tuple[object, ...] = (None, "", [])  # a shipping of 0 was said


class QuoteForm(Form[QuoteValues]):
    name = "quote"
    kind = QuoteValues

    def step(self, values: QuoteValues) -> str:
        if values.asked:
            return values.asked
        for number in range(1, len(values.lines) + 1):
            if values.offer(number) is None:
                return f"line:{number}"
        if not values.priced:
            return "nothing"
        if values.longest_lead is None:
            return "lead_time"
        if values.valid_until is None:
            return "valid_until"
        for name in OPTIONAL:
            if name not in values.passed and getattr(values, name) in _UNSAID:
                return name
        return "review"

    def question(self, step: str, values: QuoteValues, asking: Asking) -> Question:
        name, number = numbered(step)
        match name:
            case "line":
                return _line_question(number, values, asking)
            case "review":
                return _review(values, asking)
            case "edit":
                return Question(asking.say("forms.quote.which_line"), buttons=_places(values, asking))
            case "nothing":
                return Question(asking.say("forms.quote.nothing"), buttons=_places(values, asking))
        skip = [asking.button("buttons.skip", "s")] if name in OPTIONAL else []
        if name == "valid_until":
            skip = [asking.named(words.days(days, asking.locale), f"v{days}") for days in VALIDITIES]
        return Question(
            asking.say(f"forms.quote.{_PROMPTS.get(name, name)}", **_facts(name, values)),
            buttons=choices(*skip),
        )

    def answer(self, step: str, values: QuoteValues, text: str, asking: Asking) -> Step:
        name, number = numbered(step)
        match name:
            case "line":
                return with_reading(values, read_quote(text, values, asking, number), asking, strict=True)
            case "lead_time":
                return _lead_time(values, text, asking)
            case "valid_until":
                until = date_from(text, asking)
                return until if isinstance(until, Trouble) else _set(values, valid_until=until)
            case "shipping":
                price = price_from(text, asking, values.currency)
                if isinstance(price, Trouble):
                    return price
                if price.currency not in (None, values.currency):
                    return Trouble(asking.say("forms.quote.one_currency", currency=values.currency))
                return _passed(values, name, shipping=price.value)
            case "note":
                return _passed(values, name, note=text.strip()[:2000])
            case "review" | "edit" | "nothing":
                return with_reading(values, read_quote(text, values, asking), asking, strict=True)
        return Trouble(asking.say("forms.quote.attach"))

    def choose(self, step: str, values: QuoteValues, choice: str, asking: Asking) -> Step:
        name, number = numbered(step)
        line, days = picked(choice, "l"), picked(choice, "v")
        if line and line <= len(values.lines) and name in ("edit", "nothing"):
            return _set(values, asked=f"line:{line}")
        if days in VALIDITIES and name == "valid_until":
            return _set(values, valid_until=asking.today + dt.timedelta(days=days))
        match choice:
            case "go" if step == "review":
                return Done(values)
            case "no" if name == "line":
                return _set(values, offers={**values.offers, str(number): Offer(no_bid=True)})
            case "edit" if step == "review":
                return _set(values, asked="edit")
            case "files" if step == "review":
                return _set(values, asked="files")
            case "s" if name in OPTIONAL:
                return _passed(values, name)
        return Trouble(asking.say("forms.press_a_button"))


_PROMPTS = {"files": "attach"}


def _set(values: QuoteValues, **update: object) -> QuoteValues:
    return values.model_copy(update={"asked": "", **update})


def _passed(values: QuoteValues, name: str, **update: object) -> QuoteValues:
    return _set(values, passed=[*values.passed, name], **update)


def _facts(name: str, values: QuoteValues) -> dict[str, object]:
    return {"currency": values.currency} if name == "shipping" else {}


def _lead_time(values: QuoteValues, text: str, asking: Asking) -> Step:
    """``10``, ``10d`` or ``2 weeks``."""
    digits = re.fullmatch(r"\s*(\d{1,4})\s*", text, re.ASCII)
    days = int(digits[1]) if digits else read_quote(text, values, asking).lead_time_days
    if days is None or days > LONGEST_LEAD:
        return Trouble(asking.say("errors.fields.number", text=text.strip()[:80], example="10"))
    return _set(values, lead_time=days)


def _line_question(number: int, values: QuoteValues, asking: Asking) -> Question:
    line = values.lines[number - 1]
    return Question(
        asking.say(
            "forms.quote.line",
            line=str(number),
            lines=str(len(values.lines)),
            item=words.line(line.quantity, line.unit, line.description, asking.locale),
            currency=values.currency,
        ),
        facts=_unread(values, asking),
        buttons=choices(asking.button("buttons.no_bid_line", "no")),
    )


def _unread(values: QuoteValues, asking: Asking) -> Sequence[str]:
    if not values.unread:
        return ()
    return (asking.say("forms.request.unread", words=", ".join(f"“{each}”" for each in values.unread)),)


def _places(values: QuoteValues, asking: Asking) -> tuple[Row, ...]:
    found = [
        asking.named(f"{number}  {line.description}", f"l{number}")
        for number, line in enumerate(values.lines, start=1)
    ]
    return choices(*found[:20], wide=2)


def _review(values: QuoteValues, asking: Asking) -> Question:
    """Everything that will be sent, with the total."""
    locale = asking.locale
    items = [_told(number, values, asking) for number in range(1, len(values.lines) + 1)]
    shipping = values.shipping
    facts = [
        asking.say(
            "forms.quote.totals",
            total=money(values.total, values.currency, locale),
            shipping=money(shipping, values.currency, locale)
            if shipping
            else asking.say("forms.quote.no_shipping"),
        ),
        asking.say(
            "forms.quote.terms",
            days=words.days(values.longest_lead or 0, locale),
            day=day(values.valid_until, locale) if values.valid_until else "",
        ),
        *words.note(values.note, locale),
        *_unread(values, asking),
    ]
    if values.files:
        named = ", ".join(f"{file.name} ({words.size(file.size, locale)})" for file in values.files)
        facts.append(asking.say("cards.files", files=named))
    return Question(
        asking.say("forms.quote.summary", number=values.number),
        facts=facts,
        items=items,
        buttons=choices(
            asking.button("buttons.send_quote", "go", Style.good),
            asking.button("buttons.edit", "edit"),
            asking.button("buttons.add_file", "files"),
        ),
    )


def _told(number: int, values: QuoteValues, asking: Asking) -> str:
    line, offer = values.lines[number - 1], values.offer(number)
    text = f"{number}  {words.line(line.quantity, line.unit, line.description, asking.locale)}"
    if offer is None or offer.no_bid or offer.price is None:
        return asking.say("cards.your_no_bid", line=text)
    days = offer.days if offer.days is not None else values.longest_lead or 0
    price = money(offer.price, values.currency, asking.locale)
    return asking.say("cards.your_price", line=text, price=price, days=words.days(days, asking.locale))
