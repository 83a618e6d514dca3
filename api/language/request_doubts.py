"""Whether the words of an item are certainly its name: vendors read them, so what may be more is asked.

One rule: an item is offered only when nothing in it can be anything else; otherwise it is a question with what was
read as its answer.

    an attribute behind a comma or in brackets      two words at most, or a size: ``pens, blue``, ``desk (80 x 120 cm)``
    a number at its beginning                       a size: ``27 inch monitors``, but not ``4x toner``
    words that have another meaning                 months, currencies, limits, courtesies
    without a quantity                              six words at most, and no number
"""

import re
from collections.abc import Iterator, Sequence

from babel.core import Locale

from api.language.amounts import unit_at
from api.language.date_vocabulary import names
from api.language.places import is_place, is_thing
from api.language.request_cursor import APART
from api.language.request_kinds import is_attribute
from api.language.tokenizer import Token
from api.language.vocabulary import Vocabulary, language_of, vocabulary, word_lists

ARABIC_ARTICLE = "ال"
WITHOUT_ARTICLES = frozenset({"ru", "uk", "pl"})
JOINED_ARTICLES = ("l'", "l’", "dell'", "all'", "لل")
"""They are written as one word with their noun: ``à l'entrepôt``, ``للمكتب``."""
OF_WHAT = {
    "fr": ("en",),
    "es": ("en",),
    "it": ("in",),
    "pt": ("em",),
    "ru": ("в",),
    "uk": ("в", "у"),
    "pl": ("w",),
}
WITH_ARTICLE_FORMS = frozenset({"fr", "es", "it", "pt"})
MANY_IN = ("ах", "ях", "ach")
"""The ending of several things that something is in: ``в рулонах``."""
MIN_PURPOSE = 3
"""A shorter word is a part of many names: ``szaf na akta``."""
MAX_WORDS = 8
MAX_WORDS_UNCOUNTED = 6
MAX_ATTRIBUTE_WORDS = 2
MIN_CURRENCY_NAME = 4
"""A shorter name may be a word of the item: ``5 TOP chairs``."""
_COUNT = re.compile(r"\(?\d+(?:[.,]\d+|[-–—]\d+)?[x×х*]?\)?", re.IGNORECASE)
_OTHERS = ("budget", "urgencies", "courtesies", "sign_off", "needs", "greetings", "multipliers", "gets")
"""Lists whose words say something else than what an item is."""


def is_doubtful(words: Sequence[Token], locale: Locale, *, counted: bool) -> bool:
    """Whether these words may be more than an item's name; ``counted``: a quantity stands with them."""
    plain = [token for token in words if token.raw not in APART]
    if len(plain) > (MAX_WORDS if counted else MAX_WORDS_UNCOUNTED):
        return True
    if any(_is_said(words, at, locale, counted=counted) for at in range(len(words))):
        return True
    if not counted and (len(plain) < len(words) or has_count(words, locale)):
        return True
    return (
        _begins_counted(words, locale)
        or _ends_as_wish(words, locale)
        or _names_person(words, locale)
        or vocabulary(language_of(locale)).words["asks"].at(words, 0) is not None
        or any(_means_more(words, at, locale) for at in range(len(words)))
        or any(_is_long(part, locale) for part in _attributes(words))
    )


def _ends_as_wish(words: Sequence[Token], locale: Locale) -> bool:
    """``ورق A4 نبي``: a verb of wishing, behind which how many was said."""
    vocab = vocabulary(language_of(locale))
    wished = vocab.openings.at(words, len(words) - 1) is not None and not words[-1].raw[0].isupper()
    return len(words) > 1 and wished and vocab.courtesies.at(words, len(words) - 1) is None


def _names_person(words: Sequence[Token], locale: Locale) -> bool:
    """``الأستاذة هدى``: nothing but the name of somebody."""
    names_of = (word_lists(language_of(locale)).get("given_names", {}), word_lists("en")["given_names"])
    title = vocabulary(language_of(locale)).words["honorifics"]
    return bool(words) and all(
        title.at(words, at) is not None or any(token.word in each for each in names_of)
        for at, token in enumerate(words)
    )


def has_count(words: Sequence[Token], locale: Locale) -> bool:
    """Whether a number stands here that measures nothing: ``Anfang 2026``, but not ``24 inch monitor``."""
    vocab = vocabulary(language_of(locale))
    return any(
        _COUNT.fullmatch(token.raw.strip(".,:;")) is not None
        and unit_at(words, at + 1, locale) is None
        and vocab.dimensions.at(words, at + 1) is None
        for at, token in enumerate(words)
    )


def _is_said(words: Sequence[Token], at: int, locale: Locale, *, counted: bool) -> bool:
    """A "not", a delivery or, where nothing is counted, a number in words: ``il me faudrait une cafetière``."""
    vocab = vocabulary(language_of(locale))
    label = vocab.quote.at(words, at)
    labels = label[0].split("/") if label is not None else []
    negative = "negative" in labels or (at > 0 and bool({"delivery", "shipping", "warranty"} & set(labels)))
    return negative or (not counted and vocab.counts.at(words, at) is not None)


def _begins_counted(words: Sequence[Token], locale: Locale) -> bool:
    """``4x toner``, ``(1) centrifuge``: another number where the item begins."""
    if words and len(words[0].raw) == 1 and vocabulary(language_of(locale)).units.at(words, 0) is not None:
        return len(words) > 1  # ``4 L ethanol``
    if not words or _COUNT.fullmatch(words[0].raw) is None:
        return False
    vocab = vocabulary(language_of(locale))
    sized = unit_at(words, 1, locale) is not None or vocab.dimensions.at(words, 1) is not None
    return not sized or words[0].raw[-1] in "x×х*)"


def _means_more(words: Sequence[Token], at: int, locale: Locale) -> bool:
    """A month, a currency, a limit, a courtesy."""
    vocab = vocabulary(language_of(locale))
    calendar = names(language_of(locale))
    if calendar.months.at(words, at) is not None or calendar.weekdays.at(words, at) is not None:
        return len(words[at].word) >= MIN_CURRENCY_NAME
    if any(
        tells(words, at, locale)
        for tells in (
            _says_price,
            _ends_with_sum,
            _names_maker,
            _is_purpose,
            _is_apiece,
            _links,
            _is_remainder,
        )
    ):
        return True
    named = vocab.currencies.at(words, at) is not None and len(words[at].word) >= MIN_CURRENCY_NAME
    return named or any(_whole_at(vocab, name, words, at) for name in _OTHERS)


def _says_price(words: Sequence[Token], at: int, locale: Locale) -> bool:
    """``اسمنت سعر الكيس``: what one costs goes on behind such a word."""
    vocab = vocabulary(language_of(locale))
    label = vocab.price_at.at(words, at)
    return at > 0 and label is not None and len(words[at].word) >= MIN_PURPOSE and label[1] < len(words)


def _names_maker(words: Sequence[Token], at: int, locale: Locale) -> bool:
    """``كراسي من ايكيا``: a word that is "of" before a material with its article, and "from" before a name."""
    table = vocabulary(language_of(locale)).words["from_or_of"]
    named = table.at(words, at) is not None and 0 < at < len(words) - 1
    return named and not words[at + 1].word.startswith(ARABIC_ARTICLE)


def _is_purpose(words: Sequence[Token], at: int, locale: Locale) -> bool:
    """``chairs for the new office``, but not ``case for iPhone``: whom it is for need not be known to vendors.

    Where a language has no articles, any such clause may be that.
    """
    vocab = vocabulary(language_of(locale))
    clause = vocab.clauses.at(words, at)
    if not at or clause is None or clause[1] >= len(words):
        return False
    if clause[0] in ("by", "needed"):
        return clause[1] > at + 1  # ``para el`` stands before a day, or before a place
    if locale.language in WITHOUT_ARTICLES and is_thing(words[clause[1]].word, locale):
        return False
    tables = (vocab.words[name] for name in ("definite", "not_in_names", "before_place"))
    definite = next((found for each in tables if (found := each.at(words, clause[1])) is not None), None)
    certain = (
        definite is not None or locale.language in WITHOUT_ARTICLES or _is_name(words[clause[1]], locale)
    )
    return clause[0] == "purpose" and len(words[at].word) >= MIN_PURPOSE and certain


def _is_name(token: Token, locale: Locale) -> bool:
    """``para María``: a word with a capital letter may be whom it is for; in German any noun has one."""
    return locale.language != "de" and token.raw.istitle() and token.raw.isalpha()


def _links(words: Sequence[Token], at: int, locale: Locale) -> bool:
    """``pens or similar``, ``desks in the hall``: a word that joins a name to something else, or a second such one."""
    vocab = vocabulary(language_of(locale))
    if not at:
        return False
    word, following = words[at].word, words[at + 1 : at + 2]
    if vocab.words["preferred"].at(words, at) is not None or _is_of_what(words, at, locale):
        return False
    if vocab.words["not_in_names"].at(words, at) is not None and not words[at].raw.isupper():
        preposition = vocab.words["prepositions"].at(words, at + 1) is not None
        described = vocab.words["attributes"].at(words, at + 1) is not None and not preposition
        return not (described or any(char.isdigit() for token in following for char in token.raw))
    if word.startswith(JOINED_ARTICLES) and len(word) > MIN_CURRENCY_NAME:
        return True
    repeated = any(token.word == word for token in words[:at]) and vocab.of.at(words, at) is None
    return repeated and bool(following) and vocab.words["prepositions"].at(words, at) is not None


def _is_of_what(words: Sequence[Token], at: int, locale: Locale) -> bool:
    """``café en grano``, ``guanti in nitrile``, ``кофе в зёрнах``: of what something is, or in which form."""
    if words[at].word not in OF_WHAT.get(locale.language, ()) or at + 1 >= len(words):
        return False
    noun = words[at + 1]
    vocab = vocabulary(language_of(locale))
    article = vocab.words["before_place"].at(words, at + 1) or vocab.words["definite"].at(words, at + 1)
    named = vocab.words["forms_in"].at(words, at + 1) is not None  # ``блокнот в клетку``
    formed = locale.language in WITH_ARTICLE_FORMS or noun.word.endswith(MANY_IN) or named
    return formed and noun.raw.islower() and article is None and not is_place(noun.word, locale)


def _is_remainder(words: Sequence[Token], at: int, locale: Locale) -> bool:
    """``(2 pcs left)``: how many something else has."""
    token = words[at]
    if not at or not token.raw.startswith("(") or not token.raw[1:].isdigit():
        return False
    unit = unit_at(words, at + 1, locale)
    return unit is not None and unit[0] == "pcs"


def _is_apiece(words: Sequence[Token], at: int, locale: Locale) -> bool:
    """``laptops w/ docking station each``: what belongs to each of them."""
    apiece = vocabulary(language_of(locale)).each.at(words, at) is not None
    counts = any(token.raw.isdigit() for token in words[at + 1 : at + 2])  # ``(je 500 Blatt)``
    return at > 0 and apiece and not counts and len(words[at].word) > 1 and unit_at(words, at, locale) is None


def _ends_with_sum(words: Sequence[Token], at: int, locale: Locale) -> bool:
    """``135 total``, ``chairs for 45``."""
    vocab = vocabulary(language_of(locale))
    label, purpose = vocab.quote.at(words, at), vocab.clauses.at(words, at)
    total = at > 0 and label is not None and "total" in label[0].split("/") and words[at - 1].raw[0].isdigit()
    last = at + 2 == len(words) and words[-1].raw.isdigit()
    return total or (last and purpose is not None and purpose[0] == "purpose")


def _whole_at(vocab: Vocabulary, name: str, words: Sequence[Token], at: int) -> bool:
    """A phrase of this list that is longer than a preposition; what multiplies stands behind a number, or first."""
    if name == "multipliers" and at and not words[at - 1].raw[-1].isdigit():
        return False  # ``cahiers grand format``
    found = vocab.words[name].at(words, at) if name in vocab.words else None
    return found is not None and sum(len(token.word) for token in words[at : found[1]]) >= MIN_CURRENCY_NAME


def _attributes(words: Sequence[Token]) -> Iterator[list[Token]]:
    """What stands behind the item's commas and dashes, and in its brackets."""
    part: list[Token] | None = None
    for token in words:
        if token.raw in APART or token.raw.startswith("("):
            if part:
                yield part
            part = []
        if part is not None and token.raw not in APART:
            part.append(token)
    if part:
        yield part


def _is_long(part: Sequence[Token], locale: Locale) -> bool:
    """More than two words, sizes left out, that say more than of which kind it is."""
    labels = (vocabulary(language_of(locale)).quote.at(part, at) for at in range(len(part)))
    chosen = any(label is not None and "other" in label[0].split("/") for label in labels)
    if not chosen and is_attribute([token for token in part if token.raw not in APART], locale):
        return False  # ``color azul marino``, but not ``second hand or nearly new``
    vocab = vocabulary(language_of(locale))
    wish = vocab.words["preferred"].at(part, 0)
    part = part[wish[1] :] if wish is not None else part  # ``de préférence verts``
    named = [token for token in part if not any(char.isdigit() for char in token.raw)]
    sizes = [at for at in range(len(part)) if unit_at(part, at, locale) or vocab.dimensions.at(part, at)]
    return len(named) - len(sizes) > MAX_ATTRIBUTE_WORDS
