"""The forms of adjectives: who lists ``schwarz`` also means ``schwarze`` and ``schwarzen``.

One rule: two words are forms of one adjective when only an ending of their language tells them apart; nouns of
materials (``one_form`` in the words) have none, for ``verres`` are glasses.
"""

from functools import cache

from api.language.tokenizer import fold
from api.language.vocabulary import word_lists

MIN_STEM = 3
"""A shorter stem may be another word: ``con``."""
_SLAVIC = "ы и а я о е ы ых их ого его ои еи ую юю ым им ыми ими ому ему ом ем ыи ии ое ее ые ие ая яя"
_ENDINGS = {
    "de": "e er es en em",
    "es": "o a os as s es",
    "fr": "e s es x",
    "it": "o a i e",
    "pt": "o a os as s es",
    "pl": "y i a e ego ej ą ym im ych ich ymi imi",
    "ru": _SLAVIC,
    "uk": "ии іи іі іх а я е є і и их ого його ої оі іи у ю ую им ими ому",
    "ar": "ة ه",
}


def is_form_of(word: str, kind: str, language: str) -> bool:
    """Whether a word is a form of one of the words of a list, or is one of them."""
    return word in word_lists(language).get(kind, {}) or bool(_stems(word, language) & _known(kind, language))


@cache
def _known(kind: str, language: str) -> frozenset[str]:
    """What is left of the words of a list without their endings."""
    lists = word_lists(language)
    fixed = {**lists.get("having", {}), **lists.get("one_form", {})}
    single = (each for each in lists.get(kind, {}) if " " not in each and each not in fixed)
    return frozenset(stem for phrase in single for stem in _stems(phrase, language))


def _stems(word: str, language: str) -> frozenset[str]:
    endings = _folded_endings(language)
    cut = {word.removesuffix(each) for each in endings if word.endswith(each)}
    return frozenset(stem for stem in ({word} | cut if endings else set()) if len(stem) >= MIN_STEM)


@cache
def _folded_endings(language: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(fold(each) for each in _ENDINGS.get(language, "").split()))
