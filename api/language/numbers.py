"""Numbers as people of a locale write them.

One rule: a number is accepted only when it has exactly one reading.

``1,200`` is 1200 to an American and 1.2 to a German; where the locale does not decide, both readings are
returned. "Ambiguous" in the table means both.

    both separators, ``1.234,50``        the last is the decimal separator
    one separator, several times         groups of three
    the locale's group separator         a thousand when three digits follow, else ambiguous
    the locale's decimal separator       a fraction, but ambiguous when exactly three digits follow
    one that the locale does not use     a fraction, but ambiguous when exactly three digits follow
"""

import re
from collections.abc import Sequence
from decimal import Decimal

from babel.core import Locale

from api.language.readings import Ambiguous, NotUnderstood, ParseIssue
from api.language.tokenizer import Token

MAX_INTEGER_DIGITS = 12
"""What the API takes, so that nobody confirms a number which it would refuse."""
MAX_FRACTION_DIGITS = 6
MAX_GROUPS = 6
SPACES = " \u00a0\u202f"

NumberReading = Decimal | Ambiguous | NotUnderstood

_DASH_ENDING = re.compile(r"[.,][-–—]+$")
_COMMA_DASH = re.compile(r"(\d{1,3}(?:\.\d{3})+),[-–—]+", re.ASCII)
_GROUP_OF_THREE = re.compile(r"\d{3}(?:[.,]\d{1,2})?", re.ASCII)
_GROUPED = re.compile(r"[1-9]\d{0,2}(?:([.,’])\d{3})(?:\1\d{3})*|[1-9]\d?(?:,\d{2})+,\d{3}")
"""Groups of three with one separator, or the Indian ``1,23,456``."""


def read_number(text: str, locale: Locale) -> NumberReading:
    """A number that is the whole text; never negative, at most 12 digits before the separator and 6 after it."""
    grouped = _COMMA_DASH.fullmatch(text.strip())
    if grouped is not None and _GROUPED.fullmatch(grouped[1]):
        text = grouped[1].replace(".", "")  # ``1.390,-``: the comma is the decimal one
    written = _DASH_ENDING.sub("", text.strip()).replace("٬", "’").replace("٫", _decimal(locale))
    for space in SPACES:
        written = written.replace(space, "’")
    if not written:
        return NotUnderstood(text=text, why=ParseIssue.empty)
    if written[0] in "-−–" and written[1:2].isdigit():
        return NotUnderstood(text=text, why=ParseIssue.negative)
    written = written.removeprefix("+").replace("'", "’").rstrip(".,")
    if not re.fullmatch(r"\d[\d.,’]*", written, re.ASCII) or written.endswith("’"):
        return NotUnderstood(text=text, why=ParseIssue.number)
    return _in_bounds(text, _readings(written, locale))


def _readings(written: str, locale: Locale) -> tuple[Decimal, ...]:
    """Every value that the digits and separators can mean in this locale; none when they are not a number."""
    signs = [char for char in written if char in ".,"]
    if "’" in written:
        return _apostrophes(written, signs)
    if not signs:
        return (Decimal(written),) if len(written) < 60 else (Decimal(10) ** 60,)
    if len(set(signs)) == 2:
        return _both_signs(written)
    if len(signs) > 1:
        return _thousands(written)
    return _one_sign(written, signs[0], locale)


def _apostrophes(written: str, signs: list[str]) -> tuple[Decimal, ...]:
    if len(signs) > 1 or (signs and written.rindex("’") > written.index(signs[0])):
        return ()
    if not signs:
        return _thousands(written)
    whole, _, fraction = written.partition(signs[0])
    return _with_fraction(_thousands(whole), fraction)


def _both_signs(written: str) -> tuple[Decimal, ...]:
    decimal = max(".,", key=written.rfind)
    if written.count(decimal) > 1:
        return ()
    whole, _, fraction = written.partition(decimal)
    return _with_fraction(_thousands(whole), fraction)


def _one_sign(written: str, sign: str, locale: Locale) -> tuple[Decimal, ...]:
    whole, _, fraction = written.partition(sign)
    as_fraction = _with_fraction((Decimal(whole[:60]),), fraction[:60])
    as_thousand = _thousands(written)
    if not as_thousand:
        if sign != _group(locale) or whole.startswith("0"):
            return as_fraction
        return (*as_fraction, Decimal((whole + fraction)[:60]))
    return as_thousand if sign == _group(locale) else (*as_thousand, *as_fraction)


def _thousands(written: str) -> tuple[Decimal, ...]:
    """The value of digits grouped by one separator, or None when the groups are not valid."""
    if written.isdigit():
        return (Decimal(written[:60]),)
    if len(written) > 60 or not _GROUPED.fullmatch(written):
        return ()
    return (Decimal(re.sub(r"\D", "", written)),)


def _with_fraction(wholes: tuple[Decimal, ...], fraction: str) -> tuple[Decimal, ...]:
    return tuple(Decimal(f"{whole:f}.{fraction or '0'}") for whole in wholes)


def _in_bounds(text: str, readings: tuple[Decimal, ...]) -> NumberReading:
    if not readings:
        return NotUnderstood(text=text, why=ParseIssue.number)
    if any(value >= Decimal(10) ** MAX_INTEGER_DIGITS for value in readings):
        return NotUnderstood(text=text, why=ParseIssue.too_large)
    if any(value != round(value, MAX_FRACTION_DIGITS) for value in readings):
        return NotUnderstood(text=text, why=ParseIssue.too_precise)
    if len(set(readings)) > 1:
        return Ambiguous(text=text, readings=tuple(plain(value) for value in readings))
    return readings[0]


def plain(value: Decimal) -> str:
    """``1200``, ``1.2``: how a reading is written, the same in every locale."""
    shown = f"{value:f}"
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


def joined_at(tokens: Sequence[Token], index: int, locale: Locale) -> tuple[str, int]:
    """The word at a position with the groups of three digits that follow: ``1 200,50`` is one number.

    Ordinary spaces join only where the locale groups by spaces: ``3 500 ml bottles`` are three elsewhere.
    """
    text = tokens[index].raw
    index += 1
    last = min(index + MAX_GROUPS, len(tokens))
    by_space = _group(locale) in SPACES
    if not re.fullmatch(r"\D{0,4}[1-9]\d{0,2}", text):
        return text, index
    while index < last and (by_space or tokens[index].hard_space):
        raw = tokens[index].raw
        if not re.match(r"\d{3}(?![\d])", raw):
            break
        text, index = f"{text}’{raw}", index + 1
        if not raw.isdigit():
            break
    return text, index


def spaced_at(tokens: Sequence[Token], index: int, after: int) -> tuple[str, int] | None:
    """Groups separated by spaces in a locale without such groups, ``1 200``: joined, and the position after."""
    text = tokens[index].raw
    if after != index + 1 or not re.fullmatch(r"\D{0,4}[1-9]\d{0,2}", text):
        return None
    while after < min(len(tokens), index + MAX_GROUPS) and _GROUP_OF_THREE.fullmatch(tokens[after].raw):
        text, after = f"{text}’{tokens[after].raw}", after + 1
    return (text, after) if after > index + 1 else None


def split_number(text: str) -> tuple[str, str, str] | None:
    """The text before a word's number, the number, the text after: ``€1.200kg`` → ``€``, ``1.200``, ``kg``."""
    match = re.fullmatch(r"([^\d+\-−–]{0,4})([+\-−–]?\d[\d.,'’٫٬]*[\-–]{0,2})(\D.{0,20})?", text)
    if match is None:
        return None
    before, digits, after = match.group(1), match.group(2), match.group(3) or ""
    return before, digits, after


def _group(locale: Locale) -> str:
    return str(locale.number_symbols["latn"]["group"])


def _decimal(locale: Locale) -> str:
    return str(locale.number_symbols["latn"]["decimal"])
