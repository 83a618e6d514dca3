"""A vendor's quote being made: line by line, or in one message; nothing is sent before the last button.

One rule: pure; it knows no platform.
"""

import datetime as dt
from decimal import Decimal
from uuid import UUID

from pydantic import BaseModel

from api.contract.sourcing import QuoteIn, QuoteLineIn, RfqOut
from api.language import parse_amount, parse_date, parse_quote
from api.language.readings import Amount, Answer, QuoteReading
from api.text import day, money, quantity, say
from bots.forms.request import unclear


class LineAnswer(BaseModel):
    price: Decimal | None = None
    days: int | None = None
    no_bid: bool = False


class QuoteDraft(BaseModel):
    """What the vendor has said so far."""

    rfq_id: UUID
    currency: str
    lines: dict[str, LineAnswer] = {}
    lead_time_days: int | None = None
    valid_until: dt.date | None = None
    shipping: Decimal | None = None
    note: str = ""
    documents: dict[str, str] = {}
    asked: list[str] = []

    def missing(self, rfq: RfqOut) -> str | None:
        """The next step: ``line:2``, a field, ``attach``; None when it can be sent."""
        for place, line in enumerate(rfq.lines, start=1):
            if str(line.id) not in self.lines:
                return f"line:{place}"
        if self.lead_time_days is None:
            return "lead_time"
        if self.valid_until is None:
            return "valid_until"
        for optional, said in (("shipping", self.shipping is not None), ("attach", bool(self.documents))):
            if not said and optional not in self.asked:
                return optional
        return None

    def command(self) -> QuoteIn:
        """The quote as it is sent."""
        return QuoteIn(
            rfq_id=self.rfq_id,
            currency=self.currency,
            valid_until=self.valid_until or dt.date.min,
            lead_time_days=self.lead_time_days or 0,
            shipping=self.shipping,
            note=self.note,
            lines=tuple(
                QuoteLineIn(
                    rfq_line_id=UUID(line_id),
                    unit_price=answer.price,
                    lead_time_days=answer.days,
                    no_bid=answer.no_bid,
                )
                for line_id, answer in self.lines.items()
            ),
            document_ids=tuple(UUID(document) for document in self.documents),
        )


def skipped(draft: QuoteDraft, step: str) -> QuoteDraft:
    """An optional step was passed over."""
    return draft.model_copy(update={"asked": [*draft.asked, step]})


def read_message(draft: QuoteDraft, rfq: RfqOut, text: str, locale: str, today: dt.date) -> QuoteDraft | str:
    """A whole quote in one message, such as ``1: 1180 10d; 2: 45 3d; 3: no``."""
    reading = parse_quote(
        text,
        locale=locale,
        today=today,
        lines=len(rfq.lines),
        quantities=tuple(line.quantity for line in rfq.lines),
        currency=draft.currency,
    )
    return _taken(draft, rfq, reading, text, locale)


def answer(
    draft: QuoteDraft, rfq: RfqOut, step: str, text: str, locale: str, today: dt.date
) -> QuoteDraft | str:
    """The draft with one step answered, or the sentence that says why it cannot be taken."""
    if step.startswith("line:"):
        reading = parse_quote(
            text,
            locale=locale,
            today=today,
            lines=len(rfq.lines),
            quantities=tuple(line.quantity for line in rfq.lines),
            currency=draft.currency,
            line=int(step.partition(":")[2]),
            previous=_previous(draft, rfq),
        )
        return _taken(draft, rfq, reading, text, locale)
    match step:
        case "lead_time":
            digits = "".join(sign for sign in text if sign.isdigit())
            if not digits or len(digits) > 4 or int(digits) > 3650:
                return say("forms.not_understood", locale, text=text[:60], example="10")
            return draft.model_copy(update={"lead_time_days": int(digits)})
        case "valid_until":
            read = parse_date(text, locale, today)
            if not isinstance(read, dt.date):
                return unclear(read, (today + dt.timedelta(days=30)).isoformat(), locale)
            if read < today:
                return say("forms.past", locale, day=day(read, locale))
            return draft.model_copy(update={"valid_until": read})
        case "shipping":
            amount = parse_amount(text, locale, draft.currency)
            if not isinstance(amount, Amount):
                return unclear(amount, "40", locale)
            return draft.model_copy(update={"shipping": amount.value})
        case _:
            return say("forms.quote.attach", locale)


def _previous(draft: QuoteDraft, rfq: RfqOut) -> Decimal | None:
    prices = [draft.lines[str(line.id)].price for line in rfq.lines if str(line.id) in draft.lines]
    return next((price for price in reversed(prices) if price is not None), None)


def _taken(draft: QuoteDraft, rfq: RfqOut, reading: QuoteReading, text: str, locale: str) -> QuoteDraft | str:
    if reading.ambiguous:
        return unclear(reading.ambiguous[0], "1180 10d", locale)
    if not reading.lines and reading.lead_time_days is None and reading.valid_until is None:
        return say("forms.not_understood", locale, text=text[:60], example="1: 1180 10d; 2: 45 3d; 3: no")
    lines = dict(draft.lines)
    for item in reading.lines:
        declined = item.answer in (Answer.no_bid, Answer.skip)
        if not declined and item.unit_price is None:
            return say("forms.not_understood", locale, text=text[:60], example="1180 10d")
        lines[str(rfq.lines[item.line - 1].id)] = LineAnswer(
            price=None if declined else item.unit_price, days=item.lead_time_days, no_bid=declined
        )
    days = [line.days for line in lines.values() if line.days is not None]
    lead_time = reading.lead_time_days if reading.lead_time_days is not None else draft.lead_time_days
    if lead_time is None and days and len(days) == sum(1 for line in lines.values() if not line.no_bid):
        lead_time = max(days)
    return draft.model_copy(
        update={
            "lines": lines,
            "currency": reading.currency or draft.currency,
            "lead_time_days": lead_time,
            "valid_until": reading.valid_until or draft.valid_until,
            "shipping": reading.shipping if reading.shipping is not None else draft.shipping,
            "note": reading.note or draft.note,
        }
    )


def question(draft: QuoteDraft, rfq: RfqOut, step: str, locale: str) -> str:
    """The sentence that asks for a step."""
    if step.startswith("line:"):
        place = int(step.partition(":")[2])
        line = rfq.lines[place - 1]
        item = f"{quantity(line.quantity, line.unit, locale)} × {line.description}"
        return say(
            "forms.quote.line", locale, line=place, lines=len(rfq.lines), item=item, currency=draft.currency
        )
    if step == "shipping":
        return say("forms.quote.shipping", locale, currency=draft.currency)
    return say(f"forms.quote.{step}", locale)


def summary(draft: QuoteDraft, rfq: RfqOut, locale: str) -> tuple[str, ...]:
    """Every line, the total, and until when it holds."""
    told, total = [], draft.shipping or Decimal(0)
    for place, line in enumerate(rfq.lines, start=1):
        answered = draft.lines.get(str(line.id), LineAnswer(no_bid=True))
        item = f"{place}. {quantity(line.quantity, line.unit, locale)} × {line.description}"
        if answered.price is None:
            told.append(say("forms.quote.no_bid_line", locale, line=item))
            continue
        total += answered.price * line.quantity
        told.append(say("cards.each", locale, line=item, price=money(answered.price, draft.currency, locale)))
    told.append(say("cards.order.total", locale, amount=money(total, draft.currency, locale)))
    told.append(
        say(
            "forms.quote.terms",
            locale,
            days=draft.lead_time_days or 0,
            day=day(draft.valid_until, locale) if draft.valid_until else "?",
        )
    )
    told += [say("forms.quote.file", locale, name=name) for name in draft.documents.values()]
    return tuple(told)
