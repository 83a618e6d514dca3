"""What holds for every text: it is answered, in time, and a request written out reads back the same."""

import itertools
import time
from datetime import date, timedelta
from decimal import Decimal

from babel.core import Locale
from babel.dates import format_date
from babel.numbers import format_decimal
from hypothesis import example, given
from hypothesis import strategies as st

from api.language import (
    Ambiguous,
    NotUnderstood,
    Quantity,
    RequestReading,
    parse_amount,
    parse_date,
    parse_quantity,
    parse_quote,
    parse_request,
)
from api.language.readings import Amount
from tests.api.language.phrasings import TODAY
from tests.support.properties import examples

LOCALES = st.sampled_from(["en", "de", "es", "ru", "en_GB", "de_CH", "ar", "zz"])
WORDS_OF = {
    "en": ("needed", "for", "from", "to", "note:"),
    "de": ("benötigt bis", "für", "von", "nach", "Notiz:"),
    "es": ("necesario para el", "para", "proveedor", "entregar en", "nota:"),
    "ru": ("нужно к", "для", "от", "доставка в", "примечание:"),
}
ITEMS = st.lists(
    st.sampled_from(["Laptop", "Dell", "5440", "стол", "Stuhl", "café", "USB-C", "A4", "«Pro»", "27\"", "16GB"]),
    min_size=1,
    max_size=4,
).map(" ".join).filter(lambda item: not item[0].isdigit())  # fmt: skip
NAMES = st.sampled_from(["IT", "OPS-1", "Büro", "Склад", "Ventas"])
PIECES = (
    "3x @ 1,200 1.200 needed by для bis 12/01/2026 Fri next in 2 weeks ; \n note: # @@ x × -5 EUR $ , : 1: no same "
    "shipping till para el 1\u00a0200 total valid 31 Feb 10-14 days free à je ' ’ 1'0 ٣ \u202e cost centre each kg "
    "( (500 ) / [ ]"
)
FRAGMENTS = st.sampled_from([*PIECES.split(" "), "9" * 50])
TEXTS = st.one_of(st.text(max_size=300), st.lists(FRAGMENTS, max_size=60).map(" ".join))


@given(text=TEXTS, locale=LOCALES, today=st.dates())
@example(text="²x laptop ½ ①", locale="en", today=TODAY)
@example(text="@", locale="de", today=TODAY)
@example(text=": (", locale="en", today=TODAY)
@example(text="/2211 1/", locale="uk", today=TODAY)
@example(text="3 chairs (", locale="en", today=TODAY)
@example(text="0/", locale="en", today=TODAY)
@example(text="ß" * 3000 + "\ud800", locale="", today=date.min)
@examples(600)
def test_no_text_raises(text: str, locale: str, today: date) -> None:
    request = parse_request(text, locale=locale, today=today, currency="EUR")
    parse_quote(text, locale=locale, today=today, lines=3, quantities=[Decimal(2)], currency="USD")
    parse_quote(text, locale=locale, today=today, lines=1, line=1)
    assert isinstance(parse_amount(text, locale), Amount | Ambiguous | NotUnderstood)
    assert isinstance(parse_quantity(text, locale), Quantity | Ambiguous | NotUnderstood)
    assert isinstance(parse_date(text, locale, today), date | Ambiguous | NotUnderstood)
    assert_sound(request)


def assert_sound(reading: RequestReading) -> None:
    """Numbers are positive and bounded, an asked field is empty, every question has something to choose."""
    for number, line in enumerate(reading.lines, start=1):
        assert line.quantity is None or 0 < line.quantity < Decimal(10) ** 12
        assert line.unit_price is None or 0 <= line.unit_price < Decimal(10) ** 12
        asked = {each.field for each in reading.ambiguous if each.line == number}
        assert not ("quantity" in asked and line.quantity is not None)
        assert not ("unit_price" in asked and line.unit_price is not None)
        assert not ("description" in asked and line.description)
    for question in reading.ambiguous:
        assert len(question.readings) >= (1 if question.field in ("description", "lines") else 2)
        assert len(set(question.readings)) == len(question.readings)
        if question.line is None:
            assert getattr(reading, question.field) in (None, ())
            assert question.field not in reading.missing


@given(
    locale=st.sampled_from(["en", "de", "es", "ru"]),
    quantity=st.decimals(Decimal("0.01"), Decimal(99_999), places=2),
    price=st.decimals(Decimal(0), Decimal(9_999_999), places=2),
    item=ITEMS,
    day=st.dates(TODAY, TODAY + timedelta(days=700)),
    names=st.lists(NAMES, min_size=3, max_size=3, unique=True),
    currency=st.sampled_from(["EUR", "USD", "CHF", "RUB"]),
    unit=st.sampled_from([("x", "pcs"), ("kg", "kg"), (" ×", "pcs"), (" kg", "kg")]),
    order=st.permutations(range(4)),
)
@examples(300)
def test_request_written_out_reads_back_the_same(
    locale: str,
    quantity: Decimal,
    price: Decimal,
    item: str,
    day: date,
    names: list[str],
    currency: str,
    unit: tuple[str, str],
    order: list[int],
) -> None:
    needed, cost, vendor, place, note = WORDS_OF[locale]
    shown_day = format_date(day, "d. MMMM y" if locale == "de" else "d MMMM y", locale=locale)
    clauses = [f"{needed} {shown_day}", f"{cost} {names[0]}", f"{vendor} {names[1]}", f"{place} {names[2]}"]
    told = " ".join(clauses[place] for place in order)
    number = format_decimal(quantity, locale=Locale(locale), group_separator=False)
    amount = format_decimal(price, "#,##0.00", locale=Locale(locale))
    text = f"{number}{unit[0]} {item} @{amount} {currency} {told} #tag {note} as said"
    reading = parse_request(text, locale=locale, today=TODAY, currency=None)
    line = reading.lines[0]
    assert (line.quantity, line.unit, line.description, line.unit_price) == (quantity, unit[1], item, price)
    assert (reading.needed_by, reading.currency) == (day, currency)
    assert [reading.cost_centre, reading.vendor, reading.place] == names
    assert (reading.note, reading.tags) == ("as said", ("tag",))
    assert (reading.unread, reading.missing, reading.ambiguous) == ((), (), ())


@given(
    locale=st.sampled_from(["en", "de", "es", "ru"]),
    prices=st.lists(st.decimals(Decimal(0), Decimal(999_999), places=2), min_size=1, max_size=8),
    days=st.integers(1, 300),
)
@examples(150)
def test_quote_written_out_reads_back_the_same(locale: str, prices: list[Decimal], days: int) -> None:
    shown = [format_decimal(price, "#,##0.00", locale=Locale(locale)) for price in prices]
    text = "; ".join(f"{number}: {amount} {days}d" for number, amount in enumerate(shown, start=1))
    reading = parse_quote(text, locale=locale, today=TODAY, lines=len(prices))
    assert [line.unit_price for line in reading.lines] == prices
    assert {line.lead_time_days for line in reading.lines} == {days}
    assert (reading.unread, reading.ambiguous) == ((), ())


def test_the_worst_texts_of_full_length_take_no_longer_than_their_length() -> None:
    worst = [
        "1 222 " * 650,
        "@ " * 2000,
        "for " * 1000,
        "a;" * 2000,
        "3x " * 1300,
        "1," * 2000,
        "note: " * 660,
        "a and " * 660,
        "3 a, " * 800,
    ]
    worst += [
        "x 3 " * 1000,
        "@1,200 " * 570,
        "Dec " * 1000,
        "," * 4000,
        "9" * 4000,
        "1.2," * 1000,
        "в 3 " * 1000,
    ]
    for text, locale in zip(worst, itertools.cycle(("en", "de", "ru")), strict=False):
        assert any(_grows_evenly(text, locale) for _ in range(2)), text[:20]


def _grows_evenly(text: str, locale: str) -> bool:
    """Whether all of a text takes no more than three times as long as its half, give or take what a machine adds."""
    half, whole = (_cost(text[:length], locale) for length in (2000, 4000))
    return whole < 3 * half + 0.2


def _cost(text: str, locale: str) -> float:
    """Seconds of CPU, so that a busy machine does not matter."""
    begun = time.process_time()
    parse_request(text, locale=locale, today=TODAY, currency="EUR")
    parse_quote(text, locale=locale, today=TODAY, lines=9)
    return time.process_time() - begun
