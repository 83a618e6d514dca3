"""What a quote form holds, and how a read message becomes part of it."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

from pydantic import BaseModel, Field

from api.contract.actions import ActionVerb
from api.contract.attachments import RequestFileOut
from api.contract.entries import EnterQuoteIn
from api.contract.quotes import AlternativeIn, DocumentOut, QuoteIn
from api.contract.rfqs import RfqOut
from api.contract.values import total_of
from api.language import Ambiguous, QuoteAnswer, QuoteLineReading, QuoteReading, parse_quote
from bots.cards import phrases
from bots.forms.ambiguity import Ambiguity
from bots.forms.field_parsers import ambiguous
from bots.forms.form import FormContext, Rejected
from bots.forms.line_pages import FormLine, LinedValues


class AskedLine(FormLine):
    """One line of the RFQ."""

    quantity: Decimal


class Offer(BaseModel):
    """The answer to one line."""

    price: Decimal | None = None
    days: int | None = None
    no_bid: bool = False
    read_from: str = ""
    """What the price was worked out from, for the review."""


class AttachedFile(BaseModel):
    id: UUID
    name: str
    size: int

    @classmethod
    def of(cls, document: DocumentOut | RequestFileOut) -> "AttachedFile":
        """What a form keeps of a file that was sent."""
        return cls(id=document.id, name=document.name, size=document.size)


class QuoteValues(LinedValues):
    rfq_id: UUID
    number: str
    buyer: str
    lines: list[AskedLine]
    currency: str
    offers: dict[str, Offer] = Field(default_factory=dict)
    lead_time: int | None = None
    valid_until: dt.date | None = None
    shipping: Decimal | None = None
    note: str = ""
    alternatives: dict[str, AlternativeIn] = Field(default_factory=dict)
    """By the line's number: what is offered beside; a revision keeps what the quote offered before."""
    files: list[AttachedFile] = Field(default_factory=list)
    unread: list[str] = Field(default_factory=list)
    file_notes: list[str] = Field(default_factory=list)
    """What could not be taken from the vendor's file, in the sentences that the card shows."""
    read_from: dict[str, str] = Field(default_factory=dict)
    """The words that the lead time, the validity and the shipping were read from."""
    doubts: list[Ambiguity] = Field(default_factory=list)
    """What has several readings, in the order in which it is asked."""
    passed: list[str] = Field(default_factory=list)
    asked: str = ""
    vendor_id: UUID | None = None
    """The vendor for whom an officer enters it; None while the vendor itself quotes."""
    vendor: str = ""
    person: str = ""

    @property
    def file_taken(self) -> str:
        return "forms.file_taken" if self.vendor_id else "forms.quote.file_taken"

    @property
    def left_out(self) -> list[int]:
        """The numbers of the lines that are answered without a price."""
        numbers = range(1, len(self.lines) + 1)
        return [each for each in numbers if (offer := self.offer(each)) is not None and offer.price is None]

    def offer(self, number: int) -> Offer | None:
        return self.offers.get(str(number))

    def is_open(self, number: int) -> bool:
        """Whether a line is not answered yet, or only with its lead time."""
        offer = self.offer(number)
        return offer is None or (offer.price is None and not offer.no_bid)

    def with_alternative(self, number: int, alternative: AlternativeIn) -> "QuoteValues":
        """Something else offered for a line; one that has no answer yet gets no price of its own."""
        offers = {str(number): Offer(no_bid=True), **self.offers}
        others = {**self.alternatives, str(number): alternative}
        return self.model_copy(update={"offers": offers, "alternatives": others, "asked": ""})

    @property
    def priced(self) -> list[tuple[AskedLine, Offer]]:
        pairs = ((line, self.offer(number)) for number, line in enumerate(self.lines, start=1))
        return [(line, offer) for line, offer in pairs if offer is not None and offer.price is not None]

    @property
    def total(self) -> Decimal:
        """What is confirmed: the total that the API will store."""
        priced = [(line.quantity, offer.price) for line, offer in self.priced if offer.price is not None]
        return total_of(priced, self.currency, self.shipping or Decimal(0))

    @property
    def lead_time_days(self) -> int | None:
        """The quote's lead time: given for the whole, but never shorter than that of its slowest line.

        Without it, the longest when every priced line has its own.
        """
        days = [offer.days for _, offer in self.priced]
        known = [each for each in days if each is not None]
        if self.lead_time is not None:
            return max([self.lead_time, *known])
        return max(known) if known and len(known) == len(days) else None

    def days_of(self, offer: Offer) -> int | None:
        """In how many days a line is there: its own time, else the one that was given for the whole."""
        return self.lead_time if offer.days is None else offer.days

    def body(self) -> QuoteIn:
        return QuoteIn.model_validate(self._values())

    def entered(self) -> EnterQuoteIn:
        """The same, for the vendor that sent it by mail or said it on the phone."""
        return EnterQuoteIn.model_validate(self._values() | {"vendor_id": self.vendor_id})

    def _values(self) -> dict[str, object]:
        return {
            "rfq_id": self.rfq_id,
            "currency": self.currency,
            "valid_until": self.valid_until,
            "lead_time_days": self.lead_time_days,
            "shipping": self.shipping,
            "note": self.note,
            "lines": [self._line(number, line) for number, line in enumerate(self.lines, start=1)],
            "document_ids": [file.id for file in self.files],
        }

    def _line(self, number: int, line: AskedLine) -> dict[str, object]:
        offer = self.offer(number) or Offer(no_bid=True)
        answered = {"rfq_line_id": line.id, "alternative": self.alternatives.get(str(number))}
        if offer.no_bid:
            return answered | {"no_bid": True}
        days = self.days_of(offer)
        # what is the whole quote's as well needs no time of its own: a revision may then change it in one place
        own = None if offer.days is None and days == self.lead_time_days else days
        return answered | {"unit_price": offer.price, "lead_time_days": own}


def initial_values(rfq: RfqOut, files: Sequence[AttachedFile] = ()) -> QuoteValues:
    """A fresh form for an RFQ; a live quote is the starting point of its revision."""
    values = QuoteValues(
        rfq_id=rfq.id,
        number=rfq.number,
        buyer=rfq.buyer,
        lines=[
            AskedLine(id=line.id, description=line.description, quantity=line.quantity, unit=line.unit)
            for line in rfq.lines
        ],
        currency=rfq.currency,
    )
    offered = _with_live_quote(values, rfq)
    known = {file.id for file in offered.files}
    new = [file for file in files if file.id not in known]
    return offered.model_copy(update={"files": [*offered.files, *new]})


def _with_live_quote(values: QuoteValues, rfq: RfqOut) -> QuoteValues:
    quote = rfq.my_quote
    if quote is None or not quote.offers(ActionVerb.revise):
        return values
    line_numbers = {line.id: str(number) for number, line in enumerate(rfq.lines, start=1)}
    return values.model_copy(
        update={
            "offers": {
                line_numbers[line.rfq_line_id]: Offer(
                    price=line.unit_price, days=line.lead_time_days, no_bid=line.no_bid
                )
                for line in quote.lines
                if line.rfq_line_id in line_numbers and line.rfq_line_id not in quote.missing
            },
            "alternatives": {
                line_numbers[line.rfq_line_id]: AlternativeIn.model_validate(line.alternative.model_dump())
                for line in quote.lines
                if line.rfq_line_id in line_numbers and line.alternative is not None
            },
            "currency": quote.currency,
            "lead_time": quote.lead_time_days,
            "valid_until": quote.valid_until,
            "shipping": quote.shipping,
            "note": quote.note,
            "files": [AttachedFile.of(file) for file in quote.documents],
            "passed": ["shipping", "note", "files", *(["left_out"] if quote.missing else [])],
        }
    )


def file_names(files: Sequence[AttachedFile], ctx: FormContext) -> tuple[str, ...]:
    """``Files: mail.pdf (84 kB)``; nothing when there are none."""
    if not files:
        return ()
    named = ", ".join(f"{each.name} ({phrases.size(each.size, ctx.locale)})" for each in files)
    return (ctx.translate("cards.files", files=named),)


def with_more(kept: Sequence[AttachedFile], files: Sequence[DocumentOut]) -> list[AttachedFile]:
    """The files of a form with those that were sent now, each once."""
    known = {file.id for file in kept}
    return [*kept, *(AttachedFile.of(each) for each in files if each.id not in known)]


def read_quote(text: str, values: QuoteValues, ctx: FormContext, line: int | None = None) -> QuoteReading:
    """What a message says about this RFQ; ``line`` is the one that was asked."""
    return parse_quote(
        text,
        locale=ctx.locale,
        today=ctx.today,
        lines=len(values.lines),
        quantities=tuple(each.quantity for each in values.lines),
        items=tuple(each.description for each in values.lines),
        currency=values.currency,
        line=line,
        previous=_previous(values, line),
    )


def has_content(reading: QuoteReading) -> bool:
    return bool(reading.lines or reading.lead_time_days is not None or reading.valid_until)


def with_reading(
    values: QuoteValues, reading: QuoteReading, ctx: FormContext, *, strict: bool
) -> QuoteValues | Rejected:
    """The values and what a message adds; ``strict`` refuses text that was not understood."""
    if reading.refused:
        facts = {"length": reading.refused.length, "limit": reading.refused.limit}
        return Rejected(ctx.translate("errors.fields.too_long", **facts))
    if reading.unread and strict and not reading.ambiguous:
        return Rejected(ctx.translate("forms.request.unread", words=", ".join(reading.unread)))
    if (unclear := _unclear_currency(values, reading)) is not None:
        return ambiguous(unclear, ctx)
    if _relabels(values, reading):
        return Rejected(ctx.translate("forms.quote.one_currency", currency=values.currency))
    offers = dict(values.offers)
    for line_reading in reading.lines:
        offer = _offer(line_reading, values, ctx, asked=_is_asked(reading, line_reading.line))
        if isinstance(offer, Rejected):
            return offer
        offers[str(line_reading.line)] = offer
    shipping = reading.shipping if reading.shipping is not None else values.shipping
    currency = reading.currency or values.currency
    lead = reading.lead_time_days if reading.lead_time_days is not None else values.lead_time
    return values.model_copy(
        update={
            "offers": offers,
            "alternatives": values.alternatives if currency == values.currency else {},
            "currency": currency,
            "lead_time": lead,
            "valid_until": reading.valid_until or values.valid_until,
            "shipping": shipping,
            "note": "; ".join(dict.fromkeys(each for each in (values.note, reading.note) if each)),
            "unread": list(reading.unread),
            "doubts": [*values.doubts, *(Ambiguity.of(each) for each in _in_order(reading.ambiguous))],
            "read_from": {**values.read_from, **reading.read_from},
            "asked": "",
        }
    )


def _in_order(doubts: Sequence[Ambiguous]) -> list[Ambiguous]:
    """The currency first: the others are asked in it."""
    return sorted(doubts, key=lambda each: each.field != "currency")


def _is_asked(reading: QuoteReading, line: int) -> bool:
    """Whether the price of a line is in doubt."""
    return any(each.field == "unit_price" and each.line == line for each in reading.ambiguous)


def _unclear_currency(values: QuoteValues, reading: QuoteReading) -> Ambiguous | None:
    """A currency in doubt, where prices that were given before have one already."""
    unclear = (each for each in reading.ambiguous if each.field == "currency")
    return next(unclear, None) if _has_others(values, reading) else None


def _relabels(values: QuoteValues, reading: QuoteReading) -> bool:
    """Whether a price that was given before would get another currency: what was said is never changed."""
    return reading.currency not in (None, values.currency) and _has_others(values, reading)


def _has_others(values: QuoteValues, reading: QuoteReading) -> bool:
    """Whether lines were priced before that this message says nothing of."""
    answered = {str(line.line) for line in reading.lines}
    return any(offer.price is not None for number, offer in values.offers.items() if number not in answered)


def _offer(
    line_reading: QuoteLineReading, values: QuoteValues, ctx: FormContext, *, asked: bool
) -> Offer | Rejected:
    line = values.lines[line_reading.line - 1]
    if line_reading.answer in (QuoteAnswer.no_bid, QuoteAnswer.skip):
        return Offer(no_bid=True)
    if line_reading.unit_price is None and not asked:
        return Rejected(ctx.translate("forms.quote.no_price", line=str(line_reading.line)))
    if line_reading.quantity is not None and line_reading.quantity != line.quantity:
        facts = {"line": str(line_reading.line), "asked": line.quantity, "said": line_reading.quantity}
        return Rejected(ctx.translate("forms.quote.other_quantity", **facts))
    return Offer(
        price=line_reading.unit_price,
        days=line_reading.lead_time_days,
        read_from=line_reading.read_from or "",
    )


def _previous(values: QuoteValues, line: int | None) -> QuoteLineReading | None:
    """The last priced line before the one that is asked: what ``same`` repeats."""
    last = (line if line is not None else len(values.lines) + 1) - 1
    for number in range(last, 0, -1):
        offer = values.offer(number)
        if offer is not None and offer.price is not None:
            return QuoteLineReading(line=number, unit_price=offer.price, lead_time_days=offer.days)
    return None
