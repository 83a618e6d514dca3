"""One line of a request, read from left to right.

One rule: at each word the first that matches is used: note, tag, price, clause, quantity.

A word that matches none belongs to the item while the item is open, and is not understood after that.
"""

from dataclasses import dataclass, replace
from decimal import Decimal

from api.language.amounts import (
    TIMES_SIGNS,
    FoundPrice,
    FoundQuantity,
    currency_named,
    price_at,
    quantity_at,
    unit_at,
)
from api.language.numbers import NumberReading
from api.language.quote_vocabulary import quote_vocabulary
from api.language.readings import Ambiguous
from api.language.request_clauses import ClauseReader, Segment, joined
from api.language.tokenizer import Token, tokenize
from api.language.vocabulary import language_of, vocabulary


@dataclass
class RequestReader(ClauseReader):
    """Reads segments into one draft: item, quantity and price of a line, and the clauses of the request."""

    def read(self, tokens: list[Token], line: int) -> Segment:
        """Read one segment; ``line`` is the number that its questions carry."""
        self.tokens, self.segment, self.line = tokens, Segment(), line
        index = self._opening(0)
        while index < len(tokens):
            index = self._step(index)
        self._finish()
        return self.segment

    def _step(self, index: int) -> int:
        """Read what stands at a position and return the position after it."""
        for take in (
            self._note,
            self._tag,
            self._at_price,
            self._clause,
            self._when,
            self._quantity,
            self._urgency,
        ):
            after = take(index)
            if after is not None:
                return after
        if self.segment.closed:
            self.builder.add_unread(self.tokens, index, index + 1)
        elif self.segment.words or self.tokens[index].raw != ",":
            self.segment.words.append(self.tokens[index])
        return index + 1

    def _opening(self, index: int) -> int:
        """``please``, ``I need``: recognised and dropped."""
        words = vocabulary(language_of(self.locale))
        while (found := words.openings.at(self.tokens, index)) is not None:
            if words.clauses.at(self.tokens, index) is not None:
                clause = words.clauses.at(self.tokens, index)
                if clause is not None and clause[1] > found[1]:
                    break
            index = found[1]
            while index < len(self.tokens) and self.tokens[index].raw in {",", ":", "!", "-", "–"}:
                index += 1
        return index

    def _note(self, index: int) -> int | None:
        """``note: ...`` includes the rest of its line."""
        found = vocabulary(language_of(self.locale)).clauses.at(self.tokens, index)
        if found is None or found[0] != "note" or not self._colon_before(found[1]):
            return None
        rest = self._text(found[1], len(self.tokens)).lstrip(": ")
        attached = self.tokens[found[1] - 1].raw.partition(":")[2]
        note = f"{attached} {rest}".strip()
        if note:
            self.notes.append(note)
        self._close()
        return len(self.tokens)

    def _tag(self, index: int) -> int | None:
        raw = self.tokens[index].raw
        name = raw[1:].strip(".,:;!?")
        if not raw.startswith("#") or not name or name.isdigit():
            return None
        self.tags.append(name[:40])
        self._close()
        return index + 1

    def _at_price(self, index: int) -> int | None:
        """``@1200``, ``@ 1.200 EUR each``, ``je 1200``; an unreadable price is quoted back."""
        tokens, raw = self.tokens, self.tokens[index].raw
        if raw == "@":
            return self._price(index, price_at(tokens, index + 1, self.locale, self.currency), strong=True)
        if raw.startswith("@") and (not raw[1].isalpha() or self._currency(raw[1:])):
            found = price_at(
                [*tokenize(raw[1:]), *tokens[index + 1 : index + 9]], 0, self.locale, self.currency
            )
            moved = replace(found, after=index + found.after) if found else None
            return self._price(index, moved, strong=True)
        word = vocabulary(language_of(self.locale)).price_at.at(tokens, index)
        if word is None or not self.segment.words or self.segment.has_price:
            return None
        return self._price(index, price_at(tokens, word[1], self.locale, self.currency), strong=False)

    def _currency(self, raw: str) -> bool:
        named = tokenize(raw)
        return bool(named) and currency_named(named[0], self.locale, self.currency) is not None

    def _price(self, index: int, found: FoundPrice | None, *, strong: bool) -> int | None:
        if found is None:
            if not strong:
                return None
            after = min(index + (2 if self.tokens[index].raw == "@" else 1), len(self.tokens))
            self.builder.add_unread(self.tokens, index, after)
            self._close()
            return after
        total = quote_vocabulary(language_of(self.locale)).parts.at(self.tokens, found.after)
        if total is not None and total[0] == "total":
            self.builder.add_unread(self.tokens, index, total[1])
            self._close()
            return total[1]
        text = self._text(index, found.after)
        self._price_value(found.value, text, (index, found.after))
        if found.currency is not None:
            self.builder.add_reading("currency", found.currency, text)
        self._close()
        each = vocabulary(language_of(self.locale)).each.at(self.tokens, found.after)
        return each[1] if each else found.after

    def _price_value(self, value: NumberReading, text: str, span: tuple[int, int]) -> None:
        again = self.segment.has_price and value != self.segment.unit_price
        self.segment.has_price = True
        match value:
            case Decimal() if not again:
                self.segment.unit_price = value
            case Ambiguous():
                self.segment.unit_price = None
                self.builder.add_question(
                    value.model_copy(update={"field": "unit_price", "line": self.line, "text": text})
                )
            case _:
                self.builder.add_unread(self.tokens, *span)

    def _quantity(self, index: int) -> int | None:
        """A quantity precedes the item or follows it: ``laptop x3``, ``laptop, 3 pcs``."""
        if self.segment.has_quantity or self.segment.closed:
            return None
        if self.segment.words:
            return self._trailing(index)
        found = quantity_at(self.tokens, index, self.locale)
        if found is None:
            return None
        after = found.after
        if found.unit is not None and not found.times:
            of = vocabulary(language_of(self.locale)).of.at(self.tokens, after)
            after = of[1] if of else after
        self._take_quantity(found, index)
        return after

    def _trailing(self, index: int) -> int | None:
        raw = self.tokens[index].raw
        if raw[0].casefold() in TIMES_SIGNS:
            rest = tokenize(raw[1:]) or self.tokens[index + 1 : index + 2]
            after = index + 1 if len(raw) > 1 else index + 2
            found = quantity_at(rest, 0, self.locale) if len(rest) == 1 else None
            if found is None or found.after != 1 or not self._is_end(after):
                return None
            self._take_quantity(found, index)
            return after
        if unit_at(self.tokens, index + 1, self.locale) is None and len(raw) < 2:
            return None
        found = quantity_at(self.tokens, index, self.locale) if raw[0].isdigit() else None
        after_comma = self.tokens[index - 1].raw == ","
        if found is None or found.unit is None or not after_comma or not self._is_end(found.after):
            return None
        self._take_quantity(found, index)
        return found.after

    def _take_quantity(self, found: FoundQuantity, index: int) -> None:
        self.segment.has_quantity = True
        self.segment.unit = found.unit
        match found.value:
            case Decimal() if found.value:
                self.segment.quantity = found.value
            case Ambiguous():
                text = self._text(index, found.after)
                self.builder.add_question(
                    found.value.model_copy(update={"field": "quantity", "line": self.line, "text": text})
                )
            case _:
                self.builder.add_unread(self.tokens, index, found.after)

    def _urgency(self, index: int) -> int | None:
        """``asap`` and similar words at an edge of the item are quoted back; ``please`` is dropped."""
        words = vocabulary(language_of(self.locale))
        courtesy = words.courtesies.at(self.tokens, index)
        if courtesy is not None and self._is_end(courtesy[1]):
            return courtesy[1]
        urgent = words.urgencies.at(self.tokens, index)
        if urgent is None:
            return None
        leads = not self.segment.words and not self.segment.has_quantity
        if not (leads or self._is_end(urgent[1])):
            return None
        self.builder.add_unread(self.tokens, index, urgent[1])
        return urgent[1]

    def _finish(self) -> None:
        words = self.segment.words
        self.segment.description = joined(words).strip(" ,:–-")
