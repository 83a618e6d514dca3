"""Texts that invite a wrong reading: each is read right, asked, or quoted back; none is read wrong."""

import time
from datetime import date
from decimal import Decimal

import pytest
from babel.numbers import format_decimal
from hypothesis import given
from hypothesis import strategies as st

from api.language import (
    Ambiguous,
    NotUnderstood,
    ParseIssue,
    parse_amount,
    parse_date,
    parse_quote,
    parse_request,
)
from api.language.readings import Amount, QuoteReading
from tests.api.language.phrasings import TODAY
from tests.support.properties import examples

FIVE = ["en", "de", "es", "ru", "ar"]
HUGE = "3x laptop @1200 " * 6400
"""A hundred kilobytes."""

WHOLE_QUANTITY = [
    ("en", "two hundred laptops", "200"),
    ("en", "a couple of chairs", "2"),
    ("en", "a thousand pens", "1000"),
    ("en", "one and a half kg sugar", "1.5"),
    ("en", "twenty pens", "20"),
    ("de", "drei tausend Schrauben", "3000"),
    ("de", "anderthalb kg Mehl", "1.5"),
    ("es", "dos mil sillas", "2000"),
    ("es", "medio kg de café", "0.5"),
    ("es", "veinte sillas", "20"),
    ("ru", "две тысячи стульев", "2000"),
    ("ru", "полтора кг кофе", "1.5"),
    ("ru", "два с половиной кг кофе", "2.5"),
    ("ru", "5 тыс болтов", "5000"),
    ("ar", "خمسة عشر كرسي", "15"),
    ("ar", "ثلاثة آلاف قطعة", "3000"),
    ("ar", "نصف كغ قهوة", "0.5"),
    ("ar", "٥ آلاف قطعة", "5000"),
    ("ar", "اثنان ونصف كغ", "2.5"),
]
"""Numbers in words, and with a word that multiplies them, are read as the whole that they are."""

NO_QUANTITY = [
    *[("en", text) for text in ("3 million bolts",)],
    *[("en", text) for text in ("3 1/2 kg sugar", "½ box paper", "3½ kg sugar", "1/2 box")],
    *[
        ("en", text)
        for text in ("1e308 laptops", "1e3 laptops", "0x10 cables", "3k pens", "3-5 laptops", "2x3 cables")
    ],
    *[("en", text) for text in ("³ laptops", "③ laptops", "Ⅳ laptops", "3 500 laptops", "-3x laptop")],
    *[("de", text) for text in ("eine Million Stifte", "3 Mio Stifte")],
    *[("es", text) for text in ("dos y media docenas",)],
]
NO_PRICE = [
    *[
        ("en", text)
        for text in ("1.2k", "½", "4½", "1e308", "4.5e2", "∞", "450-10%", "450 thousand", "no 450")
    ],
    *[("en", text) for text in ("1: 450: 5", "x 10", "450 1/2", "1_200", "~450", "<450", "450/10", "NaN")],
    *[("de", text) for text in ("450 tausend", "nein 450", "4,5 Mio", "1,2.3")],
    *[("es", text) for text in ("2 mil", "no 450", "dos mil")],
    *[("ru", text) for text in ("1180 тыс", "нет 450", "1,2 млн", "полтора")],
    *[("ar", text) for text in ("١،٢٠٠", "٣ آلاف", "لا 450", "١٫٢٫٣")],
]
ASKED_PRICES = [
    ("en", "1 200 10d", ("1200", "1")),
    ("de", "1 200", ("1200", "1")),
    ("en", "1٫200", ("1200", "1.2")),
    ("en", "450,5", ("450.5", "4505")),
    ("de", "1.2", ("1.2", "12")),
    ("ar", "1.200", ("1200", "1.2")),
    ("es", "1,200", ("1200", "1.2")),
    ("ru", "1.200", ("1200", "1.2")),
]


def quote(text: str, locale: str = "en", lines: int = 1) -> QuoteReading:
    tens = [Decimal(10)] * lines
    return parse_quote(text, locale=locale, today=TODAY, lines=lines, quantities=tens, currency="USD")


@pytest.mark.parametrize(("locale", "text", "many"), WHOLE_QUANTITY)
def test_a_number_in_words_is_read_as_the_whole(locale: str, text: str, many: str) -> None:
    reading = parse_request(text, locale=locale, today=TODAY, currency="USD")
    assert [line.quantity for line in reading.lines] == [Decimal(many)]


@pytest.mark.parametrize(("locale", "text"), NO_QUANTITY)
def test_no_part_of_a_number_becomes_the_quantity(locale: str, text: str) -> None:
    reading = parse_request(text, locale=locale, today=TODAY, currency="USD")
    assert [line.quantity for line in reading.lines] == [None]
    assert "quantity" in reading.missing


@pytest.mark.parametrize(("locale", "text"), NO_PRICE)
def test_no_part_of_a_number_becomes_the_price(locale: str, text: str) -> None:
    reading = quote(text, locale)
    assert [line.unit_price for line in reading.lines] == []
    assert reading.unread


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("¥450", ("JPY", "CNY")),
        ("450 rupees", ("INR", "PKR", "LKR")),
        ("450 pesos", ("MXN", "PHP", "ARS", "COP", "CLP")),
    ],
)
def test_a_currency_with_several_readings_is_asked_and_its_price_has_none_until_then(
    text: str, readings: tuple[str, ...]
) -> None:
    reading = quote(text)
    assert ([line.unit_price for line in reading.lines], reading.currency) == ([Decimal(450)], None)
    assert [(each.field, each.readings) for each in reading.ambiguous] == [("currency", readings)]


@pytest.mark.parametrize(("locale", "text", "readings"), ASKED_PRICES)
def test_a_price_with_two_readings_is_asked(locale: str, text: str, readings: tuple[str, ...]) -> None:
    reading = quote(text, locale)
    assert [line.unit_price for line in reading.lines] == [None]
    assert [(each.field, each.readings) for each in reading.ambiguous] == [("unit_price", readings)]


@pytest.mark.parametrize(
    ("locale", "text", "days", "shipping"),
    [
        ("en", "450 shipping 5 days", 5, None),
        ("en", "450 shipping in 5 days", 5, None),
        ("en", "450 delivery 5 days, shipping 40", 5, 40),
        ("de", "450 Lieferung 5 Tage, Versand 40", 5, 40),
        ("es", "450 entrega 5 días, envío 40", 5, 40),
        ("ru", "450 доставка 5 дней, доставка 40", 5, 40),
        ("en", "450 validity 30 days", None, None),
    ],
)
def test_days_are_never_read_as_costs(locale: str, text: str, days: int | None, shipping: int | None) -> None:
    reading = quote(text, locale)
    assert (reading.lines[0].unit_price, reading.lines[0].lead_time_days, reading.shipping) == (
        Decimal(450),
        days,
        shipping,
    )
    assert reading.unread == ()


@pytest.mark.parametrize("text", ["3 laptops @1200 total", "3 laptops at 1.2 million", "3 laptops @ 10%"])
def test_a_price_of_something_else_is_quoted_back(text: str) -> None:
    reading = parse_request(text, locale="en", today=TODAY, currency="USD")
    assert reading.lines[0].unit_price is None
    assert reading.unread


@pytest.mark.parametrize(
    ("locale", "digits"), [("ar", "٣x حاسوب @١٢٠٠"), ("en", "３x laptop @१२००"), ("fa", "۳x laptop @۱۲۰۰")]
)
def test_digits_of_every_script_are_read(locale: str, digits: str) -> None:
    line = parse_request(digits, locale=locale, today=TODAY, currency="USD").lines[0]
    assert (line.quantity, line.unit_price) == (Decimal(3), Decimal(1200))


@pytest.mark.parametrize("locale", FIVE)
def test_a_hundred_kilobytes_are_refused_at_once(locale: str) -> None:
    begun = time.process_time()
    request = parse_request(HUGE, locale=locale, today=TODAY, currency="USD")
    refused = (request.refused, quote(HUGE, locale).refused)
    assert [each and each.why for each in refused] == [ParseIssue.too_long, ParseIssue.too_long]
    for found in (parse_amount(HUGE, locale), parse_date(HUGE, locale, TODAY)):
        assert isinstance(found, NotUnderstood)
        assert found.why is ParseIssue.too_long
    assert time.process_time() - begun < 1


HIDDEN = st.sampled_from("\u200b\u200e\u200f\u202a\u202e\u2066\u2068\u2069\u061c\ufeff\u00ad\x00\x07\x1b\x7f")


@given(marks=st.lists(HIDDEN, min_size=12, max_size=12), locale=st.sampled_from(FIVE))
@examples(200)
def test_hidden_and_direction_marks_change_no_reading(marks: list[str], locale: str) -> None:
    words = ["3x", "laptop", "@1250.50", "EUR", "needed", "2026-12-01", "for", "IT"]
    spaced = " ".join(f"{mark}{word}" for mark, word in zip(marks, words, strict=False))
    plain = parse_request(" ".join(words), locale="en", today=TODAY, currency="USD")
    assert parse_request(spaced, locale="en", today=TODAY, currency="USD") == plain
    found = parse_amount(f"{marks[9]}1250{marks[10]} EUR{marks[11]}", locale)
    assert found in (Amount(value=Decimal(1250), currency="EUR"),) or any(mark < " " for mark in marks[10:])


@given(
    value=st.decimals(Decimal("0.01"), Decimal(999_999), places=2),
    written=st.sampled_from(FIVE),
    read_in=st.sampled_from(FIVE),
)
@examples(500)
def test_a_foreign_number_is_read_right_or_asked(value: Decimal, written: str, read_in: str) -> None:
    """Whoever writes as their own country does and is read as another's: the value is among the readings."""
    text = format_decimal(value, "#,##0.00", locale=written)
    found = parse_amount(text, read_in)
    if isinstance(found, Amount):
        assert found.value == value
    else:
        assert isinstance(found, Ambiguous)
        assert value in {Decimal(reading) for reading in found.readings}


@given(
    day=st.dates(date(2026, 11, 23), date(2030, 1, 1)),
    read_in=st.sampled_from(FIVE),
    sign=st.sampled_from("./-"),
)
@examples(500)
def test_a_date_in_digits_is_read_right_asked_or_quoted_back(day: date, read_in: str, sign: str) -> None:
    """Day first, as most of the world writes it: never silently another day."""
    found = parse_date(f"{day.day:02}{sign}{day.month:02}{sign}{day.year}", read_in, TODAY)
    if isinstance(found, Ambiguous):
        assert day.isoformat() in found.readings
    else:
        assert isinstance(found, NotUnderstood) or found == day
