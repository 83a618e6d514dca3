"""Signs in a part of a quote: set apart as words of their own, and as cuts where a clause begins behind one.

One rule: the words stay as they are; only spaces, bars and times signs are put between them.
"""

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from babel.core import Locale

from api.language.amounts import price_at, unit_at
from api.language.spans import DAYS_OF, glued_span, wide_span_at
from api.language.tokenizer import Token, tokenize
from api.language.vocabulary import language_of, vocabulary

_TIMES = re.compile(r"(?<![^\W\d_])[xX×хХ✕*](?=[ \u00a0]?\d)")
_SLASH = re.compile(r"(?:(?<=\w\w)|(?<=\d)|(?<=[€$£₺₴₽.]))/(?=[^\W\d_])")
_PER_ROUND = re.compile(
    r"((?:[$€£₺₴₽]|[A-Z]{3}) ?[\d.,]+|[\d.,]+ ?(?:[$€£₺₴₽]|[A-Z]{3}))/(?=10{1,3}(?!\w))", re.ASCII
)
"""``$18/100``: for how many a price with its currency is."""
_DOUBLE_SLASH = re.compile(r"\s//+\s")
_APART = re.compile(r"(?<=\S) / (?=[^\W\d_])")
_ARROW = re.compile(r"\s(?:->|=>|→|⇒)\s")
SHORTENED = (
    "inkl",
    "exkl",
    "zzgl",
    "incl",
    "excl",
    "abzgl",
    "evtl",
    "max",
    "min",
    "ref",
    "tel",
    "тел",
    "art",
    "pos",
)
_UNIT_IN_BRACKETS = re.compile(r"\s*\(([^\W\d_]{1,12})\)\s*:?\s*(\d{1,3})(?![\d.,%]*\d)(?!\s*[^\W\d_%€$£])")
_REASON = re.compile(
    r"(?=\s(?:because|weil|parce que|porque|perché|ponieważ|потому что|поскольку|тому що|оскільки|çünkü"
    r"|لأنه|لأنها|لأن)\s)",
    re.IGNORECASE,
)
"""A reason begins another clause: ``6 weeks because it comes from Taiwan``."""
_SENTENCE = re.compile(
    "".join(rf"(?<!\b(?i:{each}))" for each in SHORTENED)
    + r"(?<=[^\W\d_]{3})\.(?=\s+[A-ZÀ-ÖØ-ÞĀ-ŽА-ЯЁЄІЇҐ]['’]?[^\W\d_])",
)
"""A point behind a word that is not shortened, before another sentence."""
_COLON = re.compile(r"(?<=[^\W\d_]):(?=\S)|(?<=\d):(?=\s)")
_HYPHEN = re.compile(r"(?<=\d)-(?=[^\W\d_]{3})|(?<=[a-z])-(?=(?:day|week|month)s?\b)")
_SIGNS = re.compile(r"[=|()@]")


def _with_unit_behind(text: str, locale: Locale) -> str:
    """``Lead time (days): 20`` as ``Lead time: 20 days``."""
    vocab = vocabulary(language_of(locale))

    def behind(match: re.Match[str]) -> str:
        unit = tokenize(match[1])
        named = vocab.spans.at(unit, 0) or vocab.units.at(unit, 0)
        timed = named is not None and named[0] in DAYS_OF
        return f": {match[2]} {match[1]}" if timed else match.group()

    return _UNIT_IN_BRACKETS.sub(behind, text)


def with_cuts(text: str, locale: Locale, today: date) -> str:
    """``340 / shipping 25 / 10 days`` and ``22.00 -> 1 week`` with bars; ``450 / 10`` and ``12 € / pc`` stay."""
    written = _REASON.sub(" ,", _with_unit_behind(text, locale))
    first, *rest = _ARROW.sub(" / ", _DOUBLE_SLASH.sub(" | ", written)).split(" / ")
    found = first
    for before, part in zip([first, *rest], rest, strict=False):
        found += (" | " if _begins_clause(before, part, locale, today) else " / ") + part
    return found


def _begins_clause(before: str, part: str, locale: Locale, today: date) -> bool:
    """Whether what follows a slash is not for how many the price before it is."""
    tokens, vocab = tokenize(spread(part)), vocabulary(language_of(locale))
    if not tokens or not any(char.isdigit() for char in before):
        return bool(tokens)
    if unit_at(tokens, 0, locale) or vocab.each.at(tokens, 0):
        return False
    if not tokens[0].raw[0].isdigit():
        return True
    if wide_span_at(tokens, 0, locale) or glued_span(tokens[0].word, locale):
        return True
    price = price_at(tokens, 0, locale, None)
    cents = price is not None and isinstance(price.value, Decimal) and price.value != int(price.value)
    return price is not None and (cents or price.currency is not None)


def spread(text: str) -> str:
    """Signs between numbers and words as words of their own: ``415€/Stk`` is ``415€ /Stk``."""
    text = _SENTENCE.sub(" .", _PER_ROUND.sub(r"\1 / ", text))
    spaced = _SLASH.sub(
        " /", _APART.sub(" /", _TIMES.sub(" × ", text.replace("\t", " | ").replace("’", "'")))
    )
    return _SIGNS.sub(
        lambda sign: f" {sign.group()} ", _COLON.sub(_apart_from_colon, _HYPHEN.sub(" ", spaced))
    )


def _apart_from_colon(colon: re.Match[str]) -> str:
    """``ref:12`` in two words; ``for 10: 450`` with the colon as a word of its own."""
    return " :" if colon.string[colon.end() : colon.end() + 1].isspace() else ": "


def columns(tokens: Sequence[Token]) -> list[Token]:
    """The same with a cut between numbers that stand side by side."""
    found: list[Token] = []
    for token in tokens:
        if found and found[-1].raw[:1].isdigit() and token.raw[:1].isdigit():
            found.append(Token("|", "|"))
        found.append(token)
    return found
