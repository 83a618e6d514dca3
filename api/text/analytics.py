"""What figures say: the sentence of a finding, the label of a row, and a value in its unit.

One rule: a value that too few cases stand behind is said as that, never as 0.
"""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType

from babel.dates import format_date, format_interval

from api.text.formats import countdown, day, moment, money, number, percent
from api.text.locales import babel_locale
from api.text.translation import has_key, translate

_FAMILIES: Mapping[str, str] = MappingProxyType(
    {
        "stages": "stage",
        "whole": "stage",
        "ages": "age",
        "quotes": "quotes",
        "savings": "saving",
        "exceptions": "exception",
    }
)
"""Sections whose rows are named by us, and how; the others have names of their own."""


def figure_label(section: str, key: str, label: str, locale: str) -> str:
    """What a row of a section is called; a month that the window cuts by its days, such as ``Sep 14 – 30, 2026``."""
    if key == "others":
        return translate("analytics.others", locale)
    if section in _FAMILIES:
        return translate(f"analytics.{_FAMILIES[section]}.{key}", locale)
    if section == "steps" and has_key(f"roles.{label}"):
        return translate(f"roles.{label}", locale)
    if section == "weeks":
        return day(dt.date.fromisoformat(key), locale)
    if section == "months" and label:
        first, _, last = label.partition("/")
        days = (dt.date.fromisoformat(first), dt.date.fromisoformat(last))
        return format_interval(*days, "yMMMd", locale=babel_locale(locale))
    if section == "months":
        return format_date(dt.date.fromisoformat(f"{key}-01"), "MMM y", locale=babel_locale(locale))
    return label or "–"


def figure_value(value: Decimal | None, unit: str, currency: str | None, locale: str) -> str:
    """A value in its unit."""
    if value is None:
        return translate("analytics.few", locale)
    if unit == "seconds":
        return duration(value, locale)
    if unit == "money":
        return money(value, currency or "", locale)
    if unit == "percent":
        return percent(value, locale)
    return number(value, locale)


def duration(seconds: Decimal | int, locale: str) -> str:
    """``2 days 4 hr``."""
    return countdown(dt.timedelta(seconds=int(seconds)), locale)


def finding(key: str, facts: Mapping[str, object], locale: str) -> str:
    """The sentence of a finding."""
    said: dict[str, object] = dict(facts)
    for name, told in (("seconds", "middle"), ("oldest_s", "oldest"), ("p90_s", "most")):
        value = facts.get(name)
        if isinstance(value, Decimal | int):
            said[told] = duration(value, locale)
    for name in ("total", "amount"):
        value = facts.get(name)
        if isinstance(value, Decimal):
            said[name] = money(value, str(facts["currency"]), locale)
    if "stage" in facts:
        said["stage"] = figure_label("stages", str(facts["stage"]), "", locale)
    if "what" in facts:
        said["what"] = figure_label("exceptions", str(facts["what"]), "", locale)
    return translate(f"analytics.finding.{key}", locale, **said)


def forecast(number: str, stage: str, by: dt.datetime | None, n: int, *, locale: str, zone: str) -> str:
    """Until when a purchase moves on."""
    facts = {"number": number, "stage": figure_label("stages", stage, "", locale), "n": n}
    if by is None:
        return translate("analytics.forecast.few", locale, **facts)
    return translate("analytics.forecast.some", locale, moment=moment(by, locale, zone), **facts)
