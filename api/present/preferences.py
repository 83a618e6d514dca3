"""Converts a person's preferences from read model to wire."""

from api.contract import preferences as wire
from core.notifications.quiet_hours import Preferences


def preferences(source: Preferences) -> wire.PreferencesOut:
    quiet = wire.QuietHours(begins=source.quiet.begins, ends=source.quiet.ends) if source.quiet else None
    return wire.PreferencesOut(
        locale=source.locale,
        zone=source.zone,
        digest_hour=source.digest_hour,
        quiet=quiet,
        snoozed_until=source.snoozed_until,
    )
