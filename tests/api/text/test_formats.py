"""Amounts, days, times and quantities as each locale writes them."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from api.text import (
    ago,
    comma_separated,
    countdown,
    day,
    isolate,
    locale_of,
    moment,
    money,
    number,
    quantity,
    reading,
)


@pytest.mark.parametrize(
    ("amount", "currency", "locale", "shown"),
    [
        ("3600", "USD", "en", "3,600.00 USD"),
        ("3600", "USD", "de", "3.600,00 USD"),
        ("0.125", "EUR", "en", "0.125 EUR"),
        ("1200", "JPY", "en", "1,200 JPY"),
        ("1.5", "KWD", "en", "1.500 KWD"),
        ("999999999999.999999", "EUR", "en", "999,999,999,999.999999 EUR"),
        ("-40", "EUR", "de", "-40,00 EUR"),
    ],
)
def test_money_is_exact_and_names_its_currency(amount: str, currency: str, locale: str, shown: str) -> None:
    assert money(Decimal(amount), currency, locale) == shown


def test_numbers_and_quantities() -> None:
    assert number(Decimal("12400.500"), "en") == "12,400.5"
    assert number(Decimal("1E+3"), "de") == "1.000"
    assert quantity(Decimal(1), "box", "en") == "1 box"
    assert quantity(Decimal("10.00"), "box", "de") == "10 Kartons"
    assert quantity(Decimal("2.5"), "kg", "de") == "2,5 kg"
    assert quantity(Decimal(3), "furlong", "en") == "3 furlong"


def test_readings_of_one_text_differ_in_every_language() -> None:
    assert [reading(each, "de") for each in ("1234", "1.234")] == ["1234", "1,234"]
    assert [reading(each, "en") for each in ("1234", "1.234")] == ["1234", "1.234"]
    assert [reading(each, "en") for each in ("2026-12-01", "USD")] == ["1 Dec 2026", "USD"]


def test_names_in_a_row_have_the_comma_of_the_script() -> None:
    assert comma_separated(["Alder", "Birke"], "de") == "Alder, Birke"
    assert comma_separated(["Alder", "Birke"], "ar") == "Alder، Birke"


def test_days_and_moments() -> None:
    assert day(date(2026, 12, 1), "en") == "1 Dec 2026"
    assert day(date(2026, 12, 1), "de") == "1. Dez. 2026"
    evening = datetime(2026, 12, 4, 17, 0, tzinfo=UTC)
    assert moment(evening, "en", "Europe/Berlin") == "Fri 4 Dec 2026, 18:00 (Berlin)"
    assert moment(evening, "de", "UTC") == "Fr. 4. Dez. 2026, 17:00 (UTC)"


@pytest.mark.parametrize(
    ("left", "shown"),
    [
        (timedelta(days=2, hours=4, minutes=30), "2 days 4 hr"),
        (timedelta(days=2, minutes=30), "2 days"),
        (timedelta(hours=1, minutes=5), "1 hr 5 min"),
        (timedelta(seconds=30), "0 min"),
        (timedelta(days=-2), "0 min"),
    ],
)
def test_countdown(left: timedelta, shown: str) -> None:
    assert countdown(left, "en") == shown


def test_ago() -> None:
    assert ago(timedelta(minutes=2), "en") == "2 minutes ago"
    assert ago(timedelta(minutes=2), "de") == "vor 2 Minuten"


def test_locale_of_takes_the_first_supported() -> None:
    assert locale_of(None, "", "fr", "de-AT", "en") == "de_AT"
    assert locale_of("xx") == "en"
    assert locale_of() == "en"
    assert locale_of("de_XX") == "de"
    assert locale_of("EN-gb") == "en_GB"


def test_isolated_text_keeps_its_direction() -> None:
    assert isolate("REQ-104") == "\u2068REQ-104\u2069"
