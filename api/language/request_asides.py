"""What stands in a line of a request and is no word of the item: asides, and what people tell each other.

One rule: vendors read the item, so what is not its name is quoted back to the person who asks.

An item is named by nouns: a pronoun, a verb of wanting or a "because" ends it (``broken_by`` in the words), and so
does a number of known things (``the 3 we ordered``).
"""

from dataclasses import dataclass

from api.language.amounts import price_at, quantity_at, unit_at
from api.language.date_vocabulary import names
from api.language.dates import calendar_date_at, date_at
from api.language.place_phrases import place_at
from api.language.places import is_place
from api.language.request_cursor import APART, after_wish
from api.language.request_farewells import FarewellClauses
from api.language.request_items import is_aside, is_personal
from api.language.tokenizer import Token
from api.language.vocabulary import language_of

MAX_LED = 4
"""So many words may stand between "by" and its day."""
MIN_ASIDE = 2
"""So many words of an aside may look like a clause: ``500 in total``."""
MAX_NAMED_WORDS = 5
"""So many words may name who is greeted, with the comma after them."""
MAX_PREFERRED_WORDS = 4
MAX_NEEDER_WORDS = 25
"""So many words may stand before what is needed: ``the new office needs 4 desks``."""


@dataclass
class AsideClauses(FarewellClauses):
    """Reads at a position of the current segment what is none of its item."""

    def _needer(self, index: int) -> int:
        """``IT needs 4 webcams``: a known cost centre is one; anybody else is quoted back."""
        if self._begins_day(index):
            return index
        for at in range(index + 1, min(index + 1 + MAX_NEEDER_WORDS, len(self.tokens))):
            if self.tokens[at - 1].raw[0].isdigit() and not self._names_room(at - 1):
                return index
            found = self._vocab.words["needs"].at(self.tokens, at) or self._vocab.openings.at(self.tokens, at)
            if found is None or not self._leads_count(found[1]):
                continue
            if self._opens_wish(index) and not self._is_only_talk(index, at):
                return index  # ``need paper, please order 30 reams``
            centre = next((end for each in range(index, at) if (end := self._centre_at(each, at))), None)
            if centre is not None:
                self.builder.set_value("cost_centre", centre, centre)
            elif not self._is_only_talk(index, at):
                told = after_wish(self.tokens, index, self.locale, signs={",", "!", ":"})
                self.builder.add_unread(self.tokens, told if told < at else index, at)
            return found[1]
        return index

    def _leads_count(self, index: int) -> bool:
        """``wünscht sich für die Aula einen Beamer``: how many, behind a place, a day and a wish."""
        index = after_wish(self.tokens, index, self.locale)
        place = place_at(self.tokens, index, self.locale, leading=True)
        clause = self._vocab.clauses.at(self.tokens, index)
        if place is not None:
            index = after_wish(self.tokens, place[1], self.locale)
        elif clause is not None and clause[0] in ("by", "needed", "purpose"):
            day = date_at(self.tokens, clause[1], self.locale, self.today)
            index = day[1] if day is not None else index
        return quantity_at(self.tokens, index, self.locale) is not None

    def _is_only_talk(self, index: int, end: int) -> bool:
        """Whether all words are those with which a wish begins."""
        tables = (self._vocab.openings, self._vocab.courtesies)
        while index < end:
            found = [each[1] for table in tables if (each := table.at(self.tokens, index)) is not None]
            if not found and self.tokens[index].raw not in {",", ":", "!", "-", "–"}:
                return False
            index = max(found, default=index + 1)
        return True

    def _centre_at(self, index: int, end: int) -> str | None:
        """A known cost centre that ends before the wish, or one in capitals before it: ``IT departmanı için``."""
        if self._known(index, end) == end:
            return self._text(index, end)
        raw = self.tokens[index].raw
        return raw if raw.isupper() and raw.casefold() in self.cost_centres else None

    def _begins_day(self, index: int) -> bool:
        """``к пятнице нужны 2 флипчарта``, ``within two weeks we need``: the day is a clause of its own."""
        if self._vocab.words["date_in"].at(self.tokens, index) is not None and self._is_day(index):
            return True
        clause = self._vocab.clauses.at(self.tokens, index)
        return clause is not None and clause[0] in ("by", "needed") and self._is_day(clause[1])

    def _names_room(self, index: int) -> bool:
        """``raum 12``, ``(see minutes, item 4)``: a number that counts nothing."""
        raw = self.tokens[index].raw.rstrip(".,")
        placed = index > 0 and is_place(self.tokens[index - 1].word, self.locale)
        return placed or (raw.endswith(")") and not raw.startswith("("))

    def _opens_wish(self, index: int) -> bool:
        """A word that asks for something, and is no greeting."""
        vocab = self._vocab
        greeted = vocab.words["greetings"].at(self.tokens, index) or vocab.courtesies.at(self.tokens, index)
        return vocab.openings.at(self.tokens, index) is not None and greeted is None

    def _spoken(self, index: int) -> int | None:
        """``instead of the 3 we ordered``, ``boss wants them``: from there, or from its comma, it is quoted back."""
        if not self.segment.words or self.segment.closed:
            return None
        broken = self._vocab.words["broken_by"].at(self.tokens, index)
        if broken is None and not (self._counts_known(index) or self._begins_known(index)):
            return self._dated(index)
        after = broken[1] if broken is not None else index + 1
        counted = any(char.isdigit() for token in self.segment.words for char in token.raw)
        if not (self.segment.has_quantity or counted) and self._begins_quantity(after):
            self.builder.add_unread(self.tokens, index - len(self.segment.words), after)
            self.segment.words = []
            return after  # ``as last time 5 laptops``
        begun = self._without(self._clause_start(index), index)
        while not self._is_end(after):
            after += 1
        self.builder.add_unread(self.tokens, begun, after)
        if not (self.segment.has_quantity or self.segment.wished):
            self.segment.led_on = True  # ``der Kaffee ist bald alle``
        self.segment.spoken = True
        self._close()
        return after

    def _preferred(self, index: int) -> int | None:
        """``drills, ideally Makita``: a make or a kind that is wished for is what vendors must read.

        A vendor, a day, a limit or a verb behind the wish is none of that.
        """
        found = self._vocab.words["preferred"].at(self.tokens, index)
        if found is None or not self.segment.words or self.segment.closed:
            return None
        end = found[1]
        while end < len(self.tokens) and self.tokens[end].raw not in APART and not self._is_end(end):
            if self._ends_kind(end):
                return None
            end += 1
        if not 0 < end - found[1] <= MAX_PREFERRED_WORDS or self._ends_clause(end):
            return None
        if self._leads_name(found[1]):
            return None
        self.segment.words += self.tokens[index:end]
        return end

    def _leads_name(self, index: int) -> bool:
        """``possibilmente da Buffetti``: from whom, and not what kind."""
        tables = (
            self._vocab.of,
            self._vocab.words["prepositions"],
            self._vocab.words["having"],
            self._vocab.words["fillers"],
        )
        led = next((found[1] for each in tables if (found := each.at(self.tokens, index)) is not None), None)
        return led is not None and led < len(self.tokens) and self.tokens[led].raw[0].isupper()

    def _ends_kind(self, index: int) -> bool:
        vocab = self._vocab
        calendar = names(language_of(self.locale))
        tables = (
            vocab.words["broken_by"],
            vocab.words["needs"],
            vocab.openings,
            vocab.words["budget"],
            vocab.words["to_place"],
            vocab.words["definite"],
            vocab.words["not_in_names"],
            vocab.days,
            calendar.weekdays,
            calendar.months,
        )
        measured = unit_at(self.tokens, index + 1, self.locale) or vocab.dimensions.at(self.tokens, index + 1)
        bare = self.tokens[index].raw.strip("()").isdigit() and measured is None
        return bare or any(each.at(self.tokens, index) is not None for each in tables)

    def _ends_clause(self, index: int) -> bool:
        """Whether a clause goes on here: ``preferably from``, ``best by Friday``."""
        return index < len(self.tokens) and self._vocab.clauses.at(self.tokens, index) is not None

    def _make(self, index: int) -> int | None:
        """``printer, the Brother QL-820``: the article before a make is no word of it."""
        if not self._begins_known(index) or self.segment.closed or self.locale.language == "de":
            return None
        named = self.tokens[index + 1 : index + 3]
        coded = any(any(char.isdigit() for char in token.raw) for token in named)
        return index + 1 if coded and named[0].raw[0].isupper() else None

    def _begins_known(self, index: int) -> bool:
        """``2 kettles, the old ones died``: an attribute of the item has no article."""
        words = self._vocab.words
        definite = words["definite"].at(self.tokens, index) or words["before_place"].at(self.tokens, index)
        return definite is not None and self.tokens[index - 1].raw in APART

    def _dated(self, index: int) -> int | None:
        """``lamps first week of January``: a day that no clause reads is no word of the item."""
        relative = self._vocab.days.at(self.tokens, index)
        if relative is not None:
            self.builder.add_unread(self.tokens, index, relative[1])
            self._close()
            return relative[1]
        months = names(language_of(self.locale)).months.at(self.tokens, index)
        begun = next((at for at in range(max(1, index - MAX_LED), index + 1) if self._leads_day(at)), None)
        dated = calendar_date_at(self.tokens, index, self.locale, self.today)
        if begun is None or not (
            months is not None or (dated is not None and self._has_word(index, dated[1]))
        ):
            return None
        while begun > 1 and self._vocab.words["ordinals"].at(self.tokens, begun - 1) is not None:
            begun -= 1
        begun = self._without(begun, index)
        after = next((at for at in range(index + 1, len(self.tokens)) if self._is_end(at)), len(self.tokens))
        self.builder.add_unread(self.tokens, begun, after)
        self._close()
        return after

    def _has_word(self, index: int, after: int) -> bool:
        return any(char.isalpha() for token in self.tokens[index:after] for char in token.raw)

    def _leads_day(self, index: int) -> bool:
        """A word that stands before a day: ``by``, ``in``, ``week``, ``of``."""
        words = self._vocab.words
        clause = self._vocab.clauses.at(self.tokens, index)
        tables = (words["prepositions"], words["week"], words["begin"], words["mid"], words["end"])
        return clause is not None or any(each.at(self.tokens, index) is not None for each in tables)

    def _greeted(self, index: int) -> int:
        """``Hi Ann,``: who is greeted is quoted back, up to the comma."""
        greeting = self._vocab.words["greetings"].at(self.tokens, index)
        if greeting is None:
            return index
        near = range(greeting[1], min(greeting[1] + MAX_NAMED_WORDS, len(self.tokens)))
        comma = next((at for at in near if self.tokens[at].raw in APART), None)
        if comma is None or any(
            char.isdigit() for at in range(greeting[1], comma) for char in self.tokens[at].raw
        ):
            return index
        self.builder.add_unread(self.tokens, greeting[1], comma)
        return self._needer(comma + 1)

    def _counts_known(self, index: int) -> bool:
        """``the 3``: an article before a number that measures nothing speaks of other things."""
        definite = self._vocab.words["definite"].at(self.tokens, index)
        if definite is None or definite[1] + 1 >= len(self.tokens):
            return False
        number, following = self.tokens[definite[1]], self.tokens[definite[1] + 1]
        measured = unit_at(self.tokens, definite[1] + 1, self.locale)
        measured = measured or self._vocab.dimensions.at(self.tokens, definite[1] + 1)
        return number.raw.isdigit() and measured is None and following.raw[0].isalpha()

    def _clause_start(self, index: int) -> int:
        """After the last comma, or at the prepositions before this word: ``for the 3 new ones``."""
        comma = next((at for at in range(index - 1, 0, -1) if self.tokens[at].raw in APART), None)
        if comma is not None:
            return comma
        while index > 1 and self._vocab.words["prepositions"].at(self.tokens, index - 1) is not None:
            index -= 1
        return index

    def _aside(self, index: int) -> int | None:
        """``3 chairs, 500 total`` and ``3 desks. Thanks, Priya``: what is no item is quoted back."""
        if not self.segment.words or self.segment.closed:
            return None
        raw = self.tokens[index].raw
        if self.tokens[index - 1].raw.endswith((".", "!", "?")) and self._is_thanks(index):
            self._close()
            return None
        opens = raw.startswith("(")
        if opens:
            first = [Token(raw[1:], self.tokens[index].word)] if raw != "(" else []
            aside = is_aside([*first, *self.tokens[index + 1 :]], 0, self.locale)
        else:
            aside = raw == "," and is_aside(self.tokens, index + 1, self.locale)
        if not (aside or is_personal(self.tokens, index)):
            return None
        end = self._aside_end(index, opens=opens)
        self.builder.add_unread(self.tokens, index, end)
        self._close()
        return end

    def _aside_end(self, index: int, *, opens: bool) -> int:
        """Where an aside ends: at its bracket, at a comma, or at the next clause."""
        for at in range(index, len(self.tokens)):
            if opens and self.tokens[at].raw.rstrip(",.").endswith(")"):
                return at + 1
            comma = at > index and self.tokens[at].raw == ","
            if not opens and (comma or (at > index + MIN_ASIDE and self._is_end(at))):
                return at
        return len(self.tokens)

    def _bracketed(self, index: int) -> int | None:
        """``(je 500 Blatt)`` belongs to the item: nothing in it is a price or a day."""
        if not self.tokens[index].raw.startswith("(") or not self.segment.words or self.segment.closed:
            return None
        if self.tokens[index].raw.strip("(),").isdigit() and not self.segment.has_quantity:
            return None  # ``Chair (2)``
        if self.tokens[index].raw.strip("().,:;!?").casefold() in self.cost_centres:
            return None  # ``mice (IT)``
        ends = (at for at in range(index, len(self.tokens)) if self.tokens[at].raw.rstrip(",.").endswith(")"))
        end = next(ends, None)
        if end is None:
            return None
        placed = is_place(self.tokens[index].word, self.locale)  # ``(bureau 214)``
        personal = any(is_personal(self.tokens, at) for at in range(index, end + 1))
        if placed or personal or self._has_sum(index, end + 1):
            self.builder.add_unread(self.tokens, index, end + 1)
        else:
            self.segment.words += self.tokens[index : end + 1]
        return end + 1

    def _has_sum(self, begun: int, end: int) -> bool:
        """``(env. 600 €)``: money in brackets is no word of the item."""
        bare = [
            Token(each.raw.strip("()"), each.word) for each in self.tokens[begun:end] if each.raw.strip("()")
        ]
        prices = (price_at(bare, at, self.locale, self.currency) for at in range(len(bare)))
        return any(found is not None and found.currency is not None for found in prices)
