"""The amounts of a quote in digits, before anything else is read: ``two hundred euros``, ``$1.2k``, ``45p``.

One rule: a "k" multiplies, and a "p" are pence, only where a currency or a word for "each" says that it is a price.
"""

import re
from collections.abc import Sequence
from decimal import Decimal

from babel.core import Locale

from api.language.amounts import HUNDREDTH, currency_named
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
_SIGN_BETWEEN = re.compile(r"(?<![\w.,])(\d{1,5})([€£$])(\d{2})(?![\d.,]*\d)", re.ASCII)
"""``84€90``: the sign stands where the cents begin."""
_CENTS = re.compile(r"\d{2}", re.ASCII)
THOUSAND = 1000
MIN_COUNT = 2
"""A word for one is also an article."""


def with_plain_amounts(text: str, locale: Locale) -> str:
    """The text with such amounts in digits; a number in words without a currency stays as it is."""
    decimal = str(locale.number_symbols["latn"]["decimal"])

    def thousands(match: re.Match[str]) -> str:
        value = Decimal(match[1].replace(",", ".")) * THOUSAND
        return f"{plain(value)}€".replace(".", decimal)

    def cents(match: re.Match[str]) -> str:
        ended = _is_price_end(match.string[match.end() :], locale)
        return f"{match[1]}{decimal}{match[3]}{match[2]}" if ended else match[0]

    spoken = _SIGN_BETWEEN.sub(cents, _THOUSAND_EUROS.sub(thousands, text))
    spoken = _PENCE.sub(r"\1 pence", spoken) if language_of(locale) == "en" else spoken
    spoken = _without_k(spoken, locale, decimal) if "k" in spoken.casefold() else spoken
    written = _with_counts(with_digits(spoken, locale), locale, decimal)
    tokens = tokenize(written) if written != spoken else []
    named = any(currency_named(tokens, at, locale, None) for at in range(len(tokens)))
    return written if named else spoken


def _is_price_end(behind: str, locale: Locale) -> bool:
    """Whether a price ends before this text: ``84€90, 5 jours``, ``84€90 HT``, but no ``3€12 Stück``, ``9€20 %``."""
    rest = behind.lstrip(" \u00a0")
    if not rest or rest[0] in ",;.!)|\n":
        return True
    tokens, vocab = tokenize(rest), vocabulary(language_of(locale))
    label = vocab.quote.at(tokens, 0)
    taxed = label is not None and label[0].startswith("vat_")
    return taxed or (vocab.each.at(tokens, 0) is not None and vocab.units.at(tokens, 0) is None)


def _with_counts(text: str, locale: Locale, decimal: str) -> str:
    """``six dollars`` and ``six dollars 50`` in digits: what stands before a currency's name is no article."""
    tokens, vocab = tokenize(text), vocabulary(language_of(locale))
    written, end = "", 0
    for index, token in enumerate(tokens):
        count = vocab.counts.at(tokens, index)
        number = (count[0], count[1]) if count is not None else (token.raw, index + 1)
        named = vocab.currencies.at(tokens, number[1]) if number[0].isdigit() else None
        if named is None or token.start < end or not tokens[number[1]].raw[0].isalpha():
            continue
        joined = vocab.words["within_number"].at(tokens, named[1])
        begun = joined[1] if joined is not None else named[1]
        cents = _cents_at(tokens, begun, locale)
        if cents is None and (count is None or int(count[0]) < MIN_COUNT):
            continue
        last = tokens[named[1] - 1 if cents is None else cents - 1]
        name = " ".join(each.raw for each in tokens[number[1] : named[1]])
        value = number[0] if cents is None else f"{number[0]}{decimal}{tokens[begun].word}"
        ending = last.raw[len(last.raw.rstrip(".,")) :] if cents is not None else ""
        written += f"{text[end : token.start]}{value} {name}{ending}"
        end = last.end
    return written + text[end:]


def _cents_at(tokens: Sequence[Token], index: int, locale: Locale) -> int | None:
    """Where ``50 each``, ``50 cents``, ``50,`` end behind a currency's name: two digits that count nothing else."""
    if index >= len(tokens) or not _CENTS.fullmatch(tokens[index].word):
        return None
    vocab, after = vocabulary(language_of(locale)), index + 1
    named = vocab.currencies.at(tokens, after)
    if named is not None and named[0].startswith(HUNDREDTH):
        return named[1]
    ended = after >= len(tokens) or tokens[after].raw in {",", "."} or tokens[index].raw.endswith((".", ","))
    return after if ended or vocab.each.at(tokens, after) is not None else None


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
