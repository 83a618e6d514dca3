"""Ranges of demand: what holds for every history, and what the plain cases say."""

import datetime as dt
import itertools
import random
from decimal import Decimal

import numpy as np
import pytest

from core.demand.model import Ahead, MonthDemand, Outlook, Silence
from core.forecasts import forecasting, method
from core.forecasts.forecasting import DemandHistory, ItemGroups, Outlooks
from core.forecasts.method import Matrix

FIRST = dt.date(2023, 1, 1)
MONTHS = 40


def history(*rows: list[float]) -> DemandHistory:
    names = tuple(f"item {number:02}" for number in range(len(rows)))
    return DemandHistory(names, FIRST, np.array(rows, dtype=np.float64))


def intermittent(count: int = 60, months: int = MONTHS, seed: int = 7) -> DemandHistory:
    dice = np.random.default_rng(seed)
    pace = dice.gamma(1.0, 1.2, (count, 1)) * dice.gamma(2.0, 0.5, (count, months))
    return history(*dice.poisson(pace).astype(float).tolist())


def no_groups(of: DemandHistory) -> ItemGroups:
    return forecasting.grouped(of, {}, {})


def outlooks(of: DemandHistory, groups: ItemGroups | None = None) -> Outlooks:
    return forecasting.outlooks(of, groups or no_groups(of), {})


def totals(of: DemandHistory, horizon: int) -> Matrix:
    """All draws of the sum of the next months."""
    compared = method.moments(of.months, horizon)
    numbers = np.array([method.name_number(name) for name in of.names])
    drawn: Matrix = method.paths(of.months, numbers, compared, horizon).sum(axis=1)
    return drawn


def only(found: Outlooks) -> Outlook:
    return found.items[0]


def test_nothing_ever_needed_means_nothing_to_nothing() -> None:
    quiet = history([0.0] * MONTHS, *intermittent(80).months.tolist())
    assert method.quantiles(totals(quiet, 12), (0.5, 0.9))[0].tolist() == [0.0, 0.0]
    assert outlooks(quiet).items[0].why_silent is Silence.few


def test_one_great_month_does_not_make_a_range() -> None:
    once = [0.0] * MONTHS
    once[-5] = 500.0
    assert only(outlooks(history(once))).why_silent is Silence.few
    assert method.quantiles(totals(history(once), 1), (0.5, 0.9))[0].tolist() == [0.0, 0.0]


def test_demand_that_ended_a_year_ago_is_asleep() -> None:
    ended = [3.0, 0.0] * 14 + [0.0] * 12
    assert only(outlooks(history(ended))).why_silent is Silence.asleep


def test_a_level_that_shifted_is_followed() -> None:
    shifted = [10.0, 0.0, 12.0] * 9 + [40.0, 0.0, 44.0] * 4 + [40.0]
    low, high = method.quantiles(totals(history(shifted), 3), (0.5, 0.9))[0]
    assert 60 < low < 120
    assert high > 80


def test_a_history_shorter_than_nine_months_says_nothing() -> None:
    found = outlooks(history([4.0] * 8))
    assert only(found).why_silent is Silence.young
    assert only(found).ranges == {}


def test_what_the_last_period_says_as_well_is_not_said_again() -> None:
    steady = [5.0] * MONTHS
    assert only(outlooks(history(steady))).why_silent is Silence.no_better


def test_quantiles_grow_with_their_level_and_with_the_horizon() -> None:
    of = intermittent()
    compared = method.moments(of.months, 6)
    drawn = method.paths(of.months, np.arange(len(of.names)), compared, 6)
    levels = (0.1, 0.25, 0.5, 0.75, 0.9)
    before = np.zeros((len(of.names), len(levels)))
    for horizon in range(1, 7):
        found = method.quantiles(drawn[:, :horizon].sum(axis=1), levels)
        assert (np.diff(found, axis=1) >= 0).all()
        assert (found >= before).all()
        before = found


def test_a_quantile_is_one_of_the_draws() -> None:
    draws = np.array([[5.0, 1.0, 4.0, 2.0, 3.0, 9.0, 7.0, 6.0, 8.0]])
    assert method.quantiles(draws, (0.1, 0.5, 0.9)).tolist() == [[1.0, 5.0, 9.0]]


def test_the_same_history_says_the_same_twice() -> None:
    assert outlooks(intermittent()) == outlooks(intermittent())


def test_the_order_of_items_changes_nothing() -> None:
    of = intermittent(90)
    rows = [
        MonthDemand(name, forecasting.months_after(FIRST, at), Decimal(int(quantity)))
        for name, months in zip(of.names, of.months.tolist(), strict=True)
        for at, quantity in enumerate(months)
        if quantity
    ]
    until = forecasting.months_after(FIRST, MONTHS)
    expected = forecasting.history_of(rows, until)
    assert expected is not None
    for seed in range(3):
        shuffled = list(rows)
        random.Random(seed).shuffle(shuffled)
        found = forecasting.history_of(shuffled, until)
        assert found is not None
        assert outlooks(found) == outlooks(expected)


def test_a_forecast_as_of_a_day_is_that_of_a_history_that_ends_there() -> None:
    of = intermittent(90)
    rows = [
        MonthDemand(name, forecasting.months_after(FIRST, at), Decimal(int(quantity)))
        for name, months in zip(of.names, of.months.tolist(), strict=True)
        for at, quantity in enumerate(months)
        if quantity
    ]
    then = forecasting.months_after(FIRST, MONTHS - 7)
    known = forecasting.history_of([row for row in rows if row.month < then], then)
    as_of = forecasting.history_of(rows, then)
    assert known is not None
    assert as_of is not None
    assert outlooks(as_of) == outlooks(known)


def test_held_out_forecasts_do_not_see_what_came() -> None:
    """Whatever happens in the last quarter, what was said of it before is the same."""
    of = intermittent(90)
    other = DemandHistory(of.names, of.first, of.months.copy())
    other.months[:, -3:] = 1_000.0
    groups = no_groups(of)
    before = forecasting.ranges(forecasting.asked_of(of, groups).before(3))
    after = forecasting.ranges(forecasting.asked_of(other, groups).before(3))
    assert (before.items == after.items).all()


@pytest.mark.parametrize("day", [dt.date(2024, 2, 29), dt.date(2024, 3, 1), dt.date(2025, 1, 31)])
def test_the_month_that_is_not_over_does_not_count(day: dt.date) -> None:
    rows = [MonthDemand("toner", month, Decimal(2)) for month in (dt.date(2023, 12, 1), day.replace(day=1))]
    found = forecasting.history_of(rows, day)
    assert found is not None
    assert found.first == dt.date(2023, 12, 1)
    assert found.last_month == forecasting.months_after(day.replace(day=1), -1)
    assert found.months.sum() == 2


def test_a_category_is_the_sum_of_the_draws_of_its_items() -> None:
    of = intermittent(70)
    group_of = {name: "even" if number % 2 == 0 else "odd" for number, name in enumerate(of.names)}
    groups = forecasting.grouped(of, group_of, dict.fromkeys(of.names, 2.5))
    found = forecasting.ranges(forecasting.asked_of(of, groups))
    drawn = totals(of, 3)
    for row, name in enumerate(groups.names):
        members = [number for number, each in enumerate(of.names) if group_of[each] == name]
        summed = 2.5 * drawn[members].sum(axis=0, keepdims=True)
        expected = method.quantiles(summed, forecasting.LEVELS)[0]
        assert np.allclose(found.groups[row, 1], expected)


def test_the_sums_of_items_and_categories_agree() -> None:
    of = intermittent(30)
    groups = forecasting.grouped(of, {name: name[-1] for name in of.names}, dict.fromkeys(of.names, 1.0))
    found = outlooks(of, groups)
    assert sum(each.last_year for each in found.groups) == sum(each.last_year for each in found.items)


def test_an_item_worked_out_alone_says_what_it_says_among_all() -> None:
    of = intermittent(90)
    groups = no_groups(of)
    among_all = forecasting.outlooks(of, groups, {of.names[5]: 20.0})
    alone = forecasting.outlooks(of, groups, {of.names[5]: 20.0}, np.array([5]))
    assert alone.items[0] == among_all.items[5]


def test_more_must_be_left_the_longer_a_vendor_takes() -> None:
    of = intermittent(60)
    asked = forecasting.asked_of(of, no_groups(of))
    found = [forecasting.lead_needs(asked, np.full(60, months)) for months in (0.3, 1.0, 2.5, 6.0)]
    for shorter, longer in itertools.pairwise(found):
        assert (longer >= shorter).all()
    assert (found[-1] > found[0]).any()


def test_whole_pieces_are_said_in_whole_pieces() -> None:
    shown = [each for each in outlooks(intermittent(120)).items if each.ranges]
    assert len(shown) > 20
    for each in shown:
        for found in each.ranges.values():
            assert all(value == int(value) for value in (found.low, found.middle, found.high))
            assert found.low <= found.middle <= found.high


def test_what_is_shown_did_better_than_the_last_period_on_held_out_quarters() -> None:
    for each in outlooks(intermittent(120)).items:
        for ahead in Ahead:
            assert (ahead in each.ranges) == (
                each.why_silent in (None, Silence.no_better)
                and each.held_out[ahead].ours < each.held_out[ahead].last
            )
