"""Words with a slip of typing where a wish begins or ends: ``нжуно 6 столов``, ``potzrebne 4 myszy``.

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
    near = {each for each in _candidates(language, kinds) if _is_swapped(word, each)}
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


def _is_swapped(first: str, second: str) -> bool:
    """Whether two neighbours changed places; any other slip may as well be another word: ``sand``, ``Halle``."""
    wrong = [at for at, (one, other) in enumerate(zip(first, second, strict=False)) if one != other]
    if len(first) != len(second) or len(wrong) != 2 or wrong[1] != wrong[0] + 1:
        return False
    return first[wrong[0]] == second[wrong[1]] and first[wrong[1]] == second[wrong[0]]
