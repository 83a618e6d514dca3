"""The model of growth: more purchases need more, a part that is enough keeps up, and its figures are there."""

import json
import random

import pytest

from stack.bench import growth
from stack.bench.growth import FIGURES, HOURS, PurchaseCost, busy_day, load_of


def test_a_day_has_the_purchases_it_is_to_have() -> None:
    assert sum(HOURS) == 100
    arrivals = list(busy_day(50_000, random.Random(1)))
    assert len(arrivals) == 86_400
    assert sum(arrivals) == pytest.approx(50_000, rel=0.02)


def test_a_part_is_enough_when_it_keeps_up() -> None:
    steady = [1] * 3600
    assert load_of("api", steady, 500).processes == 1
    assert load_of("api", steady, 500).busiest_minute == pytest.approx(0.5)
    assert load_of("api", steady, 1_500).processes == 2
    assert load_of("api", steady, 3_900).processes == 4


def test_what_was_measured_gives_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert growth.main([]) == 0
    printed = capsys.readouterr().out
    stored = json.loads(FIGURES.read_text())
    assert all(f"| {count:,} |" in printed for count in stored["purchases_a_year"])
    assert "1,000 installations" in printed


def test_the_page_has_the_figures_that_the_model_gives(capsys: pytest.CaptureFixture[str]) -> None:
    growth.main([])
    page = (FIGURES.parents[1] / "scale.md").read_text(encoding="utf-8")
    for line in capsys.readouterr().out.splitlines():
        assert line in page


def test_ten_times_the_purchases_need_ten_times_the_rows() -> None:
    stored = json.loads(FIGURES.read_text())
    cost = PurchaseCost.measured(stored, stored["cycle"])
    small, large = (growth.table(cost, count)[0].split("|")[-2] for count in (100_000, 1_000_000))
    assert float(large.split()[0].replace(",", "")) == pytest.approx(
        10 * float(small.split()[0].replace(",", "")), rel=0.01
    )
