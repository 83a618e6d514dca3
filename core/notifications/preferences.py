"""A person's preferences: language, time zone, digest hour, quiet hours, snooze.

One rule: people set only their own preferences.

A change is an event, so that every card of this person is updated in the language they read now.
"""

import datetime as dt
from dataclasses import dataclass, replace
from enum import StrEnum

from core.access.actor import Actor
from core.access.guard import requires
from core.access.permissions import Permission
from core.kernel.errors import NotFound, invalid
from core.notifications import repo
from core.notifications.events import PreferencesChanged
from core.notifications.quiet_hours import HOUR, Preferences, QuietPeriod, silent_until, tomorrow
from core.people import policy
from core.people import repo as people
from core.uow import Uow


class Snooze(StrEnum):
    """How long to pause notifications: an hour, or until tomorrow's digest."""

    hour = "hour"
    tomorrow = "tomorrow"
    end = "end"


@dataclass(frozen=True)
class ChangePreferences:
    """The new values; a field that ``named`` does not contain stays as it is."""

    named: frozenset[str]
    locale: str | None = None
    zone: str | None = None
    digest_hour: int | None = None
    quiet: QuietPeriod | None = None
    snooze: Snooze | None = None


@requires(Permission.me_read)
async def my_preferences(uow: Uow, actor: Actor) -> Preferences:
    """One's own preferences."""
    return await _own_preferences(uow, actor)


@requires(Permission.me_change)
async def change_preferences(uow: Uow, actor: Actor, command: ChangePreferences) -> Preferences:
    """Change one's own preferences from now on."""
    _check(command)
    before = await _own_preferences(uow, actor)
    after = _changed(before, command, uow.now)
    changed = tuple(sorted(name for name, value in vars(after).items() if value != getattr(before, name)))
    if not changed:
        return before
    await repo.store_preferences(uow.connection, after, uow.now)
    await people.set_locale(uow.connection, after.person_id, after.locale, after.zone)
    await uow.record(PreferencesChanged(subject_id=after.person_id, subject_version=1, changed=changed))
    return after


async def _own_preferences(uow: Uow, actor: Actor) -> Preferences:
    found = await repo.preferences_of(uow.connection, actor.person_id) if actor.person_id else None
    if found is None:
        raise NotFound(what="person")
    return found


def _check(command: ChangePreferences) -> None:
    if command.zone is not None:
        policy.check_zone(command.zone)
    if command.quiet is not None and command.quiet.begins == command.quiet.ends:
        raise invalid(
            "/quiet/ends", "quiet.empty", "quiet hours end at another time than they begin", "07:00"
        )


def _changed(before: Preferences, command: ChangePreferences, now: dt.datetime) -> Preferences:
    after = replace(before, locale=command.locale or before.locale, zone=command.zone or before.zone)
    if "digest_hour" in command.named:
        after = replace(after, digest_hour=command.digest_hour)
    if "quiet" in command.named:
        after = replace(after, quiet=command.quiet)
    match command.snooze:
        case None:
            return after
        case Snooze.hour:
            return replace(after, snoozed_until=now + HOUR)
        case Snooze.tomorrow:
            return replace(after, snoozed_until=tomorrow(after, now))
        case Snooze.end:
            return replace(after, snoozed_until=None)


async def on_preferences_changed(uow: Uow, event: PreferencesChanged) -> None:
    """Notices held for this person wait for the new quiet hours, or for nothing any more."""
    after = await repo.preferences_of(uow.connection, event.subject_id)
    if after is not None:
        await repo.hold_until(uow.connection, after.person_id, silent_until(after, uow.now) or uow.now)
