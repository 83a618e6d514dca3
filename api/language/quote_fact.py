"""A fact of a quote: a label with its value, and the words that it was read from.

One rule: a fact says nothing of its own; what it means for the quote is said where it is added.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from api.language.numbers import NumberReading
from api.language.quote_atoms import Atom, AtomReader
from api.language.quote_talk import ARRIVING
from api.language.readings import Ambiguous
from api.language.spans import FoundSpan

KEPT = ("payment", "warranty", "returns", "span", "moq", "stock", "vat_out", "fact")
"""Labels whose text is kept with the quote."""
SPANS = ("payment", "warranty", "returns", "span")
"""Labels that take days for something that is no delivery."""
LEADING = ("delivery", "lead", "shipping", ARRIVING)
"""Labels that take the days until something is delivered."""
OWN = frozenset({"lead", "delivery", "shipping", "free_shipping"})
"""Labels of a delivery alone."""
COST_LINKS = ("price", "shipping", "currency", "total")
"""Labels that stand between a delivery and what it costs."""
COUNTED = ("moq", "stock", "quantity", "reference")
"""Labels that take a number which is no price."""


@dataclass(frozen=True, kw_only=True)
class Fact:
    """A label with its value, and the atoms that it is."""

    label: str
    first: int
    last: int
    number: NumberReading | None = None
    currency: str | Ambiguous | None = None
    span: FoundSpan | None = None
    hours: Decimal | None = None
    date: object = None
    count: NumberReading | None = None
    """How many it is for, where it is for one."""
    doubted: bool = False
    """It is asked whether that is meant."""


def words_of(reader: AtomReader, atoms: Sequence[Atom], fact: Fact) -> str:
    """A fact as it was written."""
    start, after = atoms[fact.first].start, atoms[fact.last].after
    return " ".join(token.raw for token in reader.tokens[start:after]).replace(" ,", ",").strip(" ,.;:")


def names_delivery(reader: AtomReader, atom: Atom) -> bool:
    """A label that is of a delivery whatever else stands there: ``lead time``, but not ``in`` or ``takes``."""
    return bool(atom.labels) and atom.labels[0] in OWN and not reader.is_weak(atom)
