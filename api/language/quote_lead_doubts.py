"""Days in a quote that may be no delivery: ``allow 10 days for payment``, ``fixed price 30 days``, ``not in 10 days``.

One rule: days are the lead time only where their clause speaks of nothing else; a delivery's own label says so.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from api.language.quote_atoms import Atom, AtomKind, AtomReader
from api.language.quote_fact import names_delivery
from api.language.quote_facts import FactReader
from api.language.quote_naming import is_item_word
from api.language.quote_talk import ARRIVING, KEEPING
from api.language.vocabulary import language_of, word_lists

MAX_BETWEEN = 3
"""So many words stand between "after" and what days are counted from: ``10 days after we get your payment``."""


@cache
def _answering(language: str) -> tuple[str, ...]:
    """How words for an answer, a check, a notice and a payment begin."""
    return tuple(stem for name in (language, "en") for stem in word_lists(name)["answering"])


@dataclass
class LeadDoubts:
    """Whether days may be those of something else."""

    reader: AtomReader
    facts: FactReader
    items: Sequence[str]

    @property
    def atoms(self) -> Sequence[Atom]:
        return self.facts.atoms

    def doubts(self, first: int, last: int) -> bool:
        """Whether these atoms, a span with its label or alone, are doubtful as a lead time."""
        clause = self._clause(first, last)
        if self._is_denied(clause, first, last):
            return True
        own = any(names_delivery(self.reader, self.atoms[at]) for at in clause)
        return not own and (self._is_answer(clause, last) or self._is_kept(clause, first, last))

    def _clause(self, first: int, last: int) -> range:
        """The clause of these atoms; an aside and a "but" end it too."""
        signs = [at for at, atom in enumerate(self.atoms) if atom.kind is AtomKind.sign]
        begun = max((at + 1 for at in signs if at < first), default=0)
        return range(begun, next((at for at in signs if at > last), len(self.atoms)))

    def _is_denied(self, clause: range, first: int, last: int) -> bool:
        """``not in 10 days``: a "not" that belongs to no other term."""
        return any(
            "negative" in self.atoms[at].labels and (at not in self.facts.used or first <= at <= last)
            for at in clause
        )

    def _is_answer(self, clause: range, last: int) -> bool:
        """``réponse sous 2 jours``, ``balance due in 30 days``; ``10 days after payment`` counts from it."""
        language, vocab = language_of(self.reader.locale), self.reader.vocab
        stems = _answering(language)
        tokens, start = self.reader.tokens, self.atoms[clause.start].start
        for at in range(start, self.atoms[clause.stop - 1].after):
            if not tokens[at].word.startswith(stems) or is_item_word(tokens[at].word, self.items):
                continue
            nearest = range(max(self.atoms[last].after, at - MAX_BETWEEN), at + 1)
            behind = (at, at + 1) if language == "tr" else nearest
            if at < self.atoms[last].after or not any(
                vocab.words["counted_from"].at(tokens, each) for each in behind
            ):
                return True
        return False

    def _is_kept(self, clause: range, first: int, last: int) -> bool:
        """``prix fixe 30 jours``, ``offer 30 days``: a price that is kept, or an offer, and no sum between."""
        tokens, vocab = self.reader.tokens, self.reader.vocab
        told = (vocab.quote.at(tokens, at) for at in self._tokens(clause))
        kinds = [found[0].split("/") for found in told if found is not None]
        if any(KEEPING in each and ARRIVING not in each for each in kinds):
            return True
        before, fixed = range(clause.start, first), vocab.words["fixed_price"]
        named = [(at, found[1]) for at in self._tokens(before) if (found := fixed.at(tokens, at)) is not None]
        if any(self.atoms[at].kind is AtomKind.number for at in before):
            return any(
                after > at + 1 for at, after in named
            )  # ``$45 firm price 30 days``, but ``450 firm 5d``
        if named:
            return True
        behind = (self.atoms[at] for at in range(last + 1, clause.stop) if "fact" in self.atoms[at].labels)
        if any(fixed.at(tokens, atom.start) for atom in behind):
            return True
        opened = vocab.words["offer_names"].at(tokens, self.atoms[clause.start].start)
        return bool(before) and opened is not None

    def _tokens(self, atoms: range) -> range:
        """The words of some atoms."""
        return range(self.atoms[atoms.start].start, self.atoms[atoms.stop - 1].after) if atoms else atoms
