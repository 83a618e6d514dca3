"""Every example that a sentence gives, typed back in that language, is read without a question."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest

from api.language import (
    Amount,
    Quantity,
    QuoteAnswer,
    QuoteReading,
    RequestReading,
    parse_amount,
    parse_date,
    parse_quantity,
    parse_quote,
    parse_request,
)
from api.text import SUPPORTED, fill_commands, translate
from api.text.catalogues import read
from api.text.locales import FIRST_STRONG_ISOLATE, POP_ISOLATE
from tests.api.language.phrasings import FIRST, FRIDAY, TODAY, TWO_WEEKS
from tests.api.text.test_catalogues import CATALOGUES

QUOTE = re.compile(r"\d: .*?(?= – |$)")


def sentences(locale: str) -> Iterator[str]:
    """Every sentence as it is sent, a line at a time, direction marks included."""
    for message in read(locale):
        if message.id and not message.pluralizable and not re.search(r"\{\w+\}", str(message.string)):
            yield from fill_commands(translate(str(message.id), locale)).splitlines()


def example(key: str, locale: str) -> str:
    """What stands behind the last colon of a prompt."""
    return CATALOGUES[locale][key][0].rpartition(":")[2].strip()


def requested(text: str, locale: str) -> RequestReading:
    return parse_request(text, locale=locale, today=TODAY, currency="USD", cost_centres=["IT"])


def quoted(text: str, locale: str, lines: int, line: int | None = None) -> QuoteReading:
    return parse_quote(text, locale=locale, today=TODAY, lines=lines, line=line, currency="USD")


@pytest.mark.parametrize("locale", SUPPORTED)
def test_request_examples(locale: str) -> None:
    found = [
        line.partition("/request ")[2].partition(" – ")[0]
        for line in sentences(locale)
        if "/request " in line
    ]
    found = [text for text in found if "@" in text]
    assert len(found) == 3
    for text in found:
        reading = requested(text, locale)
        line = reading.lines[0]
        assert (line.quantity, line.unit_price, reading.needed_by) == (Decimal(3), Decimal(1200), FIRST), text
        assert (reading.unread, reading.ambiguous) == ((), ())
        assert line.description
        assert not re.search("[⁨⁩]", line.description)
        assert (reading.cost_centre == "IT") is ("IT" in text)


@pytest.mark.parametrize("locale", SUPPORTED)
def test_prompts_of_the_request_form(locale: str) -> None:
    for key in ("forms.request.item", "forms.request.no_item"):
        line = requested(example(key, locale), locale).lines[0]
        assert (line.quantity, line.description[-9:]) == (Decimal(3), "Dell 5440")
    days = re.split("[,،] ?", example("forms.request.needed_by", locale).split("؛")[0])
    assert [parse_date(day, locale, TODAY) for day in days] == [FIRST, FRIDAY, TWO_WEEKS]
    price = re.search(r"\d[\d.,]*", CATALOGUES[locale]["forms.request.price"][0])
    assert price is not None
    assert parse_amount(price.group(), locale) == Amount(value=Decimal(1200))
    quantity = re.search(r"\d[.,]\d \w+", CATALOGUES[locale]["forms.request.quantity"][0])
    assert quantity is not None
    assert parse_quantity(quantity.group(), locale) == Quantity(value=Decimal("2.5"), unit="kg")


@pytest.mark.parametrize("locale", SUPPORTED)
def test_whole_quotes(locale: str) -> None:
    found = [match.group() for line in sentences(locale) for match in QUOTE.finditer(line) if ";" in line]
    assert len(found) == 2
    for text in found:
        reading = quoted(text, locale, lines=3)
        assert [line.unit_price for line in reading.lines] == [1180, 45, None], text
        assert [line.lead_time_days for line in reading.lines] == [10, 3, None]
        assert reading.lines[2].answer is QuoteAnswer.no_bid
        assert (reading.unread, reading.ambiguous) == ((), ())


@pytest.mark.parametrize("locale", SUPPORTED)
def test_prompts_of_the_quote_form(locale: str) -> None:
    prompt = CATALOGUES[locale]["forms.quote.line"][0]
    short = re.search(r"1180 10 ?[^\W\d]+", prompt)
    assert short is not None
    line = quoted(short.group(), locale, 3, 2).lines[0]
    assert (line.line, line.unit_price, line.lead_time_days) == (2, Decimal(1180), 10)
    words = re.findall("[“„«]([^”“»]+)[”“»]", prompt)
    assert [quoted(word, locale, 3, 2).lines[0].answer for word in words] == [
        QuoteAnswer.no_bid,
        QuoteAnswer.same,
    ]
    valid = example("forms.quote.valid_until", locale)
    assert parse_date(valid, locale, TODAY) == date(2027, 6, 30)


@pytest.mark.parametrize("locale", SUPPORTED)
def test_the_day_asked_of_an_officer(locale: str) -> None:
    told = CATALOGUES[locale]["forms.rfq.date"][0].replace("18:00", "")
    day = re.search(r"5\.? [^\W\d]+", told)
    assert day is not None
    assert parse_date(day.group(), locale, TODAY) == date(2026, 12, 5)


def test_direction_marks_of_a_copied_example_are_not_read() -> None:
    copied = f"{FIRST_STRONG_ISOLATE}3x laptop{POP_ISOLATE} {FIRST_STRONG_ISOLATE}@1200{POP_ISOLATE}"
    assert requested(copied, "ar").lines[0].unit_price == 1200
