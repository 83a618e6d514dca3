"""The evaluation of what history says: floors hold, nothing sees the future, intervals are true."""

import datetime as dt
import random
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from core.kernel.beta import beta_quantile
from stack.evaluate.figure import Figure, as_text
from stack.evaluate.scms import HistoryLine, known_by
from stack.evaluate.synthetic import synthetic_lines
from stack.evaluate.vendor_lateness import (
    SAID_BEFORE_DAYS,
    SYNTHETIC_TEST,
    Replay,
    area_under_curve,
    lifetime,
    measure,
    nested,
    promised_line,
    squared_error,
)
from stack.evaluate.vendor_promises import lead_facts, said_on
from stack.evaluate.vendor_promises import measure as measure_promises


def replay_of(lines: Sequence[HistoryLine]) -> Replay:
    return Replay([promised_line(each) for each in lines], SYNTHETIC_TEST)


def test_every_floor_holds_on_the_bundled_history() -> None:
    figures = [*measure(None), *measure_promises(None)]
    assert [figure.name for figure in figures if figure.missed] == []
    assert all(figure.n > 0 and figure.window for figure in figures)


def test_the_method_says_more_than_the_lifetime_rate() -> None:
    replay = replay_of(synthetic_lines())
    late = replay.late[replay.test]
    ours, plain = replay.said(nested), replay.said(lifetime)
    assert area_under_curve(ours, late) > area_under_curve(plain, late) + 0.02
    assert squared_error(ours, late) < squared_error(plain, late)


def test_what_is_said_of_a_line_does_not_depend_on_what_came_later() -> None:
    """Every line that was not settled on the day is given the other outcome."""
    lines = synthetic_lines(800)
    replay = replay_of(lines)
    said = replay.said(nested)
    for place in (0, len(replay.test) // 2, len(replay.test) - 1):
        line = lines[int(replay.test[place])]
        day = line.promised_on - dt.timedelta(SAID_BEFORE_DAYS)
        settled = {each.id for each in known_by(lines, day)} | {
            each.id for each in lines if each.promised_on < day
        }
        other = [
            each if each.id in settled else replace(each, delivered_on=each.promised_on + dt.timedelta(30))
            for each in lines
        ]
        assert replay_of(other).said(nested)[place] == said[place]


def test_what_is_said_of_an_order_does_not_depend_on_later_deliveries() -> None:
    lines = synthetic_lines(800)
    facts, vendors = lead_facts(lines)
    tested = np.array([len(facts.ordered) // 2])
    day = dt.date.fromordinal(int(facts.ordered[tested[0]]))
    later = [
        each
        if each.delivered_on <= day
        else replace(each, delivered_on=each.delivered_on + dt.timedelta(400))
        for each in lines
    ]
    moved, same_vendors = lead_facts(later)
    key = (facts.vendor[tested[0]], facts.ordered[tested[0]])
    again = np.flatnonzero((moved.vendor == key[0]) & (moved.ordered == key[1]))[:1]
    assert same_vendors == vendors
    assert said_on(moved, vendors, again).expected == pytest.approx(said_on(facts, vendors, tested).expected)


@pytest.mark.parametrize(("mean", "strength"), [(0.1, 10.0), (0.5, 2.0), (0.02, 300.0), (0.9, 5_000.0)])
def test_the_interval_is_that_of_the_beta_distribution(mean: float, strength: float) -> None:
    chance = random.Random(1)
    drawn = sorted(chance.betavariate(mean * strength, (1 - mean) * strength) for _ in range(40_000))
    for share in (0.1, 0.9):
        (found,) = beta_quantile(np.array([mean]), np.array([strength]), share)
        assert found == pytest.approx(drawn[int(share * 40_000)], abs=0.01)


def test_a_missed_floor_is_said() -> None:
    figure = Figure(name="x", feature="f", dataset="d", value=0.5, must=0.6, n=3, window="w")
    assert figure.missed
    assert "MISSED" in as_text([figure])
    assert not replace(figure, better="lower").missed
