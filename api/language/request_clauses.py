"""The clauses of a request line: when, for whom, in which currency, from whom, to where.

One rule: a clause applies to the whole request and ends the item.

A word that turns out not to begin a clause stays a word of the item.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from babel.core import Locale

from api.language.amounts import TIMES_SIGNS, currency_named
from api.language.dates import date_at
from api.language.names import is_named
from api.language.numbers import split_number
from api.language.reading_builder import MAX_QUOTED_LENGTH, ReadingBuilder
from api.language.readings import NotUnderstood, ParseIssue
from api.language.tokenizer import Token
from api.language.vocabulary import language_of, vocabulary

WHEN = frozenset(
    {"on", "within", "am", "zum", "binnen", "innerhalb", "el", "dentro", "через", "خلال", "في", "بعد", "يوم"}
)
MAX_VALUE_WORDS = {"cost_centre": 4, "person": 3, "vendor": 6, "place": 8}


@dataclass
class Segment:
    """What one line of text says about one line of the request."""

    words: list[Token] = field(default_factory=list)
    closed: bool = False
    description: str = ""
    quantity: Decimal | None = None
    has_quantity: bool = False
    unit: str | None = None
    unit_price: Decimal | None = None
    has_price: bool = False

    def is_line(self) -> bool:
        return bool(self.description) or self.has_quantity or self.has_price


@dataclass
class ClauseReader:
    """Reads clauses into one draft, at a position of the current segment."""

    builder: ReadingBuilder
    locale: Locale
    today: date
    currency: str | None
    cost_centres: frozenset[str]
    people: Collection[str] | None = None
    """Names of those whom the person may ask for; None where nobody has looked them up."""
    notes: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    tokens: list[Token] = field(default_factory=list)
    segment: Segment = field(default_factory=Segment)
    line: int = 1

    def _clause(self, index: int) -> int | None:
        found = vocabulary(language_of(self.locale)).clauses.at(self.tokens, index)
        if found is None:
            return None
        kind, start = found
        while start < len(self.tokens) and self.tokens[start].raw == ":":
            start += 1
        match kind:
            case "needed" | "by":
                return self._needed(index, start, kind)
            case "purpose":
                return (
                    self._needed(index, start, kind)
                    or self._cost_centre(start, certain=False)
                    or self._person(start, certain=False)
                )
            case "behalf":
                return self._person(start, certain=True) or self._unknown_person(index, start)
            case "currency":
                return self._in(index, start)
            case "cost":
                return self._cost_centre(start, certain=True)
            case "vendor" | "place":
                return self._value(kind, start)
            case _:
                return None

    def _needed(self, index: int, start: int, kind: str) -> int | None:
        """A day after its keyword; without a day, ``needed`` and what follows is quoted back."""
        found = date_at(self.tokens, start, self.locale, self.today)
        if found is None and kind == "by":
            purpose = self._purpose_after(index)
            if purpose is not None:
                return purpose
        if found is not None and not self._is_end(found[1]) and kind == "purpose":
            return None
        if found is None:
            digit = start < len(self.tokens) and self.tokens[start].raw[0].isdigit()
            if kind == "purpose" or (kind == "by" and not (digit or self.segment.closed)):
                return None
            found = NotUnderstood(text="", why=ParseIssue.date), min(start + 1, len(self.tokens))
        reading, after = found
        self._close()
        if isinstance(reading, NotUnderstood):
            self.builder.add_unread(self.tokens, index, after)
        else:
            self.builder.add_reading("needed_by", reading, self._text(start, after))
        return after

    def _purpose_after(self, index: int) -> int | None:
        """``para el`` without a day may begin a cost centre: ``para el almacén``."""
        word = self.tokens[index].word
        if word in {"para"} and not self._date_digits(index):
            return self._cost_centre(index + 1, certain=False)
        return None

    def _date_digits(self, index: int) -> bool:
        following = self.tokens[index + 1 : index + 3]
        return any(token.raw[0].isdigit() for token in following)

    def _in(self, index: int, start: int) -> int | None:
        """``in EUR``; ``in 2 weeks`` is a day; any other ``in`` is a word of the item."""
        if start < len(self.tokens):
            named = currency_named(self.tokens[start], self.locale, self.currency)
            if named is not None:
                self.builder.add_reading("currency", named, self._text(start, start + 1))
                self._close()
                return start + 1
        found = date_at(self.tokens, index, self.locale, self.today)
        if found is None or isinstance(found[0], NotUnderstood):
            return None
        self.builder.add_reading("needed_by", found[0], self._text(index, found[1]))
        self._close()
        return found[1]

    def _when(self, index: int) -> int | None:
        """``within 2 weeks``, ``on Friday``, ``через неделю`` need no keyword before them."""
        if self.tokens[index].word not in WHEN:
            return None
        found = date_at(self.tokens, index, self.locale, self.today)
        if found is None or isinstance(found[0], NotUnderstood):
            return None
        self.builder.add_reading("needed_by", found[0], self._text(index, found[1]))
        self._close()
        return found[1]

    def _cost_centre(self, start: int, *, certain: bool) -> int | None:
        after = self._value_end(start, MAX_VALUE_WORDS["cost_centre"])
        if after == start:
            return None
        if self.cost_centres:
            known = self._known(start, after)
            if known is None and not certain:
                return None
            after = known or after
        return self._store("cost_centre", start, after)

    def _known(self, start: int, after: int) -> int | None:
        """The end of the longest known cost centre that begins here."""
        for end in range(after, start, -1):
            if self._text(start, end).strip(".,").casefold() in self.cost_centres:
                return end
        return None

    def _person(self, start: int, *, certain: bool) -> int | None:
        """``@rosa``, ``Rosa Keller``: the most words that name somebody."""
        for after in range(self._name_end(start), start, -1):
            named = is_named(self._text(start, after), self.people or ())
            if named and (certain or not self._is_limit(start, after)):
                return self._store("on_behalf_of", start, after)
        return None

    def _unknown_person(self, index: int, start: int) -> int | None:
        """A name that nobody has, where one must stand, is asked about; the clause is quoted back, for it may belong
        to the item: ``in the name of Northwind GmbH``."""
        end = self._name_end(start)
        if end == start:
            return None
        if self.people is None:
            return self._store("on_behalf_of", start, end)
        whole = end if self._has_digit(end) else self._value_end(end, MAX_VALUE_WORDS["place"])
        while whole > end and len(self._text(index, whole)) > MAX_QUOTED_LENGTH:
            whole -= 1
        self.builder.add_unread(self.tokens, index, whole)
        self._store("on_behalf_of", start, end)
        return whole

    def _is_limit(self, start: int, after: int) -> bool:
        """``max. 1200 EUR`` and ``rosa 5 kg`` name no person: a short form, or one small word, before a number."""
        raw = self.tokens[start].raw
        small = after == start + 1 and (raw[0].islower() or raw.endswith("."))
        return small and self._has_digit(after)

    def _has_digit(self, index: int) -> bool:
        """Whether a number stands here, or a currency before one."""
        following = [token.raw for token in self.tokens[index : index + 2]]
        if not following:
            return False
        named = currency_named(self.tokens[index], self.locale, self.currency) is not None
        return any(each.isdigit() for each in (following[-1] if named else following[0]))

    def _name_end(self, start: int) -> int:
        """A name may begin with @, where otherwise a price would."""
        raw = self.tokens[start].raw if start < len(self.tokens) else ""
        if raw.startswith("@") and raw[1:2].isalpha():
            return start + 1
        end = self._value_end(start, MAX_VALUE_WORDS["person"])
        return next((index for index in range(start, end) if self.tokens[index].raw[0].isdigit()), end)

    def _value(self, kind: str, start: int) -> int | None:
        after = self._value_end(start, MAX_VALUE_WORDS[kind])
        return self._store(kind, start, after) if after > start else None

    def _store(self, name: str, start: int, after: int) -> int:
        text = self._text(start, after).strip(" .,:\"'“”„«»")
        if text:
            self.builder.set_value(name, text[:200], text)
        self._close()
        return after

    def _value_end(self, start: int, most: int) -> int:
        """A value extends to the next comma, clause, price, tag or quantity sign."""
        end = start
        while end < len(self.tokens) and end - start < most and not self._is_end(end):
            end += 1
        return end

    def _is_end(self, index: int) -> bool:
        """Whether a value cannot continue here."""
        if index >= len(self.tokens):
            return True
        words, raw = vocabulary(language_of(self.locale)), self.tokens[index].raw
        if raw == "," or raw.startswith(("@", "#")):
            return True
        if words.urgencies.at(self.tokens, index) or words.courtesies.at(self.tokens, index):
            return True
        clause = words.clauses.at(self.tokens, index)
        if clause is not None:
            return clause[0] != "note" or self._colon_before(clause[1])
        parts = split_number(raw)
        return parts is not None and not parts[0] and parts[2].casefold() in TIMES_SIGNS

    def _colon_before(self, after: int) -> bool:
        return ":" in self.tokens[after - 1].raw or (
            after < len(self.tokens) and self.tokens[after].raw == ":"
        )

    def _close(self) -> None:
        """The item ends at its first clause or price."""
        self.segment.closed = self.segment.closed or bool(self.segment.words)

    def _text(self, start: int, end: int) -> str:
        return joined(self.tokens[start:end])


def joined(tokens: Sequence[Token]) -> str:
    """Words as they were written, with a comma next to the word before it."""
    text = "".join("," if token.raw == "," else f" {token.raw}" for token in tokens)
    return text.strip()
