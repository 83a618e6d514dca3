"""What a finding says, in a reader's language: its facts as amounts, days and numbers, in the sentence of its rule.

One rule: every reader gets this sentence, on cards, on pages and in the digest.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Protocol
from zoneinfo import ZoneInfo

from api.text.formats import day, moment, money, number
from api.text.translation import translate

MONEY = frozenset(
    {"price", "usual", "low", "high", "extra", "cheapest", "total", "quoted", "together", "limit", "amount"}
)
DAYS = frozenset({"since", "added", "ordered"})
MOMENTS = frozenset({"deadline", "submitted"})
SENTENCE = "says"
Fact = str | int | bool


MOST_NOTED = 2
"""Beside an approval; the others are counted."""


class Noted(Protocol):
    """A finding as it stands beside something else."""

    @property
    def rule(self) -> str: ...

    @property
    def facts(self) -> Mapping[str, Fact]: ...


def unusual(findings: Sequence[Noted], locale: str, zone: str) -> tuple[str, ...]:
    """The first findings in a line each, and how many there are more."""
    told = [
        translate(
            "findings.unusual",
            locale,
            finding=finding_sentence(each.rule, each.facts, locale, zone),
        )
        for each in findings[:MOST_NOTED]
    ]
    more = len(findings) - len(told)
    return (
        (*told, translate("findings.unusual_more", locale, n=number(more, locale))) if more else tuple(told)
    )


def finding_sentence(rule: str, facts: Mapping[str, Fact], locale: str, zone: str) -> str:
    """The sentence of a rule with the facts of one finding."""
    key = _key(rule, facts)
    currency = str(facts.get("currency", ""))
    return translate(
        key, locale, **{name: _shown(name, value, currency, locale, zone) for name, value in facts.items()}
    )


def _key(rule: str, facts: Mapping[str, Fact]) -> str:
    if rule == "price" and not facts.get("same_vendor"):
        return "findings.price.says_others"
    if rule == "own_vendor" and facts.get("entered"):
        return "findings.own_vendor.says_entered"
    return f"findings.{rule}.{SENTENCE}"


def _shown(name: str, value: Fact, currency: str, locale: str, zone: str) -> str:
    if name in MONEY:
        return money(Decimal(str(value)).normalize(), currency, locale)
    if name in DAYS:
        return day(_day_there(str(value), zone), locale)
    if name in MOMENTS:
        return moment(dt.datetime.fromisoformat(str(value)), locale, zone)
    if name == "quantity":
        return number(Decimal(str(value)), locale)
    return number(value, locale) if isinstance(value, int) else str(value)


def _day_there(value: str, zone: str) -> dt.date:
    """A day as it is, and a moment's day where its reader is."""
    if len(value) == len("2026-12-01"):
        return dt.date.fromisoformat(value)
    return dt.datetime.fromisoformat(value).astimezone(ZoneInfo(zone)).date()
