"""What people tell before they ask: ``Yesterday the laminator gave up after nine years. We need a laminator.``

One rule: where another sentence asks for something and says how many, a longer one that does not ask is a story: what
it counts is not wanted, and all of it is quoted back.
"""

from collections.abc import Sequence

from babel.core import Locale

from api.language.amounts import quantity_at
from api.language.request_items import MEASURES, TIMES_OF_DAY
from api.language.tokenizer import Token
from api.language.vocabulary import language_of, vocabulary
from api.language.withheld_wishes import is_withheld

MIN_STORY = 5
"""A shorter sentence may name an item."""
MAX_TO_COUNT = 6
"""So many words may stand between a wish and how many."""


def stories_of(sentences: Sequence[Sequence[Token]], locale: Locale) -> frozenset[int]:
    """Which of these sentences only tell something."""
    asking = {at for at, tokens in enumerate(sentences) if asks(tokens, locale)}
    if not asking:
        return frozenset()
    return frozenset(at for at, tokens in enumerate(sentences) if at not in asking and _tells(tokens, locale))


def asks(tokens: Sequence[Token], locale: Locale) -> bool:
    """``We'd need an A3 laminator``: the words of a wish, and behind them how many."""
    vocab = vocabulary(language_of(locale))
    if is_withheld(tokens, locale):
        return False
    for at in range(len(tokens)):
        wish = vocab.openings.at(tokens, at) or vocab.words["needs"].at(tokens, at)
        if wish is None or vocab.courtesies.at(tokens, at) is not None:
            continue
        near = range(wish[1], min(wish[1] + MAX_TO_COUNT, len(tokens)))
        if any(_counts_item(tokens, index, locale) for index in near):
            return True
    return False


def _counts_item(tokens: Sequence[Token], index: int, locale: Locale) -> bool:
    found = quantity_at(tokens, index, locale)
    return found is not None and found.unit not in TIMES_OF_DAY and found.after < len(tokens)


def _tells(tokens: Sequence[Token], locale: Locale) -> bool:
    """A longer sentence that begins with no count, ends with none, and has no pieces of anything in it."""
    words = [token for token in tokens if token.raw[0].isalpha()]
    if len(words) < MIN_STORY or tokens[-1].raw.endswith(":") or quantity_at(tokens, 0, locale) is not None:
        return False
    found = (quantity_at(tokens, at, locale) for at, token in enumerate(tokens) if token.raw[0].isdigit())
    pieces = any(each is not None and each.unit not in MEASURES | TIMES_OF_DAY | {None} for each in found)
    counted = any(_counts_in_words(tokens, at, locale) for at in range(len(tokens)))
    return not (pieces or counted) and not tokens[-1].raw.strip("().,!?").isdigit()


def _counts_in_words(tokens: Sequence[Token], at: int, locale: Locale) -> bool:
    """``and two HDMI cables``: several of something, behind an "and" or with which the sentence begins."""
    vocab = vocabulary(language_of(locale))
    found = vocab.counts.at(tokens, at)
    led = at == 0 or vocab.words["sep"].at(tokens, at - 1) is not None
    named = found is not None and found[1] < len(tokens) and tokens[found[1]].raw[0].isalpha()
    return found is not None and found[0] != "1" and led and named and found[1] > at
