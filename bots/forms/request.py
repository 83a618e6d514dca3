"""The request's form: what is understood so far, what is still missing, and the command it becomes.

One rule: pure; it knows no platform. Nothing is guessed: what has two readings is asked, and what was not
understood is quoted back.
"""

import datetime as dt
from decimal import Decimal

from pydantic import BaseModel

from api.contract.requests import RequestIn, RequestLineIn
from api.language import parse_date, parse_quantity, parse_request
from api.language.readings import Ambiguous, NotUnderstood, Quantity
from api.text import day, money, quantity, say

FIELDS = ("item", "quantity", "needed_by", "cost_centre")


class DraftLine(BaseModel):
    description: str
    quantity: Decimal | None = None
    unit: str = "pcs"
    price: Decimal | None = None


class RequestDraft(BaseModel):
    """What was understood so far."""

    lines: list[DraftLine] = []
    currency: str
    needed_by: dt.date | None = None
    cost_centre: str | None = None
    note: str = ""
    unread: list[str] = []
    unclear: dict[str, list[str]] = {}

    @property
    def missing(self) -> str | None:
        """The next thing to ask for; None when it can be submitted."""
        if not self.lines:
            return "item"
        if any(line.quantity is None for line in self.lines):
            return "quantity"
        if self.needed_by is None:
            return "needed_by"
        return "cost_centre" if self.cost_centre is None else None

    def command(self) -> RequestIn:
        """The request as it is submitted."""
        return RequestIn.model_validate(
            {
                "lines": [
                    RequestLineIn.model_validate(
                        {
                            "description": line.description,
                            "quantity": line.quantity,
                            "unit": line.unit,
                            "estimated_unit_price": line.price,
                        }
                    )
                    for line in self.lines
                ],
                "currency": self.currency,
                "needed_by": self.needed_by,
                "cost_centre": self.cost_centre,
                "note": self.note,
                "submit": True,
            }
        )


def read_line(
    draft: RequestDraft, text: str, locale: str, today: dt.date, cost_centres: tuple[str, ...]
) -> RequestDraft:
    """Add what a request line says; a clause that is said again replaces what was there."""
    reading = parse_request(
        text, locale=locale, today=today, currency=draft.currency, cost_centres=cost_centres
    )
    lines = [
        DraftLine(description=line.description, quantity=line.quantity, unit=line.unit, price=line.unit_price)
        for line in reading.lines
        if line.description
    ]
    return draft.model_copy(
        update={
            "lines": [*draft.lines, *lines],
            "currency": reading.currency or draft.currency,
            "needed_by": reading.needed_by or draft.needed_by,
            "cost_centre": _known(reading.cost_centre, cost_centres) or draft.cost_centre,
            "note": reading.note or draft.note,
            "unread": list(reading.unread),
            "unclear": {item.field: list(item.readings) for item in reading.ambiguous},
        }
    )


def _known(code: str | None, cost_centres: tuple[str, ...]) -> str | None:
    return next((known for known in cost_centres if code and known.lower() == code.lower()), None)


def answer(
    draft: RequestDraft, field: str, text: str, locale: str, today: dt.date, cost_centres: tuple[str, ...]
) -> RequestDraft | str:
    """The draft with one field answered, or the sentence that says why the answer cannot be taken."""
    match field:
        case "quantity":
            return _with_quantity(draft, text, locale)
        case "needed_by":
            return _with_day(draft, text, locale, today)
        case "cost_centre":
            known = _known(text.strip(), cost_centres)
            if known is None:
                return say("forms.request.cost_centre_unknown", locale, known=", ".join(cost_centres))
            return draft.model_copy(update={"cost_centre": known})
        case _:
            return read_line(draft, text, locale, today, cost_centres)


def _with_quantity(draft: RequestDraft, text: str, locale: str) -> RequestDraft | str:
    reading = parse_quantity(text, locale)
    if not isinstance(reading, Quantity):
        return unclear(reading, "3", locale)
    lines = [line.model_copy() for line in draft.lines]
    place = next(index for index, line in enumerate(lines) if line.quantity is None)
    lines[place] = lines[place].model_copy(update={"quantity": reading.value, "unit": reading.unit})
    return draft.model_copy(update={"lines": lines})


def _with_day(draft: RequestDraft, text: str, locale: str, today: dt.date) -> RequestDraft | str:
    reading = parse_date(text, locale, today)
    if not isinstance(reading, dt.date):
        return unclear(reading, (today + dt.timedelta(days=14)).isoformat(), locale)
    if reading < today:
        return say("forms.past", locale, day=day(reading, locale))
    return draft.model_copy(update={"needed_by": reading})


def unclear(reading: Ambiguous | NotUnderstood, example: str, locale: str) -> str:
    """Two readings are named, none is explained with an example."""
    if isinstance(reading, Ambiguous):
        return say("forms.ambiguous", locale, text=reading.text, readings=" / ".join(reading.readings))
    return say("forms.not_understood", locale, text=reading.text[:60], example=example)


def question(draft: RequestDraft, field: str, locale: str) -> str:
    """The sentence that asks for a field."""
    if field == "quantity":
        item = next(line.description for line in draft.lines if line.quantity is None)
        return say("forms.request.quantity", locale, item=item)
    return say(f"forms.request.{field}", locale)


def summary(draft: RequestDraft, locale: str) -> tuple[str, ...]:
    """Every field that was understood, named."""
    told = []
    for line in draft.lines:
        amount = quantity(line.quantity, line.unit, locale) if line.quantity is not None else "?"
        item = f"{amount} × {line.description}"
        price = money(line.price, draft.currency, locale) if line.price is not None else None
        told.append(say("cards.each", locale, line=item, price=price) if price else item)
    if draft.needed_by:
        told.append(say("forms.request.by", locale, day=day(draft.needed_by, locale)))
    if draft.cost_centre:
        told.append(say("forms.request.centre", locale, cost_centre=draft.cost_centre))
    if draft.note:
        told.append(say("cards.note", locale, note=draft.note))
    if draft.unread:
        told.append(say("forms.request.unread", locale, words=", ".join(draft.unread)))
    for field, readings in draft.unclear.items():
        told.append(say("forms.ambiguous", locale, text=field, readings=" / ".join(readings)))
    return tuple(told)
