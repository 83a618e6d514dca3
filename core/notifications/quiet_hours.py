"""When a person may be spoken to: quiet hours, snooze, and the moment of the daily digest.

One rule: hours are the person's own, in their zone; a moment that the clocks skip is the one right after it, and
an hour that comes twice counts once, because a local day has one digest. Pure: time comes in as an argument.
"""

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from core.kernel.ids import PersonId

DIGEST_HOUR = 8
DIGEST_WINDOW = dt.timedelta(hours=4)
"""A digest that could not be sent until then is left out; what it would have said stands in the next one."""
HOUR = dt.timedelta(hours=1)


@dataclass(frozen=True)
class QuietPeriod:
    """From when until when, each day; over midnight where it ends before it begins."""

    begins: dt.time
    ends: dt.time


@dataclass(frozen=True)
class Preferences:
    """How a person wants to be spoken to. No hour: no digest."""

    person_id: PersonId
    locale: str
    zone: str
    digest_hour: int | None = DIGEST_HOUR
    quiet: QuietPeriod | None = None
    snoozed_until: dt.datetime | None = None


def silent_until(preferences: Preferences, now: dt.datetime) -> dt.datetime | None:
    """When this person may be told what is not urgent; None: now."""
    ends = [until for until in (_snooze(preferences, now), _quiet(preferences, now)) if until is not None]
    return max(ends, default=None)


def due_day(preferences: Preferences, now: dt.datetime) -> dt.date | None:
    """The local day whose digest is due now; None before the person's hour, and too long after it."""
    if preferences.digest_hour is None or _snooze(preferences, now) is not None:
        return None
    today = _local(preferences, now).date()
    hour = digest_moment(preferences, today, preferences.digest_hour)
    return today if hour <= now < hour + DIGEST_WINDOW else None


def digest_moment(preferences: Preferences, day: dt.date, hour: int) -> dt.datetime:
    """The moment of this hour on a local day."""
    return _moment(preferences, day, dt.time(hour))


def tomorrow(preferences: Preferences, now: dt.datetime) -> dt.datetime:
    """Until when "tomorrow" lasts: the next local day's digest, or eight o'clock where there is none."""
    hour = DIGEST_HOUR if preferences.digest_hour is None else preferences.digest_hour
    return digest_moment(preferences, _local(preferences, now).date() + dt.timedelta(days=1), hour)


def _snooze(preferences: Preferences, now: dt.datetime) -> dt.datetime | None:
    until = preferences.snoozed_until
    return until if until is not None and until > now else None


def _quiet(preferences: Preferences, now: dt.datetime) -> dt.datetime | None:
    """The end of the quiet hours that we are in."""
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
