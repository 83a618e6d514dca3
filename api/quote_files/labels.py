"""The words by which a vendor's file is told apart: what a column is, and which rows are no lines of the quote.

One rule: a label is a known phrase with nothing beside it but a currency, a unit or a word that names neither.

``words.toml`` has the phrases of all eleven languages together, because nobody says in which one a file is written:

    heads     of a column: the line's number, the item, the price of one, what a line comes to, ...
    rows      that are no lines: totals, VAT, freight, what was carried over; and the mark of an alternative
    beside    words that may stand beside a head (``net``, ``per piece``) and those that say that VAT is in a price
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from api.language.tokenizer import Phrases, Token, clean, tokenize
from api.language.vocabulary import LANGUAGES, phrases_of, vocabulary
from api.quote_files.figures import currency_in
from api.quote_files.written_units import span_unit

WORDS = Path(__file__).parent / "words.toml"
_BASIS = re.compile(r"\b(10|100|1000|1[.,’ ]000)\b")
_APART = re.compile(r"[()\[\]/:]+")
_NO_VAT = frozenset(
    {"without", "excl", "ohne", "sin", "hors", "ht", "без", "senza", "bez", "sem", "haric", "ex"}
)


@dataclass(frozen=True)
class Head:
    """What a column holds; ``per``: for how many the price is; ``unit``: in what it counts, as it is written.

    ``percent``: whether it says so.
    """

    kind: str
    currency: str = ""
    per: int = 1
    unit: str = ""
    percent: bool = False


@cache
def _tables() -> Mapping[str, Mapping[str, str]]:
    with WORDS.open("rb") as file:
        return tomllib.load(file)


@cache
def _phrases(table: str) -> Phrases[str]:
    kinds = _tables()[table]
    pairs = ((each, kind) for kind, phrases in kinds.items() for each in phrases_of(_APART.sub(" ", phrases)))
    return Phrases(dict(pairs))


@cache
def _beside(kind: str) -> frozenset[str]:
    return frozenset(phrases_of(_tables()["beside"][kind]))


def _tokens(text: str) -> list[Token]:
    return tokenize(_APART.sub(" ", clean(text).replace("\n", " ").replace("|", " ")))


@lru_cache(maxsize=4096)
def head_of(text: str) -> Head | None:
    """What a column with this head holds; None when it is no head that is known."""
    tokens = _tokens(text)[:12]
    if not tokens:
        return None
    found = _phrases("heads").at(tokens, 0)
    if found is None:
        return None
    kind, after = found
    rest = tokens[after:]
    currency = next((code for token in rest if (code := currency_in(token.raw))), "")
    unknown = [each for each in rest if not (_is_beside(each) or currency_in(each.raw))]
    if unknown:
        return None
    words = {each.word for each in tokens}
    if kind in ("price", "amount") and words & _beside("gross") and not words & _NO_VAT:
        kind = {"price": "gross", "amount": "gross_amount"}[kind]
    basis = _BASIS.search(" ".join(token.raw for token in rest))
    unit = span_unit(text) if kind == "days" else next((each.raw for each in rest if _is_unit(each)), "")
    return Head(kind, currency, int(re.sub(r"\D", "", basis[1])) if basis else 1, unit, "%" in text)


def _is_unit(token: Token) -> bool:
    return any(vocabulary(each).units.at([token], 0) is not None for each in LANGUAGES)


def _is_beside(token: Token) -> bool:
    return (
        token.word in _beside("words")
        or token.word in _beside("gross")
        or token.word.strip("%.,-") == ""
        or _BASIS.fullmatch(token.raw) is not None
        or _is_unit(token)
        or bool(span_unit(token.raw))
    )


def head_at(words: Sequence[str], index: int) -> tuple[str, int] | None:
    """The kind of the head that begins at this word of a printed line, and the position after it."""
    return _phrases("heads").at(_as_tokens(words), index)


def _as_tokens(words: Sequence[str]) -> list[Token]:
    return [found[0] if len(found := _tokens(word)) == 1 else Token(word, word) for word in words]


def row_kind(text: str, *, counted: bool = False) -> str:
    """``total``, ``vat``, ``shipping``, ...: why a row that says this is no line of the quote; empty for a line.

    ``counted``: it has a quantity and a price as lines have, so that its words must say nothing else than that.
    """
    tokens = [token for token in _tokens(text)[:40] if any(sign.isalpha() for sign in token.raw)]
    found = _phrases("rows").at(tokens, 0)
    if found is None:
        return ""
    kind, after = found
    beside = all(_is_beside(each) or currency_in(each.raw) for each in tokens[after:])
    return (
        kind
        if beside or kind == "alternative" or (kind not in ("shipping", "discount") and not counted)
        else ""
    )


def is_no_bid(text: str) -> bool:
    """``not available``, ``kein Angebot``: the vendor leaves the line out."""
    tokens = tokenize(clean(text))
    if not tokens or len(tokens) > 6 or not any(sign.isalpha() for sign in text):
        return False
    found = (vocabulary(each).answers.at(tokens, 0) for each in LANGUAGES)
    return any(each is not None and each == ("no_bid", len(tokens)) for each in found)
