"""Which words of a part of a quote nothing accounts for: they are no value, label, unit, courtesy or item.

One rule: a value in whose clause such a word stands is asked, whatever the word may mean.

Words name the item when one of them is the line's own word. Where the line's words are not known, or the vendor
numbered the line, words that open the part or follow a quantity name it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from api.language.price_found import NumberRole, PriceFound
from api.language.quote_atoms import Atom, AtomKind
from api.language.quote_facts import FactReader
from api.language.quote_naming import is_item_word
from api.language.quote_price import PriceReader
from api.language.tokenizer import Token
from core.kernel.money import currencies_in_use

MAX_ABBREVIATION = 3
"""A longer word with a point ends a sentence."""
NUMBER_ANDS = frozenset({"و", "and", "und", "y", "e", "et", "i", "и", "і"})
_DOUBTS = ("negative", "total", "less", "approx", "start")


@dataclass
class Account:
    """The atoms of one part, after labels and price have taken theirs."""

    facts: FactReader
    prices: PriceReader
    items: Sequence[str]
    numbered: bool
    """The vendor named the line by its number."""

    @property
    def atoms(self) -> Sequence[Atom]:
        return self.facts.atoms

    @property
    def tokens(self) -> Sequence[Token]:
        return self.facts.reader.tokens

    def unread(self) -> Iterator[Atom]:
        """What is quoted back, in its order."""
        return (atom for index, atom in enumerate(self.atoms) if self._is_left(index, atom))

    def doubts(self, found: PriceFound) -> bool:
        """Whether the line's arithmetic does not prove this price, and an unknown word stands beside it."""
        at = found.position
        if at is None or found.proved:
            return False
        return self.is_doubtful(at, at) or self._ends_number(at)

    def _ends_number(self, index: int) -> bool:
        """``بمية وعشرين``: an unknown word and an "and" right before a number may be its first part."""
        before = self.atoms[max(0, index - 2) : index]
        kinds = [atom.kind for atom in before] == [AtomKind.word, AtomKind.silent]
        return kinds and self.tokens[before[1].start].word in NUMBER_ANDS

    def is_doubtful(self, first: int, last: int) -> bool:
        """Whether an unknown word stands in the clause of these atoms."""
        begun = max((at + 1 for at in range(first) if self._ends_clause(at)), default=0)
        last = next((at for at in range(last, len(self.atoms)) if self._ends_clause(at)), len(self.atoms) - 1)
        return any(self._is_unknown(at) for at in range(begun, last + 1) if at not in self._named)

    def _ends_clause(self, index: int) -> bool:
        """A cut, or a sentence's end at a word that is no abbreviation: ``Thanks for reaching out! Price …``."""
        atom = self.atoms[index]
        ended = self.tokens[atom.after - 1].raw.rstrip("\"')")
        word = ended.rstrip(".!?")
        following = self.tokens[atom.after].raw if atom.after < len(self.tokens) else ""
        if atom.kind is AtomKind.number and ended.endswith(".") and following[:1].isupper():
            return True  # ``dowóz 20 zł. Proszę dać znać``
        if ended.endswith(":") and any({"stock", "fact"} & set(each.labels) for each in self.atoms[:index]):
            return True  # ``plenty in stock: 2.95 each``
        return (
            atom.is_cut
            or ended.endswith(("!", "?"))
            or (ended.endswith(".") and len(word) > MAX_ABBREVIATION)
        )

    def _is_unknown(self, index: int) -> bool:
        atom = self.atoms[index]
        return atom.kind is AtomKind.word and index not in self.facts.used and not self._is_own(index)

    def _is_own(self, index: int) -> bool:
        """A word of what is asked for."""
        return is_item_word(self.tokens[self.atoms[index].start].word, self.items)

    @cached_property
    def _named(self) -> set[int]:
        """The words that name the item."""
        found: set[int] = set()
        for run in self._runs():
            if any(self._is_own(at) for at in run) or self._is_placed(run):
                found.update(run)
        return found | self._described()

    def _described(self) -> set[int]:
        """``Chair, black mesh: 415``: the words before a colon, where the item's own open them, and no sum."""
        words = [at for at, atom in enumerate(self.atoms) if atom.kind is AtomKind.word]
        colons = (at for at in words if self.tokens[self.atoms[at].after - 1].raw.endswith(":"))
        end = next(colons, None)
        if end is None or not self._is_own(words[0]):
            return set()
        before = self.atoms[: end + 1]
        told = any(atom.currency is not None or atom.kind is AtomKind.label for atom in before)
        return set() if told else {at for at in words if at <= end}

    def _runs(self) -> Iterator[list[int]]:
        """Words that stand together; a size or a model between them belongs to them: ``Laptop 14 inch Dell``."""
        run: list[int] = []
        for index, atom in enumerate(self.atoms):
            if atom.kind is AtomKind.word and index not in self.facts.used:
                run.append(index)
            elif not (run and self._is_inside(index)):
                if run:
                    yield run
                run = []
        if run:
            yield run

    def _is_inside(self, index: int) -> bool:
        atom = self.atoms[index]
        model = self.prices.roles.get(index) is NumberRole.item or index in self._models
        return atom.size or model or atom.kind is AtomKind.silent

    @cached_property
    def _models(self) -> set[int]:
        """``модель 300``: a number that its label says is no price."""
        named = [fact for fact in self.facts.facts if fact.label == "reference"]
        return {at for fact in named for at in range(fact.first, fact.last + 1)}

    def _is_placed(self, run: Sequence[int]) -> bool:
        """``Laptop: 1180``, ``10 desks 450``, ``450 GEL pens``: where an item is named, if its words are not known."""
        if self._is_code(run[0]):
            return True
        if self.items and not self.numbered:
            return False
        before = [at for at in range(run[0]) if self.atoms[at].kind not in (AtomKind.silent, AtomKind.sign)]
        if before:
            return self.prices.roles.get(before[-1]) is NumberRole.quantity
        following = range(run[-1] + 1, len(self.atoms))
        after = next((self.atoms[at] for at in following if not self._is_inside(at)), None)
        priced = after is not None and after.kind is AtomKind.label and after.labels[0] == "price"
        return self.numbered or priced or (after is not None and after.kind is AtomKind.sign)

    def _is_code(self, index: int) -> bool:
        """A rare currency's code before a word is a word of the item, see ``AtomReader``."""
        raw = self.tokens[self.atoms[index].start].raw
        follows = index > 0 and self.atoms[index - 1].kind is AtomKind.number
        return follows and raw.isupper() and raw in currencies_in_use()

    def _is_left(self, index: int, atom: Atom) -> bool:
        if index in self.facts.used:
            return False
        if atom.kind is AtomKind.word:
            return not self._is_own(index)
        if atom.kind in (AtomKind.span, AtomKind.date, AtomKind.percent):
            return True
        if atom.kind is AtomKind.label and atom.labels[0] == "negative":
            return True
        unpriced = self.prices.found is None
        if atom.kind is AtomKind.number:
            return unpriced
        doubtful = atom.kind is AtomKind.label and atom.labels[0] in _DOUBTS
        return unpriced and (doubtful or atom.kind is AtomKind.times)
