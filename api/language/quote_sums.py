"""A price that follows from the sums of a line: a total for all of them, a list price and its discount.

One rule: a price that the line states beside its sums is offered; one that has to be worked out from them is asked.

    list 1000, for you 850                   850: what holds is said
    10 % discount 450, total 2,250           450: five are asked for
    total for all 20 is $1,900               asked: 95, where as many are asked for
    list price 200, less 15 %                asked: 170
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from api.language.quote_atoms import Atom, AtomKind, AtomReader
from api.language.quote_facts import FactReader
from api.language.quote_naming import is_item_word

_CENT = Decimal("0.01")
_PERCENT = 100
MAX_BETWEEN = 2
_CHANGES = ("approx", "start", "other", "condition", "between", "negative")
"""Labels beside which a total is no plain one."""


@dataclass(frozen=True)
class Sum:
    """What one costs, and the atom that it is or that it was worked out from."""

    value: Decimal
    position: int
    exact: bool = True
    total: bool = False
    """It is the share of a total."""


@dataclass
class SumReader:
    """Works out what one costs."""

    reader: AtomReader
    facts: FactReader
    asked: Decimal | None
    items: Sequence[str]

    @property
    def atoms(self) -> Sequence[Atom]:
        return self.facts.atoms

    def read(self, numbers: Sequence[int]) -> Sum | None:
        sums = [at for at in numbers if not self._is_count(at)]
        values = {at: value for at in sums if isinstance(value := self.atoms[at].value, Decimal)}
        if len(values) != len(sums) or any(self.atoms[at].size for at in sums):
            return None
        found = self._reduced(values) or self._shared(values)
        return replace(found, exact=False) if found is not None and self._starts(found.position) else found

    def _starts(self, at: int) -> bool:
        """``was $30, now from $26``: what one costs is at least this."""
        before = [each for each in self.atoms[:at] if each.kind is not AtomKind.silent][-1:]
        return any("start" in each.labels for each in before)

    def _is_count(self, at: int) -> bool:
        """``for all 20``: how many are asked for."""
        atom = self.atoms[at]
        return atom.currency is None and atom.value == self.asked and at not in self.facts.priced

    # A list price and what is paid --------------------------------------------------------------------------

    def _reduced(self, values: dict[int, Decimal]) -> Sum | None:
        percents = [at for at, atom in enumerate(self.atoms) if atom.kind is AtomKind.percent]
        former = [fact for fact in self.facts.facts if fact.label == "was"]
        listed = [fact.number for fact in former if isinstance(fact.number, Decimal)]
        discounts = [at for at in percents if at not in self.facts.used and self._is_discount(at)]
        if len(discounts) != len(percents) or len(percents) > 1 or len(former) > 1:
            return None
        if not discounts:
            return self._below(values, listed[0], former[0].first) if listed else self._fallen(values)
        percent = self.atoms[discounts[0]].value
        if not isinstance(percent, Decimal) or percent >= _PERCENT:
            return None
        proved = self._proved(values, listed, percent)
        if proved is not None or len(values) + len(listed) != 1 or self._is_conditional(discounts[0]):
            return proved
        at, base = (former[0].last, listed[0]) if listed else next(iter(values.items()))
        return self._computed(at, base, percent, discounts[0], listed=bool(listed))

    def _below(self, values: dict[int, Decimal], former: Decimal, at: int) -> Sum | None:
        """The only other price, where words say that it holds now; a bare number below another one is asked.

        Words for it are a list price, a net price, or what it was before: then the price has a currency, and is lower
        or stands behind "now".
        """
        prices = [each for each, value in values.items() if not self._is_total(value, values)]
        if len(prices) != 1:
            return None
        price, tokens, words = prices[0], self.reader.tokens, self.reader.vocab.words
        lower = values[price] < former
        listed = words["list_price"].at(tokens, self.atoms[at].start) is not None
        net = any(words["net_price"].at(tokens, each) for each in range(len(tokens)))
        valued = self._is_valued(price)
        now = any("now" in self.atoms[each].labels for each in self.facts.clause(price) if each < price)
        holds = (lower and (listed or net or valued)) or (now and valued)
        return Sum(values[price], price) if holds else None

    def _fallen(self, values: dict[int, Decimal]) -> Sum | None:
        """``from $60 to $52``, ``de R$ 210 por R$ 185``: the lower one is behind, so these are no ends of a range."""
        prices = sorted(values)
        if (
            len(prices) != 2
            or values[prices[0]] <= values[prices[1]]
            or not all(self._is_plain(at) for at in prices)
        ):
            return None
        first, last = prices
        tokens, words = self.reader.tokens, self.reader.vocab.words
        begun = first and words["falls_from"].at(tokens, self.atoms[first].start - 1)
        turned = words["falls_to"].at(tokens, self.atoms[last].start - 1)
        valued = any(self.atoms[at].currency is not None for at in prices)
        between = self.atoms[first + 1 : last]
        words_between = all(each.kind in (AtomKind.silent, AtomKind.label) for each in between)
        if any(self.facts.has(label) for label in ("condition", "approx", "vat_in", "between")):
            return None
        return Sum(values[last], last) if begun and turned and valued and words_between else None

    def _is_plain(self, at: int) -> bool:
        return self.atoms[at].unit is None and not self.atoms[at].size

    def _is_valued(self, price: int) -> bool:
        """A currency at the price, or at the one that it replaces: ``was 60, now 52 EUR``."""
        former = (fact.currency for fact in self.facts.facts if fact.label == "was")
        return self.atoms[price].currency is not None or any(each is not None for each in former)

    def _proved(self, values: dict[int, Decimal], listed: Sequence[Decimal], percent: Decimal) -> Sum | None:
        """The price that is a list price less its discount, or that comes to the total."""
        for at, value in values.items():
            others = [each for place, each in values.items() if place != at]
            reduced = any(_less(base, percent) == value for base in (*others, *listed))
            known = [each for each in others if _less(each, percent) == value or self._is_times(value, each)]
            if len(known) == len(others) and (reduced or (others and not listed)):
                return Sum(value, at)
        return None

    def _computed(
        self, at: int, base: Decimal, percent: Decimal, discount: int, *, listed: bool
    ) -> Sum | None:
        """A list price less its discount, where the price stands first and nothing else is said of it."""
        atom = next(
            (self.atoms[each] for each in range(at, -1, -1) if self.atoms[each].value == base), self.atoms[at]
        )
        said = listed or ((atom.currency is not None or at in self.facts.priced) and self._is_named(discount))
        value = _less(base, percent)
        if not said or discount < at or value != round(value, 2):
            return None
        return Sum(value, at)

    def _is_named(self, discount: int) -> bool:
        """A word for a discount, rather than "less" alone."""
        minus = self.reader.vocab.words["minus"]
        labels = (self.atoms[at] for at in self.facts.clause(discount) if "less" in self.atoms[at].labels)
        return any(minus.at(self.reader.tokens, atom.start) is None for atom in labels)

    def _is_discount(self, at: int) -> bool:
        return any("less" in self.atoms[each].labels for each in self.facts.clause(at))

    def _is_conditional(self, at: int) -> bool:
        """``if paid within 10 days``, ``already included``, or a word that nobody knows."""
        tokens, free = self.reader.tokens, self.reader.vocab.words["free"]
        clause = [each for each in self.facts.clause(at) if each != at]
        unknown = any(
            self.atoms[each].kind is AtomKind.word
            and each not in self.facts.used
            and not is_item_word(tokens[self.atoms[each].start].word, self.items)
            for each in clause
        )
        timed = any(self.atoms[each].kind in (AtomKind.span, AtomKind.date) for each in clause)
        labels = {label for each in clause for label in self.atoms[each].labels}
        included = any(free.at(tokens, self.atoms[each].start) for each in clause)
        return unknown or timed or included or bool({"condition", "approx"} & labels)

    # A total for all of them --------------------------------------------------------------------------------

    def _shared(self, values: dict[int, Decimal]) -> Sum | None:
        """The share of one in the only sum, where it is called a total."""
        if len(values) != 1 or self.asked is None:
            return None
        at, total = next(iter(values.items()))
        clause = [each for each in self.facts.clause(at) if each not in self.facts.used]
        if not any("total" in self.atoms[each].labels[:1] or self._takes_all(each, at) for each in clause):
            return None
        each = any(self.atoms[other].kind is AtomKind.each for other in clause) or any(
            "per" in self.atoms[other].labels and other in self.facts.used for other in self.facts.clause(at)
        )
        changed = (
            self.facts.takes("unclear")
            or any(self.facts.has(label) for label in _CHANGES)
            or (self.facts.has("vat_in") and self.atoms[at].currency is None)
            or each
            or self._is_for_others()
        )
        percent = any(
            atom.kind is AtomKind.percent and each not in self.facts.used
            for each, atom in enumerate(self.atoms)
        )
        if changed or percent or not total or self.atoms[at].unit is not None:
            return None
        share = total / self.asked
        exact = share == round(share, 2) and self._says_all(at)
        return Sum(round(share, 2), at, exact=exact, total=True)

    def _says_all(self, at: int) -> bool:
        """``total for all 20``, ``за всё``: a total alone may have more in it than what was asked for."""
        clause, tokens = self.facts.clause(at), self.reader.tokens
        words = range(self.atoms[clause[0]].start, self.atoms[clause[-1]].after)
        counted = any(
            atom.kind is AtomKind.number and self._is_count(each) for each, atom in enumerate(self.atoms)
        )
        return counted or any(self.reader.vocab.words["all"].at(tokens, each) for each in words)

    def _takes_all(self, at: int, price: int) -> bool:
        """``per tutti e 8 720``, ``alle 12 für 900``: a word for "all" and how many are asked for, then the sum."""
        price_at, tokens = self.reader.vocab.price_at, self.reader.tokens
        said = price and price_at.at(tokens, self.atoms[price - 1].start) is not None
        stocked = any("stock" in self.atoms[each].labels for each in self.facts.clause(price))
        if said or stocked or price in self.facts.priced:
            return False
        named = self.reader.vocab.words["all"].at(self.reader.tokens, self.atoms[at].start)
        counts = [
            other
            for other, atom in enumerate(self.atoms)
            if atom.kind is AtomKind.number and self._is_count(other)
        ]
        return named is not None and any(at < other <= at + MAX_BETWEEN for other in counts)

    def _is_for_others(self) -> bool:
        """``per box``: for something else than for as many as are asked for."""
        for at, atom in enumerate(self.atoms):
            if "per" not in atom.labels or at in self.facts.used:
                continue
            after = at + 1
            while after < len(self.atoms) and (
                self.atoms[after].kind is AtomKind.silent or "per" in self.atoms[after].labels
            ):
                after += 1
            counted = after < len(self.atoms) and self.atoms[after].kind is AtomKind.number
            if not counted or not (self._is_count(after) or self.atoms[after].currency is not None):
                return True
        return False

    def _is_total(self, value: Decimal, values: dict[int, Decimal]) -> bool:
        return any(self._is_times(other, value) for other in values.values())

    def _is_times(self, price: Decimal, total: Decimal) -> bool:
        return self.asked is not None and self.asked > 1 and price * self.asked == total


def _less(base: Decimal, percent: Decimal) -> Decimal:
    return base * (_PERCENT - percent) / _PERCENT
