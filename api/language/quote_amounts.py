"""The amounts of a quote in digits, before anything else is read: ``two hundred euros``, ``$1.2k``, ``45p``.

One rule: a "k" multiplies, and a "p" are pence, only where a currency or a word for "each" says that it is a price.
"""

import re
from collections.abc import Sequence
from decimal import Decimal

from babel.core import Locale

from api.language.amounts import currency_named
from api.language.number_words import with_digits
from api.language.numbers import plain
from api.language.tokenizer import Token, tokenize
from api.language.vocabulary import language_of, vocabulary

_THOUSANDS = re.compile(
    r"([^\d\W_]{0,3}[$€£₺₴₽₹₦]?)(\d{1,3}(?:[.,]\d{1,2})?)[kK]([$€£₺₴₽₹₦]?)([.,]*)", re.ASCII
)
_THOUSAND_EUROS = re.compile(r"(\d{1,3}(?:[.,]\d{1,2})?)[ \u00a0]?(?:[kK]|T)€", re.ASCII)
"""``12 k€``, ``12 T€``: thousands of euros in the unit."""
_PENCE = re.compile(r"(?<![\w.,])(\d{1,2}(?:\.5)?)p(?![\w.]\w|\w)", re.ASCII)
THOUSAND = 1000


def with_plain_amounts(text: str, locale: Locale) -> str:
    """The text with such amounts in digits; a number in words without a currency stays as it is."""
    decimal = str(locale.number_symbols["latn"]["decimal"])

    def thousands(match: re.Match[str]) -> str:
        value = Decimal(match[1].replace(",", ".")) * THOUSAND
        return f"{plain(value)}€".replace(".", decimal)

    spoken = _THOUSAND_EUROS.sub(thousands, text)
    spoken = _PENCE.sub(r"\1 pence", spoken) if language_of(locale) == "en" else spoken
    spoken = _without_k(spoken, locale, decimal) if "k" in spoken.casefold() else spoken
    written = with_digits(spoken, locale)
    tokens = tokenize(written) if written != spoken else []
    named = any(currency_named(tokens, at, locale, None) for at in range(len(tokens)))
    return written if named else spoken


def _without_k(text: str, locale: Locale, decimal: str) -> str:
    """Without the k of ``$1.2k``, ``85k naira``, ``1.2k each``, ``1.2k per compressor``."""
    tokens = tokenize(text)
    written, end = "", 0
    for index, token in enumerate(tokens):
        match = _THOUSANDS.fullmatch(token.raw)
        if match is None or not _is_priced(tokens, index, match, locale):
            continue
        value = plain(Decimal(match[2].replace(",", ".")) * THOUSAND).replace(".", decimal)
        written += f"{text[end : token.start]}{match[1]}{value}{match[3]}{match[4]}"
        end = token.end
    return written + text[end:]


def _is_priced(tokens: Sequence[Token], index: int, match: re.Match[str], locale: Locale) -> bool:
    """A currency at the number or beside it, or an "each" behind it; ``4k USD 350`` is no price of four thousand."""
    if match[1] or match[3]:
        return bool(match[3]) or currency_named(tokenize(match[1]), 0, locale, None) is not None
    if index and currency_named(tokens, index - 1, locale, None) is not None:
        return index < 2 or not tokens[index - 2].raw[-1].isdigit()
    vocab = vocabulary(language_of(locale))
    label = vocab.quote.at(tokens, index + 1)
    per = (label[1],) if label is not None and "per" in label[0].split("/") else ()
    said = (currency_named(tokens, index + 1, locale, None), vocab.each.at(tokens, index + 1))
    ends = [*(each[1] for each in said if each is not None), *per]
    return bool(ends) and not any(tokens[end].raw[0].isdigit() for end in ends if end < len(tokens))
