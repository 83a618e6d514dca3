"""Sums of a quote that are no price: what delivery costs, a tax that is added, a price that no longer holds.

One rule: a sum is taken only with the words that say what it is; ``30 each`` and ``free over 500`` are no cost.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from api.language.dates import date_at
from api.language.quote_atoms import Atom, AtomKind, AtomReader
from api.language.spans import wide_span_at

MAX_BEFORE_PERCENT = 4
"""So many words stand between a tax and its percentage: ``at the rate of``."""


class FactTaker(Protocol):
    """What takes labels with their values, see ``FactReader``."""

    reader: AtomReader
    atoms: list[Atom]
    used: set[int]

    def bind(self, label: str, first: int, last: int, **value: object) -> bool:
        """Keep a fact with its value; always true."""

    def clause(self, at: int) -> range:
        """The atoms of the clause that an atom is in."""

    def takes(self, label: str) -> bool:
        """Whether a label took a value."""

    def atom_before(self, token: int, first: int) -> int:
        """The last atom that begins before a word."""


@dataclass
class SideSums:
    """Takes the sums beside the price for the facts of one part."""

    facts: FactTaker

    @property
    def reader(self) -> AtomReader:
        return self.facts.reader

    @property
    def atoms(self) -> Sequence[Atom]:
        return self.facts.atoms

    def take_cost(self, label: str, position: int, target: int) -> bool:
        atom, tokens = self.atoms[target], self.reader.tokens
        free = self.reader.vocab.words["free"].at(tokens, atom.start)
        if (free is not None and label == "shipping") or (
            free is not None and atom.kind is not AtomKind.number
        ):
            self.keep_free(position, self.facts.atom_before(free[1], target))
            return True
        if atom.kind is not AtomKind.number or atom.size or atom.unit is not None:
            return False
        return self.keep_cost(position, target, target)

    def keep_cost(self, first: int, last: int, number: int) -> bool:
        """What delivery costs; ``30 each``, ``30/chair`` and ``approx 30`` are no sum, so they are quoted back."""
        atom = self.atoms[number]
        if first and "total" in self.atoms[first - 1].labels:
            first -= 1  # ``total $60 shipping``
        after = last + 1
        while (
            after < len(self.atoms)
            and self.atoms[after].kind in (AtomKind.sign, AtomKind.silent)
            and not self.atoms[after].is_cut
        ):
            after += 1
        if after < len(self.atoms) and "total" in self.atoms[after].labels:
            last, after = after, after + 1  # ``shipping 45 total``
        beyond = self.atoms[last + 1 : after + 1]
        ranged = any(each.kind is AtomKind.number for each in beyond)
        shared = any(each.kind is AtomKind.each or {"per", "approx"} & set(each.labels) for each in beyond)
        rough = any({"approx", "start"} & set(each.labels) for each in self.atoms[first : last + 1])
        if shared and not (ranged or rough) and self._keep_cost_of_each(first, after, number):
            return True
        if ranged or shared or rough:
            return self.facts.bind("unclear", first, min(after, len(self.atoms) - 1))
        return self.facts.bind("shipping", first, last, number=atom.value, currency=atom.currency)

    def _keep_cost_of_each(self, first: int, basis: int, number: int) -> bool:
        """``delivery 20 per unit``, ``shipping $3 per carton, 10 cartons``: for one; how many there are, if said."""
        atom = self.atoms[number]
        if not isinstance(atom.value, Decimal):
            return False
        if self.atoms[basis].kind is AtomKind.each:
            return self.facts.bind("shipping_each", first, basis, number=atom.value, currency=atom.currency)
        units, tokens = self.reader.vocab.units, self.reader.tokens
        label = self.atoms[basis]
        named = next(
            (found for at in range(label.start, label.after + 1) if (found := units.at(tokens, at))), None
        )
        counts = [
            at
            for at, each in enumerate(self.atoms)
            if named is not None and each.unit == named[0] and isinstance(each.value, Decimal)
        ]
        if len(counts) != 1:
            return False
        count = self.atoms[counts[0]].value
        self.facts.bind("counted", counts[0], counts[0])
        return self.facts.bind(
            "shipping_each", first, basis, number=atom.value, currency=atom.currency, count=count
        )

    def says_free(self, label: Atom) -> bool:
        """Whether a word for "free" is among the words of a label: ``delivered free``, but not ``with delivery``."""
        free, tokens = self.reader.vocab.words["free"], self.reader.tokens
        return any(free.at(tokens, at) is not None for at in range(label.start, label.after))

    def keep_free(self, first: int, last: int) -> None:
        """Free delivery; ``free shipping over 5000`` and ``frei Haus ab 500 €`` are so only sometimes."""
        denied = any(
            "negative" in self.atoms[at].labels and at not in self.facts.used and not first <= at <= last
            for at in self.facts.clause(first)
        )
        end = next((at for at in range(last + 1, len(self.atoms)) if self.atoms[at].is_cut), len(self.atoms))
        rest = [each for each in self.atoms[last + 1 : end] if each.kind is not AtomKind.silent]
        if self.reader.tokens[self.atoms[last].after - 1].raw.endswith("."):
            rest = []  # ``Postage is covered. $412 each``
        before = self._limit_before(first)
        if denied or self._is_by_others(last):
            self.facts.bind("unclear", first, last)
        elif before is not None:
            self.facts.bind("unclear", before, last)
        elif self._is_limited(rest):
            numbered = any(each.kind is AtomKind.number for each in rest)
            self.facts.bind("unclear", first, end - 1 if numbered else last)
        else:
            self.facts.bind("shipping", first, last, number=Decimal(0))

    def _is_by_others(self, last: int) -> bool:
        """``carriage paid by the consignee``: somebody pays who is not the vendor; ``free by Friday`` is a day."""
        tokens, words, locale = self.reader.tokens, self.reader.vocab.words, self.reader.locale
        found = words["by_whom"].at(tokens, self.atoms[last].after)
        if found is None or found[1] >= len(tokens) or words["of_us"].at(tokens, found[1]) is not None:
            return False
        following = next((each for each in self.atoms if each.start >= found[1]), None)
        dated = date_at(tokens, found[1], locale, self.reader.today) is not None
        kinds = (AtomKind.word, AtomKind.silent, AtomKind.label)
        return following is not None and following.kind in kinds and not dated

    def _is_limited(self, rest: Sequence[Atom]) -> bool:
        """``over 500``, ``oltre 500 €``, ``within the M25``: what follows free delivery says when it is free."""
        kinds = [each.kind for each in rest[:2]]
        unknown = kinds in (
            [AtomKind.word, AtomKind.number],
            [AtomKind.number],
            [AtomKind.number, *kinds[1:]],
        )
        if len(rest) > 1 and wide_span_at(self.reader.tokens, rest[1].start, self.reader.locale):
            return False  # ``free delivery within a week``
        place = kinds == [AtomKind.label, AtomKind.word] and "lead" in rest[0].labels
        return unknown or place or any({"start", "condition"} & set(each.labels) for each in rest)

    def _limit_before(self, first: int) -> int | None:
        """``ab 500 € frei Haus``, ``500 TL üzeri ücretsiz kargo``: where the limit begins."""
        pair = self.atoms[max(0, first - 2) : first]
        limits = [each.kind is AtomKind.number or "start" in each.labels for each in pair]
        named = any("start" in each.labels for each in pair)
        return first - 2 if limits == [True, True] and named else None

    def is_delivered(self, position: int, atom: Atom) -> bool:
        """``12 each, delivered``: the price has the delivery in it; ``delivered on Friday`` says when."""
        named = self.reader.vocab.words["delivered"].at(self.reader.tokens, atom.start)
        if named is None or named[1] != atom.after:
            return False
        following = position + 1
        while following < len(self.atoms) and self.atoms[following].kind is AtomKind.silent:
            following += 1
        ended = following >= len(self.atoms) or self.atoms[following].is_cut
        last = self.reader.tokens[self.atoms[following - 1].after - 1].raw
        priced = any(each.kind is AtomKind.number for each in self.atoms[:position])
        denied = any("negative" in self.atoms[at].labels for at in self.facts.clause(position))
        if denied:
            return False
        return (
            named is not None and named[1] == atom.after and priced and (ended or last.endswith((".", "!")))
        )

    def is_cost(self, at: int) -> bool:
        """``35 each plus £10 delivery``: a second sum, with its currency."""
        value = self.atoms[at]
        costs = value.kind is AtomKind.number and value.currency is not None and value.unit is None
        return costs and any(each.kind is AtomKind.number for each in self.atoms[:at])

    def is_former(self, at: int, label: int) -> bool:
        """``$60 before, $52 now``: a price with its currency right before a "before", and another one in the text."""
        value = self.atoms[at]
        ended = label + 1 >= len(self.atoms) or self.atoms[label + 1].kind is AtomKind.sign
        others = (
            each.kind is AtomKind.number and each.currency is not None for each in self.atoms[label + 1 :]
        )
        valued = value.kind is AtomKind.number and value.currency is not None and not value.size
        return valued and ended and any(others)

    def is_extra(self, value: Atom, label: Atom) -> bool:
        """``179 plus freight``: freight is paid besides, and how much is not said."""
        tokens, plus = self.reader.tokens, self.reader.vocab.words["plus"]
        return any(plus.at(tokens, at) is not None for at in range(value.after, label.after))

    def take_added_tax(self, atom: Atom, position: int) -> bool:
        """``VAT 23% is added``, ``+ 23% VAT``, ``zzgl. 19 % MwSt.``: the price is without it."""
        if "vat_in" not in atom.labels:
            return False
        first, last = self._with_percent(position)
        tokens, words = self.reader.tokens, self.reader.vocab.words
        after = self.atoms[last + 1] if last + 1 < len(self.atoms) else None
        if after is not None and words["vat_added"].at(tokens, after.start) is not None:
            return self.facts.bind("vat_out", first, last + 1)
        before = self.atoms[first - 1] if first else None
        if before is not None and words["plus"].at(tokens, before.start) is not None and self._is_valued():
            return self.facts.bind("vat_out", first - 1, last)
        return False

    def take_excluded_tax(self, position: int) -> bool:
        """``+ IVA 22%``, ``hors TVA (20 %)``: how much the tax is."""
        first, last = self._with_percent(position)
        return first < last and self._is_valued() and self.facts.bind("vat_out", first, last)

    def _is_valued(self) -> bool:
        """Whether a currency says what is a price: ``410 + 19 %`` alone is asked."""
        return any(atom.kind is AtomKind.number and atom.currency is not None for atom in self.atoms)

    def _with_percent(self, position: int) -> tuple[int, int]:
        """The atoms of a tax with its percentage, right before it or behind it."""
        if position and self.atoms[position - 1].kind is AtomKind.percent:
            return position - 1, position
        at = position + 1
        while at < len(self.atoms) and at <= position + MAX_BEFORE_PERCENT and self._leads_to_percent(at):
            at += 1
        found = at < len(self.atoms) and self.atoms[at].kind is AtomKind.percent
        return position, at if found else position

    def _leads_to_percent(self, at: int) -> bool:
        """``à taxa de``, ``(``, ``at the rate of``."""
        atom = self.atoms[at]
        raw = self.reader.tokens[atom.start].raw
        return atom.kind is AtomKind.silent or raw in {"(", ":"} or "price" in atom.labels

    def _turns(self, at: int) -> bool:
        """``не 92, а 95 €``, ``not 92 but $95``: a comma or a word for "but" behind the price that is taken back."""
        return self._says_but(at) or self.reader.tokens[self.atoms[at].start].raw == ","

    def _says_but(self, at: int) -> bool:
        words, start = self.reader.vocab.words, self.atoms[at].start if at < len(self.atoms) else -1
        return any(words[name].at(self.reader.tokens, start) is not None for name in ("but", "but_this"))

    def _turn_end(self, target: int) -> int:
        """The last atom of what is taken back: the "but" behind it says nothing else."""
        return next((at for at in (target + 1, target + 2) if self._says_but(at)), target)

    def take_denied_before(self, position: int, atom: Atom) -> bool:
        """``92 değil 95 TL``: the "not" stands behind what is taken back, where verbs come last."""
        after = self.atoms[position + 1] if position + 1 < len(self.atoms) else None
        before = self.atoms[position - 1] if position else None
        sums = [each for each in (before, after) if each is not None and each.kind is AtomKind.number]
        turned = len(sums) == 2 and all(each.unit is None and not each.size for each in sums)
        denied = "negative" in atom.labels and self.reader.locale.language == "tr"
        if not (denied and turned and after is not None and after.currency is not None):
            return False
        return self.facts.bind("void", position - 1, position)

    def take_void(self, atom: Atom, position: int, target: int | None) -> bool:
        """``189, not 198``, ``ignore the 75``, ``until 20 Dec $33, afterwards $36``: a price that does not hold now."""
        dated = "later" in atom.labels and self.facts.takes("valid")
        if not (dated or {"negative", "void"} & set(atom.labels)) or target is None:
            return False
        value = self.atoms[target]
        told = value.kind is AtomKind.number and not value.size and value.unit is None
        cut = target + 1 < len(self.atoms) and self._turns(target + 1)
        if not told or (value.currency is None and not cut):
            return False
        others = any(
            each.kind is AtomKind.number and each.currency is not None and at != target
            for at, each in enumerate(self.atoms)
        )
        return others and self.facts.bind("void", position, self._turn_end(target))
