"""A wrong value is told by its field and its limit, in every language, and never in a library's own words."""

from typing import get_args

import pytest
from pydantic_core.core_schema import ErrorType

from api.text import SUPPORTED, field_name, value_problem

LIMITS = {"min_length": 3, "max_length": 300, "gt": 0, "ge": 0, "lt": 9, "le": 9, "expected": "'a' or 'b'"}


@pytest.mark.parametrize("locale", SUPPORTED)
def test_no_error_of_the_library_reaches_a_person(locale: str) -> None:
    raw = "the library's own words"
    kinds = get_args(ErrorType)
    assert len(kinds) > 50
    assert [kind for kind in kinds if value_problem(kind, LIMITS, raw, locale) == raw] == []


@pytest.mark.parametrize(
    ("locale", "told"),
    [
        ("en", "can have at most 300 characters"),
        ("de", "darf höchstens 300 Zeichen haben"),
        ("es", "puede tener como máximo 300 caracteres"),
        ("ru", "может содержать не больше 300 символов"),
        ("ar", "لا يمكن أن يزيد على \u2068300\u2069 حرف"),
    ],
)
def test_the_limit_is_told(locale: str, told: str) -> None:
    assert value_problem("string_too_long", {"max_length": 300}, "", locale) == told


@pytest.mark.parametrize(
    ("pointer", "locale", "told"),
    [
        ("/lines/0/description", "en", "line 1, description"),
        ("/lines/11/quantity", "de", "Position 12, Menge"),
        ("/lines/0/unit_price", "es", "línea 1, precio unitario"),
        ("/needed_by", "ru", "нужная дата"),
        ("/vendor_ids/1", "en", "vendors, 2"),
        ("/something_new", "en", "something new"),
    ],
)
def test_a_field_has_a_name_and_lines_count_from_one(pointer: str, locale: str, told: str) -> None:
    assert field_name(pointer, locale) == told


def test_a_code_that_only_programs_meet_keeps_its_own_words() -> None:
    assert value_problem("no.such_code", {}, "this cursor is not ours", "de") == "this cursor is not ours"
