"""Words with a slip of typing where a wish begins or ends: ``ned 15 bottles``, ``нжуно 6 столов``, ``grasias``.

One rule: only a word that nobody knows, in front of the first count or at the end, is taken as the word of a wish or
a courtesy that it almost is; words of an item stay as they were typed.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache, lru_cache

from api.language.language_tags import known_words
from api.language.tokenizer import Token
from api.language.vocabulary import word_lists

MAX_LEADING = 3
MIN_LENGTH = 3
MIN_ENDING = 6
"""A shorter word at the end may be the item: ``beer mats``."""
MIN_TWO_SLIPS = 8
_LEADING = ("openings", "needs", "courtesies", "greetings")
_ENDING = ("courtesies", "urgencies", "wished_last")


def without_slips(tokens: Sequence[Token], language: str) -> list[Token]:
    """The tokens, with what they are meant to be for comparison."""
    found = list(tokens)
    first = next((at for at, token in enumerate(tokens) if token.raw[0].isdigit()), None)
    if first is None:
        return found
    for at in range(min(first, MAX_LEADING)):
        found[at] = _meant(found[at], language, _LEADING)
    if len(found) > first + 2 and len(found[-1].word) >= MIN_ENDING:
        found[-1] = _meant(found[-1], language, _ENDING)
    return found


def _meant(token: Token, language: str, kinds: tuple[str, ...]) -> Token:
    word = token.word
    if (
        len(word) < MIN_LENGTH
        or not word.isalpha()
        or not token.raw[0].isalpha()
        or word in known_words(language)
    ):
        return token
    almost = _almost(word, language, kinds)
    return replace(token, word=almost) if almost else token


@lru_cache(maxsize=4096)
def _almost(word: str, language: str, kinds: tuple[str, ...]) -> str:
    """The only word of these lists that it may be meant to be."""
    slips = 2 if len(word) >= MIN_TWO_SLIPS else 1
    near = {
        each for each in _candidates(language, kinds) if word[0] in each[:2] and _within(word, each, slips)
    }
    return near.pop() if len(near) == 1 else ""


@cache
def _candidates(language: str, kinds: tuple[str, ...]) -> tuple[str, ...]:
    lists = word_lists(language)
    return tuple(
        dict.fromkeys(
            phrase
            for kind in kinds
            for phrase in lists.get(kind, ())
            if " " not in phrase and len(phrase) > MIN_LENGTH
        )
    )


def _within(first: str, second: str, slips: int) -> bool:
    """Whether so many letters are wrong, missing, too many or exchanged at most."""
    if abs(len(first) - len(second)) > slips:
        return False
    before: list[int] = []
    row = list(range(len(second) + 1))
    for at, char in enumerate(first, start=1):
        older, before, row = before, row, [at]
        for other, wanted in enumerate(second, start=1):
            cost = min(before[other] + 1, row[-1] + 1, before[other - 1] + (char != wanted))
            swapped = at > 1 and other > 1 and char == second[other - 2] and first[at - 2] == wanted
            row.append(min(cost, older[other - 2] + 1) if swapped else cost)
    return row[-1] <= slips
