"""A person's preferences, on the wire.

One rule: a field that is not sent stays as it is; null removes a digest hour or quiet hours.
"""

import datetime as dt
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, Field, PlainSerializer

from api.contract.values import InputModel, Moment, OutputModel, value_error
from api.text.locales import SUPPORTED, babel_locale


def _clock(value: dt.time) -> dt.time:
    if value.tzinfo is not None or value.second or value.microsecond:
        raise value_error("clock.unreadable", "hours and minutes, in your own zone", "20:00")
    return value


def _locale(value: str) -> str:
    tag = value.replace("-", "_")
    if tag.split("_")[0].lower() not in SUPPORTED:
        raise value_error("locale.unknown", f"there are {', '.join(SUPPORTED)}", "de")
    return str(babel_locale(tag))


Clock = Annotated[
    dt.time,
    AfterValidator(_clock),
    PlainSerializer(lambda value: value.strftime("%H:%M"), return_type=str),
    Field(examples=["20:00"]),
]
"""A time of day in the person's zone."""

LocaleTag = Annotated[str, Field(max_length=20, examples=["de"]), AfterValidator(_locale)]
Hour = Annotated[int, Field(ge=0, le=23, examples=[8])]


class SnoozeIn(StrEnum):
    """For an hour, until tomorrow's digest, or end the pause."""

    hour = "hour"
    tomorrow = "tomorrow"
    end = "end"


class QuietHours(InputModel):
    """Over midnight when the end is earlier than the beginning."""

    begins: Clock
    ends: Clock


class PreferencesPatch(InputModel):
    locale: LocaleTag | None = None
    zone: Annotated[str, Field(max_length=60, examples=["Europe/Berlin"])] | None = None
    digest_hour: Hour | None = None
    quiet: QuietHours | None = None
    snooze: SnoozeIn | None = None


class PreferencesOut(OutputModel):
    """``locales``: the languages to choose from."""

    locale: str
    zone: str
    digest_hour: int | None
    quiet: QuietHours | None
    snoozed_until: Moment | None
    locales: tuple[str, ...] = SUPPORTED
