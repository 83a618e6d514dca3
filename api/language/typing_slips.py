"""Words with a slip of typing where a wish begins or ends: ``нжуно 6 столов``, ``potzrebne 4 myszy``.

One rule: only a word that nobody knows, in front of the first count or at the end, is taken as the word of a wish or
a courtesy that it almost is; words of an item stay as they were typed.

    neighbours changed places      anywhere there: ``нжуно``
    a letter is missing, too much or another      only where all words before the count are such, and a noun follows
                                                  the count: ``plese ordr 5 chairs``
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache, lru_cache

from api.language.language_tags import known_words
from api.language.tokenizer import Token
from api.language.vocabulary import vocabulary, word_lists

MAX_LEADING = 3
MIN_LENGTH = 3
MIN_SLIPPED = 4
MIN_TWO_SLIPS = 8
"""A shorter word with two slips may be any other."""
MIN_ALONE = 6
"""A shorter word alone before a count may belong to the item: ``bend 5 pipes``."""
MIN_ENDING = 6
"""A shorter word at the end may be the item: ``beer mats``."""
_INFLECTED = frozenset({"ar", "de", "pl", "ru", "tr", "uk"})
"""Their places are beginnings of words."""
_LEADING = ("openings", "needs", "courtesies", "greetings")
_ENDING = ("courtesies", "urgencies", "wished_last")


def without_slips(tokens: Sequence[Token], language: str) -> list[Token]:
    """The tokens, with what they are meant to be for comparison."""
    found = _meant_places(tokens, language)
    first = next((at for at, token in enumerate(tokens) if token.raw[0].isdigit()), None)
    if first is None:
        return found
    for at in range(min(first, MAX_LEADING)):
        found[at] = _meant(found[at], language, _LEADING)
    alone = first == 1 and len(tokens[0].word) < MIN_ALONE
    if 0 < first <= MAX_LEADING and not alone and _names_more(tokens, first + 1, language):
        found[:first] = _meant_wish(found[:first], language)
    if len(found) > first + 2 and len(found[-1].word) >= MIN_ENDING:
        found[-1] = _meant(found[-1], language, _ENDING)
    return found


def _meant_places(tokens: Sequence[Token], language: str) -> list[Token]:
    """``mouse pads for acounting``: a long word that nobody knows, behind what leads to a place."""
    found = list(tokens)
    if language in _INFLECTED:
        return found
    lists = word_lists(language)
    for at in range(1, len(found)):
        word = found[at].word
        led = found[at - 1].word in lists["to_place"] or found[at - 1].word in lists.get("before_place", {})
        if led and len(word) >= MIN_TWO_SLIPS and word.isalpha() and word not in known_words(language):
            place = _slipped_place(word, language)
            found[at] = replace(found[at], word=place) if place else found[at]
    return found


@lru_cache(maxsize=4096)
def _slipped_place(word: str, language: str) -> str:
    places = word_lists(language)["places"]
    near = {each for each in places if len(each) >= MIN_TWO_SLIPS and _distance(word, each, 1) == 1}
    return near.pop() if len(near) == 1 and word not in places else ""


def _names_more(tokens: Sequence[Token], at: int, language: str) -> bool:
    """Whether a noun that is no unit follows the count: ``tanks 5 units`` names the item before it."""
    unit = vocabulary(language).units.at(tokens, at) if at < len(tokens) else None
    after = unit[1] if unit is not None else at
    return after < len(tokens) and tokens[after].raw[0].isalpha()


def _meant_wish(lead: Sequence[Token], language: str) -> list[Token]:
    """``plese ordr``: the words of a wish that these may be, where each of them can be one; else as they are.

    A short word alone may be the item or belong to it: ``sand 5 bags``, ``bend 5 pipes``.
    """
    found: list[Token] = []
    for token in lead:
        known = token.word in known_words(language) or not token.word.isalpha()
        near = "" if known or len(token.word) < MIN_SLIPPED else _slipped(token.word, language)
        if not near and not _wishes(token.word, language):
            return list(lead)
        found.append(replace(token, word=near) if near else token)
    return found


def _wishes(word: str, language: str) -> bool:
    """Whether a word stands in a wish."""
    return any(word in phrase.split() for phrase in _phrases(language))


@cache
def _phrases(language: str) -> frozenset[str]:
    lists = (word_lists(language), word_lists("en"))
    return frozenset(phrase for each in lists for kind in _LEADING for phrase in each.get(kind, ()))


@lru_cache(maxsize=4096)
def _slipped(word: str, language: str) -> str:
    """The only word of a wish that is one letter away; a longer word may be two away."""
    most = 2 if len(word) >= MIN_TWO_SLIPS else 1
    near = {each for each in _candidates(language, _LEADING) if _distance(word, each, most) <= most}
    return near.pop() if len(near) == 1 else ""


def _distance(first: str, second: str, most: int) -> int:
    """How many letters must be put in, taken out, replaced or swapped with a neighbour."""
    if abs(len(first) - len(second)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(second) + 1))
    for at, one in enumerate(first, start=1):
        older, before, row = before, row, [at]
        for other, letter in enumerate(second, start=1):
            best = min(row[-1] + 1, before[other] + 1, before[other - 1] + (one != letter))
            swapped = at > 1 and other > 1 and one == second[other - 2] and first[at - 2] == letter
            row.append(min(best, older[other - 2] + 1) if swapped else best)
    return row[-1]


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
