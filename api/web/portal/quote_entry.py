"""A quote as a vendor types it into the page: each field read as the chats read it, with the sum so far.

One rule: what has one reading is shown as it was read, and what has none keeps its words beside the reason.

Fields of a line carry the line's id, so that no price slips to another line when the buyer corrects the RFQ.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from api.contract.quotes import AlternativeOut, QuoteIn, QuoteOut
from api.contract.rfqs import RfqLineOut, RfqOut
from api.contract.values import total_of
from api.language import Ambiguous, Amount, NotUnderstood, parse_amount, parse_date
from api.text import translate
from api.web.phrasing import Phrasing
from api.web.portal.typed_body import body_of

REVISION = "revision"
"""Which version of the RFQ was typed for."""
READING = "reading"
"""What is shown of a file beside the fields that it filled."""
PLAIN = ("lead_time", "valid_until", "shipping", "currency", "note", REVISION, READING)
OTHER = ("description", "price", "lead_time", "note")
IN_LINE = ("price", "days", "no", *(f"alternative.{name}" for name in OTHER))
MOST_DAYS = 3650
MOST_FILES = 20
NAMES = {"lead_time_days": "lead_time", "unit_price": "price", "no_bid": "no"}
"""Fields of the contract that have another name in the form."""
IN_BODY = {name: other for other, name in NAMES.items()}


@dataclass
class QuoteEntry:
    """What was typed, how it was read, and what could not be read, by the name of the field."""

    typed: dict[str, str]
    read: dict[str, Any] = field(default_factory=dict)
    wrong: dict[str, str] = field(default_factory=dict)
    total: Decimal | None = None
    sums: dict[UUID, Decimal] = field(default_factory=dict)
    """By line: its price times its quantity."""

    @property
    def files(self) -> list[tuple[str, str]]:
        """The files that go with the quote: id and name."""
        numbers = range(MOST_FILES)
        found = [(self.typed.get(f"file.{n}.id", ""), self.typed.get(f"file.{n}.name", "")) for n in numbers]
        return [each for each in found if each[0]]

    @property
    def free_number(self) -> int:
        """Of the next file; MOST_FILES when there is no room for one."""
        numbers = range(MOST_FILES)
        return next((n for n in numbers if not self.typed.get(f"file.{n}.id")), MOST_FILES)


def field_of(line: RfqLineOut) -> str:
    """What the names of the line's fields begin with."""
    return f"lines.{line.id}"


def is_for_earlier(typed: Mapping[str, str], rfq: RfqOut) -> bool:
    """Whether this was typed before the buyer's last correction."""
    return typed.get(REVISION, str(rfq.revision)) != str(rfq.revision)


def kept(typed: Mapping[str, str], rfq: RfqOut) -> dict[str, str]:
    """The fields of a quote among all that a form sent."""
    names = {*PLAIN, *(f"{field_of(line)}.{name}" for line in rfq.lines for name in IN_LINE)}
    names |= {f"file.{n}.{name}" for n in range(MOST_FILES) for name in ("id", "name")}
    return {name: value.strip() for name, value in typed.items() if name in names and value.strip()}


def is_changed(typed: Mapping[str, str], rfq: RfqOut, p: Phrasing) -> bool:
    """Whether somebody typed something, other than what the page had filled in."""
    return {name: value for name, value in typed.items() if name != REVISION} != kept(as_typed(rfq, p), rfq)


def retold(entry: QuoteEntry, p: Phrasing) -> dict[str, str]:
    """What was typed for a reader of another language: numbers that were read are written as that one reads them."""
    return {
        name: p.number(value) if isinstance(value := entry.read.get(name), Decimal) else text
        for name, text in entry.typed.items()
    }


def as_typed(rfq: RfqOut, p: Phrasing) -> dict[str, str]:
    """The fields of the quote that is there, as its vendor would type them; a new one has few."""
    quote = rfq.my_quote
    if quote is None:
        return {"currency": rfq.currency}
    found = {
        "currency": quote.currency,
        "lead_time": str(quote.lead_time_days),
        "valid_until": quote.valid_until.isoformat(),
        "note": quote.note,
    }
    if quote.shipping:
        found["shipping"] = p.number(quote.shipping)
    return found | _lines_typed(rfq, quote, p)


def _lines_typed(rfq: RfqOut, quote: QuoteOut, p: Phrasing) -> dict[str, str]:
    offered = {each.rfq_line_id: each for each in quote.lines}
    found: dict[str, str] = {}
    for line in rfq.lines:
        offer, name = offered.get(line.id), field_of(line)
        if offer is not None and offer.alternative is not None:
            found |= _alternative_typed(offer.alternative, f"{name}.alternative", p)
        if offer is None or offer.unit_price is None:
            found[f"{name}.no"] = "1"
            continue
        found[f"{name}.price"] = p.number(offer.unit_price)
        if offer.lead_time_days is not None:
            found[f"{name}.days"] = str(offer.lead_time_days)
    return found


def _alternative_typed(other: AlternativeOut, name: str, p: Phrasing) -> dict[str, str]:
    days = "" if other.lead_time_days is None else str(other.lead_time_days)
    told = {
        "description": other.description,
        "price": p.number(other.unit_price),
        "lead_time": days,
        "note": other.note,
    }
    return {f"{name}.{each}": value for each, value in told.items() if value}


def read(typed: Mapping[str, str], rfq: RfqOut, p: Phrasing) -> QuoteEntry:
    """Every field by itself; an empty one is neither right nor wrong yet."""
    entry = QuoteEntry(kept(typed, rfq))
    currency = entry.typed.get("currency", rfq.currency).upper()
    entry.read["currency"] = currency
    priced: list[tuple[Decimal, Decimal]] = []
    for line in rfq.lines:
        name = field_of(line)
        if not entry.typed.get(f"{name}.no"):
            _price(entry, f"{name}.price", currency, p)
            _days(entry, f"{name}.days", p)
        _alternative(entry, f"{name}.alternative", currency, p)
        price = entry.read.get(f"{name}.price")
        if price is not None:
            entry.sums[line.id] = total_of([(line.quantity, price)], currency, Decimal(0))
            priced.append((line.quantity, price))
    _price(entry, "shipping", currency, p)
    _days(entry, "lead_time", p)
    _day(entry, "valid_until", p)
    if priced:
        entry.total = total_of(priced, currency, entry.read.get("shipping", Decimal(0)))
    return entry


def _alternative(entry: QuoteEntry, name: str, currency: str, p: Phrasing) -> None:
    """What it is and what it costs go together; the rest may be left empty."""
    typed = [each for each in OTHER if entry.typed.get(f"{name}.{each}")]
    if not typed:
        return
    _price(entry, f"{name}.price", currency, p)
    _days(entry, f"{name}.lead_time", p)
    for each in ("description", "price"):
        if each not in typed:
            entry.wrong[f"{name}.{each}"] = p.say("portal.alternative.whole")


def _price(entry: QuoteEntry, name: str, currency: str, p: Phrasing) -> None:
    text = entry.typed.get(name, "")
    if not text:
        return
    reading = parse_amount(text, p.locale, currency)
    if isinstance(reading, Ambiguous):
        entry.wrong[name] = _ambiguous(reading, p)
    elif isinstance(reading, NotUnderstood):
        example = p.number(Decimal("1180.25"))
        entry.wrong[name] = translate("errors.fields.number", p.locale, text=text[:80], example=example)
    elif isinstance(reading, Amount) and reading.currency not in (None, currency):
        entry.wrong[name] = translate("forms.quote.one_currency", p.locale, currency=currency)
    else:
        entry.read[name] = reading.value


def _ambiguous(reading: Ambiguous, p: Phrasing) -> str:
    return translate(
        "errors.fields.ambiguous", p.locale, text=reading.text, readings=p.readings(reading.readings)
    )


def _days(entry: QuoteEntry, name: str, p: Phrasing) -> None:
    """A number of days, in the digits of any language."""
    text = entry.typed.get(name, "")
    if not text:
        return
    if text.isdecimal() and len(text) <= 4 and int(text) <= MOST_DAYS:
        entry.read[name] = int(text)
    else:
        entry.wrong[name] = translate("errors.fields.number", p.locale, text=text[:80], example="10")


def _day(entry: QuoteEntry, name: str, p: Phrasing) -> None:
    text = entry.typed.get(name, "")
    if not text:
        return
    reading = parse_date(text, p.locale, p.now.date())
    if isinstance(reading, dt.date):
        entry.read[name] = reading
    elif isinstance(reading, Ambiguous):
        entry.wrong[name] = _ambiguous(reading, p)
    else:
        example = (p.now.date() + dt.timedelta(days=30)).isoformat()
        entry.wrong[name] = translate("errors.fields.date", p.locale, text=text[:80], example=example)


def body(entry: QuoteEntry, rfq: RfqOut) -> QuoteIn:
    """The contract's quote; Invalid names the fields that are missing or too much."""
    values = {
        "rfq_id": rfq.id,
        "currency": entry.read["currency"],
        "valid_until": entry.read.get("valid_until"),
        "lead_time_days": entry.read.get("lead_time", _slowest(entry)),
        "shipping": entry.read.get("shipping"),
        "note": entry.typed.get("note", ""),
        "lines": [_line(entry, line) for line in rfq.lines],
        "document_ids": [each for each, _ in entry.files],
    }
    given = {name: value for name, value in values.items() if value is not None}
    return body_of(QuoteIn, **given)


def _slowest(entry: QuoteEntry) -> int | None:
    """Where every line with a price names its own time, the quote's is the longest of them."""
    days = [entry.read.get(f"lines.{line_id}.days") for line_id in entry.sums]
    known = [each for each in days if each is not None]
    return max(known) if known and len(known) == len(days) else None


def _line(entry: QuoteEntry, line: RfqLineOut) -> dict[str, object]:
    name = field_of(line)
    price, other = entry.read.get(f"{name}.price"), entry.read.get(f"{name}.alternative.price")
    answered: dict[str, object] = {"rfq_line_id": line.id}
    if other is not None:
        answered["alternative"] = {
            "description": entry.typed.get(f"{name}.alternative.description", ""),
            "unit_price": other,
            "lead_time_days": entry.read.get(f"{name}.alternative.lead_time"),
            "note": entry.typed.get(f"{name}.alternative.note", ""),
        }
    if price is None:
        return answered | {"no_bid": True}
    return answered | {"unit_price": price, "lead_time_days": entry.read.get(f"{name}.days")}


def in_form(pointed: str, rfq: RfqOut) -> str:
    """``/lines/0/unit_price`` of the body is the price of the form's first line."""
    words = pointed.strip("/").split("/")
    if len(words) > 1 and words[0] == "lines" and words[1] in map(str, range(len(rfq.lines))):
        words[1] = str(rfq.lines[int(words[1])].id)
    return ".".join(NAMES.get(word, word) for word in words)


def in_body(name: str, rfq: RfqOut) -> str:
    """The way back: where people count lines, the form's field has their number."""
    for n, line in enumerate(rfq.lines):
        if name.startswith(field_of(line)):
            name = f"lines.{n}{name.removeprefix(field_of(line))}"
    return "/" + "/".join(IN_BODY.get(word, word) for word in name.split("."))


def unanswered(entry: QuoteEntry, rfq: RfqOut) -> list[str]:
    """The fields of lines that have neither a price nor a no: leaving one out is said, not forgotten."""
    names = [field_of(line) for line in rfq.lines]
    return [
        f"{name}.price"
        for name in names
        if f"{name}.price" not in entry.typed and f"{name}.no" not in entry.typed
    ]
