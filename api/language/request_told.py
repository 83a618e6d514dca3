"""A story and a wish in one sentence: ``the kettle died this morning, so we need 2 kettles``.

One rule: the wish begins at the last part of a sentence that asks for something, and what stands before it is told,
where it asks for nothing itself and says more than a name does.

    a word that concludes       ``so``, ``поэтому``, ``deshalb``: what follows is asked for, what precedes told
    a "but"                     ``we don't need the projector anymore, but 2 adapters``
    only a sign                 a long part, or one with a word with which people talk, before a wish and its count
"""

from collections.abc import Sequence

from babel.core import Locale

from api.language.amounts import quantity_at
from api.language.request_cursor import APART, after_wish
from api.language.request_items import MEASURES, TIMES_OF_DAY
from api.language.request_kinds import is_pronoun
from api.language.request_stories import asks
from api.language.tokenizer import Token
from api.language.vocabulary import Vocabulary, language_of, vocabulary

MIN_TOLD = 3
MIN_LONG = 5
"""So many words say more than a name."""


def wish_begins(tokens: Sequence[Token], locale: Locale) -> int | None:
    """Where a sentence stops telling and asks; None where it only does one of both."""
    vocab = vocabulary(language_of(locale))
    for at in range(len(tokens) - 1, MIN_TOLD - 1, -1):
        led = _led_on(tokens, at, vocab)
        if not (led > at or _is_apart(tokens, at)):
            continue
        start = after_wish(tokens, led, locale, kinds=("needs",), signs={":"})
        if _counts_again(tokens, start, locale):
            continue
        wished = any(_wishes(tokens, each, vocab) for each in range(led, start))
        counted = _counts_noun(tokens, start, locale)
        if not ((wished or led > at) and counted) and not (wished and led > at and start < len(tokens)):
            continue
        told = tokens[:at]
        own = vocab.openings.at(tokens, led) is not None  # ``our chef, Luca, asked for 2 woks``
        if _is_told(told, locale, certain=led > at) and (
            led > at or (own and _is_long(told, tokens[start:], locale))
        ):
            return led
    return None


def _led_on(tokens: Sequence[Token], at: int, vocab: Vocabulary) -> int:
    """Behind ``so``, ``but``, ``und deshalb``; ``at`` where none of them stands here.

    A short one needs a sign before it: in Polish and Russian ``a`` is "but" and "and".
    """
    if at >= len(tokens):
        return at
    tables = [vocab.words["leads_on"], vocab.words["but"]]
    if _is_apart(tokens, at):
        tables += [vocab.words["but_this"], vocab.words["concluded"]]
    joined = vocab.words["sep"].at(tokens, at)
    start = joined[1] if joined is not None else at
    found = [each[1] for table in tables if (each := table.at(tokens, start)) is not None]
    return max(found, default=at)


def _is_apart(tokens: Sequence[Token], at: int) -> bool:
    before = tokens[at - 1].raw
    return before in APART or before[-1] in ",;:…" or before.endswith("..")


def _wishes(tokens: Sequence[Token], at: int, vocab: Vocabulary) -> bool:
    """A word that asks for something, and is no courtesy and no "also"."""
    if vocab.words["also"].at(tokens, at) is not None:
        return False
    wish = vocab.openings.at(tokens, at) or vocab.words["needs"].at(tokens, at)
    courtesy = vocab.courtesies.at(tokens, at)
    return wish is not None and (courtesy is None or courtesy[1] < wish[1])


def _counts_noun(tokens: Sequence[Token], at: int, locale: Locale) -> bool:
    found = quantity_at(tokens, at, locale)
    if found is None or found.unit in TIMES_OF_DAY or found.after >= len(tokens):
        return False
    vocab = vocabulary(language_of(locale))
    led = vocab.words["prepositions"].at(tokens, found.after) is not None
    if led and vocab.of.at(tokens, found.after) is None:
        return False  # ``so six pairs in all``
    return tokens[found.after].raw[0].isalnum()


def _counts_again(tokens: Sequence[Token], at: int, locale: Locale) -> bool:
    """``8 rolls of it``, ``a new one``, ``60 more``: what is counted was named before."""
    found = quantity_at(tokens, at, locale)
    if found is None or found.after >= len(tokens):
        return False
    of_them = vocabulary(language_of(locale)).words["of_them"].at(tokens, found.after)
    return of_them is not None or is_pronoun(tokens[found.after :], locale)


def _is_told(told: Sequence[Token], locale: Locale, *, certain: bool) -> bool:
    """Words that ask for nothing, and count nothing, unless the word behind them says that they are told."""
    words = [token for token in told if token.raw[0].isalpha()]
    pieces = any(
        (found := quantity_at(told, at, locale)) is not None
        and found.unit not in MEASURES | TIMES_OF_DAY | {None}
        for at, token in enumerate(told)
        if token.raw[0].isdigit()
    )
    vocab = vocabulary(language_of(locale))
    begun = after_wish(told, 0, locale)
    wished = any(_wishes(told, at, vocab) for at in range(len(told)))  # ``1 pompa gerekiyor``
    counted = any(
        _counts_noun(told, at, locale) and told[at].raw[0].isdigit()
        for at in (range(len(told)) if wished or not certain else (begun,))
    )
    return len(words) >= MIN_TOLD and not (pieces or counted or asks(told, locale))


def _is_long(told: Sequence[Token], asked: Sequence[Token], locale: Locale) -> bool:
    """``mooring rope 12 mm navy, I'd like 2 coils`` is no story: it names what is counted behind it."""
    vocab = vocabulary(language_of(locale))
    talk = any(vocab.words["broken_by"].at(told, at) is not None for at in range(len(told)))
    words = [token for token in told if token.raw[0].isalpha()]
    nouns = [token for token in asked if token.raw[0].isalpha()]
    return (talk or len(words) >= MIN_LONG) and (len(nouns) > 1 or talk)
