"""Whole units are whole however they are written."""

import tomllib
from decimal import Decimal

import pytest

from api.language.vocabulary import FOLDER
from core.kernel.whole_units import divides, is_whole

WHOLE_CODES = ("pcs", "pair", "set", "license")


PIECES = sorted(
    word.strip()
    for path in FOLDER.glob("*.toml")
    for code, words in tomllib.loads(path.read_text(encoding="utf-8"))["units"].items()
    if code in WHOLE_CODES
    for word in words.split("|")
)


@pytest.mark.parametrize("word", PIECES)
def test_every_word_that_the_chat_reads_as_pieces_is_whole_for_the_api_too(word: str) -> None:
    assert is_whole(word)


@pytest.mark.parametrize("unit", ["Stück", "STK.", "шт.", " pcs ", "Each", "قطعة", "EA"])
def test_part_of_a_piece_is_none(unit: str) -> None:
    assert divides(Decimal("3.4"), unit)
    assert not divides(Decimal("3.000"), unit)


@pytest.mark.parametrize("unit", ["kg", "m", "hour", "л", "Tag", "stone"])
def test_what_is_measured_may_be_divided(unit: str) -> None:
    assert not divides(Decimal("3.4"), unit)
