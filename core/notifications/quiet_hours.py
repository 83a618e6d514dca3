"""When a person may be notified: quiet hours, snooze, and the time of the daily digest.

One rule: all of it is pure, and hours are in the person's own time zone.

A time that the clock change skips becomes the one right after it, and an hour that occurs twice counts once,
because a local day has one digest. The present time is an argument.
"""

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from core.kernel.ids import PersonId

DIGEST_HOUR = 8
DIGEST_WINDOW = dt.timedelta(hours=4)
"""A digest that could not be sent by then is dropped; its content is part of the next one."""
HOUR = dt.timedelta(hours=1)


@dataclass(frozen=True)
class QuietPeriod:
    """From when until when, each day; over midnight when it ends before it begins."""

    begins: dt.time
    ends: dt.time


@dataclass(frozen=True)
class Preferences:
    """A person's language, zone, digest hour, quiet hours and snooze. No hour: no digest."""

    person_id: PersonId
    locale: str
    zone: str
    digest_hour: int | None = DIGEST_HOUR
    quiet: QuietPeriod | None = None
    snoozed_until: dt.datetime | None = None


def silent_until(preferences: Preferences, now: dt.datetime) -> dt.datetime | None:
    """When this person may get notices that are not urgent; None: now."""
    ends = [until for until in (_snooze(preferences, now), _quiet(preferences, now)) if until is not None]
    return max(ends, default=None)


def due_day(preferences: Preferences, now: dt.datetime) -> dt.date | None:
    """The local day whose digest is due now; None before the person's hour, or too long after it."""
    if preferences.digest_hour is None or _snooze(preferences, now) is not None:
        return None
    today = _local(preferences, now).date()
    hour = digest_moment(preferences, today, preferences.digest_hour)
    return today if hour <= now < hour + DIGEST_WINDOW else None


def digest_moment(preferences: Preferences, day: dt.date, hour: int) -> dt.datetime:
    """This hour on a local day, as a moment."""
    return _moment(preferences, day, dt.time(hour))


def tomorrow(preferences: Preferences, now: dt.datetime) -> dt.datetime:
    """When "tomorrow" begins: at the next local day's digest, or at eight o'clock when there is none."""
    hour = DIGEST_HOUR if preferences.digest_hour is None else preferences.digest_hour
    return digest_moment(preferences, _local(preferences, now).date() + dt.timedelta(days=1), hour)


def _snooze(preferences: Preferences, now: dt.datetime) -> dt.datetime | None:
    until = preferences.snoozed_until
    return until if until is not None and until > now else None


def _quiet(preferences: Preferences, now: dt.datetime) -> dt.datetime | None:
    """The end of the current quiet hours."""
    if preferences.quiet is None:
        return None
    begins, ends = preferences.quiet.begins, preferences.quiet.ends
    local_now = _local(preferences, now)
    over_midnight = begins > ends
    early = local_now.time() < ends
    inside = (local_now.time() >= begins or early) if over_midnight else begins <= local_now.time() < ends
    if not inside:
        return None
    day = local_now.date() if early else local_now.date() + dt.timedelta(days=1)
    return max(_moment(preferences, day, ends), now)


def _local(preferences: Preferences, now: dt.datetime) -> dt.datetime:
    return now.astimezone(ZoneInfo(preferences.zone))


def _moment(preferences: Preferences, day: dt.date, clock: dt.time) -> dt.datetime:
    return dt.datetime.combine(day, clock, ZoneInfo(preferences.zone)).astimezone(dt.UTC)
