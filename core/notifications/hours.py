"""When a person may be spoken to: quiet hours, snooze, and the moment of the daily digest.

One rule: hours are the person's own, in their zone; a moment that the clocks skip is the one right after it, and
an hour that comes twice counts once, because a local day has one digest. Pure: time comes in as an argument.
"""

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from core.kernel.ids import PersonId

DIGEST_HOUR = 8
LATE = dt.timedelta(hours=4)
"""A digest that could not be sent until then is left out; what it would have said stands in the next one."""
HOUR = dt.timedelta(hours=1)


@dataclass(frozen=True)
class Quiet:
    """From when until when, each day; over midnight where it ends before it begins."""

    begins: dt.time
    ends: dt.time


@dataclass(frozen=True)
class Settings:
    """How a person wants to be spoken to. No hour: no digest."""

    person_id: PersonId
    locale: str
    zone: str
    digest_hour: int | None = DIGEST_HOUR
    quiet: Quiet | None = None
    snoozed_until: dt.datetime | None = None


def silent_until(settings: Settings, now: dt.datetime) -> dt.datetime | None:
    """When this person may be told what is not urgent; None: now."""
    ends = [until for until in (_snooze(settings, now), _quiet(settings, now)) if until is not None]
    return max(ends, default=None)


def due_day(settings: Settings, now: dt.datetime) -> dt.date | None:
    """The local day whose digest is due now; None before the person's hour, and too long after it."""
    if settings.digest_hour is None or _snooze(settings, now) is not None:
        return None
    today = _there(settings, now).date()
    hour = digest_moment(settings, today, settings.digest_hour)
    return today if hour <= now < hour + LATE else None


def digest_moment(settings: Settings, day: dt.date, hour: int) -> dt.datetime:
    """The moment of this hour on a local day."""
    return _moment(settings, day, dt.time(hour))


def tomorrow(settings: Settings, now: dt.datetime) -> dt.datetime:
    """Until when "tomorrow" lasts: the next local day's digest, or eight o'clock where there is none."""
    hour = DIGEST_HOUR if settings.digest_hour is None else settings.digest_hour
    return digest_moment(settings, _there(settings, now).date() + dt.timedelta(days=1), hour)


def _snooze(settings: Settings, now: dt.datetime) -> dt.datetime | None:
    until = settings.snoozed_until
    return until if until is not None and until > now else None


def _quiet(settings: Settings, now: dt.datetime) -> dt.datetime | None:
    """The end of the quiet hours that we are in."""
    if settings.quiet is None:
        return None
    begins, ends = settings.quiet.begins, settings.quiet.ends
    there = _there(settings, now)
    over_midnight = begins > ends
    early = there.time() < ends
    inside = (there.time() >= begins or early) if over_midnight else begins <= there.time() < ends
    if not inside:
        return None
    day = there.date() if early else there.date() + dt.timedelta(days=1)
    return max(_moment(settings, day, ends), now)


def _there(settings: Settings, now: dt.datetime) -> dt.datetime:
    return now.astimezone(ZoneInfo(settings.zone))


def _moment(settings: Settings, day: dt.date, clock: dt.time) -> dt.datetime:
    return dt.datetime.combine(day, clock, ZoneInfo(settings.zone)).astimezone(dt.UTC)
