"""How well the rules about lines find what was put into a history: prices too high, duplicates, purchases split.

One rule: the lines come in the order of their days, and each is judged by those before it only.

Into one in a hundred lines, or orders, of the test period something is put, once per seed and kind. What is untouched
counts as usual, although some of it may be odd, so a precision is a lower bound; it also grows with the share put in.
"""

import datetime as dt
import random
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median

from core.checks import method
from core.checks.model import PastLine
from core.checks.price_checks import newest_lines
from core.uow import Uow
from stack.evaluate.figure import Figure
from stack.evaluate.scms import HistoryLine, read_scms
from stack.evaluate.synthetic import synthetic_lines

SEEDS = range(5)
SHARE = 0.01
OVERCHARGE = (1.3, 3.0)
"""How many times the price an overcharged line costs, evenly between."""


@dataclass(frozen=True)
class JudgedLine:
    """An ordered line in the terms of the rules; ``put_in``: which injection it belongs to, 0 for none."""

    day: dt.date
    order: str
    place: str
    vendor: str
    item: str
    quantity: float
    price: float
    put_in: int = 0

    @property
    def value(self) -> float:
        return self.quantity * self.price


@dataclass(frozen=True)
class JudgedOrder:
    """An order with what it is of; one that was split is several of these."""

    day: dt.date
    number: str
    place: str
    vendor: str
    items: frozenset[str]
    value: float
    put_in: int = 0


@dataclass
class Tally:
    """What was found of what was put in, and what else was flagged."""

    put_in: int = 0
    found: int = 0
    others: int = 0
    judged: int = 0

    def add(self, other: "Tally") -> None:
        self.put_in += other.put_in
        self.found += other.found
        self.others += other.others
        self.judged += other.judged

    @property
    def recall(self) -> float:
        return self.found / self.put_in if self.put_in else 0.0

    @property
    def precision(self) -> float:
        return self.found / (self.found + self.others) if self.found else 0.0


@dataclass(frozen=True)
class Setting:
    """The test period, and from which amount on a price matters in these lines' currency."""

    since: dt.date
    least_extra: float


REAL = Setting(dt.date(2013, 1, 1), method.LEAST_EXTRA)
SYNTHETIC = Setting(dt.date(2022, 1, 1), 5.0)
Trial = Callable[[Sequence[JudgedLine], Setting, random.Random], Tally]
Reached = tuple[float | None, float | None]
"""What a figure must reach, and where work goes on."""
SHOWN: Reached = (None, None)
LEAST_HISTORY, MOST_HISTORY = 100, 20_000


@dataclass(frozen=True)
class TrialMarks:
    """What is put in, and how much of it must be found."""

    name: str
    trial: Trial
    recall: Reached
    precision: Reached


def measure(data: Path | None) -> list[Figure]:
    """On the real lines in the folder, or on the made ones."""
    real = data is not None
    lines = judged_lines(read_scms(data) if data is not None else synthetic_lines())
    dataset = "scms, injected" if real else "synthetic, injected"
    return figures(lines, REAL if real else SYNTHETIC, dataset, MARKS)


async def measure_history(uow: Uow) -> list[Figure]:
    """On the newest half of this installation's own lines, which hold nobody to anything; nothing of fewer than 100."""
    lines = own_lines(await newest_lines(uow.connection, MOST_HISTORY))
    if len(lines) < LEAST_HISTORY:
        return []
    setting = Setting(lines[len(lines) // 2].day, method.LEAST_EXTRA)
    marks = [replace(each, recall=SHOWN, precision=SHOWN) for each in MARKS]
    return figures(lines, setting, "own orders, injected", marks)


def own_lines(lines: Iterable[PastLine]) -> list[JudgedLine]:
    """What was ordered here; prices and duplicates are found within one unit and one currency."""
    return [
        JudgedLine(
            day=each.day,
            order=str(each.order_id),
            place=each.cost_centre,
            vendor=str(each.vendor_id),
            item=f"{each.item} {each.unit} {each.currency}",
            quantity=float(each.quantity),
            price=float(each.unit_price),
        )
        for each in lines
    ]


def figures(
    lines: Sequence[JudgedLine], setting: Setting, dataset: str, marks: Sequence[TrialMarks]
) -> list[Figure]:
    """Recall and precision of each kind of what was put in."""
    window = f"{setting.since} to {lines[-1].day}, {len(SEEDS)} seeds"
    found = []
    for each in marks:
        begun, tally = time.perf_counter(), Tally()
        for seed in SEEDS:
            tally.add(each.trial(lines, setting, random.Random(seed)))
        seconds = time.perf_counter() - begun
        for what, value, (must, aim), n in (
            ("recall", tally.recall, each.recall, tally.put_in),
            ("precision", tally.precision, each.precision, tally.found + tally.others),
        ):
            found.append(
                Figure(
                    name=f"{each.name}, {what}",
                    feature="findings",
                    dataset=dataset,
                    value=value,
                    must=must,
                    aim=aim,
                    n=n,
                    window=window,
                    seconds=seconds,
                )
            )
    return found


def judged_lines(lines: Iterable[HistoryLine]) -> list[JudgedLine]:
    """By the day when they were promised, the one date that every line has; what cost nothing is left out."""
    return [
        JudgedLine(
            line.promised_on,
            line.order,
            line.place,
            line.vendor,
            f"{line.item} · {line.pack}",
            line.quantity,
            line.value / line.quantity,
        )
        for line in sorted(lines, key=lambda line: (line.promised_on, line.id))
        if line.quantity > 0 and line.value > 0
    ]


def _chosen(pool: Sequence[int], of: int, chance: random.Random) -> set[int]:
    return set(chance.sample(pool, min(len(pool), round(of * SHARE))))


def price_slips(lines: Sequence[JudgedLine], setting: Setting, chance: random.Random) -> Tally:
    """Some lines cost 1.3 to 3 times as much."""
    tested = [number for number, line in enumerate(lines) if line.day >= setting.since]
    slips = {number: chance.uniform(*OVERCHARGE) for number in sorted(_chosen(tested, len(tested), chance))}
    past: dict[str, list[JudgedLine]] = defaultdict(list)
    tally = Tally(put_in=len(slips), judged=len(tested))
    for number, usual in enumerate(lines):
        line = replace(usual, price=usual.price * slips.get(number, 1.0))
        before = past[line.item][-method.LOOKED_BACK :]
        if line.day >= setting.since:
            paid = [method.PastPrice(each.price, each.vendor == line.vendor, each.day) for each in before]
            if method.price_finding(line.price, line.quantity, paid, least_extra=setting.least_extra):
                tally.found += number in slips
                tally.others += number not in slips
        past[line.item].append(line)
    return tally


def duplicates(lines: Sequence[JudgedLine], setting: Setting, chance: random.Random) -> Tally:
    """Some lines are ordered a second time, up to fifteen days later, by another order."""
    tested = [number for number, line in enumerate(lines) if line.day >= setting.since]
    again = [
        replace(
            lines[number],
            day=lines[number].day + dt.timedelta(chance.randint(0, method.DUPLICATE_DAYS)),
            order=f"{lines[number].order} again",
            put_in=place,
        )
        for place, number in enumerate(sorted(_chosen(tested, len(tested), chance)), start=1)
    ]
    past: dict[tuple[str, ...], list[JudgedLine]] = defaultdict(list)
    tally = Tally(put_in=len(again), judged=len(tested))
    for line in sorted([*lines, *again], key=lambda line: line.day):
        before = past[line.vendor, line.item, line.place]
        if line.day >= setting.since and any(
            method.is_duplicate(
                (line.quantity, line.price), (other.quantity, other.price), (line.day - other.day).days
            )
            for other in before
            if other.order != line.order
        ):
            tally.found += line.put_in > 0
            tally.others += line.put_in == 0
        before.append(line)
    return tally


def splits(lines: Sequence[JudgedLine], setting: Setting, chance: random.Random) -> Tally:
    """Some orders over the limit become two or three under it, within a week.

    The limit is what half of the orders before the test stayed under. The higher it is, the more of what is usual looks
    like a part: docs/insight.md says what becomes of the precision.
    """
    orders = judged_orders(lines)
    limit = median(order.value for order in orders if order.day < setting.since)
    tested = [number for number, order in enumerate(orders) if order.day >= setting.since]
    large = [number for number in tested if 1.05 * limit <= orders[number].value < 2.7 * limit]
    chosen = sorted(_chosen(large, len(tested), chance))
    parts: list[JudgedOrder] = []
    for place, number in enumerate(chosen, start=1):
        parts += _parts(orders[number], limit, place, chance)
    rest = [order for number, order in enumerate(orders) if number not in set(chosen)]
    past: dict[tuple[str, str], list[JudgedOrder]] = defaultdict(list)
    found: set[int] = set()
    tally = Tally(put_in=len(chosen), judged=len(tested))
    for order in sorted([*rest, *parts], key=lambda order: order.day):
        before = past[order.place, order.vendor]
        near = [
            each
            for each in before
            if (order.day - each.day).days <= method.SPLIT_DAYS
            and each.number != order.number
            and each.items & order.items
        ]
        if order.day >= setting.since and method.split_sum(order.value, limit, [each.value for each in near]):
            if order.put_in and any(each.put_in == order.put_in for each in near):
                found.add(order.put_in)
            else:
                tally.others += 1
        before.append(order)
    tally.found = len(found)
    return tally


def _parts(order: JudgedOrder, limit: float, place: int, chance: random.Random) -> list[JudgedOrder]:
    count = 2 if order.value < 1.8 * limit else 3
    shares = [chance.uniform(0.9, 1.1) for _ in range(count)]
    return [
        replace(
            order,
            number=f"{order.number}/{part}",
            value=order.value * share / sum(shares),
            day=order.day + dt.timedelta(chance.randint(0, method.SPLIT_DAYS) if part else 0),
            put_in=place,
        )
        for part, share in enumerate(shares)
    ]


def judged_orders(lines: Iterable[JudgedLine]) -> list[JudgedOrder]:
    """The lines of one order, vendor, place and day together."""
    together: dict[tuple[dt.date, str, str, str], list[JudgedLine]] = defaultdict(list)
    for line in lines:
        together[line.day, line.order, line.place, line.vendor].append(line)
    return [
        JudgedOrder(
            day,
            number,
            place,
            vendor,
            frozenset(each.item for each in of_order),
            sum(each.value for each in of_order),
        )
        for (day, number, place, vendor), of_order in together.items()
    ]


MARKS = (
    TrialMarks("duplicates", duplicates, recall=(0.98, 0.99), precision=(0.5, None)),
    TrialMarks("splits", splits, recall=(0.98, 0.99), precision=(0.5, None)),
    TrialMarks("price slips", price_slips, recall=(0.85, 0.85), precision=(0.25, 0.40)),
)
