"""One line of a request, read from left to right.

One rule: at each word the first that fits is taken: note, tag, price, clause, quantity, and else it is a
word of the item while the item is open, a word not understood after that.
"""

from dataclasses import dataclass, replace
from decimal import Decimal

from api.language.amounts import TIMES, PriceAt, QuantityAt, currency_named, price_at, quantity_at, unit_at
from api.language.numbers import NumberReading
from api.language.quote_words import quote_vocabulary
from api.language.readings import Ambiguous
from api.language.request_clauses import ClauseReader, Segment, joined
from api.language.tokens import Token, tokenize
from api.language.words import language_of, vocabulary


@dataclass
class Reader(ClauseReader):
    """Reads segments into one draft: item, quantity and price of a line, and the clauses of the request."""

    def read(self, tokens: list[Token], line: int) -> Segment:
        """One segment; ``line`` is the number its questions carry."""
        self.tokens, self.segment, self.line = tokens, Segment(), line
        place = self._opening(0)
        while place < len(tokens):
            place = self._step(place)
        self._finish()
        return self.segment

    def _step(self, place: int) -> int:
        """Take what stands at a place and return the place after it."""
        for take in (
            self._note,
            self._tag,
            self._at_price,
            self._clause,
            self._when,
            self._quantity,
            self._urgency,
        ):
            after = take(place)
            if after is not None:
                return after
        if self.segment.closed:
            self.draft.not_read(self.tokens, place, place + 1)
        elif self.segment.words or self.tokens[place].raw != ",":
            self.segment.words.append(self.tokens[place])
        return place + 1

    def _opening(self, place: int) -> int:
        """``please``, ``I need``: heard, not written down."""
        words = vocabulary(language_of(self.locale))
        while (found := words.openings.at(self.tokens, place)) is not None:
            if words.clauses.at(self.tokens, place) is not None:
                clause = words.clauses.at(self.tokens, place)
                if clause is not None and clause[1] > found[1]:
                    break
            place = found[1]
            while place < len(self.tokens) and self.tokens[place].raw in {",", ":", "!", "-", "–"}:
                place += 1
        return place

    def _note(self, place: int) -> int | None:
        """``note: ...`` takes the rest of its line."""
        found = vocabulary(language_of(self.locale)).clauses.at(self.tokens, place)
        if found is None or found[0] != "note" or not self._colon_before(found[1]):
            return None
        rest = self._text(found[1], len(self.tokens)).lstrip(": ")
        attached = self.tokens[found[1] - 1].raw.partition(":")[2]
        note = f"{attached} {rest}".strip()
        if note:
            self.notes.append(note)
        self._close()
        return len(self.tokens)

    def _tag(self, place: int) -> int | None:
        raw = self.tokens[place].raw
        name = raw[1:].strip(".,:;!?")
        if not raw.startswith("#") or not name or name.isdigit():
            return None
        self.tags.append(name[:40])
        self._close()
        return place + 1

    def _at_price(self, place: int) -> int | None:
        """``@1200``, ``@ 1.200 EUR each``, ``je 1200``; a bad one is quoted back."""
        tokens, raw = self.tokens, self.tokens[place].raw
        if raw == "@":
            return self._price(place, price_at(tokens, place + 1, self.locale, self.currency), strong=True)
        if raw.startswith("@") and (not raw[1].isalpha() or self._currency(raw[1:])):
            found = price_at(
                [*tokenize(raw[1:]), *tokens[place + 1 : place + 9]], 0, self.locale, self.currency
            )
            moved = replace(found, after=place + found.after) if found else None
            return self._price(place, moved, strong=True)
        word = vocabulary(language_of(self.locale)).price_at.at(tokens, place)
        if word is None or not self.segment.words or self.segment.price_said:
            return None
        return self._price(place, price_at(tokens, word[1], self.locale, self.currency), strong=False)

    def _currency(self, raw: str) -> bool:
        named = tokenize(raw)
        return bool(named) and currency_named(named[0], self.locale, self.currency) is not None

    def _price(self, place: int, found: PriceAt | None, *, strong: bool) -> int | None:
        if found is None:
            if not strong:
                return None
            after = min(place + (2 if self.tokens[place].raw == "@" else 1), len(self.tokens))
            self.draft.not_read(self.tokens, place, after)
            self._close()
            return after
        total = quote_vocabulary(language_of(self.locale)).parts.at(self.tokens, found.after)
        if total is not None and total[0] == "total":
            self.draft.not_read(self.tokens, place, total[1])
            self._close()
            return total[1]
        text = self._text(place, found.after)
        self._price_value(found.value, text, (place, found.after))
        if found.currency is not None:
            self.draft.take("currency", found.currency, text)
        self._close()
        each = vocabulary(language_of(self.locale)).each.at(self.tokens, found.after)
        return each[1] if each else found.after

    def _price_value(self, value: NumberReading, text: str, span: tuple[int, int]) -> None:
        again = self.segment.price_said and value != self.segment.unit_price
        self.segment.price_said = True
        match value:
            case Decimal() if not again:
                self.segment.unit_price = value
            case Ambiguous():
                self.segment.unit_price = None
                self.draft.ask(
                    value.model_copy(update={"field": "unit_price", "line": self.line, "text": text})
                )
            case _:
                self.draft.not_read(self.tokens, *span)

    def _quantity(self, place: int) -> int | None:
        """A quantity leads the item, or follows it: ``laptop x3``, ``laptop, 3 pcs``."""
        if self.segment.quantity_said or self.segment.closed:
            return None
        if self.segment.words:
            return self._trailing(place)
        found = quantity_at(self.tokens, place, self.locale)
        if found is None:
            return None
        after = found.after
        if found.unit is not None and not found.times:
            of = vocabulary(language_of(self.locale)).of.at(self.tokens, after)
            after = of[1] if of else after
        self._take_quantity(found, place)
        return after

    def _trailing(self, place: int) -> int | None:
        raw = self.tokens[place].raw
        if raw[0].casefold() in TIMES:
            rest = tokenize(raw[1:]) or self.tokens[place + 1 : place + 2]
            after = place + 1 if len(raw) > 1 else place + 2
            found = quantity_at(rest, 0, self.locale) if len(rest) == 1 else None
            if found is None or found.after != 1 or not self._is_end(after):
                return None
            self._take_quantity(found, place)
            return after
        if unit_at(self.tokens, place + 1, self.locale) is None and len(raw) < 2:
            return None
        found = quantity_at(self.tokens, place, self.locale) if raw[0].isdigit() else None
        after_comma = self.tokens[place - 1].raw == ","
        if found is None or found.unit is None or not after_comma or not self._is_end(found.after):
            return None
        self._take_quantity(found, place)
        return found.after

    def _take_quantity(self, found: QuantityAt, place: int) -> None:
        self.segment.quantity_said = True
        self.segment.unit = found.unit
        match found.value:
            case Decimal() if found.value:
                self.segment.quantity = found.value
            case Ambiguous():
                text = self._text(place, found.after)
                self.draft.ask(
                    found.value.model_copy(update={"field": "quantity", "line": self.line, "text": text})
                )
            case _:
                self.draft.not_read(self.tokens, place, found.after)

    def _urgency(self, place: int) -> int | None:
        """``asap`` and its kin at an edge of the item are quoted back; ``please`` there is only heard."""
        words = vocabulary(language_of(self.locale))
        courtesy = words.courtesies.at(self.tokens, place)
        if courtesy is not None and self._is_end(courtesy[1]):
            return courtesy[1]
        urgent = words.urgencies.at(self.tokens, place)
        if urgent is None:
            return None
        leads = not self.segment.words and not self.segment.quantity_said
        if not (leads or self._is_end(urgent[1])):
            return None
        self.draft.not_read(self.tokens, place, urgent[1])
        return urgent[1]

    def _finish(self) -> None:
        words = self.segment.words
        self.segment.description = joined(words).strip(" ,:–-")
