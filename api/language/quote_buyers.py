"""Whether a sum is what the buyer offered, asked about or was denied: ``you proposed $45``, ``45 €?``, ``$45, no``.

One rule: a price that a second person tells, a question mark follows or a "not" stands beside is asked.
"""

from dataclasses import dataclass
from functools import cache

from api.language.quote_atoms import AtomKind
from api.language.quote_facts import FactReader
from api.language.quote_naming import is_item_word
from api.language.quote_refusals import NOT_REFUSED
from api.language.tokenizer import Phrases
from api.language.vocabulary import language_of, word_lists

QUESTION_MARKS = ("?", "؟")


@dataclass
class BuyerReader:
    """Reads one part of a quote, whose labels have taken their values."""

    facts: FactReader

    def doubts(self, position: int | None) -> bool:
        """Whether the price at an atom may not be the vendor's own."""
        return self._is_denied(position or 0) or self._is_theirs() or self._is_questioned(position or 0)

    def _is_denied(self, position: int) -> bool:
        """A "not" that is said of no term of the quote: ``$45, delivery not included`` denies no price."""
        for at, atom in enumerate(self.facts.atoms):
            if atom.kind is not AtomKind.label or atom.labels[0] != "negative" or at in self.facts.used:
                continue
            clause = self.facts.clause(at)
            named = {label for each in clause for label in self.facts.atoms[each].labels}
            if position in clause or not named & NOT_REFUSED:
                return True
        return False

    def _is_questioned(self, position: int) -> bool:
        behind = self.facts.reader.tokens[self.facts.atoms[position].start :]
        return any(mark in token.raw for token in behind for mark in QUESTION_MARKS)

    def _is_theirs(self) -> bool:
        """A second person who tells; in each language with its own words."""
        reader = self.facts.reader
        tokens = reader.tokens
        for language in dict.fromkeys((language_of(reader.locale), "en")):
            says, buyers, tells = (
                _phrases(language, name) for name in ("buyer_says", "buyers", "buyer_tells")
            )
            for index in range(len(tokens)):
                if says.at(tokens, index) is not None:
                    return True
                subject = buyers.at(tokens, index)
                told = tells.at(tokens, subject[1]) if subject is not None else None
                if told is not None and not is_item_word(tokens[index].word, reader.items):
                    return True
        return False


@cache
def _phrases(language: str, name: str) -> Phrases[str]:
    return Phrases(word_lists(language)[name])
