"""A line of a request as it is read: its words, the item so far, and where a value or the item ends.

One rule: what is taken out of the item is quoted back or has a field; nothing is lost.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from babel.core import Locale

from api.language.amounts import TIMES_SIGNS
from api.language.dates import DateReading
from api.language.numbers import split_number
from api.language.reading_builder import ReadingBuilder
from api.language.tokenizer import Token
from api.language.vocabulary import language_of, vocabulary

APART = frozenset({",", "-", "–", "—"})
"""What sets something apart from the item."""
MAX_NEGATED = 5
"""So many words may stand between "not" and the day."""
MAX_ITEM_WORDS = 8
"""A line without a quantity that has more words names no item, if another line does."""
MAX_VALUE_WORDS = {"cost_centre": 4, "person": 3, "vendor": 6, "place": 8}


@dataclass
class Segment:
    """What one line of text says about one line of the request."""

    words: list[Token] = field(default_factory=list)
    closed: bool = False
    description: str = ""
    doubted: str = ""
    """The item, where it is asked whether it is only that."""
    quantity: Decimal | None = None
    has_quantity: bool = False
    unit: str | None = None
    unit_price: Decimal | None = None
    has_price: bool = False
    read_from: str | None = None
    wished: bool = False
    """It begins as a wish does: ``I need``."""
    spoken: bool = False
    """It begins as people talk to each other, or goes on so."""
    kinds: list[Token] = field(default_factory=list)
    """Of which kind it is, said behind where it goes: ``10 chairs for the meeting room, blue``."""
    led_on: bool = False
    """Its last words belonged to a postposition."""
    told_days: list[tuple[DateReading, str]] = field(default_factory=list)
    """Days without a word that asks for them, and their text: in a story they say when something happened."""
    counted_last: bool = False
    """Its quantity stands behind its words."""
    words_before: int = 0
    """So many of its words stand before its quantity."""
    part: int = 0
    """Which line of the text it stands in."""

    @property
    def item(self) -> str:
        """What it asks for, also where that is in doubt."""
        return self.description or self.doubted

    def is_line(self) -> bool:
        return bool(self.description or self.doubted) or self.has_quantity or self.has_price

    def is_heading(self, tokens: Sequence[Token]) -> bool:
        """``Order for the workshop:`` above what is ordered."""
        headed = bool(tokens) and tokens[-1].raw.endswith(":")
        return headed and not (self.has_quantity or self.has_price)

    def is_talk(self, *, alone: bool) -> bool:
        """A sentence that says neither how many nor at what price, unless it is a line of its own and short."""
        if self.has_quantity or self.has_price:
            return False
        return self.spoken or not alone or len(self.words) > MAX_ITEM_WORDS


@dataclass
class SegmentCursor:
    """The current segment, and the draft that it is read into."""

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
            if self._text(start, end).strip(".,:?!").casefold() in self.cost_centres:
                return end
        return None

    def _is_negated(self, begun: int, index: int) -> bool:
        """``que no lleguen antes del 11``: a "not" in the words before the day, since the last comma."""
        labels = vocabulary(language_of(self.locale)).quote
        for at in range(index - 1, max(begun - MAX_NEGATED, -1), -1):
            if self.tokens[at].raw in APART:
                return False
            found = labels.at(self.tokens, at)
            if found is not None and "negative" in found[0].split("/"):
                return True
        return False

    def _since_comma(self, index: int) -> int:
        """Where a clause that vendors must not see begins: after the item's last comma."""
        comma = next((at for at in range(index - 1, 0, -1) if self.tokens[at].raw in APART), index)
        return self._without(comma, index)

    def _without(self, begun: int, end: int) -> int:
        """Takes these words out of the item; where nothing would be left of it, they stay."""
        said = self.tokens[begun:end]
        kept = [each for each in self.segment.words if not any(each is token for token in said)]
        if not kept or self.segment.closed:
            return end
        self.segment.words = kept
        return begun

    def _store(self, name: str, start: int, after: int) -> int:
        text = self._text(start, after).strip(" .,:?!\"'“”„«»")
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
        if raw in {",", ".", "!", "?"} or raw.startswith(("@", "#")):
            return True
        if words.urgencies.at(self.tokens, index) or self._courtesy_at(index) is not None:
            return True
        clause = words.clauses.at(self.tokens, index)
        if clause is not None:
            return clause[0] != "note" or self._colon_before(clause[1])
        parts = split_number(raw)
        return parts is not None and not parts[0] and parts[2].casefold() in TIMES_SIGNS

    def _courtesy_at(self, index: int) -> tuple[str, int] | None:
        """A courtesy, but for ``extintores de pó`` and ``Bosch ya da Makita``: English has these two."""
        words = vocabulary(language_of(self.locale))
        found, label = words.courtesies.at(self.tokens, index), words.quote.at(self.tokens, index)
        held = words.of.at(self.tokens, index - 1) is not None
        longer = found is not None and label is not None and label[1] > found[1]
        return None if held or longer else found

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


def after_wish(
    tokens: Sequence[Token],
    index: int,
    locale: Locale,
    *,
    kinds: Sequence[str] = (),
    signs: Collection[str] = (),
) -> int:
    """Behind the words with which a wish begins: ``please order``; ``kinds`` are more lists of such words, ``signs``
    may stand between them."""
    vocab = vocabulary(language_of(locale))
    tables = (vocab.openings, vocab.courtesies, *(vocab.words[kind] for kind in kinds))
    while index < len(tokens):
        found = [each[1] for table in tables if (each := table.at(tokens, index)) is not None]
        if not found and tokens[index].raw not in signs:
            break
        index = max(found, default=index + 1)
    return index
