"""How many are wanted: a quantity before the item, ``3 laptops``, or behind it, ``laptop x3``, ``laptop, 3 pcs``.

One rule: an item has one quantity; a length, a weight or a size is none, unless the item says "of" it.
"""

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from api.language.amounts import TIMES_SIGNS, FoundQuantity, quantity_at, unit_at
from api.language.dates import calendar_date_at
from api.language.numbers import plain
from api.language.place_phrases import place_at
from api.language.readings import Ambiguous
from api.language.request_cursor import APART
from api.language.request_items import MEASURES, TIMES_OF_DAY, is_personal
from api.language.request_recipients import RecipientClauses
from api.language.tokenizer import tokenize
from api.language.vocabulary import language_of, vocabulary

_BRACKETED = re.compile(r"\((\d+)\)")
_JOINED_OF = re.compile(r"(?:d|dell)['’](?=\w)", re.IGNORECASE)
_RANGE = re.compile(r"(\d{1,4})[-–—](\d{1,4})")
_SIZED = re.compile(r"\d+(?:[.,]\d+)?(?:[x×х*]\d+(?:[.,]\d+)?){1,2}(?:mm|cm|m)?", re.IGNORECASE)
CONTAINERS = frozenset({"bucket", "pallet"})
MIN_CURRENCY_NAME = 3
"""A shorter word beside a number may be a code of the item: ``5 TOP chairs``."""


@dataclass
class QuantityClauses(RecipientClauses):
    """Reads the quantity at a position of the current segment."""

    def _quantity(self, index: int) -> int | None:
        """A quantity precedes the item or follows it: ``laptop x3``, ``laptop, 3 pcs``."""
        if self.segment.has_quantity or (self.segment.closed and not self._counts_at_end(index)):
            return None
        if self.segment.words:
            return self._trailing(index)
        few = vocabulary(language_of(self.locale)).words["few"].at(self.tokens, index)
        if few is not None and self.tokens[index].raw.islower():
            self.builder.add_unread(self.tokens, index, few[1])
            return few[1]
        between = self._range(index)
        if between is not None and between[0].unit is None:
            self.builder.add_unread(self.tokens, index, index + 1)  # ``3-5 laptops``
            return index + 1
        if between is not None:
            return self._ask_quantity(index, *between)
        found = quantity_at(self.tokens, index, self.locale)
        day = calendar_date_at(self.tokens, index, self.locale, self.today)
        if found is not None and day is not None and self._has_word(index, day[1]):
            self.builder.add_unread(self.tokens, index, day[1])
            return day[1]
        if found is not None and self._is_sum(index, found):
            self.builder.add_unread(self.tokens, index, found.after + 1)
            return found.after + 1
        if found is None or self._is_size(index, found) or is_personal(self.tokens, index):
            return None
        still = vocabulary(language_of(self.locale)).words["still_there"].at(self.tokens, found.after)
        if still is not None:
            self.builder.add_unread(self.tokens, index, still[1])
            return still[1]
        other = self._other_quantity(found)
        if other is not None:
            return self._ask_quantity(index, found, other)
        after = found.after
        if found.unit is not None and (self._is_nameless(after) or self._is_bucket(found)):
            found, after = replace(found, unit=None), index + 1
        if found.unit is not None and not found.times:
            of = vocabulary(language_of(self.locale)).of.at(self.tokens, after)
            after = of[1] if of else after
            self._split_article(after)
        elif found.unit is None and (of_these := self._of_these(after)) is not None:
            after = of_these
        elif found.unit is None and (portion := self._portion(after)) is not None:
            after = portion
        self._take_quantity(found, index)
        return self._after_new(after)

    def _split_article(self, index: int) -> None:
        """``12 bouteilles d'huile d'olive``: an "of" written as one word with its noun; a noun alone stays as it is."""
        joined = _JOINED_OF.match(self.tokens[index].raw) if not self._is_end(index + 1) else None
        named = index + 1 < len(self.tokens) and self.tokens[index + 1].raw[0].isalpha()
        if joined is not None and named and self.locale.language in ("fr", "it"):
            token = self.tokens[index]
            cut = joined.end()
            self.tokens[index] = replace(token, raw=token.raw[cut:], word=token.word[cut:])

    def _portion(self, index: int) -> int | None:
        """``100 sheets of drawing paper``, ``3 feuilles de``: what is counted comes in pieces of some form."""
        vocab = vocabulary(language_of(self.locale))
        found = vocab.words["portions"].at(self.tokens, index)
        of = vocab.of.at(self.tokens, found[1]) if found is not None else None
        if of is None or self._is_end(of[1]) or self.tokens[of[1]].raw[0].isdigit():
            return None
        return of[1]

    def _range(self, index: int) -> tuple[FoundQuantity, FoundQuantity] | None:
        """``5-6 chairs``, ``2-3 szt. przedłużacz``: from how many to how many, where pieces are counted."""
        match = _RANGE.fullmatch(self.tokens[index].raw)
        if match is None or int(match[1]) >= int(match[2]) or index + 1 >= len(self.tokens):
            return None
        vocab = vocabulary(language_of(self.locale))
        unit = unit_at(self.tokens, index + 1, self.locale)
        tables = (vocab.dimensions, vocab.words["features"], vocab.words["size"])
        measured = unit is not None and unit[0] in MEASURES | TIMES_OF_DAY
        named = any(each.at(self.tokens, index + 1) is not None for each in tables)
        if measured or named or not self.tokens[index + 1].raw[0].isalpha():
            return None
        after = unit[1] if unit is not None else index + 1
        low, high = (Decimal(each) for each in match.groups())
        kind = unit[0] if unit is not None else None
        return FoundQuantity(low, kind, False, after), FoundQuantity(high, kind, False, after)

    def _after_new(self, index: int) -> int:
        """``a new microwave``: all that is bought is new, so it says nothing; ``New Holland`` is a name."""
        found = vocabulary(language_of(self.locale)).words["as_new"].at(self.tokens, index)
        plain = found is not None and self.tokens[index].raw.islower() and not self._is_end(found[1])
        if plain and self._vocab.words["further"].at(self.tokens, index) is not None:
            self.segment.led_on = True  # ``2 more leads``: of those that there are, or any
        return found[1] if found is not None and plain else index

    def _is_nameless(self, index: int) -> bool:
        """``80 boxes 60x40x40``: where only a size follows, what counts the pieces is their name."""
        following = [token.raw for token in self.tokens[index : index + 1]]
        vocab = vocabulary(language_of(self.locale))
        led = vocab.words["prepositions"].at(self.tokens, index) or vocab.words["having"].at(
            self.tokens, index
        )
        if led is not None and vocab.of.at(self.tokens, index) is None and led[1] < len(self.tokens):
            held = vocab.each.at(self.tokens, led[1]) or vocab.price_at.at(self.tokens, index)
            goes = self._is_centre(led[1]) or place_at(self.tokens, index, self.locale, leading=False)
            return not (held or goes) and self.tokens[led[1]].raw[0].isalpha()  # ``skrzynek na butelki``
        return any(_SIZED.fullmatch(raw) is not None for raw in following)

    def _counts_at_end(self, index: int) -> bool:
        """``kettle for the kitchen, 1 pc``: behind a comma and a clause, with a unit that counts."""
        found = quantity_at(self.tokens, index, self.locale) if self.segment.words else None
        counts = found is not None and found.unit not in MEASURES | TIMES_OF_DAY | {None}
        return (
            counts and self.tokens[index - 1].raw in APART and found is not None and self._is_end(found.after)
        )

    def _is_bucket(self, found: FoundQuantity) -> bool:
        """``6 buckets``: what may be counted as such is what is asked for, where nothing else is."""
        return found.unit in CONTAINERS and not found.times and self._is_end(found.after)

    def _is_sum(self, index: int, found: FoundQuantity) -> bool:
        """``150 liranın altında``: money is no number of pieces."""
        named = found.after < len(self.tokens) and self._currency(self.tokens[found.after].raw)
        word = self.tokens[found.after].word if named else ""
        return named and found.unit is None and not found.times and len(word) > MIN_CURRENCY_NAME

    def _of_these(self, index: int) -> int | None:
        """``3 of the 27 inch monitors``: the position of what is counted."""
        vocab = vocabulary(language_of(self.locale))
        of = vocab.of.at(self.tokens, index)
        definite = vocab.words["definite"].at(self.tokens, of[1]) if of is not None else None
        return definite[1] if definite is not None else None

    def _is_size(self, index: int, found: FoundQuantity) -> bool:
        """``2 m cable x 20``: a length before the item, and how many after it."""
        if found.unit not in MEASURES or vocabulary(language_of(self.locale)).of.at(self.tokens, found.after):
            return False
        return any(
            token.raw[0].casefold() in TIMES_SIGNS
            and (token.raw[1:].isdigit() or (len(token.raw) == 1 and self._is_whole(at + 1)))
            for at, token in enumerate(self.tokens)
            if at >= found.after
        )

    def _is_whole(self, index: int) -> bool:
        return index < len(self.tokens) and self.tokens[index].raw.strip(".,").isdigit()

    def _other_quantity(self, found: FoundQuantity) -> FoundQuantity | None:
        """``5 or 6 chairs``: the second number."""
        vocab = vocabulary(language_of(self.locale))
        label = vocab.quote.at(self.tokens, found.after)
        till = vocab.words["till"].at(self.tokens, found.after)
        after = (
            label[1] if label is not None and "other" in label[0].split("/") else till[1] if till else None
        )
        return quantity_at(self.tokens, after, self.locale) if after is not None else None

    def _ask_quantity(self, index: int, found: FoundQuantity, other: FoundQuantity) -> int:
        self.segment.has_quantity = True
        self.segment.unit = found.unit or other.unit
        both = [plain(each) for each in (found.value, other.value) if isinstance(each, Decimal)]
        readings = tuple(dict.fromkeys(both))
        if len(readings) > 1:
            text = self._text(index, other.after)
            question = Ambiguous(text=text, readings=readings, field="quantity", line=self.line)
            self.builder.add_question(question)
        else:
            self.builder.add_unread(self.tokens, index, other.after)
        return other.after

    def _trailing(self, index: int) -> int | None:
        raw = self.tokens[index].raw
        if raw[0].casefold() in TIMES_SIGNS:
            rest = tokenize(raw[1:]) or self.tokens[index + 1 : index + 2]
            after = index + 1 if len(raw) > 1 else index + 2
            found = quantity_at(rest, 0, self.locale) if len(rest) == 1 else None
            if found is None or found.after != 1 or not self._ends_quantity(after):
                return None
            self._take_quantity(found, index)
            return after
        named = self._named_quantity(index)
        if named is not None:
            return named
        bracketed = _BRACKETED.fullmatch(raw)
        if bracketed is not None and self._is_end(index + 1):
            return self._take_last(quantity_at(tokenize(bracketed[1]), 0, self.locale), index)
        if self._ends_list(index):
            return self._take_last(quantity_at(self.tokens, index, self.locale), index)
        if unit_at(self.tokens, index + 1, self.locale) is None and len(raw) < 2:
            return None
        counted = vocabulary(language_of(self.locale)).counts.at(self.tokens, index) is not None
        found = quantity_at(self.tokens, index, self.locale) if raw[0].isdigit() or counted else None
        if found is None or found.unit is None:
            return None
        last = self._is_end(found.after) and found.unit not in MEASURES | TIMES_OF_DAY
        apart = self.tokens[index - 1].raw in {",", "-", "–", "—"} and self._ends_quantity(found.after)
        if not (apart or last) and (found.unit != "pcs" or found.times):
            return None
        self._take_quantity(found, index)
        return found.after

    def _named_quantity(self, index: int) -> int | None:
        """``laptop, qty 5``, ``мышь, кол-во: 5``."""
        label = vocabulary(language_of(self.locale)).quote.at(self.tokens, index)
        if label is None or "quantity" not in label[0].split("/"):
            return None
        after = label[1] + (label[1] < len(self.tokens) and self.tokens[label[1]].raw == ":")
        found = quantity_at(self.tokens, after, self.locale)
        if found is None or not self.tokens[after].raw[0].isdigit() or not self._ends_quantity(found.after):
            return None
        self._take_quantity(found, index)
        return found.after

    def _ends_list(self, index: int) -> bool:
        """``Stapler: 3``, ``Stapler - 3``: a whole number as the last word, behind a sign that sets it apart."""
        before = self.tokens[index - 1].raw
        apart = before in {"-", "–", "—", ":"} or before.endswith(":")
        return apart and self.tokens[index].raw.isdigit() and index + 1 == len(self.tokens)

    def _take_last(self, found: FoundQuantity | None, index: int) -> int | None:
        if found is None:
            return None
        self._take_quantity(found, index)
        return index + 1

    def _ends_quantity(self, index: int) -> bool:
        praised = vocabulary(language_of(self.locale)).words["praise"].at(self.tokens, index) is not None
        return self._is_end(index) or self._is_centre_last(index) or praised

    def _take_quantity(self, found: FoundQuantity, index: int) -> None:
        self.segment.has_quantity = True
        self.segment.counted_last = bool(self.segment.words)
        self.segment.words_before = len(self.segment.words)
        ended = self.tokens[found.after - 1].raw  # ``desks: 20. The old ones``
        self.segment.led_on = self.segment.led_on or (ended.endswith(".") and ended[:-1].isdigit())
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
