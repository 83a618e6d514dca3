"""The readings of a printed line by which it adds up.

One rule: every reading that comes out to the cent is kept, until heads or forms leave one.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import permutations

from api.quote_files.arithmetic import comes_to
from api.quote_files.page_words import PrintedLine, Word

FEWEST = 3
"""Numbers that a row has at least."""
BASES = (1, 10, 100, 1000)
MOST_NUMBERS = 10
"""On a line; more are no row of a quote."""
Columns = Mapping[str, tuple[float, float]]
"""From where to where the head of each kind stands, in points."""


@dataclass(frozen=True)
class Proof:
    """Words of a line with what they say: ``counted`` × ``unit_price`` = ``comes_to``, discount and basis included."""

    quantity: Word
    price: Word
    amount: Word
    counted: Decimal
    unit_price: Decimal
    comes_to: Decimal
    less: Word | None = None

    @property
    def words(self) -> tuple[Word, ...]:
        found = (self.quantity, self.price, self.amount)
        return (*found, self.less) if self.less is not None else found


def proofs_of(line: PrintedLine, columns: Columns) -> list[Proof]:
    """All triples of numbers that are a quantity, a price and their amount."""
    numbers = [word for word in line.numbers if word.figure is not None and not word.figure.percent]
    if len(numbers) < FEWEST or len(line.numbers) > MOST_NUMBERS:
        return []
    bases = [
        each
        for each in BASES
        if each == 1 or str(each) in line.text.replace(".", "") or _heads_say(each, columns)
    ]
    return [
        proof
        for quantity, price, amount in permutations(numbers, 3)
        for less in _discounts(line, columns, (quantity, price, amount))
        for basis in bases
        for proof in _proven(quantity, price, amount, less, basis)
    ]


def _heads_say(basis: int, columns: Columns) -> bool:
    return f"per {basis}" in columns


def _discounts(line: PrintedLine, columns: Columns, used: Sequence[Word]) -> list[Word | None]:
    """None, and each number that says by its sign or its column that it is a discount."""
    free = [word for word in line.numbers if word not in used and word.figure is not None]
    return [
        None,
        *(
            word
            for word in free
            if word.figure and (word.figure.percent or nearest(word, columns) == "discount")
        ),
    ]


def _proven(quantity: Word, price: Word, amount: Word, less: Word | None, basis: int) -> Iterator[Proof]:
    if quantity.figure is None or price.figure is None or amount.figure is None:
        return
    rests = [1 - abs(each) / 100 for each in less.figure.readings] if less and less.figure else [Decimal(1)]
    for counted in quantity.figure.readings:
        for each in price.figure.readings:
            for whole in amount.figure.readings:
                for rest in rests:
                    if rest > 0 and comes_to(counted, each, rest, basis, whole):
                        yield Proof(quantity, price, amount, counted, each * rest / basis, whole, less)


def fitting(proofs: Sequence[Proof], columns: Columns) -> list[Proof]:
    """Those that agree best with the heads, then those whose amount, and whose price, are written with cents."""
    if not proofs:
        return []
    best = max(_agreement(each, columns) for each in proofs)
    kept = [each for each in proofs if _agreement(each, columns) == best]
    with_discount = [each for each in kept if each.less is not None]
    kept = [each for each in kept if each.less is None] or with_discount
    kept = [each for each in kept if has_cents(each.amount)] or kept
    priced = [each for each in kept if has_cents(each.price) and not has_cents(each.quantity)]
    return priced or kept


def _agreement(proof: Proof, columns: Columns) -> int:
    roles = {"quantity": proof.quantity, "price": proof.price, "amount": proof.amount}
    return sum(nearest(word, columns) == kind for kind, word in roles.items() if kind in columns)


def nearest(word: Word, columns: Columns) -> str:
    """The kind of the head above a word: the one whose edge or middle is least far from the word's own."""

    def distance(kind: str) -> float:
        left, right = columns[kind]
        return min(abs(word.x0 - left), abs(word.x1 - right), abs((word.x0 + word.x1) - (left + right)) / 2)

    return min((kind for kind in columns if not kind.startswith("per ")), key=distance, default="")


def has_cents(word: Word) -> bool:
    """Whether a number is written with two decimals."""
    text = word.figure.text if word.figure is not None else ""
    return len(text) > 3 and text[-3] in ".,٫"
