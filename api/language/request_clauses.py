"""The clauses of a request line: for whom, in which currency, from whom, to where.

One rule: a clause applies to the whole request and ends the item.

A word that turns out not to begin a clause stays a word of the item.
"""

import re
from dataclasses import dataclass

from api.language.amounts import currency_named
from api.language.names import is_named
from api.language.places import is_place
from api.language.reading_builder import MAX_QUOTED_LENGTH
from api.language.request_cursor import MAX_VALUE_WORDS
from api.language.request_days import DayClauses
from api.language.vocabulary import language_of, vocabulary

_CODE = re.compile(r"[A-Za-z]{2,4}\d?(?:-?[A-Z0-9a-z]{1,2})?|[A-Z]{2,5}\d*|rj-?\d+|[a-z]+\d+", re.ASCII)
"""``usb-c``, ``HDMI``, ``vga``, ``rj45``."""
MAX_WISH = 4
"""So many words has the longest wish before what somebody wants to do."""


@dataclass
class ClauseReader(DayClauses):
    """Reads clauses into one draft, at a position of the current segment."""

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
            case "vendor" if self._is_day(start):
                return self._from_day(index, start)
            case "vendor":
                if self._is_negated(index, index):
                    return self._unwanted(index, start)
                self._quote_wish(index)
                return self._value(kind, start)
            case "place" if self._wishes(start) or self._joins_codes(index, start):
                return None
            case "place":
                return self._no_place(index, start) or self._value(kind, start)
            case _:
                return None

    def _joins_codes(self, index: int, start: int) -> bool:
        """``usb-c to hdmi adapters``: from one thing to another, both of them no places."""
        open_item = bool(self.segment.words) and not self.segment.closed
        if start - index > 1 or not 0 < index < len(self.tokens) - 1 or not open_item:
            return False
        ends = (self.tokens[index - 1], self.tokens[start])
        return all(_CODE.fullmatch(each.raw) is not None for each in ends)

    def _wishes(self, start: int) -> bool:
        """``it would be great to get three bowls``: a verb, and no place."""
        vocab = vocabulary(language_of(self.locale))
        return (
            vocab.openings.at(self.tokens, start) or vocab.words["needs"].at(self.tokens, start)
        ) is not None

    def _no_place(self, index: int, start: int) -> int | None:
        """``to return 3 laptops``, ``to meet on 10 December``: what is done to something, quoted back."""
        words = vocabulary(language_of(self.locale)).words
        end = self._value_end(start, MAX_VALUE_WORDS["place"])
        wanted = any(
            (found := words["needs"].at(self.tokens, at)) is not None and found[1] == index
            for at in range(max(0, index - MAX_WISH), index)
        )
        numbers = [at for at in range(start + 1, end) if self.tokens[at].raw.isdigit()]
        if not (wanted or any(self._counts_no_place(at, end) for at in numbers)):
            return None
        self.builder.add_unread(self.tokens, index, end)
        self._close()
        return end

    def _counts_no_place(self, at: int, end: int) -> bool:
        """A number that neither counts floors nor names a room: ``return 3 laptops``, ``meet on 10``."""
        before = self.tokens[at - 1]
        led = vocabulary(language_of(self.locale)).words["prepositions"].at(self.tokens, at - 1) is not None
        counts = at + 1 < end and self.tokens[at + 1].raw[0].islower()
        return led or (counts and before.raw[0].islower() and not is_place(before.word, self.locale))

    def _centre_aside(self, index: int) -> int | None:
        """``- IT -`` and ``IT için``: a known cost centre between dashes, or before its postposition."""
        raw = self.tokens[index].raw
        if raw in {"-", "–", "—"}:
            after = self._known(index + 1, min(index + 1 + MAX_VALUE_WORDS["cost_centre"], len(self.tokens)))
            if after is not None and (after == len(self.tokens) or self._ends_aside(after)):
                return self._store("cost_centre", index + 1, after)
            return None
        words = vocabulary(language_of(self.locale)).words
        if (
            "for_after" not in words
            or not self.cost_centres
            or raw.strip(".,").casefold() not in self.cost_centres
        ):
            return None
        behind = words["for_after"].at(self.tokens, index + 1)
        return behind[1] if behind is not None and self._store("cost_centre", index, index + 1) else None

    def _centre_last(self, index: int) -> int | None:
        """``2 laptops OFF``, ``4 кронштейна на OPS``: a known cost centre as the last word, or between commas."""
        if not self._is_centre_last(index):
            return None
        if self._is_preposition(index - 1):
            self._without(index - 1, index)
        return self._store("cost_centre", index, index + 1)

    def _is_preposition(self, index: int) -> bool:
        return vocabulary(language_of(self.locale)).words["prepositions"].at(self.tokens, index) is not None

    def _is_centre_last(self, index: int) -> bool:
        raw = self.tokens[index].raw.strip(".,!?")
        if not (index and self.segment.words and raw.isupper() and raw.casefold() in self.cost_centres):
            return False
        return index == len(self.tokens) - 1 or (
            (self.tokens[index - 1].raw == "," or self._is_preposition(index - 1)) and self._is_end(index + 1)
        )

    def _ends_aside(self, index: int) -> bool:
        return self.tokens[index].raw in {"-", "–", "—"} or self._is_end(index)

    def _unwanted(self, index: int, start: int) -> int:
        """``not from Staples``: a vendor that is not wanted."""
        after = max(self._value_end(start, MAX_VALUE_WORDS["vendor"]), start)
        self.builder.add_unread(self.tokens, self._since_comma(index), after)
        self._close()
        return after

    def _quote_wish(self, index: int) -> None:
        """``preferably from Staples``: the words that wish it stand between the item and its clause."""
        begun = self._since_comma(index)
        if begun < index:
            self.builder.add_unread(self.tokens, begun, index)

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
        named = currency_named(self.tokens, index, self.locale, self.currency) is not None
        return any(each.isdigit() for each in (following[-1] if named else following[0]))

    def _name_end(self, start: int) -> int:
        """A name may begin with @, where otherwise a price would."""
        raw = self.tokens[start].raw if start < len(self.tokens) else ""
        if raw.startswith("@") and raw[1:2].isalpha():
            return start + 1
        end = self._value_end(start, MAX_VALUE_WORDS["person"])
        return next((index for index in range(start, end) if self.tokens[index].raw[0].isdigit()), end)

    def _value(self, kind: str, start: int) -> int | None:
        end = self._value_end(start, MAX_VALUE_WORDS[kind])
        after = next((at for at in range(start, end) if self._begins_day_at(at)), end)
        return self._store(kind, start, after) if after > start else None
