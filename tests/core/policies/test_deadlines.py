"""When a step's reminders fall, as a table; and that a late clock tells each moment at most once."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.policies.deadlines import ReminderKind, due_at, escalates_at, next_reminder_at, reminder_kind

OPENED = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)


def story(hours: int) -> list[tuple[float, str]]:
    """Hours after opening, and what happens then, when the clock is always in time."""
    due = due_at(OPENED, hours)
    told: list[tuple[float, str]] = []
    now = OPENED
    while True:
        now = next_reminder_at(OPENED, due, now)
        after = (now - OPENED) / dt.timedelta(hours=1)
        if now >= escalates_at(OPENED, due):
            return [*told, (after, "others")]
        told.append((after, reminder_kind(due, now).value))


@pytest.mark.parametrize(
    ("hours", "told"),
    [
        (1, [(1, "due"), (2, "others")]),
        (24, [(24, "due"), (48, "others")]),
        (30, [(6, "day_before"), (24, "day_before"), (30, "due"), (54, "others")]),
        (48, [(24, "day_before"), (48, "due"), (72, "others")]),
        (72, [(24, "waiting"), (48, "day_before"), (72, "due"), (96, "others")]),
        (120, [(24, "waiting"), (96, "day_before"), (120, "due"), (144, "others")]),
    ],
)
def test_the_story_of_a_step_that_nobody_decides(hours: int, told: list[tuple[float, str]]) -> None:
    assert story(hours) == told


@given(hours=st.integers(1, 720), late=st.integers(0, 2000))
def test_what_comes_next_always_lies_ahead_or_is_the_escalation(hours: int, late: int) -> None:
    due, now = due_at(OPENED, hours), OPENED + dt.timedelta(hours=late)
    coming = next_reminder_at(OPENED, due, now)
    assert coming > now or coming == escalates_at(OPENED, due)
    assert reminder_kind(due, now) is ReminderKind.due or now < due
