"""Puts the parts of a quote together: what each line is answered, and what holds for the whole quote.

One rule: what was said first stands; a second, different value is a question, and never changes the first.

A currency that is named later says nothing about the prices before it, so it is asked.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from api.language.numbers import NumberReading, plain
from api.language.reading_builder import ReadingBuilder
from api.language.readings import Ambiguous, QuoteAnswer, QuoteLineReading, QuoteReading

MAX_READINGS = 20


@dataclass
class QuoteBuilder:
    """The reading so far; ``asked`` is the line that was asked about, None for the whole quote."""

    lines: int
    asked: int | None
    currency: str | None
    builder: ReadingBuilder = field(default_factory=ReadingBuilder)
    answers: dict[int, QuoteLineReading] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    greetings: list[str] = field(default_factory=list)
    """They say nothing, unless nothing else was said."""
    sources: dict[str, str] = field(default_factory=dict)
    shared: dict[int, tuple[Decimal, Ambiguous]] = field(default_factory=dict)
    """Prices that may be for one or for all: ``5 laptops 1180``, with the question which."""
    apiece: bool = False
    """Another line shows that the quote gives prices for one: ``20 paper 22.49`` is no sum of twenty prices."""
    lead_named: bool = False
    """A lead time was called so: a span that nothing explains is none."""
    spoken_lead: tuple[int, str, int | None] | None = None
    """Days until something arrives, said by a verb alone: a lead time only beside an answer."""
    unnamed: bool = False
    """A price was given before any currency was."""
    early: bool = False
    """A currency was named only after such a price."""

    def ask_line(self, text: str) -> None:
        """A price whose line is not known."""
        readings = tuple(str(each) for each in range(1, min(self.lines, MAX_READINGS) + 1))
        self.builder.add_question(Ambiguous(text=text, readings=readings, field="line"))

    def add_answer(self, reading: QuoteLineReading) -> None:
        """A line's answer; another one for the same line is a question."""
        before = self.answers.setdefault(reading.line, reading)
        if _named(before) != _named(reading):
            both = (_named(before), _named(reading))
            self.builder.add_question(
                Ambiguous(text=str(reading.line), readings=both, field="unit_price", line=reading.line)
            )
            self.answers[reading.line] = before.model_copy(
                update={"answer": QuoteAnswer.price, "unit_price": None}
            )
            return
        days = [each.lead_time_days for each in (before, reading) if each.lead_time_days is not None]
        if len(set(days)) > 1:
            self.ask_lead((days[0], days[1]), str(reading.line), reading.line)
        asked = self.builder.is_asked("lead_time_days", reading.line)
        self.answers[reading.line] = before.model_copy(
            update={"lead_time_days": days[0] if days and not asked else None}
        )

    def ask_lead(self, days: tuple[int, ...], text: str, line: int | None) -> None:
        readings = tuple(dict.fromkeys(str(each) for each in days))
        self.builder.add_question(Ambiguous(text=text, readings=readings, field="lead_time_days", line=line))

    def add_lead(self, days: int, text: str, line: int | None) -> None:
        """A lead time without a price: the named line's, else the whole quote's."""
        self.sources.setdefault("lead_time_days", text)
        if line is None:
            self.builder.set_value("lead_time_days", days, text)
        elif line in self.answers:
            self.answers[line] = self.answers[line].model_copy(update={"lead_time_days": days})
        else:
            self.builder.unread.append(f"{line}: {text}")

    def add_currency(self, currency: str | Ambiguous | None, text: str) -> None:
        """The currency that stands with a price; without one the price is in the currency so far."""
        if currency is None:
            self.unnamed = self.unnamed or "currency" not in self.builder.values
            return
        known = self.builder.values.get("currency")
        if isinstance(currency, Ambiguous) and known in currency.readings:
            return  # ``350 Emirati dirhams, shipping 50 dirhams``
        first = "currency" not in self.builder.values and not self.builder.is_asked("currency")
        if first and self.unnamed and isinstance(currency, str) and self.currency not in {None, currency}:
            readings = (str(self.currency), currency)
            self.builder.add_question(Ambiguous(text=text, readings=readings, field="currency"))
            return
        self.builder.add_reading("currency", currency, text)

    def doubt_currency(self, currency: str, text: str) -> None:
        """A currency among words that nobody understood, ``ceny w zł``: which one holds is asked."""
        known = self.builder.values.get("currency", self.currency)
        if currency == known or self.builder.is_asked("currency"):
            return
        self.builder.values.pop("currency", None)
        readings = (currency, str(known)) if known else (currency,)
        self.builder.add_question(Ambiguous(text=text, readings=readings, field="currency"))

    def name_all(self, currency: str | Ambiguous) -> None:
        """``prices in EUR``, or a total that the prices come to: it says in what those without a currency are."""
        if isinstance(currency, str) and "currency" not in self.builder.values:
            self.unnamed = False

    def sums_to(self, total: NumberReading | None, quantities: Sequence[Decimal]) -> bool:
        """Whether the prices so far come to this total."""
        priced = [each for each in self.answers.values() if each.answer is QuoteAnswer.price]
        known = [
            each.unit_price * quantities[each.line - 1]
            for each in priced
            if each.unit_price is not None and each.line <= len(quantities)
        ]
        return bool(known) and len(known) == len(priced) and total == sum(known)

    def set_once(self, name: str, value: Decimal | date | Ambiguous, text: str) -> None:
        self.sources.setdefault(name, text)
        self.builder.add_reading(name, value, text)

    def _answer_shared(self) -> None:
        """A quote gives all its prices for one, or all for as many as were asked."""
        for line, (price, question) in self.shared.items():
            asked = [
                each for each in self.builder.ambiguous if each.line == line and each.field == "unit_price"
            ]
            same = [each.readings for each in asked] == [question.readings]
            if same and self.answers[line].answer is QuoteAnswer.price:
                self.builder.ambiguous.remove(asked[0])
                self.answers[line] = self.answers[line].model_copy(update={"unit_price": price})

    def reading(self) -> QuoteReading:
        """Everything, with what is missing."""
        if self.apiece:
            self._answer_shared()
        if self.spoken_lead is not None:
            days, text, line = self.spoken_lead
            self.add_lead(days, text, line) if self.answers else self.ask_lead((days,), text, line)
        values = self.builder.values
        lead, shipping, valid = (values.get(name) for name in ("lead_time_days", "shipping", "valid_until"))
        asked = self.builder.is_asked("currency")
        currency = values.get("currency", None if asked else self.currency)
        if not (self.answers or values or self.builder.unread or self.builder.ambiguous or self.notes):
            self.builder.unread += self.greetings
        ordered = tuple(self.answers[number] for number in sorted(self.answers))
        return QuoteReading(
            lines=ordered,
            currency=str(currency) if currency else None,
            lead_time_days=lead if isinstance(lead, int) else None,
            valid_until=valid if isinstance(valid, date) else None,
            shipping=shipping if isinstance(shipping, Decimal) else None,
            note="; ".join(dict.fromkeys(self.notes)) or None,
            read_from={name: text for name, text in self.sources.items() if values.get(name) is not None},
            unread=tuple(self.builder.unread),
            missing=tuple(self._missing(ordered)),
            ambiguous=tuple(self.builder.ambiguous),
        )

    def _missing(self, answers: tuple[QuoteLineReading, ...]) -> list[str]:
        """``line:2`` for a line without an answer; lead time and validity of a whole quote that has a price."""
        wanted = range(1, self.lines + 1) if self.asked is None else (self.asked,)
        answered = {answer.line for answer in answers} | {each.line for each in self.builder.ambiguous}
        if self.builder.is_asked("line"):
            return []
        found = [f"line:{number}" for number in wanted if number not in answered]
        priced = [answer for answer in answers if answer.answer is QuoteAnswer.price]
        if self.asked is not None or not priced:
            return found
        late = [
            each
            for each in priced
            if each.lead_time_days is None and not self.builder.is_asked("lead_time_days", each.line)
        ]
        if late and not self._known("lead_time_days"):
            found.append("lead_time_days")
        return found if self._known("valid_until") else [*found, "valid_until"]

    def _known(self, name: str) -> bool:
        return name in self.builder.values or self.builder.is_asked(name)


def _named(reading: QuoteLineReading) -> str:
    return plain(reading.unit_price) if reading.unit_price is not None else reading.answer.value
