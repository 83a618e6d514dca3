"""Figures equal what a slow reading of the same facts gives: percentiles, sums, shares, windows, too few cases."""

import datetime as dt
import math
import random
from collections import defaultdict
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from core.analytics import policy, queries
from core.analytics.model import FigureRow, Matter, Report, Wanted, WantedForecast, WantedRows
from core.kept_facts import service as analytics
from core.kernel.errors import MissingPermission
from core.stage_visits import service
from core.stage_visits.model import SEQUENCE
from tests.core.analytics import money_facts
from tests.core.analytics.random_log import random_events, write_log
from tests.core.analytics.slow_measure import SlowMeasure, SlowVisit, worked
from tests.support.measuring import MEASURER, kept
from tests.support.postgres import Database
from tests.support.uow import SmallCompany, begin

N = TypeVar("N", int, Decimal)


def disc(values: list[N], share: float) -> N | None:
    """The first value that so many of 100 do not exceed."""
    return sorted(values)[max(1, math.ceil(share * len(values) - 1e-9)) - 1] if values else None


def within(visit: SlowVisit, since: dt.datetime, until: dt.datetime) -> bool:
    return visit.left_at is not None and since <= visit.left_at < until and not visit.stopped


async def measured(company: SmallCompany, database: Database, seed: int, zone: str) -> list[SlowVisit]:
    events = random_events(seed, 40, 900)
    await database.hand.execute("UPDATE organisation SET zone = $1", zone)
    await write_log(database.hand, events)
    async with begin(company.app, MEASURER, company.clock) as uow:
        await analytics.measure(uow, MEASURER, len(events))
    return SlowMeasure().read(events).visits


async def report(company: SmallCompany, wanted: Wanted) -> Report:
    return await company.act(company.admin, queries.report, wanted)


def rows(found: Report, section: str) -> dict[str, FigureRow]:
    return {row.key: row for each in found.sections if each.name == section for row in each.rows}


@pytest.mark.parametrize(
    ("seed", "zone", "weeks", "until"),
    [
        (1, "Europe/Berlin", 4, dt.date(2026, 4, 12)),
        (2, "America/New_York", 7, dt.date(2026, 4, 1)),
        (3, "Pacific/Apia", 1, dt.date(2026, 3, 20)),
    ],
)
async def test_percentiles_of_stages_are_those_of_the_slow_reading(
    company: SmallCompany, database: Database, seed: int, zone: str, weeks: int, until: dt.date
) -> None:
    visits = await measured(company, database, seed, zone)
    found = await report(company, Wanted(Matter.waits, weeks, until))
    place = ZoneInfo(zone)
    monday = until - dt.timedelta(days=until.weekday()) + dt.timedelta(days=7)
    end = dt.datetime.combine(monday, dt.time(), place)
    since, before = (
        dt.datetime.combine(monday - dt.timedelta(weeks=weeks * back), dt.time(), place) for back in (1, 2)
    )
    assert (found.window.since, found.window.until) == (since, end)
    for stage in SEQUENCE:
        row = rows(found, "stages")[stage.value]
        of_stage = [visit for visit in visits if visit.stage == stage.value]
        now = [visit.row()[8] for visit in of_stage if within(visit, since, end)]
        earlier = [visit.row()[8] for visit in of_stage if within(visit, before, since)]
        still = [visit for visit in of_stage if visit.left_at is None]
        assert (row.n, row.previous_n, row.still_open) == (len(now), len(earlier), len(still)), stage
        assert row.value == (disc(now, 0.5) if len(now) >= 5 else None), stage
        assert row.previous == (disc(earlier, 0.5) if len(earlier) >= 5 else None), stage
        assert row.p85 == (disc(now, 0.85) if len(now) >= 20 else None), stage
        assert row.p90 == (disc(now, 0.9) if len(now) >= 20 else None), stage
        oldest = min((visit.entered_at for visit in still), default=None)
        assert row.oldest_s == (oldest and int((company.clock.at - oldest).total_seconds())), stage


async def test_every_number_opens_as_many_purchases_as_it_counts(
    company: SmallCompany, database: Database
) -> None:
    visits = await measured(company, database, 5, "UTC")
    requests = {visit.request_id for visit in visits}
    await database.hand.execute("SET session_replication_role = replica")
    await database.hand.executemany(
        "INSERT INTO procurement_requests (id, number, state, version, requested_by, cost_centre, currency, note,"
        " created_at, updated_at) VALUES ($1, $2, 'draft', 1, $1, 'IT', 'USD', '', now(), now())",
        [(each, f"REQ-{place}") for place, each in enumerate(requests)],
    )
    wanted = Wanted(Matter.waits, 10, dt.date(2026, 4, 20))
    for section in (await report(company, wanted)).sections:
        for row in section.rows:
            opened = await company.act(company.admin, queries.rows, WantedRows(wanted, section.name, row.key))
            assert len(opened.rows) == min(row.n, 200), (section.name, row.key)


async def _set_calendar(company: SmallCompany, calendar: service.WorkCalendar) -> list[int]:
    """How many visits were written by each piece."""
    async with begin(company.app, MEASURER, company.clock) as uow:
        await service.set_calendar(uow, MEASURER, calendar)
    more, written = True, []
    while more:
        async with begin(company.app, MEASURER, company.clock) as uow:
            more = await service.work_anew(uow, MEASURER)
            found = await uow.connection.execute(
                text("SELECT count(*) FROM stage_visits WHERE xmin = pg_current_xact_id()::xid")
            )
            written.append(int(found.one()[0]))
    return written


async def test_working_time_leaves_out_days_that_are_not_worked(
    company: SmallCompany, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also over a night in which the clocks change; another calendar counts piece by piece, and writes what changes."""
    monkeypatch.setattr(service, "PURCHASES_AT_ONCE", 15)
    zone, first, last = "Europe/Berlin", dt.date(2026, 1, 1), dt.date(2026, 12, 31)
    days = [first + dt.timedelta(days=each) for each in range((last - first).days + 1)]
    free = {day for day in days if day.weekday() > 4} | {dt.date(2026, 4, 3), dt.date(2026, 4, 6)}
    await database.hand.execute("UPDATE organisation SET zone = $1", zone)
    calendar = service.WorkCalendar("DE", zone, first, last, frozenset(free))
    await _set_calendar(company, calendar)
    visits = await measured(company, database, 8, zone)
    later = replace(calendar, last=last.replace(year=2027))
    assert await _set_calendar(company, later) == [0], "days that are added change nothing that was measured"
    found = {
        (row["subject_id"], row["stage"], row["visit"]): row["working_s"]
        for row in await database.hand.fetch("SELECT * FROM stage_visits")
    }
    for visit in visits:
        expected = worked(visit.entered_at, visit.left_at, zone, free) if visit.left_at else None
        assert found[visit.subject_id, visit.stage, visit.visit] == expected
    renamed = replace(later, name="renamed")
    assert set(await _set_calendar(company, renamed)) == {0}, "the same days"
    moved = service.WorkCalendar("other", zone, first, last, frozenset())
    written = await _set_calendar(company, moved)
    assert (len(written) > 2, written[-1]) == (True, 0), "several purchases at once, never all"
    same = await database.hand.fetchval(
        "SELECT bool_and(working_s = calendar_s) FROM stage_visits WHERE left_at IS NOT NULL"
    )
    assert same, "a new calendar counts for what was measured before, too"


async def test_a_forecast_is_made_of_those_that_waited_as_long(
    company: SmallCompany, database: Database
) -> None:
    dice, now = random.Random(4), company.clock.at
    durations = [dice.randrange(3_600, 900_000) for _ in range(120)]
    await money_facts.visits(database, "choosing", [(now - dt.timedelta(days=2), each) for each in durations])
    request = await money_facts.open_visit(database, "choosing", now - dt.timedelta(days=3))
    (found,) = await company.act(company.admin, queries.forecast, WantedForecast(request))
    like = [each for each in durations if each >= 3 * 86_400]
    entered = now - dt.timedelta(days=3)
    assert found.n == len(like)
    assert found.by_85 == entered + dt.timedelta(seconds=disc(like, 0.85) or 0)
    assert found.by_50 == entered + dt.timedelta(seconds=disc(like, 0.5) or 0)
    late = await money_facts.open_visit(database, "choosing", now - dt.timedelta(days=12))
    (found,) = await company.act(company.admin, queries.forecast, WantedForecast(late))
    assert (found.by_50, found.by_85) == (None, None)


async def test_money_is_converted_order_by_order_and_grouped(
    company: SmallCompany, database: Database
) -> None:
    orders = await money_facts.orders(database, random.Random(11), 60, company.clock.at)
    await kept(company.app, database)
    found = await report(company, Wanted(Matter.spend, 13))
    since, until = found.window.since, found.window.until
    for section, key in (("vendors", "vendor"), ("cost_centres", "centre"), ("categories", "category")):
        now: dict[str, list[Decimal]] = defaultdict(list)
        for order in orders:
            if since <= order.at < until and order.rate is not None and not order.cancelled:
                now[order.key(key)].append(_cents(order.total * order.rate))
        shown = {row.key: (row.n, row.value) for row in rows(found, section).values() if row.n}
        assert shown == {name: (len(each), sum(each)) for name, each in now.items()}, section
    own: dict[str, Decimal] = defaultdict(Decimal)
    for order in orders:
        if since <= order.at < until and not order.cancelled:
            own[order.currency] += order.total
    shown_own = {row.key: row.value for row in rows(found, "currencies").values() if row.n}
    assert shown_own == dict(own), "of each currency for itself"
    assert found.unconverted == sum(
        since <= order.at < until and order.rate is None and not order.cancelled for order in orders
    )


async def test_a_month_that_the_window_cuts_says_its_days(company: SmallCompany, database: Database) -> None:
    for order in await money_facts.orders(database, random.Random(12), 60, company.clock.at):
        await money_facts.request_row(database, order.id, f"R-{order.id.hex[-18:]}", order.at)
    await kept(company.app, database)
    for weeks in (13, 6):
        wanted = Wanted(Matter.spend, weeks, dt.date(2026, 11, 18))
        found = await report(company, wanted)
        first, last = found.window.since.date(), found.window.until.date() - dt.timedelta(days=1)
        labels = {row.key: row.label for row in rows(found, "months").values()}
        whole = [key for key, label in labels.items() if not label]
        assert labels[f"{first:%Y-%m}"].startswith(f"{first}/"), labels
        assert labels["2026-11"] == f"2026-11-01/{last}"
        assert sorted(whole) == sorted(set(labels) - {f"{first:%Y-%m}", "2026-11"})
        assert found.window.zone == "UTC"
        opened = await company.act(company.admin, queries.rows, WantedRows(wanted, "months", "2026-11"))
        assert {row.label for row in opened.rows} == {labels["2026-11"]}, "and so do the rows behind it"


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP)


async def test_what_arrived_by_the_first_promise_and_by_the_moved_one(
    company: SmallCompany, database: Database
) -> None:
    deliveries = await money_facts.deliveries(database, random.Random(3), 80, company.clock.at)
    await kept(company.app, database)
    found = await report(company, Wanted(Matter.vendors, 5))
    since, until = found.window.since.date(), found.window.until.date()
    for section, promise in (("on_time", "due"), ("first_promise", "first")):
        shares: dict[str, list[Decimal]] = defaultdict(list)
        for each in deliveries:
            day: dt.date = getattr(each, promise)
            if since <= day < min(until, company.clock.at.date()):
                shares[str(each.vendor)].append(each.arrived_by(day))
        for vendor, values in shares.items():
            row = rows(found, section)[vendor]
            assert row.n == len(values), section
            expected = (100 * sum(values, Decimal(0)) / len(values)).quantize(Decimal("0.1"), ROUND_HALF_UP)
            assert row.value == (expected if len(values) >= 5 else None), section
            assert (row.low is None) == (len(values) < 5)


@pytest.mark.parametrize(("fact", "matter"), [("speed", Matter.vendors), ("gap", Matter.competition)])
async def test_percentiles_of_facts_are_those_of_their_values(
    company: SmallCompany, database: Database, fact: str, matter: Matter
) -> None:
    """Short and long ones, many of the same length, at the edges of buckets; of vendors and of their categories."""
    dice, now = random.Random(7), company.clock.at
    vendors = dict(await money_facts.some_vendors(database, 6, now))
    lengths = [Decimal("0.25"), Decimal(0), Decimal(300), Decimal("999.5"), Decimal(1_000), Decimal(90_000)]
    lengths += [Decimal(dice.randrange(1, 40_000_000)) / 10 for _ in range(40)]
    made = [
        (dice.choice(list(vendors)), now - dt.timedelta(hours=dice.randrange(24 * 180)), dice.choice(lengths))
        for _ in range(900)
    ]
    await money_facts.facts(database, fact, made)
    found = await report(company, Wanted(matter, 13))
    window, values = found.window, defaultdict[tuple[str, bool], list[Decimal]](list)
    for vendor, at, value in made:
        if window.before <= at < window.until:
            key = str(vendor) if fact == "speed" else vendors[vendor]
            values[key, at >= window.since].append(value)
    shown = rows(found, fact)
    assert set(shown) == {key for key, _ in values}
    for key, row in shown.items():
        recent, earlier = values[key, True], values[key, False]
        assert (row.n, row.previous_n) == (len(recent), len(earlier))
        assert (row.value, row.previous) == (disc(recent, 0.5), disc(earlier, 0.5))
        assert (row.p85, row.p90) == (disc(recent, 0.85), disc(recent, 0.9))


async def test_savings_are_three_numbers_from_three_comparisons(
    company: SmallCompany, database: Database
) -> None:
    expected = await money_facts.savings(database, random.Random(6), 30, company.clock.at)
    await kept(company.app, database)
    found = rows(await report(company, Wanted(Matter.competition, 13)), "savings")
    assert {key: (row.n, row.value) for key, row in found.items()} == expected
    assert set(found) == {"first_quote", "median", "last_paid"}


def test_too_few_cases_say_nothing() -> None:
    from core.analytics.model import Kind

    def row(n: int) -> FigureRow:
        ten = Decimal(10)
        return policy.honest(FigureRow("k", "", n, ten, n, ten, ten, ten), Kind.middle)

    assert (row(4).value, row(4).previous, row(5).value) == (None, None, Decimal(10))
    assert (row(19).p90, row(19).p85, row(20).p90) == (None, None, Decimal(10))
    low, high = policy.wilson(Decimal(100), 5)
    assert low < 60 < high == 100


async def test_who_may_not_read_the_dashboard_reads_no_figure(company: SmallCompany) -> None:
    contact = await company.vendor_contact("Alder")
    for who in (company.requester, contact):
        for use, command in _reads():
            with pytest.raises(MissingPermission):
                await company.act(who, use, command)


def _reads() -> list[tuple[Any, Any]]:
    wanted = Wanted(Matter.waits)
    return [
        (queries.report, wanted),
        (queries.rows, WantedRows(wanted, "stages", "asking")),
        (queries.forecast, WantedForecast("REQ-1")),
    ]
