"""Where a request's goods go, and for whom: ``for the meeting room``, ``al magazzino``, ``на склад``, ``depoya``.

One rule: such words end the item only where they name a place or people of a company (``places`` in the words); any
other purpose may be what the item is: ``case for iPhone``, ``szafki na akta``.

    the last noun is the place      en, de, tr     ``for the training room``, but not ``for the office printer``
    the first noun is the place     the others     ``para la sala de juntas``, but not ``para la puerta de la sala``

Languages with articles need one before the place, but for English: ``sillas para oficina`` are a kind of chair.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from api.language.amounts import quantity_at
from api.language.names import is_named
from api.language.place_phrases import place_at
from api.language.places import is_place
from api.language.request_cursor import APART, MAX_VALUE_WORDS
from api.language.request_payers import PayerClauses
from api.language.tokenizer import Token
from api.language.vocabulary import language_of, vocabulary

DELIVERING = frozenset({"delivery", "shipping", "lead"})
MIN_LOST = 2
"""So many words behind a place may be the item, where nothing was counted before it."""
MAX_LEAD = 8
"""So many words may say whom it is for before how many are wanted."""


_DATE = re.compile(r"\d{1,2}[./]\d{1,2}[./]\d{2,4}\.?")


@dataclass
class RecipientClauses(PayerClauses):
    """Reads at a position of the current segment whom and where something is for."""

    def _recipient(self, index: int) -> int | None:
        """Behind the item, or before how many are wanted; with a known cost centre in it that is what it names."""
        named = place_at(self.tokens, index, self.locale, leading=self._is_lead()) or self._delivered(index)
        named = named or self._place_apart(index)
        if named is None or self._names_centre(index, named[0]):
            return self._centre_of(index)
        begun, after = named
        after += self._is_centre(after)
        after = self._after_number(after)
        if self._is_lead():
            return self._lead_to_count(begun, after)
        if not self.segment.words:  # ``5 kg lokantaya kahve``
            self._keep_place(begun, after)
            return after
        self.segment.led_on = self.segment.led_on or self._is_behind_words()
        noun = after
        while not (self._is_end(after) or self._is_counted(after) or self._begins_day_at(after)):
            after += 1
        if not self.segment.has_quantity and after - noun >= MIN_LOST:
            self.segment.led_on = True  # ``Марине Петровне в бухгалтерию калькулятор настольный``
        self._keep_place(begun, after)
        self._close()
        return after

    def _after_number(self, index: int) -> int:
        """``Büro 3``, ``المستودع رقم 2``: the number of a place, where nothing follows that it could count."""
        numbered = vocabulary(language_of(self.locale)).words["numbered"].at(self.tokens, index)
        at = numbered[1] if numbered is not None else index
        number = at < len(self.tokens) and self.tokens[at].raw.rstrip(".,").isdigit()
        return at + 1 if number and (numbered is not None or self._is_end(at + 1)) else index

    def _place_apart(self, index: int) -> tuple[int, int] | None:
        """``…, obra Los Pinos``, ``…, site Elm Rd``: a place with its name, behind a counted item."""
        counted = self.segment.has_quantity and bool(self.segment.words)
        if not counted or self.tokens[index - 1].raw != "," or self.locale.language in ("de", "ar"):
            return None
        end = next((at for at in range(index, len(self.tokens)) if self._is_end(at)), len(self.tokens))
        names = range(index + 1, end)
        if not names or not is_place(self.tokens[index].word, self.locale):
            return None
        named = any(
            len(self.tokens[at].word) > 1 and self.tokens[at].raw.istitle() for at in names
        )  # not ``Class B``
        return (index, end) if named and all(self._is_of_place(at) for at in names) else None

    def _lead_to_count(self, begun: int, after: int) -> int:
        """``Für die Teeküche brauchen wir 4 Kocher``: the place, and the wish before how many.

        Without that all of it may be the place: ``Pour le chantier rue Pasteur``.
        """
        count = self._first_count(after)
        if count is None and all(self._is_of_place(at) for at in range(after, len(self.tokens))):
            self._keep_place(begun, len(self.tokens))
            return len(self.tokens)
        self._keep_place(begun, after)
        count = count or after
        if not self._is_only_talk(after, count):
            self.builder.add_unread(self.tokens, after, count)
        return count

    def _is_of_place(self, index: int) -> bool:
        """``rue Pasteur``, ``rm 4``: a name, a street, a number or what joins them."""
        words = vocabulary(language_of(self.locale)).words
        raw = self.tokens[index].raw
        joins = (
            words["street"],
            words["prepositions"],
            words["definite"],
            words["before_place"],
            words["sep"],
        )
        named = (raw[0].isupper() and self.locale.language != "de") or raw[0].isdigit() or raw in APART
        return named or any(each.at(self.tokens, index) is not None for each in joins)

    def _delivered(self, index: int) -> tuple[int, int] | None:
        """``à livrer au 2e étage``: a word of delivering before the place."""
        label = vocabulary(language_of(self.locale)).quote.at(self.tokens, index)
        if label is None or not DELIVERING & set(label[0].split("/")):
            return None
        return place_at(self.tokens, label[1], self.locale, leading=False)

    def _names_centre(self, index: int, begun: int) -> bool:
        """``for Kitchen``, where that is a cost centre, or where nobody knows which there are: a clause of its own."""
        clause = vocabulary(language_of(self.locale)).clauses.at(self.tokens, index)
        kind = clause[0] if clause is not None else ""
        if kind in ("cost", "behalf") or (not self.cost_centres and kind in ("purpose", "place")):
            return True
        after = min(begun + MAX_VALUE_WORDS["cost_centre"], len(self.tokens))
        return self._known(begun, after) is not None or self._names_person(begun)

    def _names_person(self, begun: int) -> bool:
        """``für Rosa Keller``: somebody's name, whatever else its words mean."""
        ends = range(begun + 1, self._name_end(begun) + 1)
        return any(is_named(self._text(begun, end), self.people or ()) for end in ends)

    def _is_behind_words(self) -> bool:
        """``6 sandalye toplantı odasına``: without a preposition nothing says where the item ends."""
        return self.locale.language == "tr" and len(self.segment.words) > 1

    def _keep_place(self, begun: int, after: int) -> None:
        """The place, or the cost centre that stands there; a second place is quoted back."""
        centre = next((at for at in range(begun, after) if self._is_centre(at)), None)
        if centre is not None:
            self.builder.set_value("cost_centre", self._centre_text(centre), self._centre_text(centre))
        elif "place" in self.builder.values:
            self.builder.add_unread(self.tokens, begun, after)
        else:
            text = self._text(begun, after).strip(" .,:?!-")
            self.builder.set_value("place", text, text)

    def _centre_of(self, index: int) -> int | None:
        """``(WH)``, ``IT:``, ``x HR``, ``fürs LAB``, ``отдел OPS``: a known cost centre that stands apart."""
        if not self._is_centre(index):
            return None
        before = self.tokens[index - 1].raw if index else ""
        raw = self.tokens[index].raw
        bracketed = raw.startswith("(") and raw.rstrip(".,!?").endswith(")")
        headed = index == 0 and (raw.endswith(":") or self._colon_before(index + 1) or self._is_needy(index))
        ended = index > 0 and (self._is_end(index + 1) or self.tokens[index + 1].raw in APART)
        led = self._leads_place(index - 1) or before in {"x", "-", "–", "—"}
        if not (bracketed or headed or (ended and (led or self._has_item()))):
            return None
        if led and not bracketed:
            self._without(index - 1, index)
        if self._are_places(self.segment.words):
            self.segment.words = []  # ``magazyn WH``
        self.builder.set_value("cost_centre", self._centre_text(index), self._centre_text(index))
        if not headed:
            self._close()
        if headed and (
            needs := vocabulary(language_of(self.locale)).words["needs"].at(self.tokens, index + 1)
        ):
            return needs[1]
        return index + 1 + (headed and not raw.endswith(":"))

    def _is_needy(self, index: int) -> bool:
        """``LAB needs half a dozen``."""
        return vocabulary(language_of(self.locale)).words["needs"].at(self.tokens, index + 1) is not None

    def _are_places(self, words: Sequence[Token]) -> bool:
        return not self.segment.has_quantity and all(is_place(each.word, self.locale) for each in words)

    def _has_item(self) -> bool:
        return bool(self.segment.words) or self.segment.has_quantity

    def _led(self, index: int) -> int | None:
        """``после праздников 10 тумб``: no item begins with a preposition, so what stands before its count is none."""
        prepositions = vocabulary(language_of(self.locale)).words["prepositions"]
        if not self._is_lead() or not (self._leads_place(index) or prepositions.at(self.tokens, index)):
            return None
        after = self._first_count(index + 1)
        if after is None:
            return None
        if after > index + 1:  # ``quote please for 500 cards``
            self.builder.add_unread(self.tokens, index, after)
        return after

    def _wish(self, index: int) -> int | None:
        """``к пятнице нужны 2 флипчарта``: a wish behind what stands before it."""
        found = vocabulary(language_of(self.locale)).openings.at(self.tokens, index)
        return found[1] if index and found is not None and self._is_lead() else None

    def _is_lead(self) -> bool:
        return not (self.segment.words or self.segment.has_quantity or self.segment.closed)

    def _first_count(self, begun: int) -> int | None:
        """Where how many are wanted begins, without a number or a comma before it."""
        for at in range(begun, min(begun + MAX_LEAD, len(self.tokens))):
            if self._is_counted(at):
                return at
            if self.tokens[at].raw in APART or any(char.isdigit() for char in self.tokens[at].raw):
                return None
        return None

    def _is_counted(self, index: int) -> bool:
        found = quantity_at(self.tokens, index, self.locale)
        return (
            found is not None
            and found.after < len(self.tokens)
            and self.tokens[index].raw[0].isdigit()
            and self.tokens[found.after].raw[0].isalpha()
            and _DATE.fullmatch(self.tokens[index].raw) is None
        )
