"""Turns one part of a quote into atoms: numbers, spans, dates, labels, signs, and words that nobody knows.

One rule: every word becomes exactly one atom, so that what is not understood is seen.

At a position the longest phrase wins; a label takes precedence over a unit, a unit over a courtesy.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from babel.core import Locale

from api.language.amounts import (
    HUNDREDTH,
    TIMES_SIGNS,
    FoundPrice,
    currency_named,
    in_cents,
    price_at,
    quantity_at,
    unit_at,
)
from api.language.date_vocabulary import names
from api.language.dates import DateReading, calendar_date_at
from api.language.numbers import NumberReading
from api.language.quote_naming import is_item_word
from api.language.quote_talk import KEEPING, OFFERING, ORDERING, PLAIN_LABELS, told_kind
from api.language.readings import Ambiguous, NotUnderstood
from api.language.request_items import is_personal
from api.language.spans import FoundSpan, glued_span, wide_span_at
from api.language.tokenizer import Token, is_emoji, tokenize
from api.language.vocabulary import COMMON_CURRENCIES, Vocabulary, language_of, vocabulary

_CODE = re.compile(r"[A-Z]{3}")
_PERCENT = re.compile(r"%?(\d{1,3}(?:[.,]\d{1,2})?)%?", re.ASCII)
_PERCENT_WORDS = frozenset({"%", "percent", "prozent", "процент", "процентов", "procent", "відсотків"})
BREAKS = frozenset({",", ".", "|", "(", ")", "!", "-", "–", "—", "?", "•", "+", "/", "&", ":"})
CUTS = frozenset({",", ".", "|", "(", ")", "!", "?", "•"})
"""What ends a clause: a label does not reach over it."""


MIN_CURRENCY_NAME = 3
"""A shorter name is a currency only beside a number: ``ft`` are also feet."""


SILENT = ("courtesies", "link", "sign_off", "offers", "about_us")
"""Words that say nothing of a price: also verbs of offering in their forms, pronouns, and "as discussed"."""
SILENT_BESIDE = ("of_last_time", "falling")
"""Words that say nothing only beside others: ``we hold last year's price``, ``lowered from $60 to $52``."""
MIN_TELEPHONE_DIGITS = 7
"""``+40`` before a label is a sum."""


class AtomKind(StrEnum):
    """What an atom is."""

    number = "number"
    percent = "percent"
    span = "span"
    date = "date"
    label = "label"
    each = "each"
    times = "times"
    equals = "equals"
    sign = "sign"
    silent = "silent"
    word = "word"


@dataclass(frozen=True, kw_only=True)
class Atom:
    """One thing that was written, and the words that it is."""

    kind: AtomKind
    start: int
    after: int
    labels: tuple[str, ...] = ()
    """What a label may stand for, the likeliest first."""
    value: NumberReading | None = None
    currency: str | Ambiguous | None = None
    unit: str | None = None
    each: bool = False
    """The unit may as well mean "for one": ``450 Stück``."""
    size: bool = False
    """It measures the item: ``14 inch``, ``80 g``."""
    span: FoundSpan | None = None
    date: DateReading | None = None

    @property
    def is_cut(self) -> bool:
        return self.kind is AtomKind.sign and self.labels == ("cut",)


@dataclass
class AtomReader:
    """Reads the atoms of one part."""

    tokens: Sequence[Token]
    locale: Locale
    today: date
    currency: str | None
    items: Sequence[str] = ()
    """What was asked for: its words are no talk, ``Monitor stand``."""
    valued: bool = False
    """A currency is named somewhere in the quote: two digits behind a sign are cents, ``79,00``."""

    @property
    def vocab(self) -> Vocabulary:
        return vocabulary(language_of(self.locale))

    def read(self) -> list[Atom]:
        atoms, index = [], 0
        while index < len(self.tokens):
            atom = self._at(index)
            atoms.append(atom)
            index = atom.after
        return atoms

    def is_weak(self, label: Atom) -> bool:
        """``in``, ``within``, ``через``: a plain number after them is no number of days."""
        words = self.vocab.words["date_in"].at(self.tokens, label.start)
        text = "".join(token.word for token in self.tokens[label.start : label.after])
        return (words is not None and words[1] == label.after) or len(text) <= 2

    def _at(self, index: int) -> Atom:
        raw = self.tokens[index].raw
        added = self._phrase(index) if raw == "+" else None
        if added is not None and added.after > index + 1:
            return added  # ``+ VAT``
        contact = self._contact_end(index)
        if contact is not None:
            return Atom(kind=AtomKind.silent, start=index, after=contact)
        if raw in BREAKS:
            return Atom(
                kind=AtomKind.sign, start=index, after=index + 1, labels=("cut",) if raw in CUTS else ()
            )
        if raw == "=":
            return Atom(kind=AtomKind.equals, start=index, after=index + 1)
        if raw.casefold() in TIMES_SIGNS:
            return Atom(kind=AtomKind.times, start=index, after=index + 1)
        if raw == "@":
            return Atom(kind=AtomKind.label, start=index, after=index + 1, labels=("price",))
        for read in (
            self._percent, self._date, self._span, self._number, self._phrase, self._named_currency, self._told
        ):  # fmt: skip
            atom = read(index)
            if atom is not None:
                return atom
        return Atom(kind=AtomKind.silent if is_emoji(raw) else AtomKind.word, start=index, after=index + 1)

    def _contact_end(self, index: int) -> int | None:
        """The position after a telephone number, ``+49 171 5550123``, or a mail address."""
        if not is_personal(self.tokens, index):
            return None
        after = index + 1
        while after < len(self.tokens) and self.tokens[after].raw.rstrip(".").isdigit():
            after += 1
        digits = sum(char.isdigit() for token in self.tokens[index:after] for char in token.raw)
        return after if "@" in self.tokens[index].raw or digits >= MIN_TELEPHONE_DIGITS else None

    def _percent(self, index: int) -> Atom | None:
        raw = self.tokens[index].raw.strip("(),;:+").rstrip(".")
        match = _PERCENT.fullmatch(raw)
        if match is None:
            return None
        after = index + 1
        if "%" not in raw:
            if after >= len(self.tokens) or self.tokens[after].word.strip(".") not in _PERCENT_WORDS:
                return None
            after += 1
        found = price_at(tokenize(match[1]), 0, self.locale, None)
        return Atom(kind=AtomKind.percent, start=index, after=after, value=found.value if found else None)

    def _date(self, index: int) -> Atom | None:
        found = calendar_date_at(self.tokens, index, self.locale, self.today)
        if found is None or isinstance(found[0], NotUnderstood):
            return None
        return Atom(kind=AtomKind.date, start=index, after=found[1], date=found[0])

    def _span(self, index: int) -> Atom | None:
        found = wide_span_at(self.tokens, index, self.locale) or self._soon(index)
        glued = glued_span(self.tokens[index].word, self.locale) if found is None else None
        if glued is not None:
            return Atom(kind=AtomKind.span, start=index, after=index + 1, span=glued)
        plain = found is not None and found.after == index + 1 and found != self._soon(index)
        if found is None or (plain and not any(char.isdigit() for char in self.tokens[index].raw)):
            return None  # one word without a digit, ``неделю``, is a span only after its preposition
        return Atom(kind=AtomKind.span, start=index, after=found.after, span=found)

    def _soon(self, index: int) -> FoundSpan | None:
        """``tomorrow``, ``next day``; ``Morgen,`` alone is a greeting."""
        found = self.vocab.days.at(self.tokens, index)
        days = int(found[0]) if found is not None and found[0].isdigit() else 0
        if found is None or not days or (not index and found[1] == 1):
            return None
        return FoundSpan(days, days, "day", found[1])

    def _number(self, index: int) -> Atom | None:
        found = price_at(self.tokens, index, self.locale, self.currency)
        basis = self._phrase(index)
        if basis is not None and "per" in basis.labels and self.tokens[index].raw[0].isdigit():
            return basis  # ``100 adedi``, ``100 шт за``
        if found is None:
            return self._measured(index)
        if self.valued:
            found = replace(found, value=in_cents(self.tokens[index].raw, found.value))
        if found.currency is None:
            phrase = self._phrase(index) if not self.tokens[index].raw[0].isdigit() else None
            if phrase is not None:
                return phrase
        elif self._is_word_after_all(found):
            found = FoundPrice(found.value, None, found.after - 1)
        after = found.after
        atom = Atom(
            kind=AtomKind.number, start=index, after=after, value=found.value, currency=found.currency
        )
        return atom if found.currency is not None else self._with_unit(atom)

    def _is_word_after_all(self, found: FoundPrice) -> bool:
        """``450 GEL pens``: a code that few use, before a word that nobody knows, is a word of the item."""
        code = self.tokens[found.after - 1].raw
        rare = (
            self.vocab.currencies.at(self.tokens, found.after - 1) is None
            and _CODE.fullmatch(code) is not None
        )
        if not rare or code in {"USD", "EUR", "GBP", "CHF"} or found.after >= len(self.tokens):
            return False
        following = self.tokens[found.after].raw
        return following.isalpha() and self._phrase(found.after) is None and len(following) > 1

    def _with_unit(self, atom: Atom) -> Atom:
        """What follows a number: the unit that it counts, or the measure of the item that it is."""
        after = atom.after
        if self.vocab.dimensions.at(self.tokens, after) is not None:
            size = self.vocab.dimensions.at(self.tokens, after)
            return Atom(
                kind=AtomKind.number,
                start=atom.start,
                after=size[1] if size else after,
                value=atom.value,
                size=True,
            )
        unit = unit_at(self.tokens, after, self.locale)
        each = self.vocab.each.at(self.tokens, after)
        if unit is None or (each is not None and each[1] > unit[1]):
            return atom
        code, end = unit
        if code == "hour":
            return Atom(kind=AtomKind.span, start=atom.start, after=end, value=atom.value, unit="hour")
        return Atom(
            kind=AtomKind.number,
            start=atom.start,
            after=end,
            value=atom.value,
            unit=code,
            each=each is not None,
            size=code in {"g", "l", "ml", "m", "cm", "mm", "kg", "m2", "m3", "t"},
        )

    def _measured(self, index: int) -> Atom | None:
        """``80g``, ``14"``, ``5pcs``, ``24h``."""
        raw = self.tokens[index].raw
        if not raw[0].isdigit():
            return None
        found = quantity_at(self.tokens, index, self.locale)
        if found is not None and found.unit == "hour":
            return Atom(kind=AtomKind.span, start=index, after=found.after, value=found.value, unit="hour")
        if found is not None:
            size = found.unit in {"g", "l", "ml", "m", "cm", "mm", "kg", "m2", "m3", "t"}
            return Atom(
                kind=AtomKind.number,
                start=index,
                after=found.after,
                value=found.value,
                unit=found.unit,
                size=size,
            )
        inch = re.fullmatch(r"\d{1,3}(?:[.,]\d)?(?:\"|''|″|”)", raw.rstrip(".,:;"))
        return Atom(kind=AtomKind.number, start=index, after=index + 1, size=True) if inch else None

    def _named_currency(self, index: int) -> Atom | None:
        """``in EUR``, ``prices in euros``: a currency that stands with no number."""
        found = currency_named(self.tokens, index, self.locale, self.currency)
        raw = self.tokens[index].raw.strip(".,:;()")
        if found is None or found[0] == HUNDREDTH or raw == "$":
            return None
        if raw.isalpha() and len(raw) < MIN_CURRENCY_NAME:
            return None
        if raw.isascii() and len(raw) == 3 and raw.isupper() and raw not in COMMON_CURRENCIES:
            return None
        return Atom(kind=AtomKind.silent, start=index, after=found[1], currency=found[0])

    def _told(self, index: int) -> Atom | None:
        """A verb of delivering, ordering or offering in any form, ``confirmáis``: no word of the item."""
        kind = told_kind(self.tokens[index].word, language_of(self.locale))
        if names(language_of(self.locale)).weekdays.at(self.tokens, index) is not None:
            return None  # ``vendredi`` begins like a verb of selling
        if kind is None or is_item_word(self.tokens[index].word, self.items):
            return None
        silent = kind == OFFERING
        return Atom(
            kind=AtomKind.silent if silent else AtomKind.label,
            start=index,
            after=index + 1,
            labels=() if silent else (kind,),
        )

    def _is_of_item(self, index: int, kinds: str, after: int) -> bool:
        """Whether a label that is also a plain word, ``stand``, ``open``, is one of the item's."""
        plain = after == index + 1 and set(kinds.split("/")) <= PLAIN_LABELS
        return plain and is_item_word(self.tokens[index].word, self.items)

    def _is_beside(self, index: int, name: str) -> bool:
        """Whether a word of keeping stands in the clause, or both what the price was and what it is now."""
        words, tokens = self.vocab.words, self.tokens
        if words[name].at(tokens, index) is None:
            return False
        if name == "falling":
            turns = (words["falls_from"], words["falls_to"])
            return all(any(turn.at(tokens, at) for at in range(len(tokens))) for turn in turns)
        ends = [at for at, token in enumerate(tokens) if token.raw[-1] in CUTS]
        first = max((at + 1 for at in ends if at < index), default=0)
        last = min((at + 1 for at in ends if at >= index), default=len(tokens))
        labels = (self.vocab.quote.at(tokens, at) for at in range(first, last))
        return any(label is not None and KEEPING in label[0].split("/") for label in labels)

    def _phrase(self, index: int) -> Atom | None:
        """The longest of the phrases that begin here."""
        vocab = self.vocab
        label = vocab.quote.at(self.tokens, index)
        found: list[tuple[int, int, Atom]] = []
        if label is not None and not self._is_of_item(index, *label):
            kinds = tuple(label[0].split("/"))
            kind = AtomKind.silent if kinds == ("now",) else AtomKind.label
            found.append((label[1], 3, Atom(kind=kind, start=index, after=label[1], labels=kinds)))
        each = vocab.each.at(self.tokens, index)
        if each is not None:
            found.append((each[1], 2, Atom(kind=AtomKind.each, start=index, after=each[1])))
        but = vocab.words["but"].at(self.tokens, index)
        if but is not None:  # no label reaches over it
            found.append((but[1], 2, Atom(kind=AtomKind.sign, start=index, after=but[1])))
        kept = (name for name in SILENT_BESIDE if self._is_beside(index, name))
        talk = [vocab.words[name].at(self.tokens, index) for name in (*SILENT, *kept)]
        for silent in (
            talk if told_kind(self.tokens[index].word, language_of(self.locale)) != ORDERING else ()
        ):
            if silent is not None:
                found.append((silent[1], 1, Atom(kind=AtomKind.silent, start=index, after=silent[1])))
        return max(found, key=lambda each: each[:2])[2] if found else None
