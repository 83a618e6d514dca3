"""What is unusual, at its edges: pure, without a database."""

import datetime as dt
import math
from dataclasses import replace

import pytest

from core.checks import method
from core.checks.method import (
    PastPrice,
    PastQuantity,
    UsualQuantity,
    price_finding,
    split_sum,
    unusual_quantity,
)
from stack.evaluate import line_findings
from stack.evaluate.line_findings import SYNTHETIC, judged_lines
from stack.evaluate.synthetic import synthetic_lines

DAY = dt.date(2026, 1, 1)


def paid(*prices: float, own: bool = True) -> list[PastPrice]:
    return [PastPrice(price, own, DAY + dt.timedelta(number)) for number, price in enumerate(prices)]


EDGE = 100 * math.exp(method.DEVIATIONS * method.FLOOR)


@pytest.mark.parametrize(("price", "found"), [(EDGE - 0.01, False), (EDGE + 0.01, True), (50.0, False)])
def test_a_price_is_unusual_from_three_deviations_on(price: float, *, found: bool) -> None:
    assert (price_finding(price, 10, paid(*[100.0] * 5)) is not None) == found


def test_where_prices_vary_more_a_higher_one_is_usual() -> None:
    assert price_finding(150, 10, paid(80, 90, 100, 110, 125)) is None
    assert price_finding(150, 10, paid(99, 100, 100, 100, 101)) is not None


def test_only_the_newest_prices_count() -> None:
    """Twenty newer ones at 200 make 200 usual, and 100 of long ago nothing."""
    past = paid(*[100.0] * 60, *[200.0] * 20)
    found = price_finding(300, 10, past)
    assert found is not None
    assert found.usual == pytest.approx(200)
    assert (found.n, found.since) == (20, past[60].on)


def test_the_vendors_own_prices_count_once_there_are_five() -> None:
    others = paid(*[100.0] * 10, own=False)
    told = [price_finding(200, 10, [*others, *paid(*[190.0] * count)]) for count in (4, 5)]
    assert [each is not None for each in told] == [True, False]


@pytest.mark.parametrize(
    ("amount", "others", "together"),
    [
        (600, [400], (1000, 2)),
        (600, [399.99], None),
        (600, [400, 199], (1000, 2)),
        (600, [200, 200], (1000, 3)),
        (1000, [400], None),
        (199, [900], None),
        (600, [], None),
    ],
)
def test_parts_under_a_limit_of_a_thousand(
    amount: float, others: list[float], together: tuple[float, int] | None
) -> None:
    assert split_sum(amount, 1000, others) == together


@pytest.mark.parametrize(
    ("quantity", "past", "asked"),
    [(50, [10] * 5, True), (49, [10] * 5, False), (50, [10] * 4, False), (50, [10, 10, 10, 10, 50], False)],
)
def test_a_quantity_is_asked_about_from_five_times_the_usual_on(
    quantity: float, past: list[float], *, asked: bool
) -> None:
    days = [dt.date(2026, 1, 1) + dt.timedelta(days=number) for number in range(len(past))]
    told = unusual_quantity(quantity, [PastQuantity(each, on) for each, on in zip(past, days, strict=True)])
    assert told == (UsualQuantity(10, 5, days[0]) if asked else None)


def test_the_trials_reach_their_floors_and_are_the_same_each_time() -> None:
    first, second = line_findings.measure(None), line_findings.measure(None)
    assert [figure for figure in first if figure.missed] == []
    assert [replace(each, seconds=0) for each in first] == [replace(each, seconds=0) for each in second]


def test_a_line_is_judged_by_those_before_it_only() -> None:
    """A history that is cut off says of each of its lines what the whole one says, whatever comes later."""
    lines = judged_lines(synthetic_lines(1_500))
    cut = [line for line in lines if line.day < SYNTHETIC.since]
    later = [replace(line, price=line.price * 50) for line in lines if line.day >= SYNTHETIC.since]

    def verdicts(history: list[line_findings.JudgedLine]) -> list[bool]:
        past: dict[str, list[PastPrice]] = {}
        found = []
        for line in history:
            known = past.setdefault(line.item, [])
            found.append(price_finding(line.price * 1.6, line.quantity, known, least_extra=1) is not None)
            known.append(PastPrice(line.price, same_vendor=True, on=line.day))
        return found

    whole = verdicts([*cut, *later])
    assert whole[: len(cut)] == verdicts(cut)
    assert 10 < sum(whole[: len(cut)]) < len(cut)
