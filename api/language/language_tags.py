"""Finds the Babel locale for a language tag, and the language in which a text is written.

One rule: any tag gives a locale; an unknown one falls back to its language, then to English.

People write in the language that they like: a text whose words are another language's is read in that one.
"""

import re
from collections.abc import Iterable
from functools import cache, lru_cache

from babel.core import Locale, UnknownLocaleError

from api.language.tokenizer import Token, clean, tokenize
from api.language.vocabulary import LANGUAGES, language_of, tables, word_lists

MAX_WORDS_LOOKED_AT = 120
PARTS_OF_WORDS = frozenset(
    {"offering", "delivering", "ordering", "negated", "places", "things", "given_names", "noise"}
    | {
        "wish_endings",
        "wish_enclitics",
        "wish_glue",
        "wish_modals",
        "wish_verbs",
        "wish_objects",
        "order_verbs",
        "paying",
        "not_wished",
        "not_behind",
        "not_endings",
        "not_stems",
        "done_endings",
        "done_stems",
        "told",
        "would",
        "unsure",
    }
)
"""Lists of beginnings and endings, which are no words, and of words that tell no language."""
_EMPHASIS = re.compile(r"(?<!\S)([*_~`]{1,3})(?=\S)([^\n*_~`]{1,200})\1(?!\w)")
"""``*5 chairs*``, ``_450_``: as the chats mark words."""
_ARABIC_AND_NUMBER = re.compile(r"(?<!\S)و(?=\d)")
_ARABIC_COUNT = re.compile(r"(?<=\w )(?:ال)?عدد\s*:?\s*(?=\d)")
_TURKISH_ENDING = re.compile(r"(?<=\w)['’][^\W\d_]{1,4}\b")


@lru_cache(maxsize=256)
def locale_for(tag: str) -> Locale:
    """``de-AT`` or ``de_AT`` as Babel's locale; if Babel lacks it, the language alone, or English."""
    cleaned = tag.strip().replace("-", "_")
    for attempt in (cleaned, cleaned.split("_")[0]):
        try:
            return Locale.parse(attempt)
        except (UnknownLocaleError, ValueError, TypeError):
            continue
    return Locale("en")


def reading_locale(*candidates: str | None) -> str:
    """The first tag whose language is read, else English: an answer's language may be another one."""
    read = (tag for tag in candidates if tag and tag.replace("-", "_").split("_")[0].lower() in LANGUAGES)
    return next(read, "en")


def spoken_text(text: str, locale: Locale) -> str:
    """Clean text without signs of emphasis; in Turkish without what an apostrophe adds: ``15 Ocak'a``.

    In Arabic an "and" that is written as one word with a number becomes a word, ``و8 كراسي``, and "number" a sign:
    ``طابعة عدد 2`` is ``طابعة x2``.
    """
    cleaned = _EMPHASIS.sub(r"\2", clean(text))
    if locale.language == "ar":
        return _ARABIC_COUNT.sub("x", _ARABIC_AND_NUMBER.sub("و ", cleaned))
    return _TURKISH_ENDING.sub("", cleaned) if locale.language == "tr" else cleaned


def language_for(tag: str, text: str) -> Locale:
    """The locale in which a text is read: the person's, unless its words are clearly another language's."""
    locale = locale_for(tag)
    return written_in(locale, tokenize(clean(text)[:2000]))


def written_in(locale: Locale, tokens: Iterable[Token]) -> Locale:
    """The same for words; ties are the person's own language."""
    own = language_of(locale)
    words = [token.word for token in tokens if len(token.word) > 1 and not token.word[0].isdigit()]
    words = words[:MAX_WORDS_LOOKED_AT]
    known = _known(own) | _known("en")
    strange = [word for word in words if word not in known]
    if not strange:
        return locale
    found = {
        each: [word for word in strange if word in _telling(each)]
        for each in LANGUAGES
        if each not in (own, "en")
    }
    best = max(found, key=lambda each: len(found[each]))
    hits, familiar = len(found[best]), sum(word in _telling(own) for word in words)
    alone = [len(each) for each in found.values()].count(hits) == 1
    telling = hits > 1 or (familiar == 0 and any(len(word) > 4 for word in found[best]))
    return locale_for(best) if alone and telling and hits > familiar else locale


def known_words(language: str) -> frozenset[str]:
    """Every word that is known in a language or in English."""
    return _known(language) | _known("en")


@cache
def _known(language: str) -> frozenset[str]:
    """Every word of a language's tables."""
    lists = [
        *tables(language).values(),
        *(words for kind, words in word_lists(language).items() if kind not in PARTS_OF_WORDS),
    ]
    return frozenset(word for table in lists for phrase in table for word in phrase.split())


@cache
def _telling(language: str) -> frozenset[str]:
    """The words that tell a language: those with three letters or more that are not all digits."""
    return frozenset(word for word in _known(language) if len(word) > 2 and not word.isdigit())
