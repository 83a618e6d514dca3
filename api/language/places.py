"""Places and people of a company, as people name where goods go: ``kitchen``, ``бухгалтерия``, ``Teeküche``.

One rule: the list names no goods, so that a word of it behind a preposition is no word of an item.
"""

import re
from functools import cache

from babel.core import Locale

from api.language.tokenizer import fold
from api.language.vocabulary import language_of, word_lists

_ENDINGS = {
    "ru": "а|я|у|ю|е|и|ы|о|ь|ои|еи|ом|ем|ам|ям|ами|ями|ах|ях|ов|ев|ую|юю|ая|ии|ия|ию|ие|ием|иям|ого|ому|ых|их|ым|ые",
    "uk": "а|я|у|ю|е|и|і|о|ь|ої|ои|еи|ом|ем|ам|ям|ами|ями|ах|ях|ів|ев|у|ею|ою|ії|ію|ія|іі|ого|ому|их|им|ові",
    "pl": "a|e|i|o|u|y|ie|ii|iu|ia|ze|em|om|ach|ami|ow|owi|ej|um",
    "tr": r"\w{0,6}[ae]",
    "de": "s|es|en|n|e|er|ern",
}
"""What the place is followed by in another case; in Turkish the case itself says that something goes there."""
_ARABIC_ARTICLE = "ال"


def is_place(word: str, locale: Locale) -> bool:
    """Whether a word is one of ``places``, in the cases that the language has; in German also as a compound's end."""
    language = language_of(locale)
    bare = fold(word).removeprefix(_ARABIC_ARTICLE) if language == "ar" else fold(word)
    return _places(language).fullmatch(bare) is not None


def is_thing(word: str, locale: Locale) -> bool:
    """Whether goods are made for what this word names: ``маркеры для доски``; nobody sends anything there."""
    language = language_of(locale)
    return "things" in word_lists(language) and _places(language, "things").fullmatch(fold(word)) is not None


@cache
def _places(language: str, kind: str = "places") -> re.Pattern[str]:
    stems = "|".join(re.escape(each) for each in word_lists(language)[kind])
    before = r"\w*" if language == "de" else ""
    ending = _ENDINGS.get(language)
    optional = "" if language == "tr" else "?"
    return re.compile(f"{before}(?:{stems})" + (f"(?:{ending}){optional}" if ending else ""))
