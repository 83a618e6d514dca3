"""Pure rules of time: when an approver is reminded, and when others are asked too.

    opened ──── 24 h ──── a day before it is due ──── due ──── others are asked too
                                                        └ grace: as long again, at most a day ┘

One rule: each moment is named by the state of the step alone, so that a clock that was away tells the newest
one and none twice.
"""

import datetime as dt
from enum import StrEnum

DAY = dt.timedelta(hours=24)
DUE_HOURS = 72
MAX_DUE_HOURS = 720


class ReminderKind(StrEnum):
    waiting = "waiting"
    day_before = "day_before"
    due = "due"


def due_at(opened_at: dt.datetime, hours: int) -> dt.datetime:
    """When the decision is due."""
    return opened_at + dt.timedelta(hours=hours)


def escalates_at(opened_at: dt.datetime, due: dt.datetime) -> dt.datetime:
    """When others are asked too."""
    return due + min(due - opened_at, DAY)


def next_reminder_at(opened_at: dt.datetime, due: dt.datetime, after: dt.datetime) -> dt.datetime:
    """The next time that something is to be done about a step that waits; the last one is the escalation."""
    moments = sorted(
        moment for moment in (opened_at + DAY, due - DAY, due) if opened_at < moment <= due and moment > after
    )
    return moments[0] if moments else escalates_at(opened_at, due)


def reminder_kind(due: dt.datetime, now: dt.datetime) -> ReminderKind:
    """What is said now."""
    if now >= due:
        return ReminderKind.due
    return ReminderKind.day_before if now >= due - DAY else ReminderKind.waiting
