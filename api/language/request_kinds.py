"""What says of which kind an item is: colours, sizes, materials, makes, and what it has.

One rule: such words name nothing that could be bought by itself, so that a comma before them begins no other item.
"""

import re
from collections.abc import Sequence

from babel.core import Locale

from api.language.amounts import TIMES_SIGNS, unit_at
from api.language.inflections import is_form_of
from api.language.request_cursor import APART
from api.language.tokenizer import Token
from api.language.vocabulary import language_of, vocabulary

MAX_CODE = 4
"""So many capitals may be a size or a kind: ``XL``, ``HDMI``."""
MAX_KIND_WORDS = 4
MIN_MODEL_DIGITS = 3
CAPITAL_UNITS = frozenset({"L", "KG", "Kg", "T"})
"""Behind a number, where no item follows: ``cooking oil 20 L``."""
COUNT = re.compile(r"\(?[x×х*]?(\d+(?:[.,]\d+)?)[x×х*]?\)?[.:;!?]?", re.IGNORECASE)
_HYPHENED = re.compile(r"[a-z]{2,}-[a-z]{2,}")
_SIZE = re.compile(r"X{0,4}[SML]")


def is_size(words: Sequence[Token], locale: Locale) -> bool:
    """``10 L, 10 XL``, ``2 black``: what kind, without saying of what."""
    vocab = vocabulary(language_of(locale))
    first = _attribute_at(words, 0, locale) or vocab.words["size"].at(words, 0)
    sized = first is not None or _SIZE.fullmatch(words[0].raw) is not None or words[0].raw[0].isdigit()
    head = next((at for at, token in enumerate(words) if token.raw in APART), len(words))
    return sized and is_attribute(words[:head], locale)


def is_attribute(part: Sequence[Token], locale: Locale) -> bool:
    """``pens, blue`` and ``whiteboards, 120 x 90 cm``: colours, materials and sizes, and no other word."""
    at = 0
    while at < len(part):
        after = _described_to(part, at, locale)
        if after is None:
            return False
        at = after
    return True


def is_pronoun(words: Sequence[Token], locale: Locale) -> bool:
    """``it``, ``new one``: words that only stand for what was named elsewhere."""
    found = vocabulary(language_of(locale)).words["pronouns"].at(words, 0)
    return found is not None and (found[1] == len(words) or not words[found[1]].raw[0].isalnum())


def says_kind(words: Sequence[Token], locale: Locale) -> bool:
    """``160x80 cm, oak top``, ``Black one.``: it begins with a colour or a size, and counts nothing."""
    if not words:
        return False
    numbered = words[0].raw[0].isdigit()
    begun = words[: 2 if numbered else 1]
    named = numbered or is_form_of(words[0].word, "colours", language_of(locale))
    counts = any(
        token.raw[0].isdigit()
        and not (_measures(words, at, locale) or (at and _measures(words, at - 1, locale)))
        for at, token in enumerate(words)
    )
    return named and not counts and is_coloured_or_sized(begun, locale)


def is_coloured_or_sized(part: Sequence[Token], locale: Locale) -> bool:
    """``blue``, ``160 x 80 cm``: what is certainly said of the goods, and not of where they go."""
    vocab, language = vocabulary(language_of(locale)), language_of(locale)
    return all(
        is_form_of(token.word, "colours", language)
        or vocab.words["size"].at(part, at) is not None
        or vocab.dimensions.at(part, at) is not None
        or _measures(part, at, locale)
        for at, token in enumerate(part)
    )


def _attribute_at(words: Sequence[Token], at: int, locale: Locale) -> tuple[str, int] | None:
    """A colour, a material, a shape, in whatever form: ``schwarze``, ``noires``."""
    language = language_of(locale)
    found = vocabulary(language).words["attributes"].at(words, at)
    if (
        found is None
        and at < len(words)
        and words[at].raw[0].islower()
        and (is_form_of(words[at].word, "attributes", language))
    ):
        return "attributes", at + 1
    return found


def is_kind(words: Sequence[Token], begun: int, end: int, locale: Locale) -> bool:
    """``printer, Zebra ZD421``, ``soap, without scent``, ``beans, dark roast``: a make, what it has, what kind."""
    part = words[begun:end]
    if not 0 < len(part) <= MAX_KIND_WORDS or _counts_something(part, locale):
        return False
    vocab = vocabulary(language_of(locale))
    if vocab.words["preferred"].at(part, 0) is not None:
        return True
    if vocab.words["having"].at(part, 0) is not None:
        return len(part) > 1
    plain = [token.raw.strip("().") for token in part]
    coded = any(any(char.isdigit() for char in raw) and raw[0].isalpha() for raw in plain)
    small = locale.language != "de" and all(
        token.raw[0].islower() or not token.raw[0].isalpha() for token in words[:2]
    )
    if part[0].raw[0].isupper() and (coded or small):
        return True
    described = _attribute_at(part, 0, locale) is not None and len(part) > 1
    hyphened = len(part) == 1 and _HYPHENED.fullmatch(plain[0]) is not None
    return (described or hyphened) and not plain[-1].endswith("s")


def _counts_something(part: Sequence[Token], locale: Locale) -> bool:
    """A number that measures nothing and is no part of a model's name."""
    return any(
        (
            COUNT.fullmatch(token.raw) is not None
            or vocabulary(language_of(locale)).counts.at(part, at) is not None
        )
        and not _measures(part, at, locale)
        and not (at and part[at - 1].raw[0].isupper() and len(token.raw) >= MIN_MODEL_DIGITS)
        for at, token in enumerate(part)
    )


def _described_to(words: Sequence[Token], at: int, locale: Locale) -> int | None:
    """The end of words that say what kind, and name nothing; None where another word stands."""
    vocab = vocabulary(language_of(locale))
    found = _attribute_at(words, at, locale) or vocab.words["size"].at(words, at)
    found = found or vocab.dimensions.at(words, at)
    if found is not None:
        return found[1]
    label = vocab.quote.at(words, at)
    chosen = label is not None and "other" in label[0].split("/")
    return at + 1 if chosen or _measures(words, at, locale) else None


def _measures(words: Sequence[Token], at: int, locale: Locale) -> bool:
    """A size, or a code of one: ``XL``, ``90``, ``cm``."""
    vocab = vocabulary(language_of(locale))
    raw = words[at].raw.strip("().")
    if raw.isdigit():
        sized = at > 0 and vocab.words["size"].at(words, at - 1) is not None
        times = at + 1 < len(words) and is_times(words[at + 1])
        measured = unit_at(words, at + 1, locale) or vocab.dimensions.at(words, at + 1)
        coded = at + 1 < len(words) and words[at + 1].raw in CAPITAL_UNITS
        return sized or times or coded or measured is not None
    code = len(raw) <= MAX_CODE and raw.isupper() and raw.isascii()
    unit = at > 0 and words[at - 1].raw[-1].isdigit() and unit_at(words, at, locale) is not None
    return code or unit or is_times(words[at]) or any(char.isdigit() for char in raw)


def is_times(token: Token) -> bool:
    raw = token.raw.rstrip(".,;:")
    return raw[:1].casefold() in TIMES_SIGNS and (len(raw) == 1 or raw[1:].isdigit())
