"""Whether a part of a quote refuses its line: ``we don't do chairs``, ``non partecipiamo``, ``швабр нет``.

One rule: a part with a number refuses nothing, nor does one whose "not" may be said of a term: a discount, a delivery.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from api.language.dates import date_at
from api.language.quote_atoms import Atom, AtomKind, AtomReader
from api.language.quote_naming import is_item_word
from api.language.quote_talk import ARRIVING
from api.language.vocabulary import language_of, word_lists

MAX_UNKNOWN_BESIDE_DECLINE = 5
NOT_REFUSED = frozenset(
    {"condition", "less", "vat_in", "vat_out", "shipping", "free_shipping", "delivery", "payment", "warranty"}
    | {"returns", "moq", "total", "was", "other", "quantity", "between", "approx", ARRIVING}
)
"""What a "not" may refuse other than the line: a discount, a delivery, a return."""

OTHER_TERMS = frozenset({"condition", "less", "payment", "warranty", "returns", "moq", "vat_in", "vat_out"})
"""Terms of a quote: a "not" beside one of them refuses the term."""


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

    def is_limited(self) -> bool:
        """``das Angebot gilt nicht für Österreich``, ``no ofrecemos descuento``: a "not" that is of something else."""
        tokens, vocab, atoms = self.reader.tokens, self.reader.vocab, self.reader.read()
        found = (vocab.words["decline"].at(tokens, at) for at in range(len(tokens)))
        begun = next((at for at, each in enumerate(found) if each is not None), len(tokens))
        decline = vocab.words["decline"].at(tokens, begun)
        covered = range(begun, decline[1] if decline is not None else begun)
        apart = [atom for atom in atoms if atom.start not in covered]
        if any(OTHER_TERMS & set(atom.labels) for atom in apart):
            return True
        denied = {atom.after for atom in atoms if "negative" in atom.labels} | {covered.stop}
        limits = (
            vocab.words["limiting"].at(tokens, at)
            for each in denied - set(covered)
            for at in (each, each + 1)
        )
        ends = {limit[1] for limit in limits if limit is not None}
        dated = any(date_at(tokens, at, self.reader.locale, self.reader.today) for at in ends)
        limited = any(self._is_strange(atom) for atom in atoms if atom.start in ends)
        return (
            dated
            or limited
            or any(
                self._denies_other(at, atoms) for at, atom in enumerate(atoms) if atom.start not in covered
            )
        )

    def _denies_other(self, at: int, atoms: Sequence[Atom]) -> bool:
        """``предлагаем не красный``: what the "not" is said of alone."""
        atom = atoms[at]
        told = at > 0 and self._is_offering(atoms[at - 1])
        following = atoms[at + 1] if at + 1 < len(atoms) else None
        return "negative" in atom.labels and told and following is not None and self._is_strange(following)

    def _is_strange(self, atom: Atom) -> bool:
        word = self.reader.tokens[atom.start].word
        own = is_item_word(word, self.reader.items) or self._is_offering(atom)
        return atom.kind is AtomKind.word and not own

    def _is_offering(self, atom: Atom) -> bool:
        languages = (language_of(self.reader.locale), "en")
        offers = tuple(stem for name in languages for stem in word_lists(name)["offering"])
        return self.reader.tokens[atom.start].word.startswith(offers)

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
