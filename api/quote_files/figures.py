"""The numbers of a vendor's file: each read with a decimal comma and with a decimal point.

One rule: which of the two is right is not assumed: arithmetic shows it, or the file's other numbers, or the vendor.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from babel.core import Locale

from api.language.amounts import HUNDREDTH, currency_named
from api.language.language_tags import locale_for
from api.language.numbers import read_number
from api.language.readings import Ambiguous
from api.language.tokenizer import clean, tokenize
from api.language.vocabulary import LANGUAGES

NEUTRAL = Locale("fr")
"""Groups by spaces, so that neither ``.`` nor ``,`` is known to group: both readings are kept."""
COMMA, POINT = ",", "."
_NUMBER = re.compile(
    r"(?P<before>[^\d]{0,8}?)(?P<minus>[-−–]?)(?P<digits>\d[\d.,’'٬٫ \u00a0\u202f]*)(?P<after>.{0,12})"
)
_APOSTROPHES = re.compile(r"(?<=\d)['‘ʼ′`´](?=\d{3})")
"""That group thousands, whichever of them a program puts there."""
_CODE = re.compile(r"[A-Z]{3}|[^\w\s]{1,2}")
_WORDS = frozenset(
    {"ALL", "BAM", "BOB", "COP", "CUP", "GEL", "MAD", "MOP", "PEN", "RON", "SOS", "TOP", "TRY"}
)
"""Codes that are words or names when a line is written in capitals."""
_DASH = re.compile(r"^[.,]?[-–—]{1,2}")


@dataclass(frozen=True)
class WrittenNumber:
    """A number as it is written, with what it is in each convention; ``currency``: as ``currency_in`` says."""

    text: str
    readings: tuple[Decimal, ...]
    currency: str = ""
    percent: bool = False

    def by(self, convention: str) -> tuple[Decimal, ...]:
        """What it is when the file's decimal sign is known; every reading when that does not tell."""
        if len(self.readings) < 2 or convention not in (COMMA, POINT):
            return self.readings
        grouped, fraction = max(self.readings), min(self.readings)
        sign = COMMA if COMMA in self.text else POINT
        return (fraction if sign == convention else grouped,)


def figure(text: str) -> WrittenNumber | None:
    """A number with no more than a currency or a percent sign beside it; None for anything else."""
    written = _APOSTROPHES.sub("’", clean(text).strip())
    found = _NUMBER.fullmatch(written) if len(written) <= 40 else None
    if found is None:
        return None
    before, digits, after = found["before"].strip(), found["digits"].strip(), found["after"].strip()
    after = _DASH.sub("", after).strip()
    percent = after == "%" or before == "%"
    signs = [each for each in (before, after) if each and each != "%"]
    currencies = {currency_in(each) for each in signs}
    if "" in currencies or len(currencies) > 1 or (percent and signs):
        return None
    readings = _readings(digits)
    if not readings:
        return None
    if found["minus"]:
        readings = tuple(-each for each in readings)
    return WrittenNumber(digits, readings, next(iter(currencies), ""), percent)


def exact(value: Decimal | int, text: str = "") -> WrittenNumber:
    """A number that a workbook holds as such: it has one meaning already."""
    return WrittenNumber(text or f"{value:f}", (Decimal(value),))


def _readings(digits: str) -> tuple[Decimal, ...]:
    reading = read_number(digits, NEUTRAL)
    if isinstance(reading, Decimal):
        return (reading,)
    return tuple(map(Decimal, reading.readings)) if isinstance(reading, Ambiguous) else ()


@lru_cache(maxsize=4096)
def currency_in(text: str) -> str:
    """The code of a currency's sign, name or code, or the sign itself where several have it, as ``$`` and ``kr``.

    Empty for what names no currency.
    """
    sign = clean(text).strip("()[]/ ")
    tokens = tokenize(sign)
    if not tokens or len(tokens) > 2 or sign.isdigit():
        return ""
    found = [currency_named(tokens, 0, locale_for(each), None) for each in LANGUAGES]
    named = [each[0] for each in found if each is not None and each[1] == len(tokens)]
    codes = {each for each in named if isinstance(each, str) and each != HUNDREDTH}
    unclear = len(codes) > 1 or any(isinstance(each, Ambiguous) for each in named)
    return sign if unclear else next(iter(codes), "")


def meant(currency: str, asked: str) -> str:
    """The code that a sign stands for where ``asked`` is spoken of: ``$`` is the asked dollar; empty when unclear."""
    if not currency or (len(currency) == 3 and currency.isupper()):
        return currency or asked
    found = [currency_named(tokenize(currency), 0, locale_for(each), asked) for each in LANGUAGES]
    return asked if any(each is not None and each[0] == asked for each in found) else ""


def currency_word(text: str) -> str:
    """The currency of a word that is nothing else: a code in capitals or a sign."""
    bare = text.strip("()[]:,;./")
    return currency_in(bare) if _CODE.fullmatch(bare) else ""


def currencies_said(words: Sequence[str]) -> list[str]:
    """Those that a line names which is no row of the quote: ``All prices in USD``.

    A code that may be a word counts where a line ends with it that is not all in capitals: ``Prices in TRY``.
    """
    found = ((at, currency_word(word)) for at, word in enumerate(words))
    return [code for at, code in found if code and (code not in _WORDS or _ends_with_code(words, at))]


def _ends_with_code(words: Sequence[str], at: int) -> bool:
    before = " ".join(words[:at])
    return at == len(words) - 1 and (before.endswith(":") or before != before.upper() or not before)


def distinct_currencies(named: Iterable[str]) -> list[str]:
    """The currencies among these; a sign beside the code that it may stand for is the same."""
    found = sorted({each for each in named if each})
    codes = [each for each in found if meant(each, "") == each]
    return [each for each in found if each in codes or not any(meant(each, code) for code in codes)]


def convention_of(figures: Iterable[WrittenNumber]) -> str:
    """The decimal sign of a file, as its numbers with one reading show it; empty when they show none, or both."""
    shown = {sign for each in figures if (sign := _decimal_sign(each))}
    return shown.pop() if len(shown) == 1 else ""


def _decimal_sign(number: WrittenNumber) -> str:
    signs = [sign for sign in number.text if sign in ".,٬٫"]
    if len(number.readings) != 1 or not signs:
        return ""
    if len(set(signs)) == 1 and len(signs) > 1:
        return POINT if signs[0] == COMMA else COMMA
    return COMMA if signs[-1] in (COMMA, "٫") else POINT
