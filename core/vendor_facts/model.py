"""Facts about vendors as functions pass them around: one by one, or by column where there are millions."""

import datetime as dt
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class DeliveryFact:
    """One ordered line; ``late`` and ``bad`` are shares of its quantity."""

    order_id: UUID
    vendor_id: UUID
    cost_centre: str
    issued_on: dt.date
    promised: dt.date
    moved: bool
    last_day: dt.date | None
    known: dt.date
    late: float
    complete: bool
    arrived: bool
    bad: float


@dataclass(frozen=True, slots=True)
class AnswerFact:
    """One invitation; ``hours`` None: no answer came."""

    vendor_id: UUID
    known: dt.date
    in_time: bool
    hours: float | None


@dataclass(frozen=True, slots=True)
class PriceFact:
    """One quote over the best other one."""

    vendor_id: UUID
    known: dt.date
    ratio: float


@dataclass(frozen=True)
class VendorFacts:
    """All that was known at a moment; ``day`` is its date where the organisation is."""

    day: dt.date
    deliveries: Sequence[DeliveryFact]
    answers: Sequence[AnswerFact]
    prices: Sequence[PriceFact]


NO_DAY, NO_HOURS = 0, -1.0
"""In a column: no such day, and no answer."""
COLUMNS: Mapping[str, Mapping[str, str]] = {
    "deliveries": {
        "vendor": "i",
        "place": "i",
        "order_number": "i",
        "issued_on": "i",
        "promised": "i",
        "moved": "b",
        "last_day": "i",
        "known": "i",
        "late": "d",
        "complete": "b",
        "arrived": "b",
        "bad": "d",
    },
    "answers": {"vendor": "i", "known": "i", "in_time": "b", "hours": "d"},
    "prices": {"vendor": "i", "known": "i", "ratio": "d"},
}
"""Of each kind of fact, with the type codes of ``array``. Days are counts, as of ``date.toordinal``."""
Columns = Mapping[str, "array[Any]"]


@dataclass(frozen=True)
class FactColumns:
    """The same facts, in a tenth of the memory.

    Vendors, places and orders are numbers here: those of ``vendors`` and ``places``, and any that tells orders apart.
    """

    day: dt.date
    vendors: dict[UUID, int] = field(default_factory=dict)
    places: dict[str, int] = field(default_factory=dict)
    kinds: Mapping[str, Columns] = field(
        default_factory=lambda: {
            kind: {name: array(code) for name, code in columns.items()} for kind, columns in COLUMNS.items()
        }
    )

    def add(self, kind: str, piece: Mapping[str, Sequence[Any]]) -> None:
        """Facts of a piece, whose numbers are places in its own lists ``vendors`` and ``places``."""
        into = self.kinds[kind]
        vendors = [self.vendors.setdefault(UUID(each), len(self.vendors)) for each in piece["vendors"]]
        places = [self.places.setdefault(each, len(self.places)) for each in piece.get("places", ())]
        orders = len(into["vendor"])
        for name, column in into.items():
            values: Iterable[Any] = piece[name]
            match name:
                case "vendor":
                    values = [vendors[each] for each in values]
                case "place":
                    values = [places[each] for each in values]
                case "order_number":
                    values = [orders + each for each in values]
            column.extend(values)

    @classmethod
    def of(cls, facts: VendorFacts) -> "FactColumns":
        """Facts that were read one by one."""
        made = cls(facts.day)
        lines, answers, prices = facts.deliveries, facts.answers, facts.prices
        orders = {order: number for number, order in enumerate({each.order_id for each in lines})}
        made.add(
            "deliveries",
            _of_vendors(lines)
            | {
                "places": [each.cost_centre for each in lines],
                "place": range(len(lines)),
                "order_number": [orders[each.order_id] for each in lines],
                "issued_on": [each.issued_on.toordinal() for each in lines],
                "promised": [each.promised.toordinal() for each in lines],
                "moved": [each.moved for each in lines],
                "last_day": [each.last_day.toordinal() if each.last_day else NO_DAY for each in lines],
                "known": [each.known.toordinal() for each in lines],
                "late": [each.late for each in lines],
                "complete": [each.complete for each in lines],
                "arrived": [each.arrived for each in lines],
                "bad": [each.bad for each in lines],
            },
        )
        made.add(
            "answers",
            _of_vendors(answers)
            | {
                "known": [each.known.toordinal() for each in answers],
                "in_time": [each.in_time for each in answers],
                "hours": [NO_HOURS if each.hours is None else each.hours for each in answers],
            },
        )
        made.add(
            "prices",
            _of_vendors(prices)
            | {
                "known": [each.known.toordinal() for each in prices],
                "ratio": [each.ratio for each in prices],
            },
        )
        return made


def _of_vendors(facts: "Sequence[DeliveryFact | AnswerFact | PriceFact]") -> dict[str, Sequence[Any]]:
    return {"vendors": [str(each.vendor_id) for each in facts], "vendor": range(len(facts))}
