"""Single fields: amounts, quantities and dates of each locale, and what has no or several readings."""

from datetime import date
from decimal import Decimal

import pytest

from api.language import Ambiguous, NotUnderstood, ParseIssue, parse_amount, parse_date, parse_quantity
from api.language.readings import Amount, Quantity
from tests.api.language.phrasings import FIFTH, FIRST, FRIDAY, TODAY, TOMORROW, TWO_WEEKS


@pytest.mark.parametrize(
    ("locale", "text", "value", "currency"),
    [
        ("en", "1,200", "1200", None),
        ("en", "1,234,567.89", "1234567.89", None),
        ("en", "1200.5 EUR", "1200.5", "EUR"),
        ("en", "eur 1200", "1200", "EUR"),
        ("en", "£1,200.50", "1200.50", "GBP"),
        ("en", "1 200", "1200", None),
        ("en", "0.125", "0.125", None),
        ("en", "1.234,50", "1234.50", None),
        ("en_IN", "1,23,456.50", "123456.50", None),
        ("de", "1.200", "1200", None),
        ("de", "1.234,50 €", "1234.50", "EUR"),
        ("de", "1200,-", "1200", None),
        ("de", "0,125", "0.125", None),
        ("de_CH", "1’200.50 CHF", "1200.50", "CHF"),
        ("es", "1.200,50 euros", "1200.50", "EUR"),
        ("es_MX", "1,200.50", "1200.50", None),
        ("ru", "1 200,50 руб.", "1200.50", "RUB"),
        ("ru", "1\u00a0200\u00a0000", "1200000", None),
        ("ar", "١٬٢٠٠٫٥", "1200.5", None),
        ("en", "999999999999", "999999999999", None),
    ],
)
def test_amounts(locale: str, text: str, value: str, currency: str | None) -> None:
    assert parse_amount(text, locale) == Amount(value=Decimal(value), currency=currency)


@pytest.mark.parametrize(
    ("locale", "text", "readings"),
    [
        ("de", "1,200", ("1200", "1.2")),
        ("ru", "1.200", ("1200", "1.2")),
        ("en", "1.200", ("1200", "1.2")),
        ("en", "12,50", ("12.5", "1250")),
        ("de", "12.50", ("12.5", "1250")),
        ("de", "$5", ("USD", "CAD", "AUD")),
    ],
)
def test_ambiguous_amounts(locale: str, text: str, readings: tuple[str, ...]) -> None:
    found = parse_amount(text, locale)
    assert isinstance(found, Ambiguous)
    assert found.readings == readings


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", ParseIssue.empty),
        ("-5", ParseIssue.negative),
        ("−5", ParseIssue.negative),
        ("1e308", ParseIssue.number),
        ("NaN", ParseIssue.number),
        ("Infinity", ParseIssue.number),
        ("1.2.3", ParseIssue.number),
        ("twelve hundred", ParseIssue.number),
        ("9" * 16, ParseIssue.too_large),
        ("9" * 3000, ParseIssue.too_large),
        ("0.1234567", ParseIssue.too_precise),
        ("1" * 4001, ParseIssue.too_long),
        ("5 apples and more", ParseIssue.number),
    ],
)
def test_amounts_that_are_none(text: str, why: ParseIssue) -> None:
    found = parse_amount(text, "en")
    assert isinstance(found, NotUnderstood)
    assert found.why is why


@pytest.mark.parametrize(
    ("locale", "text", "value", "unit"),
    [
        ("en", "3", "3", "pcs"),
        ("en", "3x", "3", "pcs"),
        ("en", "3 ×", "3", "pcs"),
        ("en", "2.5 kg", "2.5", "kg"),
        ("en", "10 boxes", "10", "box"),
        ("en", "a dozen", "1", "dozen"),
        ("de", "2,5kg", "2.5", "kg"),
        ("de", "zwei Kartons", "2", "box"),
        ("de", "3 Stück", "3", "pcs"),
        ("es", "2,5 kg", "2.5", "kg"),
        ("es", "diez cajas", "10", "box"),
        ("ru", "3 шт.", "3", "pcs"),
        ("ru", "10 коробок", "10", "box"),
    ],
)
def test_quantities(locale: str, text: str, value: str, unit: str) -> None:
    assert parse_quantity(text, locale) == Quantity(value=Decimal(value), unit=unit)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("0", ParseIssue.zero),
        ("-3", ParseIssue.negative),
        ("some", ParseIssue.number),
        (" ", ParseIssue.empty),
    ],
)
def test_quantities_that_are_none(text: str, why: ParseIssue) -> None:
    found = parse_quantity(text, "en")
    assert isinstance(found, NotUnderstood)
    assert found.why is why


@pytest.mark.parametrize(
    ("locale", "text", "day"),
    [
        *[("en", text, FIRST) for text in ("2026-12-01", "1 Dec", "Dec 1", "December 1st, 2026", "1st of December")],
        *[("en", text, FRIDAY) for text in ("Friday", "fri", "this Friday", "on Friday", "in 4 days")],
        *[("en", text, TWO_WEEKS) for text in ("in 2 weeks", "within two weeks", "in 14 days")],
        *[("de", text, FIRST) for text in ("1. Dezember 2026", "1. Dez.", "1.12.", "01.12.2026")],
        *[("de", text, FRIDAY) for text in ("Freitag", "Fr", "diesen Freitag", "in vier Tagen")],
        *[("de", text, TOMORROW) for text in ("morgen", "in einem Tag", "24.11.26")],
        *[("es", text, FIFTH) for text in ("5 de diciembre", "el 5 de diciembre de 2026", "05/12/2026", "5/12/26")],
        *[("es", text, FRIDAY) for text in ("viernes", "el viernes", "este viernes", "en 4 días")],
        *[("es", text, TOMORROW) for text in ("mañana", "martes", "dentro de un día")],
        *[("ru", text, FIFTH) for text in ("5 декабря", "5 дек", "5 декабря 2026 года", "05.12.2026", "05.12.")],
        *[("ru", text, FRIDAY) for text in ("пятница", "в пятницу", "эту пятницу", "через 4 дня")],
        *[("ru", text, TOMORROW) for text in ("завтра", "через день", "вторник")],
        ("en", "29 Feb", date(2028, 2, 29)),
        ("en", "12/31/2026", date(2026, 12, 31)),
        ("en", "12/13", date(2026, 12, 13)),
        ("en", "31/12", date(2026, 12, 31)),
        ("en", "24/12/26", date(2026, 12, 24)),
        ("en", "Thursday the 26th", date(2026, 11, 26)),
        ("en", "24 Dec 27", date(2027, 12, 24)),
        ("de", "Freitag, den 27.", FRIDAY),
        ("en", "until the end of January", date(2027, 1, 31)),
        ("de", "Ende Dezember", date(2026, 12, 31)),
        ("en", "in a month", date(2026, 12, 23)),
        ("en", "today", TODAY),
        ("en", "Tue 1 Dec", FIRST),
        ("de", "am 1. Dezember", FIRST),
        ("de", "Dienstag, 1. Dezember", FIRST),
    ],
)  # fmt: skip
def test_dates(locale: str, text: str, day: date) -> None:
    assert parse_date(text, locale, TODAY) == day


@pytest.mark.parametrize(
    ("locale", "text", "readings"),
    [
        ("en", "12/01/2026", ("2026-01-12", "2026-12-01")),
        ("de", "12/01/2026", ("2026-01-12", "2026-12-01")),
        ("en", "01.12.2026", ("2026-01-12", "2026-12-01")),
        ("en", "Monday", ("2026-11-23", "2026-11-30")),
        ("en", "next Friday", ("2026-11-27", "2026-12-04")),
        ("de", "nächsten Freitag", ("2026-11-27", "2026-12-04")),
        ("en", "Fri 5 Dec", ("2026-12-05", "2026-11-27")),
        ("ru", "декабрь 2026", ("2026-12-01", "2026-12-31")),
        ("es", "próxima semana", ("2026-11-30", "2026-12-04")),
    ],
)
def test_ambiguous_dates(locale: str, text: str, readings: tuple[str, ...]) -> None:
    found = parse_date(text, locale, TODAY)
    assert isinstance(found, Ambiguous)
    assert found.readings == readings
    assert found.text == text


@pytest.mark.parametrize(
    "text", ["13/13", "31 Feb", "2026-13-01", "soon", "in 99999 days", "1 Dec or so", "99.99.9999", "0 Dec"]
)
def test_dates_that_are_none(text: str) -> None:
    found = parse_date(text, "en", TODAY)
    assert isinstance(found, NotUnderstood)
    assert found.why is ParseIssue.date


def test_days_at_the_end_of_time_do_not_raise() -> None:
    last = date(9999, 12, 31)
    for text in (
        "tomorrow",
        "Friday",
        "next week",
        "next month",
        "in 2 weeks",
        "in 3 months",
        "1 Jan",
        "January",
    ):
        assert parse_date(text, "en", last) is not None
