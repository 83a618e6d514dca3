"""One segment of a quote, read from left to right.

One rule: at each word the first that matches is used: note, answer, validity, lead time, shipping, price,
currency.

Anything else is quoted back.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from babel.core import Locale

from api.language.amounts import TIMES_SIGNS, FoundPrice, currency_named, price_at
from api.language.dates import alone_at, date_at, days_of, span_at
from api.language.numbers import plain
from api.language.quote_vocabulary import quote_vocabulary
from api.language.reading_builder import ReadingBuilder
from api.language.readings import Ambiguous, NotUnderstood, QuoteAnswer, QuoteLineReading
from api.language.tokenizer import Token, tokenize
from api.language.vocabulary import language_of, vocabulary

MAX_LEAD_DAYS = 3660
_TIMES = re.compile(r"(?<![^\W\d_])[xX×хХ✕*](?=[ \u00a0]?\d)")
_RANGE = re.compile(r"(\d{1,4})[-–](\d{1,4})(\D{0,7})", re.ASCII)
_SILENT = frozenset({",", ".", "-", "–", "—", "+", "&", "and", "und", "y", "и", "plus", "@", "/"})


@dataclass
class QuoteSegment:
    """What one segment answers about one line."""

    answer: QuoteAnswer | None = None
    unit_price: Decimal | None = None
    quantity: Decimal | None = None
    lead_time_days: int | None = None
    price_asked: bool = False
    lead_asked: bool = False
    doubtful: bool = False
    """Text before the price was not understood and may change it: ``no 450``, ``1: 450: 5``."""

    def answers(self) -> bool:
        return self.answer is not None

    def reading(self, line: int) -> QuoteLineReading:
        return QuoteLineReading(
            line=line,
            answer=self.answer or QuoteAnswer.price,
            unit_price=self.unit_price,
            quantity=self.quantity,
            lead_time_days=self.lead_time_days,
        )


@dataclass
class QuoteReader:
    """Reads segments; what applies to the whole quote goes to the draft."""

    builder: ReadingBuilder
    locale: Locale
    today: date
    currency: str | None
    quantities: Sequence[Decimal]
    previous: QuoteLineReading | None
    notes: list[str] = field(default_factory=list)
    tokens: list[Token] = field(default_factory=list)
    segment: QuoteSegment = field(default_factory=QuoteSegment)
    line: int | None = None

    def read(self, text: str, line: int | None) -> QuoteSegment:
        """Read one segment that answers ``line``, if the line is known."""
        self.segment, self.line = QuoteSegment(), line
        self.tokens = self._without_note(tokenize(text))
        index = 0
        while index < len(self.tokens):
            index = self._step(index)
        return self.segment

    def _without_note(self, tokens: list[Token]) -> list[Token]:
        """Cuts ``note: ...`` off the end, then writes every multiplication sign as a separate word."""
        parts = quote_vocabulary(language_of(self.locale)).parts
        for index, token in enumerate(tokens):
            found = parts.at(tokens, index)
            if found is not None and found[0] == "note" and ":" in token.raw:
                first = token.raw.partition(":")[2]
                note = (
                    " ".join([first, *(each.raw for each in tokens[found[1] :])]).replace(" ,", ",").strip()
                )
                self.notes += [note] if note else []
                tokens = tokens[:index]
                break
        return tokenize(_TIMES.sub(" × ", " ".join(token.raw for token in tokens)))

    def _step(self, index: int) -> int:
        for take in (
            self._answer,
            self._free,
            self._part,
            self._span,
            self._price,
            self._currency,
            self._silent,
        ):
            after = take(index)
            if after is not None:
                return after
        self.builder.add_unread(self.tokens, index, index + 1)
        raw = self.tokens[index].raw.casefold()
        self.segment.doubtful |= raw in TIMES_SIGNS or any(char.isdigit() for char in raw)
        return index + 1

    def _silent(self, index: int) -> int | None:
        words = vocabulary(language_of(self.locale))
        for phrases in (words.courtesies, words.each):
            found = phrases.at(self.tokens, index)
            if found is not None:
                return found[1]
        return index + 1 if self.tokens[index].raw.casefold().strip(":") in _SILENT else None

    def _answer(self, index: int) -> int | None:
        """no, skip, same: only as the first word, and with nothing after it in the same clause."""
        found = quote_vocabulary(language_of(self.locale)).answers.at(self.tokens, index)
        if index or found is None:
            return None
        answer, after = QuoteAnswer(found[0]), found[1]
        thanks = vocabulary(language_of(self.locale)).courtesies.at(self.tokens, after)
        after = thanks[1] if thanks else after
        if after < len(self.tokens) and self.tokens[after].raw != "," and answer is not QuoteAnswer.same:
            self.segment.doubtful = answer is QuoteAnswer.no_bid
            return None
        self.segment.answer = answer
        if answer is QuoteAnswer.same and self.previous is not None:
            self.segment.unit_price = self.previous.unit_price
            self.segment.lead_time_days = self.previous.lead_time_days
        return after

    def _part(self, index: int) -> int | None:
        found = quote_vocabulary(language_of(self.locale)).parts.at(self.tokens, index)
        if found is None:
            return None
        kind, start = found
        while start < len(self.tokens) and self.tokens[start].raw in {":", "="}:
            start += 1
        match kind:
            case "valid":
                return self._valid_until(index, start)
            case "valid_for":
                return self._valid_until(index, start, must=False) or self._valid_for(index, start)
            case "lead":
                return self._lead(index, start)
            case "shipping":
                return self._shipping(index, start)
            case "total":
                return self._total(index, start)
            case "currency" if start < len(self.tokens):
                return self._currency(start)
            case _:
                return None

    def _valid_until(self, index: int, start: int, *, must: bool = True) -> int | None:
        found = date_at(self.tokens, start, self.locale, self.today)
        if found is None and not must:
            return None
        reading, after = found or (None, min(start + 1, len(self.tokens)))
        if reading is None or isinstance(reading, NotUnderstood):
            self.builder.add_unread(self.tokens, index, after)
        else:
            self.builder.add_reading("valid_until", reading, self._text(start, after))
        return after

    def _valid_for(self, index: int, start: int) -> int | None:
        found = span_at(self.tokens, start, self.locale)
        if found is None or days_of(found[0], found[1]) > MAX_LEAD_DAYS:
            return None
        until = self.today + timedelta(days=days_of(found[0], found[1]))
        self.builder.add_reading("valid_until", until, self._text(index, found[2]))
        return found[2]

    def _lead(self, index: int, start: int) -> int | None:
        """``lead time 10 days``, ``in 2 weeks``, ``Lieferzeit: 10``; ``in EUR`` names the currency."""
        after = self._span(start, named=True)
        if after is not None:
            return after
        label = len(self.tokens[index].word) > 2 and start > index
        number = self.tokens[start].word if start < len(self.tokens) else ""
        if (
            label
            and re.fullmatch(r"\d{1,4}", number, re.ASCII)
            and self.tokens[index].word not in {"within", "через"}
        ):
            return self._take_lead(int(number), self._text(index, start + 1), start + 1)
        return self._currency(start) if start < len(self.tokens) else None

    def _span(self, index: int, *, named: bool = False) -> int | None:
        """``10d``, ``2 weeks``; ``10-14 days`` and ``10 working days`` have two readings.

        One word without a digit, ``неделю``, is a lead time only after its preposition: ``через неделю``.
        """
        if index >= len(self.tokens):
            return None
        span = re.fullmatch(_RANGE, self.tokens[index].word)
        if span is not None:
            low, high, unit = span.groups()
            one = span_at([*tokenize(f"1 {unit}"), *self.tokens[index + 1 : index + 2]], 0, self.locale)
            if one is not None:
                after = index + 1 if unit else index + 2
                days = (days_of(int(low), one[1]), days_of(int(high), one[1]))
                return self._ask_lead(days, self._text(index, after), after)
        working = self._working(index)
        if working is not None:
            return working
        found = span_at(self.tokens, index, self.locale)
        if found is None:
            return None
        digit = any(char.isdigit() for char in self.tokens[index].raw)
        if not digit and found[2] == index + 1 and not (named and self._alone(index)):
            return None
        return self._take_lead(days_of(found[0], found[1]), self._text(index, found[2]), found[2])

    def _alone(self, index: int) -> bool:
        return alone_at(self.tokens, index, self.locale) is not None

    def _working(self, index: int) -> int | None:
        found = quote_vocabulary(language_of(self.locale)).working.at(self.tokens, index + 1)
        word = self.tokens[index].word
        if found is None or not re.fullmatch(r"\d{1,3}", word, re.ASCII):
            return None
        calendar = int(word) // 5 * 7 + int(word) % 5
        return self._ask_lead((int(word), calendar), self._text(index, found[1]), found[1])

    def _ask_lead(self, days: tuple[int, ...], text: str, after: int) -> int:
        readings = tuple(str(each) for each in dict.fromkeys(days))
        if len(readings) == 1:
            return self._take_lead(days[0], text, after)
        self.segment.lead_time_days, self.segment.lead_asked = None, True
        self.builder.add_question(
            Ambiguous(text=text, readings=readings, field="lead_time_days", line=self.line)
        )
        return after

    def _take_lead(self, days: int, text: str, after: int) -> int:
        if days > MAX_LEAD_DAYS or self.segment.lead_asked or self.segment.lead_time_days not in {None, days}:
            self.builder.unread.append(text[:80])
        else:
            self.segment.lead_time_days = days
        return after

    def _shipping(self, index: int, start: int) -> int:
        free = quote_vocabulary(language_of(self.locale)).free.at(self.tokens, start)
        if free is not None:
            self.builder.add_reading("shipping", Decimal(0), self._text(index, free[1]))
            return free[1]
        after = self._span(start)
        if after is not None:
            return after
        found = price_at(self.tokens, start, self.locale, self.currency)
        if found is None:
            self.builder.add_unread(self.tokens, index, start)
            return start
        return self._take_shipping(found, self._text(index, found.after), found.after)

    def _free(self, index: int) -> int | None:
        """``free shipping``."""
        words = quote_vocabulary(language_of(self.locale))
        free = words.free.at(self.tokens, index)
        part = words.parts.at(self.tokens, free[1]) if free else None
        if part is None or part[0] != "shipping":
            return None
        self.builder.add_reading("shipping", Decimal(0), self._text(index, part[1]))
        return part[1]

    def _take_shipping(self, found: FoundPrice, text: str, after: int) -> int:
        self.builder.add_reading("shipping", found.value, text)
        if found.currency is not None:
            self.builder.add_reading("currency", found.currency, text)
        return after

    def _total(self, index: int, start: int) -> int:
        """A total is not a unit price, so it is quoted back and not divided."""
        found = price_at(self.tokens, start, self.locale, self.currency)
        after = found.after if found else start
        self.builder.add_unread(self.tokens, index, after)
        return after

    def _price(self, index: int) -> int | None:
        """A price with what surrounds it: ``@``, a multiplication sign and a quantity, or the word shipping."""
        start = index + (self.tokens[index].raw == "@")
        view = self.tokens[start : start + 8]
        if view and view[0].raw.startswith("@"):
            view = [*tokenize(view[0].raw[1:]), *view[1:]]
        found = price_at(view, 0, self.locale, self.currency)
        if found is None:
            return None
        after = start + found.after
        part = quote_vocabulary(language_of(self.locale)).parts.at(self.tokens, after)
        if part is not None and part[0] == "shipping" and not self._costs_follow(part[1]):
            return self._take_shipping(found, self._text(index, part[1]), part[1])
        if part is not None and part[0] == "total":
            self.builder.add_unread(self.tokens, index, part[1])
            return part[1]
        if after < len(self.tokens) and self.tokens[after].raw.casefold() in TIMES_SIGNS:
            second = price_at(self.tokens, after + 1, self.locale, self.currency)
            if second is not None:
                return self._product(index, found, second)
        self._take_price(found, self._text(index, after), (index, after))
        return after

    def _costs_follow(self, index: int) -> bool:
        """``1180 shipping 40``, ``… free``, ``… in 5 days``: the word belongs to what follows it."""
        words = quote_vocabulary(language_of(self.locale))
        part = words.parts.at(self.tokens, index)
        if words.free.at(self.tokens, index) is not None or (part is not None and part[0] == "lead"):
            return True
        return price_at(self.tokens, index, self.locale, self.currency) is not None

    def _product(self, index: int, first: FoundPrice, second: FoundPrice) -> int:
        """``450 x 10``: the side with a currency is the price, else the side that is not the quantity."""
        text = self._text(index, second.after)
        one, two = first.value, second.value
        if not isinstance(one, Decimal) or not isinstance(two, Decimal):
            self.builder.add_unread(self.tokens, index, second.after)
            return second.after
        price, quantity = (second, one) if self._second_is_price(first, second) else (first, two)
        asked = self.quantities[self.line - 1] if self.line and self.line <= len(self.quantities) else None
        self._take_price(price, text, (index, second.after))
        if (
            asked is not None
            and asked not in {one, two}
            and one != two
            and not (first.currency or second.currency)
        ):
            self.segment.unit_price, self.segment.price_asked = None, True
            readings = (plain(one), plain(two))
            self.builder.add_question(
                Ambiguous(text=text, readings=readings, field="unit_price", line=self.line)
            )
        elif not self.segment.price_asked:
            self.segment.quantity = quantity
        return second.after

    def _second_is_price(self, first: FoundPrice, second: FoundPrice) -> bool:
        if (first.currency is None) != (second.currency is None):
            return second.currency is not None
        asked = self.quantities[self.line - 1] if self.line and self.line <= len(self.quantities) else None
        return asked is not None and first.value == asked and second.value != asked

    def _take_price(self, found: FoundPrice, text: str, span: tuple[int, int]) -> None:
        """The first price of a segment is the line's; a second one is quoted back."""
        if self.segment.answer is not None or self.segment.doubtful:
            self.builder.add_unread(self.tokens, *span)
            return
        match found.value:
            case Decimal():
                self.segment.answer, self.segment.unit_price = QuoteAnswer.price, found.value
            case Ambiguous():
                self.segment.answer, self.segment.price_asked = QuoteAnswer.price, True
                question = found.value.model_copy(
                    update={"field": "unit_price", "line": self.line, "text": text}
                )
                self.builder.add_question(question)
            case _:
                self.builder.add_unread(self.tokens, *span)
                return
        if found.currency is not None:
            self.builder.add_reading("currency", found.currency, text)

    def _currency(self, index: int) -> int | None:
        named = currency_named(self.tokens[index], self.locale, self.currency)
        if named is None:
            return None
        self.builder.add_reading("currency", named, self.tokens[index].raw)
        return index + 1

    def _text(self, start: int, end: int) -> str:
        return " ".join(token.raw for token in self.tokens[start:end]).replace(" ,", ",")
