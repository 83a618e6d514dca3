"""For whom a request is: a name where a person is known, a cost centre where it is one, else words of the item."""

import datetime as dt

import pytest

from api.language import has_name, parse_request, possible_names
from api.language.readings import RequestReading

PEOPLE = ["Rosa Keller", "Роза Келлер", "Max Brandt"]


def read(text: str, locale: str = "en") -> RequestReading:
    return parse_request(
        text, locale=locale, today=dt.date(2026, 3, 2), currency="USD", cost_centres=["IT"], people=PEOPLE
    )


@pytest.mark.parametrize(
    ("text", "locale", "name"),
    [
        ("3x laptop @1200 for IT on behalf of @rosa", "en", "@rosa"),
        ("3x laptop on behalf of Rosa Keller for IT", "en", "Rosa Keller"),
        ("3x laptop for Rosa Keller @1200 for IT", "en", "Rosa Keller"),
        ("3x Laptop für Rosa für IT", "de", "Rosa"),
        ("3x Laptop im Namen von Rosa für IT", "de", "Rosa"),
        ("3x portátil para Rosa para IT", "es", "Rosa"),
        ("3x portátil en nombre de Rosa para IT", "es", "Rosa"),
        ("3x ноутбук от имени Розы для IT", "ru", "Розы"),
        ("3x ноутбук для Розы Келлер для IT", "ru", "Розы Келлер"),
        ("für Rosa Keller 3 Laptops für IT", "de", "Rosa Keller"),
    ],
)
def test_a_person_and_a_cost_centre_are_told_apart(text: str, locale: str, name: str) -> None:
    found = read(text, locale)
    assert (found.on_behalf_of, found.cost_centre) == (name, "IT")
    assert len(found.lines) == 1
    assert len(found.lines[0].description.split()) == 1
    assert found.unread == ()


@pytest.mark.parametrize(
    ("text", "locale", "name", "clause"),
    [
        ("3x laptop on behalf of Zoe for IT", "en", "Zoe", "on behalf of Zoe"),
        ("on behalf of Zoe 3 laptops for IT", "en", "Zoe", "on behalf of Zoe"),
        (
            "1x domain in the name of Northwind Trade and Goods GmbH @20 for IT",
            "en",
            "Northwind Trade and",
            "in the name of Northwind Trade and Goods GmbH",
        ),
        ("1 Schild im Namen von Nordwind für IT", "de", "Nordwind", "im Namen von Nordwind"),
        ("1 домен от имени компании для IT", "ru", "компании", "от имени компании"),
        ("1 لافتة باسم الشركة", "ar", "الشركة", "باسم الشركة"),
    ],
)
def test_a_name_that_nobody_has_is_asked_about_and_its_clause_is_kept(
    text: str, locale: str, name: str, clause: str
) -> None:
    found = read(text, locale)
    assert (found.on_behalf_of, found.unread) == (name, (clause,))
    assert len(found.lines[0].description.split()) == 1


@pytest.mark.parametrize(
    ("text", "locale", "item", "limit"),
    [
        ("3x Laptop für max. 1200 EUR", "de", "Laptop", "für max. 1200 EUR"),
        ("3x Laptop für Max. 1200 EUR", "de", "Laptop", "für Max. 1200 EUR"),
        ("3x laptop for max 1200 USD", "en", "laptop", "for max 1200 USD"),
        ("3x laptop for max EUR 1200", "en", "laptop", "for max EUR 1200"),
        ("3x laptop for max $1200 for IT", "en", "laptop", "for max $1200"),
        ("10x bag for max 5 kg", "en", "bag for max 5 kg", None),
    ],
)
def test_a_limit_is_nobody_and_no_word_of_the_item_that_vendors_see(
    text: str, locale: str, item: str, limit: str | None
) -> None:
    found = read(text, locale)
    unread = (limit,) if limit else ()
    assert (found.on_behalf_of, found.lines[0].description, found.unread) == (None, item, unread)


@pytest.mark.parametrize(
    "text", ["3x laptop for max for IT", "for Max 3 laptops for IT", "on behalf of max 3 laptops for IT"]
)
def test_max_without_an_amount_is_max(text: str) -> None:
    assert (read(text).on_behalf_of or "").casefold() == "max"


@pytest.mark.parametrize("text", ["3 lids for the big kettle for IT", "3 mounts for Thule for IT"])
def test_what_is_no_name_of_anybody_stays_in_the_item(text: str) -> None:
    found = read(text)
    assert found.on_behalf_of is None
    (item,) = [found.lines[0].description, *(each.readings[0] for each in found.ambiguous)][-1:]
    assert "for" in item


def test_whom_an_item_is_for_is_no_part_of_it_and_is_quoted_back() -> None:
    found = read("3 mounts for Zoe for IT")
    assert (found.on_behalf_of, found.lines[0].description, found.unread) == (None, "mounts", ("for Zoe",))


def test_who_may_be_meant_is_looked_up_by_the_first_word() -> None:
    assert possible_names("3x laptop for IT on behalf of @rosa.keller", "en") == ("IT", "rosa keller")
    assert possible_names("3x ноутбук для Розы", "ru") == ("Роз",)
    assert possible_names("3x laptop", "en") == ()


def test_a_name_fits_by_its_words_and_russian_ones_in_every_case() -> None:
    assert has_name("Rosa Keller", "@rosa.keller")
    assert has_name("Роза Келлер", "розой")
    assert not has_name("Rosa Keller", "Rosa Lindt")
    assert not has_name("Rosa Keller", "")
