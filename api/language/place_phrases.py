"""A place or people of a company behind their preposition: ``for the training room``, ``à l'entrepôt``, ``depoya``.

One rule: only the nouns of ``places`` are places; where such a phrase ends is what each language's order of words says.
"""

import re
from collections.abc import Sequence

from babel.core import Locale

from api.language.places import is_place
from api.language.request_cursor import APART
from api.language.tokenizer import Token
from api.language.vocabulary import language_of, vocabulary, word_lists

LAST_NOUN = frozenset({"en", "de", "tr"})
WITH_ARTICLES = frozenset({"es", "fr", "it", "pt"})
MAX_BEFORE_PLACE = 3
"""So many words may stand between the preposition and the place: ``for the third floor kitchen``."""
_ORDINAL = re.compile(r"\d{1,2}(?:e|er|ere|eme|o|a|º|ª|°|-?и|-?ого|-?му)?\.?")
_ADJECTIVES = {
    "ru": re.compile(r"\w{2,}(?:ого|его|ую|юю|ои|еи|ых|их|ыи|ии|ое|ее|ые|ие|ым|им)"),
    "uk": re.compile(r"\w{2,}(?:ого|ої|оі|іи|ю|у|их|іх|ии|е|і|им)"),
    "pl": re.compile(r"\w{2,}(?:ego|ej|a|ym|im|ych|ich|y|i|e)"),
}
_JOINED = {
    "ar": ("لل", "لال", "بال", "ل"),
    "fr": ("l'", "l’", "d'", "d’"),
    "it": ("l'", "l’", "all'", "all’", "nell'"),
}
"""Prepositions and articles that are written as one word with their noun."""


def place_at(tokens: Sequence[Token], index: int, locale: Locale, *, leading: bool) -> tuple[int, int] | None:
    """Where a place or people of a company stand behind their preposition: their first word, and the end.

    ``leading``: nothing was asked for yet.
    """
    language = language_of(locale)
    if index >= len(tokens):
        return None
    if language == "tr":
        return _before_its_case(tokens, index, locale, leading=leading)
    joined = next((each for each in _JOINED.get(language, ()) if tokens[index].word.startswith(each)), "")
    if language == "ar" and joined and is_place(tokens[index].word.removeprefix(joined), locale):
        return index, index + 1
    if index and _is_given_to(tokens[index].word, locale):
        return index, index + 1
    led = vocabulary(language).words["to_place"].at(tokens, index)
    if led is None:
        return None
    contracted = tokens[led[1] - 1].word in word_lists(language).get("with_article", {})
    find = _last_noun if language in LAST_NOUN else _first_noun
    after = find(tokens, led[1], locale, contracted=contracted)
    return (led[1], after) if after is not None else None


def _is_given_to(word: str, locale: Locale) -> bool:
    """``бухгалтерам``: the case alone says for whom."""
    return language_of(locale) in ("ru", "uk") and word.endswith(("ам", "ям")) and is_place(word, locale)


def _last_noun(tokens: Sequence[Token], begun: int, locale: Locale, *, contracted: bool) -> int | None:
    """``the training room``, ``me``: the place is where the words of one noun end.

    A German noun without an article has one word: ``für Rosa Keller`` names no cellar.
    """
    bare = locale.language == "de" and not contracted and begun < len(tokens) and tokens[begun].raw.istitle()
    for at in range(begun, min(begun + (1 if bare else 1 + MAX_BEFORE_PLACE), len(tokens))):
        if tokens[at].raw in APART or (at > begun and _goes_on(tokens, at, locale)):
            return None
        ended = tokens[at].raw[-1] in ".,!?)" or at + 1 == len(tokens) or _goes_on(tokens, at + 1, locale)
        ended = ended or _names_place(tokens, at + 1, locale)
        if ended:
            return at + 1 if is_place(tokens[at].word, locale) else None
    return None


def _names_place(tokens: Sequence[Token], at: int, locale: Locale) -> bool:
    """``Praxis Dr. Weiß``, ``Baustelle Hauptstraße 12``, ``site B``: which of them it is."""
    words = vocabulary(language_of(locale)).words
    last = at + 1 == len(tokens) or tokens[at].raw[-1] in ".,!?" or tokens[at + 1].raw in APART
    letter = last and len(tokens[at].raw.strip(".,!?")) == 1 and tokens[at].raw[0].isupper()
    street = tokens[at].raw[0].isupper() and any(
        words["street"].at(tokens, each) is not None for each in range(at, min(at + 3, len(tokens)))
    )
    ended = tokens[at].word.endswith(("strasse", "straße", "weg", "platz", "gasse", "allee"))
    return letter or street or ended or words["honorifics"].at(tokens, at) is not None


def _goes_on(tokens: Sequence[Token], at: int, locale: Locale) -> bool:
    """Whether no noun stands here: a sign, a number, a preposition, an "and", a courtesy, a verb."""
    vocab = vocabulary(language_of(locale))
    tables = (
        vocab.words["to_place"],
        vocab.words["prepositions"],
        vocab.words["sep"],
        vocab.courtesies,
        vocab.openings,
        vocab.urgencies,
        vocab.clauses,
        vocab.words["broken_by"],
        vocab.words["needs"],
        vocab.days,
    )
    return not tokens[at].raw[0].isalpha() or any(each.at(tokens, at) is not None for each in tables)


def _first_noun(tokens: Sequence[Token], begun: int, locale: Locale, *, contracted: bool) -> int | None:
    """``la sala de juntas``, ``новую переговорную``: the place is the first noun; articles and "new" may precede it."""
    language = language_of(locale)
    vocab = vocabulary(language)
    at, told = begun, contracted or language not in WITH_ARTICLES
    for _ in range(MAX_BEFORE_PLACE):
        article = vocab.words["before_place"].at(tokens, at)
        if article is not None:
            at, told = article[1], True
        elif at < len(tokens) and _ORDINAL.fullmatch(tokens[at].word):
            at += 1  # ``2e étage``
    at = _past_adjectives(tokens, at, locale)
    if at >= len(tokens):
        return None
    word = tokens[at].word
    if word in word_lists(language).get("bare_places", {}):
        return at + 1
    joined = next((each for each in _JOINED.get(language, ()) if word.startswith(each)), "")
    if language != "ar" and joined:
        word, told = word.removeprefix(joined), True
    return at + 1 if told and is_place(word, locale) else None


def _past_adjectives(tokens: Sequence[Token], at: int, locale: Locale) -> int:
    """``для актової зали``, ``dla nowego pracownika``: words with an adjective's ending before the place."""
    adjective = _ADJECTIVES.get(language_of(locale))
    for after in range(at + 1, min(at + MAX_BEFORE_PLACE, len(tokens))):
        if adjective is None or adjective.fullmatch(tokens[after - 1].word) is None:
            return at
        if is_place(tokens[after].word, locale):
            return after
    return at


def _before_its_case(
    tokens: Sequence[Token], index: int, locale: Locale, *, leading: bool
) -> tuple[int, int] | None:
    """``toplantı odasına``, ``mutfak için``: the case, or a word behind it, says that something goes there."""
    for at in range(index, min(index + (MAX_BEFORE_PLACE if leading else 1), len(tokens))):
        if not tokens[at].raw[0].isalpha() or tokens[at].raw in APART:
            return None
        behind = vocabulary("tr").words["for_after"].at(tokens, at + 1)
        if behind is not None and is_place(f"{tokens[at].word}a", locale):
            return index, behind[1]
        if is_place(tokens[at].word, locale):
            return index, at + 1
    return None
