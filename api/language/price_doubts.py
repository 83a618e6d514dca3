"""What changes a price, so that it is asked: taxes, discounts, "about", "per 100", "was 500", an unknown unit.

One rule: a price beside one of these is a question that shows what it may be; net beside gross is the net one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from api.language.quote_atoms import Atom, AtomKind, AtomReader
from api.language.quote_basis import Bases
from api.language.quote_facts import FactReader
from api.language.quote_naming import is_item_word

CONTAINERS = frozenset({"box", "pack", "pallet", "bag", "dozen"})
MIN_BASIS_LENGTH = 4
"""A shorter word, ``les``, says for how many only with a number behind it."""


@dataclass
class DoubtReader:
    """Finds among the atoms what changes the price."""

    reader: AtomReader
    facts: FactReader
    bases: Bases
    numbered: bool
    items: Sequence[str] = ()

    @property
    def atoms(self) -> list[Atom]:
        return self.facts.atoms

    def read(self, position: int, price: Decimal) -> list[Decimal] | None:
        """What a price may be when something changes it; None when nothing does."""
        if self.bases:
            count = next((value for value in self.bases.values() if value), None)
            return [price / count, price] if count else [price]
        return self.changed(position, price)

    def changed(self, position: int, price: Decimal) -> list[Decimal] | None:
        """The same, whatever the price is for."""
        was = next((fact.number for fact in self.facts.facts if fact.label == "was"), None)
        if was is not None:
            return [price, was] if isinstance(was, Decimal) else [price]
        net = self._net_of(position, price)
        if net is not None:
            return [net, price]
        reduced = self._reduced(price)
        if reduced is not None:
            return reduced
        clause = self.facts.clause(position)
        ranged = any(self.atoms[at].labels[:1] == ("between",) and at not in self.facts.used for at in clause)
        if ranged or any(self.facts.has(label) for label in ("vat_in", "other", "condition")):
            return [price]
        if self.facts.has("was") and not self.facts.takes("void"):
            return [price]
        if self._names_container() or self._is_deposit(clause):
            return [price]
        if self._says_per(clause) and not self.facts.is_each_after(position):
            return [price]  # ``el millar está en 45``
        return [price] if self._hedged(position) or self._is_unnamed(position) else None

    def _is_deposit(self, clause: range) -> bool:
        """``Anzahlung 45 €``: a part of the price, though it is the only sum that is said."""
        deposits, tokens = self.reader.vocab.words["deposits"], self.reader.tokens
        return any(
            deposits.at(tokens, token) is not None
            for at in clause
            for token in range(self.atoms[at].start, self.atoms[at].after)
        )

    def _says_per(self, clause: range) -> bool:
        """A word for several pieces in the clause of the price that no basis took."""
        price_at, tokens = self.reader.vocab.price_at, self.reader.tokens
        return any(
            atom.labels[:1] == ("per",)
            and sum(len(token.word) for token in tokens[atom.start : atom.after]) > MIN_BASIS_LENGTH
            and at not in self.facts.used
            and at not in self.bases
            and price_at.at(tokens, atom.start) is None
            for at, atom in enumerate(self.atoms)
            if at in clause
        )

    def _names_container(self) -> bool:
        """``коробка по 10 стоит 300``: a box that was not asked for, in a clause with a price."""
        tokens, units = self.reader.tokens, self.reader.vocab.units
        words = (atom.start for atom in self.atoms if atom.kind is AtomKind.word)
        return any(
            (unit := units.at(tokens, at)) is not None
            and unit[0] in CONTAINERS
            and len(tokens[at].word) >= MIN_BASIS_LENGTH
            and not is_item_word(tokens[at].word, self.items)
            for at in words
        )

    def _reduced(self, price: Decimal) -> list[Decimal] | None:
        """With and without a discount; a tax or a rise in percent leaves only what was written."""
        percents = [
            index
            for index, atom in enumerate(self.atoms)
            if atom.kind is AtomKind.percent and index not in self.facts.used
        ]
        if not percents and not self.facts.has("less"):
            return None
        values = [self.atoms[index].value for index in percents if self._is_discount(index)]
        less = next((value for value in values if isinstance(value, Decimal)), None)
        return [price] if less is None else [price * (100 - less) / 100, price]

    def _net_of(self, position: int, price: Decimal) -> Decimal | None:
        """What is left of ``59.50 incl. 19 % VAT`` without the tax, where that is a whole number of cents."""
        clause = set(self.facts.clause(position)) | {
            at
            for each in range(len(self.atoms))
            if "vat_in" in self.atoms[each].labels
            for at in self.facts.clause(each)
        }
        rates = [
            self.atoms[at].value
            for at in clause
            if self.atoms[at].kind is AtomKind.percent and at not in self.facts.used
        ]
        taxed = any("vat_in" in self.atoms[at].labels and at not in self.facts.used for at in clause)
        if not taxed or len(rates) != 1 or not isinstance(rates[0], Decimal):
            return None
        net = price / (1 + rates[0] / 100)
        return net if net == round(net, 2) else None

    def _is_discount(self, index: int) -> bool:
        """``less 10%``, ``10% discount``: a price less a percentage; a tax or a rise is none."""
        near = [each for each in (index - 1, index + 1) if 0 <= each < len(self.atoms)]
        beyond = [
            each + each - index
            for each in near
            if self.atoms[each].kind is AtomKind.silent and 0 <= each + each - index < len(self.atoms)
        ]
        return any("less" in self.atoms[each].labels for each in (*near, *beyond))

    def _hedged(self, position: int) -> bool:
        """``about 450``, ``from 450``, ``450 approx``; ``bis 450``, where no day follows."""
        hedges = {"approx", "start", "valid"}
        before = position - 1
        while before >= 0 and (
            self.atoms[before].kind is AtomKind.silent
            or (self.atoms[before].kind is AtomKind.label and self.atoms[before].labels[0] == "price")
        ):
            before -= 1
        near = [each for each in (before, position + 1, position + 2) if 0 <= each < len(self.atoms)]
        return any(
            self.atoms[each].kind is AtomKind.label
            and hedges & set(self.atoms[each].labels)
            and each not in self.facts.used
            and (each < position or "approx" in self.atoms[each].labels or each == position + 1)
            for each in near
        )

    def _is_unnamed(self, position: int) -> bool:
        """An unknown word where a unit or a currency stands, ``450 zorkmids``; an unknown name: ``Ergo 200``."""
        atom = self.atoms[position]
        if atom.currency is not None or position in self.facts.priced or self.facts.is_each_after(position):
            return False
        after = [each.kind for each in self.atoms[position + 1 : position + 3]]
        unknown = after[:1] == [AtomKind.word] and after[1:2] != [AtomKind.word]
        whole = isinstance(atom.value, Decimal) and atom.value == int(atom.value)
        alone = sum(each.kind is AtomKind.number for each in self.atoms) == 1
        named = whole and alone and not self.numbered and self.facts.follows_word(position)
        return unknown or named

    def net_of_gross(self, numbers: Sequence[int]) -> int | None:
        """``74.00 net, 88.80 gross``: the price without tax, where both stand with their labels."""
        told = {at: self._tax_beside(at, numbers) for at in numbers}
        if len(numbers) != 2 or set(told.values()) != {"vat_out", "vat_in"}:
            return None
        net, gross = sorted(numbers, key=lambda at: told[at] != "vat_out")
        without, with_tax = self.atoms[net].value, self.atoms[gross].value
        if not isinstance(without, Decimal) or not isinstance(with_tax, Decimal):
            return None
        return net if without < with_tax else None

    def _tax_beside(self, index: int, numbers: Sequence[int]) -> str | None:
        """The tax label that stands nearest to a number, before any other number."""
        others = [at for at in numbers if at != index]
        near = sorted(
            (abs(at - index), label)
            for at, atom in enumerate(self.atoms)
            for label in atom.labels
            if label in ("vat_in", "vat_out")
            and not any(min(at, index) < other < max(at, index) for other in others)
        )
        return near[0][1] if near else None
