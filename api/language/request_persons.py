"""For whom each item is: ``para Marta un teclado``, ``Frau Öztürk bekommt ein Headset``, ``mouse for Priya``.

One rule: a first name, or a title with a name, is no word of an item; it is quoted back, unless it names somebody
for whom the person may ask, which is a clause of its own.
"""

from collections.abc import Collection, Sequence

from babel.core import Locale

from api.language.amounts import quantity_at
from api.language.names import is_named
from api.language.tokenizer import Token, tokenize
from api.language.vocabulary import language_of, vocabulary, word_lists

MAX_NAME = 2
MIN_LOWER = 4
"""A shorter name in small letters may be another word."""
MAX_OWNED = 3
"""So many words may say what somebody has."""
_Span = tuple[int, int]


def without_persons(text: str, locale: Locale, people: Collection[str] | None) -> tuple[str, list[str]]:
    """The text without the people whom its items are for, and the words that were taken out."""
    kept: list[str] = []
    told: list[str] = []
    for line in text.split("\n"):
        tokens = tokenize(line)
        spans = list(_spans(tokens, locale, people))
        for begun, after in reversed(spans):
            told.insert(0, line[tokens[begun].start : tokens[after - 1].end])
            line = line[: tokens[begun].start] + line[tokens[after - 1].end :].lstrip(" ")
        kept.append(line.rstrip())
    return "\n".join(kept), told


def _spans(tokens: Sequence[Token], locale: Locale, people: Collection[str] | None) -> list[_Span]:
    found: list[_Span] = []
    at = 0
    while at < len(tokens):
        span = _person_at(tokens, at, locale, people) or _possessor_end(tokens, at, locale)
        if span is None:
            at += 1
            continue
        found.append((at, span))
        at = span
    return found


def _person_at(
    tokens: Sequence[Token], at: int, locale: Locale, people: Collection[str] | None
) -> int | None:
    """The end of what says for whom: before a count at the beginning of a part, or behind an item."""
    vocab = vocabulary(language_of(locale))
    led = _led_to(tokens, at, locale)
    name = _name_end(tokens, led if led is not None else at, locale)
    if name is None or is_named(_bare(tokens[led or at : name]), people or ()):
        return None
    begins = (
        at == 0 or tokens[at - 1].raw in {",", "+", "&"} or vocab.words["sep"].at(tokens, at - 1) is not None
    )
    after = name
    while after < len(tokens) and vocab.words["particles"].at(tokens, after) is not None:
        after += 1
    verb = vocab.words["needs"].at(tokens, after) or vocab.words["gets"].at(tokens, after)
    counted = quantity_at(tokens, verb[1] if verb is not None else after, locale)
    if begins and counted is not None and (led is not None or verb is not None or at > 0):
        return verb[1] if verb is not None else after
    ended = (
        name == len(tokens)
        or tokens[name].raw in {",", ".", "-", "–", "—", "!"}
        or (tokens[name - 1].raw[-1] in ".,!?;")
    )
    placed = name < len(tokens) and vocab.words["to_place"].at(tokens, name) is not None
    behind = at > 0 and led is not None and not begins and (ended or placed)
    return name if behind else None


def _possessor_end(tokens: Sequence[Token], at: int, locale: Locale) -> int | None:
    """``for Dave's machine``: whose it is for, up to the end of the clause."""
    led = _led_to(tokens, at, locale)
    if at == 0 or led is None or led >= len(tokens) or not tokens[led].raw.endswith(("'s", "’s")):
        return None
    name = tokens[led].raw[:-2]
    if not name.istitle() or name.casefold() not in word_lists("en")["given_names"]:
        return None
    vocab = vocabulary(language_of(locale))
    ends = (vocab.days, vocab.courtesies, vocab.urgencies, vocab.clauses, vocab.words["to_place"])
    end = led + 1
    while end < min(led + 1 + MAX_OWNED, len(tokens)) and tokens[end].raw[0].isalpha():
        if any(each.at(tokens, end) is not None for each in ends):
            break
        end += 1
    return end


def _led_to(tokens: Sequence[Token], at: int, locale: Locale) -> int | None:
    """Behind "for": where a name may begin."""
    vocab = vocabulary(language_of(locale))
    clause, led = vocab.clauses.at(tokens, at), vocab.words["to_place"].at(tokens, at)
    if clause is not None and clause[0] == "purpose":
        return clause[1]
    if clause is not None and clause[0] != "place":
        return None
    return led[1] if led is not None else None


def _name_end(tokens: Sequence[Token], at: int, locale: Locale) -> int | None:
    """``Priya``, ``Rosa Keller``, ``Herr Brandl``, ``الأستاذة هدى``."""
    if at >= len(tokens):
        return None
    vocab = vocabulary(language_of(locale))
    title = vocab.words["honorifics"].at(tokens, at)
    first = title[1] if title is not None else at
    if first >= len(tokens) or first >= at + 1 + MAX_NAME:
        return None
    given = _is_given(tokens[first], locale)
    titled = title is not None and (tokens[first].raw[0].isupper() or locale.language == "ar")
    if not (given or titled):
        return None
    after = first + 1
    if tokens[first].raw[-1] not in ".,!?;:" and after < len(tokens) and _is_surname(tokens, after, locale):
        after += 1
    behind = vocab.words["honorifics"].at(tokens, after)  # ``Ayşe Hanım``
    return behind[1] if behind is not None and locale.language == "tr" else after


def _is_given(token: Token, locale: Locale) -> bool:
    names = word_lists(language_of(locale)).get("given_names", {})
    chatted = len(token.word) >= MIN_LOWER and locale.language in (
        "es",
        "pt",
        "it",
        "fr",
        "tr",
    )  # ``pro joão``
    written = token.raw[0].isupper() or locale.language == "ar" or chatted
    return written and (token.word in names or token.word in word_lists("en")["given_names"])


def _is_surname(tokens: Sequence[Token], at: int, locale: Locale) -> bool:
    """A second name: with a capital letter, where nouns have none."""
    raw = tokens[at].raw
    letters = raw.rstrip(".,!?;:")
    plain = letters.isalpha() and letters.istitle() and locale.language not in ("de", "ar")
    return plain and vocabulary(language_of(locale)).counts.at(tokens, at) is None


def _bare(tokens: Sequence[Token]) -> str:
    return " ".join(token.raw for token in tokens).strip(" .,!?;:")
