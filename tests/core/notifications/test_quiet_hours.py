"""When a person may be spoken to: their own hours, in their zone, over midnight and over changes of the clocks."""

import datetime as dt
from dataclasses import replace

import pytest

from core.kernel.ids import PersonId, new_id
from core.notifications.quiet_hours import Preferences, QuietPeriod, due_day, silent_until, tomorrow

BERLIN = Preferences(PersonId(new_id()), "de", "Europe/Berlin")
NIGHT = replace(BERLIN, quiet=QuietPeriod(dt.time(20), dt.time(7)))
LUNCH = replace(BERLIN, quiet=QuietPeriod(dt.time(12), dt.time(13, 30)))


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).astimezone(dt.UTC)


@pytest.mark.parametrize(
    ("settings", "now", "until"),
    [
        (BERLIN, "2026-11-26T03:00+01:00", None),
        (NIGHT, "2026-11-26T19:59+01:00", None),
        (NIGHT, "2026-11-26T20:00+01:00", "2026-11-27T07:00+01:00"),
        (NIGHT, "2026-11-27T06:59+01:00", "2026-11-27T07:00+01:00"),
        (NIGHT, "2026-11-27T07:00+01:00", None),
        (LUNCH, "2026-11-26T12:00+01:00", "2026-11-26T13:30+01:00"),
        (LUNCH, "2026-11-26T13:30+01:00", None),
        (LUNCH, "2026-11-26T03:00+01:00", None),
        # the night in which the clocks go forward, and the one in which they go back
        (NIGHT, "2027-03-27T23:00+01:00", "2027-03-28T07:00+02:00"),
        (NIGHT, "2027-10-30T23:00+02:00", "2027-10-31T07:00+01:00"),
        # quiet hours that end in the hour that is skipped end right after it
        (
            replace(BERLIN, quiet=QuietPeriod(dt.time(22), dt.time(2, 30))),
            "2027-03-28T01:00+01:00",
            "2027-03-28T03:30+02:00",
        ),
    ],
)
def test_quiet_hours_end_where_the_person_said(settings: Preferences, now: str, until: str | None) -> None:
    assert silent_until(settings, at(now)) == (at(until) if until else None)


def test_a_snooze_counts_until_it_ends_and_the_later_of_both_wins() -> None:
    now = at("2026-11-26T19:30+01:00")
    snoozed = replace(NIGHT, snoozed_until=now + dt.timedelta(hours=1))
    assert silent_until(snoozed, now) == now + dt.timedelta(hours=1)
    assert silent_until(snoozed, now + dt.timedelta(minutes=45)) == at("2026-11-27T07:00+01:00")
    assert silent_until(replace(BERLIN, snoozed_until=now), now) is None


@pytest.mark.parametrize(
    ("now", "day"),
    [
        ("2026-11-26T07:59+01:00", None),
        ("2026-11-26T08:00+01:00", "2026-11-26"),
        ("2026-11-26T11:59+01:00", "2026-11-26"),
        ("2026-11-26T12:00+01:00", None),
        ("2027-03-28T08:00+02:00", "2027-03-28"),
        ("2027-03-28T07:59+02:00", None),
    ],
)
def test_digest_is_due_from_the_hour_on_and_not_when_it_is_much_too_late(now: str, day: str | None) -> None:
    assert due_day(BERLIN, at(now)) == (dt.date.fromisoformat(day) if day else None)


def test_hour_that_is_skipped_or_comes_twice_still_gives_one_day() -> None:
    night_owl = replace(BERLIN, digest_hour=2)
    spring = dt.date(2027, 3, 28)
    days = {due_day(night_owl, at("2027-03-28T00:00+01:00") + dt.timedelta(minutes=m)) for m in range(720)}
    assert days == {None, spring}
    assert due_day(night_owl, at("2027-03-28T03:00+02:00")) == spring
    autumn = {due_day(night_owl, at("2027-10-31T00:00+02:00") + dt.timedelta(minutes=m)) for m in range(720)}
    assert autumn == {None, dt.date(2027, 10, 31)}


def test_no_hour_and_a_snooze_mean_no_digest() -> None:
    now = at("2026-11-26T08:30+01:00")
    assert due_day(replace(BERLIN, digest_hour=None), now) is None
    assert due_day(replace(BERLIN, snoozed_until=now + dt.timedelta(hours=1)), now) is None


def test_tomorrow_lasts_until_the_next_days_digest() -> None:
    now = at("2026-11-26T08:30+01:00")
    assert tomorrow(BERLIN, now) == at("2026-11-27T08:00+01:00")
    assert tomorrow(replace(BERLIN, digest_hour=None), now) == at("2026-11-27T08:00+01:00")
    assert due_day(replace(BERLIN, snoozed_until=tomorrow(BERLIN, now)), tomorrow(BERLIN, now)) is not None
