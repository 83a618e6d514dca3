"""One line of a request, read from left to right.

One rule: at each word the first that matches is used: note, tag, limit, price, clause, quantity.

A word that matches none belongs to the item while the item is open, and is not understood after that.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from babel.core import Locale

from api.language.amounts import TIMES_SIGNS, quantity_at, unit_at
from api.language.place_phrases import place_at
from api.language.reading_builder import MAX_QUOTED_LENGTH
from api.language.request_cursor import APART, Segment, joined
from api.language.request_doubts import has_count, is_doubtful
from api.language.request_items import MEASURES, is_personal, lead_end
from api.language.request_kinds import is_attribute, is_coloured_or_sized, is_size
from api.language.request_quantities import QuantityClauses
from api.language.tokenizer import Token, is_emoji
from api.language.vocabulary import language_of, vocabulary
from api.language.withheld_wishes import is_withheld

ONE_BEHIND = frozenset({"ar", "tr"})
MAX_OPENING_WORDS = 8
"""So many words may stand between "please" and how many."""


@dataclass
class RequestReader(QuantityClauses):
    """Reads segments into one draft: item, quantity and price of a line, and the clauses of the request."""

    def read(self, tokens: list[Token], line: int) -> Segment:
        """Read one segment; ``line`` is the number that its questions carry."""
        lead = lead_end(tokens, self.locale, self.today)
        if lead is not None:
            self._read_part(tokens[:lead], line)
            self._quote_rest()
        told = self.segment.told_days if lead is not None else []
        self._read_part(tokens[lead or 0 :], line)
        self.segment.told_days += told
        self._finish()
        return self.segment

    def _read_part(self, tokens: list[Token], line: int) -> None:
        self.tokens, self.segment, self.line = tokens, Segment(), line
        index = self._opening(0)
        while index < len(tokens):
            index = self._step(index)

    def _quote_rest(self) -> None:
        """What was said before the item: its clauses are read, and its other words quoted back."""
        text = _as_item(self.segment.words)
        if text:
            self.builder.unread.append(text[:MAX_QUOTED_LENGTH])
        self.builder.new_segment()

    def _step(self, index: int) -> int:
        """Read what stands at a position and return the position after it."""
        for take in (
            self._note,
            self._farewell,
            self._paid,
            self._charged,
            self._aside,
            self._bracketed,
            self._tag,
            self._too_early,
            self._limit,
            self._wished_day,
            self._day_alone,
            self._kind_behind,
            self._preferred,
            self._make,
            self._spoken,
            self._at_price,
            self._each_first,
            self._centre_aside,
            self._centre_last,
            self._recipient,
            self._clause,
            self._when,
            self._led,
            self._wish,
            self._wished_last,
            self._quantity,
            self._bare_money,
            self._urgency,
        ):
            after = take(index)
            if after is not None:
                return after
        if _is_sign(self.tokens[index].raw) or self._is_repeated(index):
            return index + 1  # ``2 laptops 🙏``
        if self.segment.closed:
            self.builder.add_unread(self.tokens, index, index + 1)
        elif self.tokens[index].raw not in APART or (
            self.segment.words and self.segment.words[-1].raw != ","
        ):
            self.segment.words.append(self.tokens[index])
        return index + 1

    def _wished_last(self, index: int) -> int | None:
        """``2 toner lazım hp 17a``: languages whose verb stands last have it behind the noun, and may go on."""
        if not self.segment.words or self.segment.closed or not self.tokens[index].raw.islower():
            return None
        vocab = vocabulary(language_of(self.locale))
        last = vocab.words["wished_last"].at(self.tokens, index)
        ends = [last[1]] if last is not None and self.segment.has_quantity else []
        if self.locale.language == "tr":
            found = (self._courtesy_at(index), vocab.openings.verb_at(self.tokens, index))
            ends += [each[1] for each in found if each is not None]
        return max(ends, default=None)

    def _kind_behind(self, index: int) -> int | None:
        """``10 chairs for the meeting room, blue``: what says of which kind belongs to the item, wherever it is."""
        if not (self.segment.closed and self.segment.words and self.tokens[index - 1].raw in APART):
            return None
        after = index
        while after < len(self.tokens) and self.tokens[after].raw not in APART and not self._is_end(after):
            after += 1
        part = self.tokens[index:after]
        units = (unit_at(part, at + 1, self.locale) for at in range(len(part)) if part[at].raw[0].isdigit())
        counts = any(each is not None and each[0] not in MEASURES for each in units)
        if not part or counts or not is_attribute(part, self.locale) or not is_size(part, self.locale):
            return None
        self.segment.kinds += [self.tokens[index - 1], *part]
        if not is_coloured_or_sized(part, self.locale):
            self.segment.led_on = True  # ``flyers for reception, glossy``
        return after

    def _is_repeated(self, index: int) -> bool:
        """``one (1) centrifuge``: the same number in digits."""
        counted = self.segment.quantity is not None and not self.segment.words
        return counted and self.tokens[index].raw == f"({self.segment.quantity})"

    def _opening(self, index: int) -> int:
        """``please``, ``I need``: recognised and dropped."""
        words = vocabulary(language_of(self.locale))
        if self._signs():
            self.builder.add_unread(self.tokens, 0, len(self.tokens))
            return len(self.tokens)
        if is_withheld(self.tokens, self.locale):
            self.segment.led_on = True
            return 0
        index = self._greeted(self._needer(self._sender(self._given_to(index))))
        while (
            found := words.openings.at(self.tokens, index) or words.courtesies.at(self.tokens, index)
        ) is not None:
            if words.clauses.at(self.tokens, index) is not None:
                clause = words.clauses.at(self.tokens, index)
                if clause is not None and clause[1] > found[1]:
                    break
            index = found[1]
            while index < len(self.tokens) and self.tokens[index].raw in {",", ":", "!", "-", "–"}:
                index += 1
        self._split_article(index)
        self.segment.wished = any(words.openings.at(self.tokens, at) is not None for at in range(index))
        self.segment.spoken = bool(index) or words.words["broken_by"].at(self.tokens, 0) is not None
        return self._first_quantity(index) if index else index

    def _given_to(self, index: int) -> int:
        """``Марине Петровне в бухгалтерию 2 калькулятора``: names before a place and a count."""
        for after in (index + 1, index + 2):
            named = all(token.raw.istitle() for token in self.tokens[index:after])
            place = place_at(self.tokens, after, self.locale, leading=True) if named else None
            if self.locale.language not in ("ru", "uk", "pl") or place is None:
                continue
            if quantity_at(self.tokens, place[1], self.locale) is not None:
                self.builder.add_unread(self.tokens, index, after)
                return after
        return index

    def _first_quantity(self, index: int) -> int:
        """``Please could you arrange 2 desks``: words between an opening and the quantity are quoted back."""
        placed = place_at(self.tokens, index, self.locale, leading=True) is not None
        if index < len(self.tokens) and (placed or self._begins_day_at(index) or self._is_day(index)):
            return index
        for at in range(index, min(index + MAX_OPENING_WORDS, len(self.tokens))):
            words = vocabulary(language_of(self.locale))
            if at > index and self.tokens[at].raw[0].isdigit() and self._is_day(at):
                return index
            if self.tokens[at].raw == ",":
                if quantity_at(self.tokens, at + 1, self.locale) is not None:
                    break  # ``we need a kettle, 2 mugs``
                continue
            if words.courtesies.at(self.tokens, at) is not None:
                continue
            if is_personal(self.tokens, at):
                return index
            if self.tokens[at].raw[0].isdigit():
                found = quantity_at(self.tokens, at, self.locale)
                counts = (
                    found is not None
                    and (at == index or found.unit not in MEASURES)
                    and found.after < len(self.tokens)
                    and not self._is_end(found.after)
                )
                if counts and at > index and self._is_counted_later(at):
                    return index
                if counts and at > index:
                    self.segment.led_on = any(each.raw == "," for each in self.tokens[index:at])
                    self.builder.add_unread(self.tokens, index, at)
                return at if counts else index
            if self._counts_behind(at):
                return index
            if at > index and words.counts.at(self.tokens, at) is not None and self._begins_quantity(at):
                self.builder.add_unread(self.tokens, index, at)
                return at
            counted = words.counts.at(self.tokens, at) or words.price_at.at(self.tokens, at)
            known = self.tokens[at].raw.casefold() in self.cost_centres
            if counted is not None or known or self._is_end(at):
                break
        return index

    def _is_counted_later(self, index: int) -> bool:
        """``toner Canon 055 black x 3``: how many stands at the end, so this number is a word of the item."""
        last = self.tokens[-1].raw
        times = last[0].casefold() in TIMES_SIGNS and last[1:].isdigit()
        return index < len(self.tokens) - 2 and (
            times or (last.isdigit() and self.tokens[-2].raw.casefold() in TIMES_SIGNS)
        )

    def _counts_behind(self, index: int) -> bool:
        """``طاولة واحدة``, ``kablosuz bir fare``: "one" behind the noun, or behind what describes it."""
        counted = vocabulary(language_of(self.locale)).counts.at(self.tokens, index)
        return self.locale.language in ONE_BEHIND and counted is not None and counted[0] == "1"

    def _sender(self, index: int) -> int:
        """``from Jonas: we need ...`` names who wrote it, not a vendor."""
        clause = vocabulary(language_of(self.locale)).clauses.at(self.tokens, index)
        if clause is None or clause[0] != "vendor":
            return index
        ends = (
            at
            for at in range(clause[1], min(clause[1] + 3, len(self.tokens)))
            if self.tokens[at].raw.endswith(":")
        )
        return next(ends, index - 1) + 1

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

    def _urgency(self, index: int) -> int | None:
        """``asap`` and similar words at an edge of the item are quoted back; ``please`` is dropped."""
        words = vocabulary(language_of(self.locale))
        courtesy = words.courtesies.at(self.tokens, index)
        if courtesy is not None and (
            self._is_end(courtesy[1])
            or self.tokens[courtesy[1]].raw in APART
            or self.tokens[courtesy[1] - 1].raw[-1] in ".!?"
        ):
            return courtesy[1]
        urgent = words.urgencies.at(self.tokens, index)
        if urgent is None:
            return None
        leads = not self.segment.words and not self.segment.has_quantity
        if not (leads or self._is_end(urgent[1])):
            return None
        self.builder.add_unread(self.tokens, index, urgent[1])
        return urgent[1]

    def _without_loose_end(self) -> list[Token]:
        """The item's words; a preposition that ends them belongs to what was taken out: ``tablet da``."""
        words = list(self.segment.words)
        while len(words) > 1 and self._is_loose(words):
            loose = [words.pop()]
            self.builder.add_unread(loose, 0, 1)
            self.segment.led_on = self.segment.led_on or self._is_postposition(loose)
        return words

    def _is_postposition(self, words: Sequence[Token]) -> bool:
        """``ofis için``: the words before it are no item either."""
        return vocabulary(language_of(self.locale)).words["postpositions"].at(words, 0) is not None

    def _is_loose(self, words: Sequence[Token]) -> bool:
        vocab = vocabulary(language_of(self.locale))
        tables = (
            vocab.words["prepositions"],
            vocab.of,
            vocab.price_at,
            vocab.words["definite"],
            vocab.words["fillers"],
            vocab.words["sep"],
        )
        ended = words[-1].raw.endswith("/")
        return ended or (words[-1].raw.islower() and any(each.at(words, len(words) - 1) for each in tables))

    def _is_broken(self, words: Sequence[Token]) -> bool:
        """``gloves size M, from Uline vendor``: words that go on behind what was taken out of them."""
        last = max((at for at, each in enumerate(words) if each.raw not in APART), default=-1)
        kept = {id(each) for each in words[: last + 1]}
        places = [at for at, token in enumerate(self.tokens) if id(token) in kept]
        gaps = (range(first + 1, then) for first, then in pairwise(places))
        return any(self.tokens[at].raw[0].isalpha() and not self._is_unit(at) for gap in gaps for at in gap)

    def _is_around_count(self, words: Sequence[Token]) -> bool:
        """``yoğun sezon öncesinde 2 adet transpalet``: words before a count in the middle may be no name."""
        behind = [token for token in words[self.segment.words_before :] if token.raw not in APART]
        before = words[: self.segment.words_before]
        named = len(before) > 1 and len(behind) > 1
        return self.segment.counted_last and named and not is_attribute(behind, self.locale)

    def _is_unit(self, index: int) -> bool:
        vocab = vocabulary(language_of(self.locale))
        tables = (
            vocab.units,
            vocab.each,
            vocab.courtesies,
            vocab.counts,
            vocab.price_at,
            vocab.words["wished_last"],
        )
        known = any(each.at(self.tokens, index) is not None for each in tables)
        return known or (
            self.locale.language == "tr" and vocab.openings.verb_at(self.tokens, index) is not None
        )

    def _is_verb_or_item(self, words: Sequence[Token]) -> bool:
        """``pedales 5``: a form of a verb that orders, and nothing else than how many."""
        forms = vocabulary(language_of(self.locale)).openings
        return len(words) == 1 and words[0] is self.tokens[0] and forms.form_at(words, 0) == 1

    def _finish(self) -> None:
        words = self._without_loose_end()
        counted = self.segment.has_quantity
        numbered = not counted and has_count(self.tokens, self.locale)
        numbered = numbered or (counted and self._is_verb_or_item(words))
        in_doubt = numbered or self.segment.led_on or self._is_broken(words) or self._is_around_count(words)
        if (in_doubt and words) or is_doubtful(words, self.locale, counted=counted):
            self.segment.doubted = _as_item([*words, *self.segment.kinds])
            return
        self.segment.description = _as_item([*words, *self.segment.kinds])


def count_last(segment: Segment, locale: Locale) -> None:
    """Take the last number of an item's words as how many."""
    *words, last = segment.words
    segment.words, segment.quantity = words, Decimal(last.raw)
    segment.has_quantity = segment.counted_last = True
    item, doubtful = _as_item(words), is_doubtful(words, locale, counted=True)
    segment.description, segment.doubted = ("", item) if doubtful else (item, "")


def _is_sign(raw: str) -> bool:
    """An emoji, or a "?" that stands alone: no word of an item."""
    return raw in {"?", "!", "."} or is_emoji(raw)


def _as_item(words: Sequence[Token]) -> str:
    return joined(words).strip(" ,:–—-").rstrip(" .?!؟")
