"""Words with their endings: ``compr-`` in a list of the words is every word that begins so and goes on as is allowed.

One rule: a word without a hyphen is only itself.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from api.language.tokenizer import Token

ANY_ENDING = r"\w*"
_STEM = "-"


class WordForms:
    """A list of words and stems, and where one of them stands."""

    def __init__(self, phrases: Sequence[str], ending: str = ANY_ENDING, before: str = "") -> None:
        self._single = self._pattern([each for each in phrases if " " not in each], ending, before)
        self._several = [
            tuple(self._pattern([word], ending, before) for word in each.split())
            for each in phrases
            if " " in each
        ]

    @staticmethod
    def _pattern(words: Sequence[str], ending: str, before: str) -> re.Pattern[str]:
        whole = [re.escape(each) for each in words if not each.endswith(_STEM)]
        stems = [re.escape(each.removesuffix(_STEM)) for each in words if each.endswith(_STEM)]
        forms = "|".join([*whole, *(f"{each}{ending}" for each in stems)]) or r"(?!)"
        return re.compile(f"{before}(?:{forms})")

    def at(self, tokens: Sequence[Token], index: int) -> int | None:
        """The position behind the longest that begins here."""
        if index >= len(tokens):
            return None
        found = self._begun(tokens[index].word)
        if not found:
            return None
        ends = [index + 1] if found[0] else []
        for words in (self._several[number] for number in found[1]):
            after = index + len(words)
            following = zip(words[1:], tokens[index + 1 : after], strict=False)
            if after <= len(tokens) and all(word.fullmatch(token.word) for word, token in following):
                ends.append(after)
        return max(ends, default=None)

    @lru_cache(maxsize=2048)  # noqa: B019 - there is one for each list of a language, and they are kept
    def _begun(self, word: str) -> tuple[bool, tuple[int, ...]] | None:
        """Whether the word is one of the list, and which longer phrases begin with it."""
        whole = self._single.fullmatch(word) is not None
        longer = tuple(at for at, words in enumerate(self._several) if words[0].fullmatch(word))
        return (whole, longer) if whole or longer else None
