"""Clauses of a quote that stand for themselves: what holds for all lines, and a refusal before other sentences.

One rule: a clause is set apart only by what it says itself; where it says nothing of the kind, it stays where it is.

    24.00, 8.75, all in GBP           a currency without a number, or after a word for "all": it holds for all lines
    both next day                     a word for "all" at its beginning
    all three lines at 9.99 each      the same answer for each line
    we do not carry lids. Delivery 4 days       what follows the refusal is no longer about lids
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from babel.core import Locale

from api.language.amounts import HUNDREDTH, currency_named, price_at
from api.language.quote_naming import is_item_word, referred
from api.language.quote_signs import SHORTENED
from api.language.tokenizer import Token, tokenize
from api.language.vocabulary import Vocabulary, language_of, vocabulary

CUTS = frozenset({",", ".", "(", ")", "–", "—", "-", "•"})
ENDS = (".", "!")
MAX_BETWEEN = 2
"""So many words may stand between "all" and its currency: ``all prices are in EUR``."""
MIN_CURRENCY = 2
_APIECE = re.compile("at|zu|à|a|po|по|@")
"""``both at $9``: what one costs; ``both for $9`` may be what they cost together."""


@dataclass(frozen=True)
class Clause:
    """A piece of a part, and whether it holds for all lines; ``each``: as the answer to each of them."""

    text: str
    of_all: bool = False
    each: bool = False


def clauses_of(written: str, lines: int, locale: Locale, items: Sequence[str] = ()) -> Iterator[Clause]:
    """The pieces of a part in their order; one piece where nothing in it stands for itself."""
    if lines < 2:
        yield Clause(written)
        return
    tokens, vocab = tokenize(_spaced(written)), vocabulary(language_of(locale))
    kept: list[Token] = []
    for clause in _cut(tokens, vocab, locale):
        found = _of_all(clause, vocab, locale)
        if found is None:
            kept += clause
            continue
        if kept:
            yield from _refusal_apart(kept, vocab, lines, items)
        kept = []
        yield found
    if kept:
        yield from _refusal_apart(kept, vocab, lines, items)


def _spaced(written: str) -> str:
    return written.replace("(", " ( ").replace(")", " ) ")


def _text(tokens: Sequence[Token]) -> str:
    return " ".join(token.raw for token in tokens).replace(" ,", ",").strip(" ,")


def _cut(tokens: Sequence[Token], vocab: Vocabulary, locale: Locale) -> Iterator[list[Token]]:
    """The clauses; a word for "all" before a currency begins one."""
    clause: list[Token] = []
    named = 0
    for index, token in enumerate(tokens):
        found = vocab.words["all"].at(tokens, index) if index >= named else None
        if clause and found is not None and _names_all(tokens, found[1], locale):
            yield clause
            clause = []
        named = found[1] if found is not None else named
        clause.append(token)
        if token.raw in CUTS or _ends(token) or (token.raw.endswith(":") and _says_currency(clause, locale)):
            yield clause
            clause = []
    if clause:
        yield clause


def _ends(token: Token) -> bool:
    """A word with a point or another sign of a sentence's end, and no abbreviation."""
    return token.raw.endswith(ENDS) and not token.raw[0].isdigit() and token.word not in SHORTENED


def _says_currency(clause: Sequence[Token], locale: Locale) -> bool:
    return _currency_in(clause, locale) and not _has_digit(clause)


def _names_all(tokens: Sequence[Token], after: int, locale: Locale) -> bool:
    """Whether a currency and no number follows a word for "all"."""
    return _says_currency(tokens[after : after + MAX_BETWEEN + 1], locale)


def _currency_in(tokens: Sequence[Token], locale: Locale) -> bool:
    """Whether a currency is named by a code, a sign or a name, and not as cents."""
    named = ((token, currency_named(tokens, at, locale, None)) for at, token in enumerate(tokens))
    return any(
        found is not None
        and found[0] != HUNDREDTH
        and (len(token.raw.strip(".,")) > MIN_CURRENCY or not token.raw[0].isalpha())
        for token, found in named
    )


def _has_digit(tokens: Sequence[Token]) -> bool:
    return any(char.isdigit() for token in tokens for char in token.raw)


def _of_all(clause: Sequence[Token], vocab: Vocabulary, locale: Locale) -> Clause | None:
    """The clause without its word for "all", where it holds for all lines."""
    named = vocab.words["all"].at(clause, 0)
    if not _has_digit(clause):
        rest = clause[named[1] :] if named is not None else clause
        timed = named is not None and any(
            vocab.days.at(clause, at) or _is_timed(clause, at, vocab) for at in range(len(clause))
        )
        return Clause(_text(rest), of_all=True) if _currency_in(clause, locale) or timed else None
    if named is None:
        return None
    counted = vocab.counts.at(clause, named[1])
    rest = clause[counted[1] if counted is not None else named[1] :]
    lined = rest[1:] if rest and vocab.words["line_names"].at(rest, 0) else rest
    at_price = vocab.words["price_at"].at(lined, 0)
    price = price_at(lined, at_price[1], locale, None) if at_price is not None else None
    told = price is not None and price.currency is not None and _APIECE.fullmatch(lined[0].word)
    if told or any(vocab.each.at(rest, at) for at in range(len(rest))):
        return Clause(_text(lined), of_all=True, each=True)
    timed = any(vocab.spans.at(rest, at) or vocab.units.at(rest, at) for at in range(len(rest)))
    return Clause(_text(lined), of_all=True) if timed and not _currency_in(rest, locale) else None


def _is_timed(clause: Sequence[Token], at: int, vocab: Vocabulary) -> bool:
    """Whether a word for a lead time or a delivery stands here."""
    label = vocab.quote.at(clause, at)
    return (
        label is not None
        and label[1] - at + len(clause[at].word) > MIN_CURRENCY
        and bool({"lead", "delivery"} & set(label[0].split("/")))
    )


def _refusal_apart(
    tokens: Sequence[Token], vocab: Vocabulary, lines: int, items: Sequence[str]
) -> Iterator[Clause]:
    """A refusal that is a sentence of its own before others, and what follows it."""
    ends = (
        at + 1
        for at, token in enumerate(tokens[:-1])
        if token.raw == "." or (token.raw.endswith(ENDS) and len(token.word) > MIN_CURRENCY)
    )
    comma = next((at for at, token in enumerate(tokens) if token.raw == ","), None)
    if comma is not None and _only_refuses(tokens[:comma], vocab, items):
        yield Clause(_text(tokens[:comma]))
        yield Clause(_text(tokens[comma + 1 :]))
        return
    end = next(ends, None)
    named = end is not None and referred(_text(tokens[:end]), lines)[1]
    if end is None or _has_digit(tokenize(named or "")) or not refuses(tokens[:end], vocab):
        yield Clause(_text(tokens))
        return
    yield Clause(_text(tokens[:end]))
    yield Clause(_text(tokens[end:]))


def _only_refuses(tokens: Sequence[Token], vocab: Vocabulary, items: Sequence[str]) -> bool:
    """``вёдер нет``, ``balde em falta``: an item's own words, a refusal and courtesies, and nothing else."""
    at, named, denied = 0, False, False
    while at < len(tokens):
        label = vocab.quote.at(tokens, at)
        said = vocab.words["decline"].at(tokens, at) or vocab.answers.at(tokens, at)
        talk = vocab.courtesies.at(tokens, at) or vocab.words["link"].at(tokens, at)
        negative = label is not None and "negative" in label[0].split("/")
        if is_item_word(tokens[at].word, items):
            named, at = True, at + 1
        elif said is not None and said[0] != "same":
            denied, at = True, said[1]
        elif label is not None and negative:
            denied, at = True, label[1]
        elif talk is not None:
            at = talk[1]
        else:
            return False
    return named and denied


def refuses(tokens: Sequence[Token], vocab: Vocabulary) -> bool:
    """Whether a "not" or words of a refusal stand here."""
    labels = (vocab.quote.at(tokens, at) for at in range(len(tokens)))
    negative = any(label is not None and "negative" in label[0].split("/") for label in labels)
    return negative or any(vocab.words["decline"].at(tokens, at) for at in range(len(tokens)))
