"""How many a price is for when a number stands before it: ``10 chairs 4100``, ``box of 10 - 45.00``.

One rule: a price after a quantity may be for one or for all, so it is asked, unless it says for one (each, @, ×).
"""

from dataclasses import dataclass
from decimal import Decimal

from api.language.quote_atoms import Atom, AtomKind, AtomReader
from api.language.quote_facts import FactReader

_DEFINITE = "definite"
_CENT = Decimal("0.01")


@dataclass(frozen=True)
class CountFound:
    """How many a price may be for, and whether that is what one pack has rather than what was asked for."""

    value: Decimal
    packed: bool
    together: bool = False
    """They are named as all that were asked for: ``los 12``, ``the 6 ladders``."""

    def is_sum(self, price: Decimal) -> bool:
        """Whether as many equal prices in cents make it; a pack may cost anything."""
        return self.packed or not price / self.value % _CENT

    def readings(self, price: Decimal, asked: Decimal | None) -> list[Decimal]:
        """What one may cost, the likelier first."""
        both = [price, price / self.value]
        return both if not self.together and (not self.packed or self.value == asked) else both[::-1]


@dataclass
class CountReader:
    """Finds the count that a price is for."""

    reader: AtomReader
    facts: FactReader
    asked: Decimal | None

    @property
    def atoms(self) -> list[Atom]:
        return self.facts.atoms

    def before(self, quantity: int, price: int) -> CountFound | None:
        """The quantity before a price, unless something says that the price is for one."""
        value = self.atoms[quantity].value
        if quantity > price or not isinstance(value, Decimal) or value <= 1:
            return None
        said = price in self.facts.priced or self.facts.is_each_after(price)
        times = quantity > 0 and self.atoms[quantity - 1].kind is AtomKind.times
        following = self.atoms[quantity + 1]
        each = self.reader.vocab.each.at(self.reader.tokens, following.start)
        if each is not None and self.atoms[quantity].unit is None:
            return CountFound(value, packed=True)  # ``10 tanesi 1800``
        between = self.atoms[quantity + 1 : price]
        apiece = said or times or any(self._is_apiece(each) for each in between)
        if apiece and not (said or times) and self._is_definite(quantity):
            at = self.reader.vocab.price_at  # ``los 12 salen por 96``
            apiece = any(
                self._is_apiece(each) and not at.at(self.reader.tokens, each.start) for each in between
            )
        if apiece and not self._is_pack_of(quantity):
            return None
        packed = self._is_packed(quantity)
        together = value == self.asked and self._is_definite(quantity)
        return CountFound(value, packed, together) if packed or value == self.asked else None

    def behind(self, quantity: int, price: int) -> CountFound | None:
        """``1800 las 10``, ``568 net for 40 pcs``: as many as were asked for, behind the price in its clause."""
        if quantity < price or price in self.facts.priced or self.facts.is_each_after(price):
            return None
        atom, definite = self.atoms[quantity], self.reader.vocab.words["definite"]
        named = any(
            definite.at(self.reader.tokens, at) == (_DEFINITE, atom.start) for at in range(atom.start)
        )
        between = self.atoms[price + 1 : quantity]
        led = bool(between) and not any(each.is_cut or each.kind is AtomKind.times for each in between)
        if not ((named or led) and isinstance(atom.value, Decimal) and atom.value == self.asked):
            return None
        return CountFound(atom.value, packed=named, together=named) if atom.value > 1 else None

    def in_words(self) -> CountFound | None:
        """``3.700 € los diez``: as many as were asked for, after the price."""
        counts, tokens = self.reader.vocab.counts, self.reader.tokens
        for index, atom in enumerate(self.atoms):
            found = counts.at(tokens, atom.start) if atom.kind is AtomKind.word else None
            if found is not None and index not in self.facts.used and self.asked == Decimal(found[0]) > 1:
                return CountFound(Decimal(found[0]), packed=True, together=True)
        return None

    def _is_definite(self, quantity: int) -> bool:
        """``los 12``, ``all 20``: as many as were asked for, taken together."""
        definite, after = self.reader.vocab.words["definite"], self.atoms[quantity].start
        return any(definite.at(self.reader.tokens, at) == (_DEFINITE, after) for at in range(after))

    def _is_apiece(self, atom: Atom) -> bool:
        """``10 Stück je 405``, ``10 × 405``, ``10 uds a 405``: what one costs."""
        at = self.reader.vocab.price_at.at(self.reader.tokens, atom.start) is not None
        return at or atom.kind in (AtomKind.each, AtomKind.times) or "per" in atom.labels

    def _is_packed(self, quantity: int) -> bool:
        """``VPE 10 Stk.``, ``10 pack``, ``упаковка 50 шт``: how many one has, rather than how many are asked."""
        atom = self.atoms[quantity]
        before = [each for each in self.atoms[:quantity] if each.kind is not AtomKind.sign]
        if atom.value != self.asked:
            named = bool(before) and (before[-1].kind is AtomKind.word or before[-1].size)
            return atom.unit is not None or named or self._is_pack_of(quantity)
        return atom.unit == "pack" or any(each.kind is AtomKind.word for each in before)

    def _is_pack_of(self, quantity: int) -> bool:
        """``packs of 10``: what follows is the price of a pack."""
        before = [each for each in self.atoms[:quantity] if each.kind is not AtomKind.silent][-1:]
        found = self.reader.vocab.units.at(self.reader.tokens, before[0].start) if before else None
        return bool(before) and before[0].kind is AtomKind.word and found is not None and found[0] != "pcs"
