"""Which number of a line is its price: every reading is kept, and the only complete one is accepted.

    numbers    price | quantity | total (proved by price × quantity) | model or size | line number

One rule: a reading in which a number has no role is none; two that differ in the price are a question.

What changes a price (VAT, discounts, "about", "per 100", "was 500") makes it a question that shows what it may be.
"""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from api.language.numbers import MAX_FRACTION_DIGITS, plain
from api.language.price_doubts import DoubtReader
from api.language.price_found import NumberRole, PriceFound
from api.language.quote_atoms import Atom, AtomKind, AtomReader
from api.language.quote_basis import Bases, BasisReader
from api.language.quote_counts import CountFound, CountReader
from api.language.quote_facts import FactReader
from api.language.quote_sums import Sum, SumReader
from api.language.readings import Ambiguous
from api.language.tokenizer import tokenize

MAX_NUMBERS = 7
MAX_TOTAL_FIRST = 3
"""With more numbers a total stands behind its price: ``240.00 for all 6, so 40 each``."""
MAX_LINE_NUMBER = 100
"""A number before an item that is larger numbers no line."""
_HUNDREDTH = Decimal("0.01")


Assignment = tuple[NumberRole, ...]


@dataclass
class PriceReader:
    """Finds the price among the atoms that no label took."""

    reader: AtomReader
    facts: FactReader
    asked: Decimal | None
    numbered: bool
    """A line number stands before it, so what follows is an answer."""
    items: Sequence[str] = ()
    found: PriceFound | None = None
    basis: BasisReader | None = None
    bases: Bases = field(default_factory=dict)
    based: frozenset[int] = frozenset()
    """The atoms of the bases, also where the line's arithmetic says what they are."""
    roles: dict[int, NumberRole] = field(default_factory=dict)
    """What each number is, in the reading that was accepted."""

    @property
    def atoms(self) -> list[Atom]:
        return self.facts.atoms

    def read(self) -> PriceFound | None:
        """The price, or what may be it; None when there is none, or when a number stays without a role."""
        self.basis = BasisReader(self.reader, self.facts, self.asked, self.items)
        self.bases = self.basis.read()
        self.based = frozenset(self.bases)
        self.found = self._read()
        return self.found

    def _read(self) -> PriceFound | None:
        every = [
            index
            for index, atom in enumerate(self.atoms)
            if atom.kind is AtomKind.number and index not in self.facts.used
        ]
        if self.bases and len(every) <= MAX_NUMBERS and self._proves(every):
            self.bases = {}  # ``9600 за 12, по 800 за штуку``
        numbers = [index for index in every if index not in self.bases]
        if not numbers and not self.facts.takes("was"):
            return None
        if len(numbers) > MAX_NUMBERS or self._is_broken() or self.facts.denies(numbers):
            return None
        net = self._doubts().net_of_gross(numbers)
        if net is not None:
            self.roles = {each: NumberRole.price if each == net else NumberRole.total for each in numbers}
            atom = self.atoms[net]
            value = atom.value if isinstance(atom.value, Decimal) else None
            return PriceFound(value=value, currency=atom.currency or self._currency_beside(net), position=net)
        counted = all(value == self.asked for value in self.bases.values())
        sums = SumReader(self.reader, self.facts, self.asked, self.items)
        worked_out = sums.read(every) if counted else None
        if worked_out is not None:
            return self._worked_out(worked_out, numbers)
        readings = list(self._readings(numbers))
        found = {self._price_of(numbers, each): each for each in reversed(readings)}
        if not found:
            return self._alternatives(numbers)
        if len(found) > 1 and len({self.atoms[each].value for each in found}) == 1:
            first = min(found)  # one is asked for: ``1 | 35,00 | 35,00``
            found = {first: found[first]}
        if len(found) > 1:
            values = [self.atoms[index].value for index in sorted(found)]
            return self._question([value for value in values if isinstance(value, Decimal)])
        position, roles = next(iter(found.items()))
        self.roles = dict(zip(numbers, roles, strict=True))
        return self._priced(position, numbers, roles)

    def _worked_out(self, found: Sum, numbers: Sequence[int]) -> PriceFound:
        """A price that the line's sums prove; one that has to be worked out from them is asked."""
        self.roles = {
            each: NumberRole.price if each == found.position else NumberRole.total for each in numbers
        }
        currency = self.atoms[found.position].currency or self._currency_of_all()
        if not found.exact or self.atoms[found.position].value != found.value:
            return self._question([found.value], currency)
        return PriceFound(
            value=found.value,
            currency=currency,
            position=found.position,
            total=found.total,
        )

    def _currency_of_all(self) -> str | Ambiguous | None:
        """The only currency that stands at a sum of the line."""
        named = [
            atom.currency for atom in self.atoms if atom.kind is AtomKind.number and atom.currency is not None
        ]
        return named[0] if named and all(each == named[0] for each in named) else None

    def _proves(self, numbers: Sequence[int]) -> bool:
        """Whether the line's own arithmetic says what each of its numbers is."""
        return any(NumberRole.total in each for each in self._readings(numbers))

    # Roles -------------------------------------------------------------------------------------------------

    def _readings(self, numbers: Sequence[int]) -> Iterator[Assignment]:
        """The complete assignments that have the most in their favour."""
        options = [self._options(numbers, place) for place in range(len(numbers))]
        complete = [each for each in itertools.product(*options) if self._is_complete(numbers, each)]
        best = max((self._favour(numbers, each) for each in complete), default=0)
        yield from (each for each in complete if self._favour(numbers, each) == best)

    def _options(self, numbers: Sequence[int], place: int) -> list[NumberRole]:
        index = numbers[place]
        atom = self.atoms[index]
        if atom.size or (len(numbers) > 1 and self._is_named(atom)):
            return [NumberRole.item]
        if not isinstance(atom.value, Decimal):
            return [NumberRole.price] if isinstance(atom.value, Ambiguous) else []
        found = []
        times = self._beside(index, AtomKind.times)
        counted = atom.unit is not None and atom.currency is None
        if (not counted or atom.each) and not (times and not self._is_product(index)):
            found.append(NumberRole.price)
        whole = atom.value == int(atom.value)
        cents = atom.value.as_tuple().exponent != 0
        if atom.currency is None and (
            counted
            or times
            or (not cents and self._counts_words(index))
            or atom.value == self.asked
            or index in self.based
        ):
            found.append(NumberRole.quantity)
        if place > 0 or len(numbers) <= MAX_TOTAL_FIRST:
            found.append(NumberRole.total)
        plainly = whole and atom.currency is None and not counted
        if plainly and not cents and place < len(numbers) - 1 and self.facts.follows_word(index):
            found.append(NumberRole.item)
        first = place == 0 and index == 0 and len(numbers) > 1 and atom.value < MAX_LINE_NUMBER
        if plainly and first and self._before_words(index):
            found.append(NumberRole.line)
        return found

    def _is_named(self, atom: Atom) -> bool:
        """``підшипник 6308 - 310``: a number of the item's own name."""
        raw = self.reader.tokens[atom.start].raw.strip(".,:;()")
        plainly = atom.currency is None and atom.unit is None and atom.after == atom.start + 1
        return plainly and any(raw == token.raw for item in self.items for token in tokenize(item))

    def _is_complete(self, numbers: Sequence[int], roles: Assignment) -> bool:
        if (
            roles.count(NumberRole.price) != 1
            or roles.count(NumberRole.quantity) > 1
            or roles.count(NumberRole.total) > 1
        ):
            return False
        strong = {index for index in numbers if self._is_strong(index)}
        price = self._price_of(numbers, roles)
        total = numbers[roles.index(NumberRole.total)] if NumberRole.total in roles else None
        if strong and price not in strong and total not in strong:
            return False
        if NumberRole.quantity in roles and self._is_apart(numbers, roles):
            return False
        if NumberRole.total in roles:
            return self._is_proved(numbers, roles)
        return not self.facts.has("total")

    def _is_apart(self, numbers: Sequence[int], roles: Assignment) -> bool:
        """``405 without arms, 435 with arms``: a number in another clause is a quantity only when it was asked for."""
        quantity, price = numbers[roles.index(NumberRole.quantity)], self._price_of(numbers, roles)
        first, last = sorted((quantity, price))
        cut = any(atom.is_cut for atom in self.atoms[first:last])
        counted = self.atoms[quantity].unit is not None
        return (
            cut and not counted and self.atoms[quantity].value != self.asked and NumberRole.total not in roles
        )

    def _is_proved(self, numbers: Sequence[int], roles: Assignment) -> bool:
        """Whether price × quantity is the total, to the cent."""
        values = dict(zip(roles, (self.atoms[index].value for index in numbers), strict=True))
        price, total = values[NumberRole.price], values[NumberRole.total]
        quantity = values.get(NumberRole.quantity, self.asked)
        if not (isinstance(price, Decimal) and isinstance(total, Decimal) and isinstance(quantity, Decimal)):
            return False
        return abs(price * quantity - total) < _HUNDREDTH

    def _favour(self, numbers: Sequence[int], roles: Assignment) -> int:
        """A proof counts most, then that the quantity is the one that was asked for."""
        quantity = next(
            (
                self.atoms[i].value
                for i, role in zip(numbers, roles, strict=True)
                if role is NumberRole.quantity
            ),
            None,
        )
        proved = 4 if NumberRole.total in roles else 0
        return proved + (2 if quantity is not None and quantity == self.asked else 0)

    def _price_of(self, numbers: Sequence[int], roles: Assignment) -> int:
        return numbers[roles.index(NumberRole.price)]

    # What stands beside a number ---------------------------------------------------------------------------

    def _is_strong(self, index: int) -> bool:
        """A currency, "each" after it, or "at" before it: this is a price."""
        atom = self.atoms[index]
        if isinstance(atom.value, Decimal) and atom.unit is not None and not atom.each:
            return False
        return atom.currency is not None or index in self.facts.priced or self.facts.is_each_after(index)

    def _beside(self, index: int, kind: AtomKind) -> bool:
        near = [self.atoms[each].kind for each in (index - 1, index + 1) if 0 <= each < len(self.atoms)]
        return kind in near

    def _is_product(self, index: int) -> bool:
        """Whether the sign beside it has a number on its other side."""
        for sign, other in ((index - 1, index - 2), (index + 1, index + 2)):
            if 0 <= other < len(self.atoms) and self.atoms[sign].kind is AtomKind.times:
                return self.atoms[other].kind in (AtomKind.number, AtomKind.each) or other < index
        return False

    def _counts_words(self, index: int) -> bool:
        """``5 laptops``, ``10 chairs @``: a word of the item, or a price with its own sign, follows."""
        following = self.atoms[index + 1] if index + 1 < len(self.atoms) else None
        labelled = (
            following is not None and following.kind is AtomKind.label and following.labels[0] == "price"
        )
        return following is not None and (following.kind is AtomKind.word or labelled)

    def _before_words(self, index: int) -> bool:
        following = self.atoms[index + 1] if index + 1 < len(self.atoms) else None
        return following is not None and (following.kind is AtomKind.word or following.is_cut)

    def _is_broken(self) -> bool:
        """A word that begins with a digit and is no number: ``450-10%``, ``1e308``, ``10+``."""
        for atom in self.atoms:
            raw = self.reader.tokens[atom.start].raw
            model = raw[0].isalpha() or (raw.isalnum() and raw.upper() == raw and not raw.isdigit())
            if atom.kind is AtomKind.word and any(char.isdigit() for char in raw) and not model:
                return True
        return False

    def _doubts(self) -> DoubtReader:
        return DoubtReader(self.reader, self.facts, self.bases, self.numbered, self.items)

    # What changes a price ----------------------------------------------------------------------------------

    def _priced(self, position: int, numbers: Sequence[int], roles: Assignment) -> PriceFound:
        atom = self.atoms[position]
        quantity = next(
            (
                self.atoms[i].value
                for i, role in zip(numbers, roles, strict=True)
                if role is NumberRole.quantity
            ),
            None,
        )
        kept = quantity if isinstance(quantity, Decimal) else None
        if isinstance(atom.value, Ambiguous):
            return PriceFound(value=None, currency=atom.currency, readings=atom.value.readings)
        if not isinstance(atom.value, Decimal):
            raise TypeError("a price is a number")
        if (converted := self._converted(position, atom.value)) is not None:
            return converted
        doubted = (
            self._doubts().read(position, atom.value)
            or self._other_count(position, kept)
            or self._other_price(position, atom.value)
        )
        counted = self._counted(position, numbers, roles)
        if doubted is None and counted is not None:
            return replace(self._shared(atom.value, atom.currency, counted), position=position)
        if doubted is not None:
            return self._question(doubted, atom.currency)
        return PriceFound(
            value=atom.value,
            currency=atom.currency or self._currency_beside(position),
            quantity=kept,
            position=position,
            proved=NumberRole.total in roles,
        )

    def _converted(self, position: int, price: Decimal) -> PriceFound | None:
        """``$18 per 100``: what one costs, where the price has a currency and nothing else changes it."""
        one = self.basis.price_of_one(price) if self.bases and self.basis is not None else None
        currency = self.atoms[position].currency
        if one is None or currency is None or self._doubts().changed(position, price) is not None:
            return None
        return PriceFound(value=one, currency=currency, position=position, converted=True)

    def _currency_beside(self, position: int) -> str | Ambiguous | None:
        """``14.400 TL, yani tanesi 1.200``: the currency of the only other sum, where the price has none."""
        others = {at: self.atoms[at].currency for at in self.roles if at != position}
        named = [each for each in others.values() if each is not None]
        return named[0] if len(named) == 1 else None

    def asked_about(self, found: PriceFound) -> PriceFound:
        """A price beside which a word stands that nobody knows: it is asked whether that is the price."""
        if found.value is None:
            return found
        others = [self.atoms[at].value for at, role in self.roles.items() if role is NumberRole.item]
        values = [found.value, *(each for each in others if isinstance(each, Decimal))]
        return self._question(values, found.currency)

    def _other_count(self, position: int, quantity: Decimal | None) -> list[Decimal] | None:
        """``179 per almeno 20 pezzi``: a price, and then for another number than was asked for."""
        after = [at for at, role in self.roles.items() if role is NumberRole.quantity and at > position]
        times = any(atom.kind is AtomKind.times for atom in self.atoms)
        price = self.atoms[position].value
        if not after or times or quantity == self.asked or NumberRole.total in self.roles.values():
            return None
        return [price] if isinstance(price, Decimal) else None

    def _other_price(self, position: int, price: Decimal) -> list[Decimal] | None:
        """``desks 340, 60``: a number behind the item, in another clause than a price that nothing marks as one."""
        if self._is_strong(position):
            return None
        items = [at for at, role in self.roles.items() if role is NumberRole.item and at < position]
        others = [
            self.atoms[at].value
            for at in items
            if not (self.atoms[at].size or self._is_named(self.atoms[at]))
            and (self._is_stocked(position) or any(atom.is_cut for atom in self.atoms[at:position]))
        ]
        values = [each for each in others if isinstance(each, Decimal)]
        return [*values, price] if values else None

    def _is_stocked(self, index: int) -> bool:
        """``22 - 100 in stock``: what is there, rather than what it costs."""
        following = self.atoms[index + 1 : index + 2]
        return any("stock" in atom.labels for atom in following)

    def _counted(self, position: int, numbers: Sequence[int], roles: Assignment) -> CountFound | None:
        counts = CountReader(self.reader, self.facts, self.asked)
        if NumberRole.total in roles:
            return None
        quantity = numbers[roles.index(NumberRole.quantity)] if NumberRole.quantity in roles else None
        before = counts.before(quantity, position) if quantity is not None else None
        before = before or (counts.behind(quantity, position) if quantity is not None else None)
        return before or counts.in_words()

    def _shared(self, price: Decimal, currency: str | Ambiguous | None, count: CountFound) -> PriceFound:
        """A price that may be for one or for all of them: asked, unless no price in cents makes it a sum."""
        if not count.is_sum(price):
            return PriceFound(value=price, currency=currency, quantity=count.value, apiece=True)
        question = self._question(count.readings(price, self.asked), currency)
        return replace(question, if_apiece=None if count.packed else price)

    def _question(self, values: Sequence[Decimal], currency: str | Ambiguous | None = None) -> PriceFound:
        readings = dict.fromkeys(plain(round(value, MAX_FRACTION_DIGITS)) for value in values)
        return PriceFound(value=None, currency=currency, readings=tuple(readings))

    def _alternatives(self, numbers: Sequence[int]) -> PriceFound | None:
        """Several prices side by side, ``429 for 10, 419 for 50``, ``400-450``: which one is asked."""
        values = [self.atoms[index].value for index in numbers if not self.atoms[index].size]
        prices = [value for value in values if isinstance(value, Decimal)]
        said = any(
            self.facts.has(label) for label in ("other", "condition", "between", "start", "was", "approx")
        )
        strong = [self.atoms[index].value for index in numbers if self._is_strong(index)]
        chosen = [value for value in strong if isinstance(value, Decimal)] or prices
        if len(set(chosen)) >= 2 and (said or self._is_range(numbers) or len(strong) >= 2):
            return self._question(chosen[:3])
        return None

    def _is_range(self, numbers: Sequence[int]) -> bool:
        """``12.50 - 13.50`` and nothing before it."""
        if len(numbers) != 2 or numbers[1] != numbers[0] + 2:
            return False
        between = self.reader.tokens[self.atoms[numbers[0] + 1].start].raw
        return between in {"-", "–", "—"}
