"""A person's settings: read model to wire."""

from api.contract import settings as wire
from core.notifications.hours import Settings


def settings(of: Settings) -> wire.SettingsOut:
    quiet = wire.QuietHours(begins=of.quiet.begins, ends=of.quiet.ends) if of.quiet else None
    return wire.SettingsOut(
        locale=of.locale,
        zone=of.zone,
        digest_hour=of.digest_hour,
        quiet=quiet,
        snoozed_until=of.snoozed_until,
    )
