"""Amounts, quantities, days and times as people of a locale write them.

One rule: an exact number is never rounded for display.

A currency is shown by its ISO code, never by a sign that several currencies share. What is said again and again is put
into words once: a page has hundreds of values, and most of them stood on the page before it too.
"""

from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.core import Locale
from babel.dates import format_date, format_time, format_timedelta, get_timezone_location
from babel.numbers import format_currency, format_decimal, format_percent
from babel.units import format_unit

from api.text.locales import babel_locale

DAY_PATTERNS = {"de": "d. MMM y"}
DAY_PATTERN = "d MMM y"
REMEMBERED = 8_192


@lru_cache(REMEMBERED)
def money(amount: Decimal, currency: str, locale: str) -> str:
    """``3,600.00 USD``: the currency's own decimals, and more only when the amount has more."""
    return format_currency(
        amount, currency, "#,##0.00 ¤¤", locale=babel_locale(locale), decimal_quantization=False
    )


@lru_cache(REMEMBERED)
def number(value: Decimal | int, locale: str) -> str:
    """``12,400.5``, exact, without trailing zeros."""
    exact = Decimal(value)
    return format_decimal(
        exact.normalize() if exact else Decimal(0), locale=babel_locale(locale), decimal_quantization=False
    )


def ungrouped(value: Decimal, locale: str) -> str:
    """``12400.5``: with the decimal sign of the language and no other, so that no sign can be taken for it."""
    return format_decimal(
        value, locale=babel_locale(locale), decimal_quantization=False, group_separator=False
    )


def reading(text: str, locale: str) -> str:
    """One of several readings, unmistakable: ``1234`` beside ``1,234``, a day in words, a currency as it is."""
    try:
        return day(date.fromisoformat(text), locale)
    except ValueError:
        pass
    try:
        return ungrouped(Decimal(text), locale)
    except InvalidOperation:
        return text


@lru_cache(REMEMBERED)
def percent(value: Decimal, locale: str) -> str:
    """``12.5%`` for 12.5, to a tenth."""
    return format_percent(value / 100, "#,##0.#%", locale=babel_locale(locale))


@lru_cache(REMEMBERED)
def day(value: date, locale: str) -> str:
    """``1 Dec 2026``, never digits alone: 12/01 means two different days to two people."""
    where = babel_locale(locale)
    return format_date(value, _day_pattern(where), locale=where)


@lru_cache(REMEMBERED)
def moment(value: datetime, locale: str, zone: str) -> str:
    """``Sat 5 Dec 2026, 18:00 (Berlin)``: weekday, day, time and whose time it is."""
    where = babel_locale(locale)
    there = value.astimezone(ZoneInfo(zone))
    weekday = format_date(there, "EEE", locale=where)
    clock = format_time(there.time(), "HH:mm", locale=where)
    return f"{weekday} {day(there.date(), locale)}, {clock} ({_city(zone, where)})"


def countdown(delta: timedelta, locale: str) -> str:
    """The two largest units of what is left, ``2 days 4 hr``; ``0 min`` when nothing is left."""
    minutes = max(0, int(delta.total_seconds()) // 60)
    parts = (
        ("duration-day", minutes // 1440),
        ("duration-hour", minutes // 60 % 24),
        ("duration-minute", minutes % 60),
    )
    first = next((index for index, (_, count) in enumerate(parts) if count), len(parts) - 1)
    shown = [part for part in parts[first : first + 2] if part[1]] or [parts[-1]]
    return " ".join(_unit(count, unit, locale) for unit, count in shown)


@lru_cache(REMEMBERED)
def _unit(count: int, unit: str, locale: str) -> str:
    return format_unit(count, unit, length="short", locale=babel_locale(locale))


def ago(delta: timedelta, locale: str) -> str:
    """``2 minutes ago`` for a moment ``delta`` before now."""
    return format_timedelta(-abs(delta), add_direction=True, locale=babel_locale(locale))


def _day_pattern(locale: Locale) -> str:
    return DAY_PATTERNS.get(locale.language, DAY_PATTERN)


def zone_name(zone: str, locale: str) -> str:
    """``Berlin`` for ``Europe/Berlin``, as the reader's language spells it."""
    return _city(zone, babel_locale(locale))


def _city(zone: str, locale: Locale) -> str:
    return get_timezone_location(ZoneInfo(zone), locale=locale, return_city=True)
