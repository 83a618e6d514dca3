"""Pure rules of time: when an approver is reminded, and when others are asked too.

    opened ──── 24 h ──── a day before it is due ──── due ──── others are asked too
                                                        └ grace: as long again, at most a day ┘

One rule: the state of the step alone determines the next moment.

So a scheduler that was down sends the newest reminder and none twice.
"""

import datetime as dt
from enum import StrEnum

DAY = dt.timedelta(hours=24)
DUE_HOURS = 72
MOST_LENGTHS = 3
"""However often a step is handed over, it is due within this many times its length after it was opened."""
MAX_DUE_HOURS = 720


class ReminderKind(StrEnum):
    waiting = "waiting"
    day_before = "day_before"
    due = "due"


def due_at(opened_at: dt.datetime, hours: int) -> dt.datetime:
    """When the decision is due."""
    return opened_at + dt.timedelta(hours=hours)


def due_after_hand_over(
    opened_at: dt.datetime, due: dt.datetime, hours: int, now: dt.datetime
) -> dt.datetime:
    """Whoever takes over has the step's whole length again, for what others let pass is not held against them.

    Handing to and fro delays nothing for ever: at the third length after the opening it ends, and never earlier than
    it was due before.
    """
    return max(due, min(due_at(now, hours), due_at(opened_at, MOST_LENGTHS * hours)))


def escalates_at(opened_at: dt.datetime, due: dt.datetime) -> dt.datetime:
    """When others are asked too."""
    return due + min(due - opened_at, DAY)


def next_reminder_at(opened_at: dt.datetime, due: dt.datetime, after: dt.datetime) -> dt.datetime:
    """When something is to be done next about a step that waits; the last time is the escalation."""
    moments = sorted(
        moment for moment in (opened_at + DAY, due - DAY, due) if opened_at < moment <= due and moment > after
    )
    return moments[0] if moments else escalates_at(opened_at, due)


def reminder_kind(due: dt.datetime, now: dt.datetime) -> ReminderKind:
    """Which reminder is sent now."""
    if now >= due:
        return ReminderKind.due
    return ReminderKind.day_before if now >= due - DAY else ReminderKind.waiting
