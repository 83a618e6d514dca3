"""Whether a part of a quote refuses its line: ``we don't do chairs``, ``non partecipiamo``, ``швабр нет``.

One rule: a part with a number refuses nothing, nor does one whose "not" may be said of a term: a discount, a delivery.
"""

from dataclasses import dataclass

from api.language.dates import date_at
from api.language.quote_atoms import AtomKind, AtomReader
from api.language.quote_naming import is_item_word
from api.language.quote_talk import ARRIVING
from api.language.vocabulary import language_of, word_lists

MAX_UNKNOWN_BESIDE_DECLINE = 5
NOT_REFUSED = frozenset(
    {"condition", "less", "vat_in", "vat_out", "shipping", "free_shipping", "delivery", "payment", "warranty"}
    | {"returns", "moq", "total", "was", "other", "quantity", "between", "approx", ARRIVING}
)
"""What a "not" may refuse other than the line: a discount, a delivery, a return."""


@dataclass
class RefusalReader:
    """Reads one part as a refusal."""

    reader: AtomReader

    def refuses(self, *, numbered: bool) -> bool:
        """Whether nothing but a refusal is said; where the line is named, its item's words and a "not" are one."""
        tokens, vocab = self.reader.tokens, self.reader.vocab
        if any(char.isdigit() for token in tokens for char in token.raw):
            return False
        if self._denies_offering() or (numbered and self._lacks()):
            return True
        decline = vocab.words["decline"]
        places = [index for index in range(len(tokens)) if decline.at(tokens, index) is not None]
        if not places or (vocab.answers.at(tokens, 0) is not None and len(tokens) == 1):
            return False
        found = decline.at(tokens, places[0])
        covered = range(places[0], found[1] if found is not None else places[0])
        words = (each for each in self.reader.read() if each.kind is AtomKind.word)
        return sum(each.start not in covered for each in words) <= MAX_UNKNOWN_BESIDE_DECLINE

    def declines_somewhere(self) -> bool:
        """Whether words of a refusal stand anywhere: ``agotado hasta el 15 de enero``."""
        tokens = self.reader.tokens
        return any(self.reader.vocab.words["decline"].at(tokens, index) for index in range(len(tokens)))

    def _denies_offering(self) -> bool:
        """``we are not able to offer this``: a "not" and a word of offering, and no term of a quote beside them."""
        reader, tokens = self.reader, self.reader.tokens
        atoms = reader.read()
        labels = {label for atom in atoms for label in atom.labels}
        voided = (
            tokens[at : at + 1]
            for atom in atoms
            if "void" in atom.labels
            for at in range(atom.start, atom.after)
        )
        ends = (reader.vocab.quote.at(each, 0) for each in voided)  # ``nicht mehr``
        ended_now = any(each is not None and "negative" in each[0].split("/") for each in ends)
        language = language_of(reader.locale)
        offers = tuple(stem for name in (language, "en") for stem in word_lists(name)["offering"])
        ended = tuple(word_lists(language).get("negated", ()))
        words = (token.word.rpartition("'")[2] for token in tokens)  # ``un'offerta``
        offering = [word for word in words if word.startswith(offers)]
        negative = "negative" in labels or ended_now or any(word.endswith(ended) for word in offering)
        timed = any(date_at(tokens, at, reader.locale, reader.today) for at in range(len(tokens)))
        return bool(offering) and negative and not timed and not labels & NOT_REFUSED

    def _lacks(self) -> bool:
        """``швабр нет``, ``no sofas``: the item's own words and a "not", and no other."""
        tokens, items = self.reader.tokens, self.reader.items
        told = [atom for atom in self.reader.read() if atom.kind not in (AtomKind.silent, AtomKind.sign)]
        answers = self.reader.vocab.answers
        negative = [
            atom
            for atom in told
            if "negative" in atom.labels or (answers.at(tokens, atom.start) or ("", 0))[0] == "no_bid"
        ]
        stocked = [atom for atom in told if atom not in negative and {"stock", "fact"} & set(atom.labels)]
        named = [
            atom
            for atom in told
            if atom not in negative
            and atom.kind is AtomKind.word
            and is_item_word(tokens[atom.start].word, items)
        ]
        known = len(negative) + len(named) + len(stocked)
        return bool(negative and (named or stocked)) and known == len(told)
