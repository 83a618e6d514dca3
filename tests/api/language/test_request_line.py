"""The request line: what people type in four languages, and what must be asked back."""

from decimal import Decimal

import pytest

from api.language import ParseIssue, RequestReading, parse_request
from tests.api.language.phrasings import PHRASINGS, TODAY, RequestPhrasing


def read(text: str, locale: str = "en", **more: object) -> RequestReading:
    return parse_request(text, locale=locale, today=TODAY, currency="USD", **more)  # type: ignore[arg-type]


def question(reading: RequestReading, field: str) -> tuple[str, ...]:
    return next(each.readings for each in reading.ambiguous if each.field == field)


@pytest.mark.parametrize("said", PHRASINGS, ids=str)
def test_phrasing_gives_its_fields(said: RequestPhrasing) -> None:
    reading = read(said.text, said.locale)
    line = reading.lines[0]
    assert (line.quantity, line.unit, line.description, line.unit_price) == said.shown_line()
    assert reading.needed_by == said.needed_by
    assert reading.cost_centre == said.cost_centre
    assert reading.currency == said.currency
    assert (reading.vendor, reading.place, reading.note) == (said.vendor, said.place, said.note)
    assert (reading.tags, reading.unread, reading.ambiguous) == (said.tags, said.unread, ())
    assert len(reading.lines) == 1


def test_there_are_sixty_phrasings_over_four_languages() -> None:
    assert len(PHRASINGS) == 68
    assert {each.locale[:2] for each in PHRASINGS} >= {"en", "de", "es", "ru"}


@pytest.mark.parametrize("locale", ["en", "en_US", "en_GB", "de", "ru"])
def test_slashed_date_outside_the_locale_is_asked_and_not_stored(locale: str) -> None:
    reading = read("3x laptop needed 12/01/2026 for IT", locale)
    assert reading.needed_by is None
    assert question(reading, "needed_by") == ("2026-01-12", "2026-12-01")
    assert "needed_by" not in reading.missing


@pytest.mark.parametrize("locale", ["de", "es", "ru", "de_CH"])
def test_thousand_sign_of_another_locale_is_asked_and_not_stored(locale: str) -> None:
    reading = read("3x laptop @1,200 for IT", locale)
    assert reading.lines[0].unit_price is None
    assert question(reading, "unit_price") == ("1200", "1.2")
    assert reading.ambiguous[0].line == 1


def test_ambiguous_quantity_is_asked_for_its_own_line() -> None:
    reading = read("2 chairs; 1.200 kg sugar for HR by 1 Dec")
    assert [line.quantity for line in reading.lines] == [2, None]
    assert [(each.field, each.line, each.readings) for each in reading.ambiguous] == [
        ("quantity", 2, ("1200", "1.2"))
    ]
    assert reading.missing == ()


def test_several_lines_share_clauses_from_any_line() -> None:
    reading = read("3x laptop @1200\n2 x dock @ 95; needed 1 Dec for IT")
    assert [(line.quantity, line.description) for line in reading.lines] == [
        (Decimal(3), "laptop"),
        (Decimal(2), "dock"),
    ]
    assert reading.cost_centre == "IT"
    assert reading.needed_by is not None


def test_contradicting_clauses_are_asked() -> None:
    reading = read("3x laptop for IT; 2x dock for HR")
    assert reading.cost_centre is None
    assert question(reading, "cost_centre") == ("IT", "HR")


def test_two_currencies_are_asked() -> None:
    reading = read("3x laptop @1200 EUR; 2x dock @95 CHF")
    assert reading.currency is None
    assert question(reading, "currency") == ("EUR", "CHF")


def test_dollar_sign_alone_is_asked_when_no_dollar_is_spoken_of() -> None:
    reading = parse_request("3x laptop @$1200", locale="de", today=TODAY, currency="EUR")
    assert reading.currency is None
    assert question(reading, "currency")[0] == "USD"


def test_known_cost_centres_keep_for_inside_the_item() -> None:
    reading = read("3x case for iPhone for IT", cost_centres=["IT", "HR"])
    assert reading.lines[0].description == "case for iPhone"
    assert reading.cost_centre == "IT"


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("", ("item", "quantity", "needed_by", "cost_centre")),
        ("laptop", ("quantity", "needed_by", "cost_centre")),
        ("3 boxes", ("item", "needed_by", "cost_centre")),
        ("3 laptops by 1 Dec", ("cost_centre",)),
        ("3 laptops for IT", ("needed_by",)),
        ("3 laptops for IT by 1 Dec", ()),
    ],
)
def test_what_was_not_said_is_missing(text: str, missing: tuple[str, ...]) -> None:
    assert read(text).missing == missing


@pytest.mark.parametrize(
    "text", ["-3 laptops", "0 laptops", f"{'9' * 40} laptops", "1e308 laptops @NaN", "3 laptops @-5"]
)
def test_bad_numbers_are_never_stored(text: str) -> None:
    reading = read(text)
    line = reading.lines[0]
    assert line.quantity is None or line.unit_price is None
    assert line.unit_price is None
    assert reading.unread or line.quantity is None


def test_day_that_does_not_exist_is_quoted_back() -> None:
    reading = read("3 laptops needed 31 Feb for IT")
    assert reading.unread == ("needed 31 Feb",)
    assert "needed_by" in reading.missing


def test_long_text_is_refused_whole() -> None:
    reading = read("laptop " * 1000)
    assert reading.refused is not None
    assert reading.refused.why is ParseIssue.too_long
    assert reading.lines == ()


def test_hidden_and_control_signs_are_removed() -> None:
    reading = read("3x \u202elap\u200btop\u2069\x00 @1200 for\x07 IT")
    assert reading.lines[0].description == "laptop"
    assert reading.cost_centre == "IT"


@pytest.mark.parametrize("day", ["Monday", "next Friday", "next week", "December"])
def test_loose_days_are_asked(day: str) -> None:
    reading = read(f"3 laptops by {day} for IT")
    assert reading.needed_by is None
    assert len(question(reading, "needed_by")) == 2
